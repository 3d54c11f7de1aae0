export { BOUNDS } from './bounds.ts'
export { type BuildableLink, build, LinkBuildError } from './build.ts'
export { type BuyUrlProblem, type BuyUrlReading, readBuyUrl } from './buy-url.ts'
export type {
  ApplicationDraft,
  Link,
  LinkDraft,
  LinkError,
  LinkErrorCode,
  LinkProblem,
  LinkResource,
  LinkWarning,
  LinkWarningCode,
  ResourceDraft,
  TopupDraft,
} from './link.ts'
export type { Params, ParamValue } from './params.ts'
export { type InspectedLink, inspect, MalformedQueryError, type ParsedLink, parse, parseQuery } from './parse.ts'
export type { Malformed } from './read-query.ts'
export { type ReadUpsellLink, readUpsellLink } from './read-upsell-link.ts'
export { isAmount, isInteger, isManagerKey } from './shape.ts'
export { type UpsellLink, upsellLink } from './upsell-link.ts'
export {
  alertOriginOf,
  canonicalOrigin,
  isStandardUsage,
  QUOTA_TOKENS,
  tokenOf,
  UPSELL_ORIGINS,
  usageNameOf,
} from './upsell-names.ts'
