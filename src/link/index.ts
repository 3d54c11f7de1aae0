export { BOUNDS } from './bounds.ts'
export { type BuildableLink, build, LinkBuildError } from './build.ts'
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
export { isAmount, isInteger, isManagerKey } from './shape.ts'
