import { alertOriginOf, isStandardUsage, readBuyUrl, tokenOf, upsellLink } from '../link/index.ts'
import type { QuotaState } from '../quotas/schema.ts'

/** Where the upsell stands: it says so in the link. */
export type Place =
  | { readonly kind: 'alert'; readonly usageName: string }
  | { readonly kind: 'mail' }
  | { readonly kind: 'header' }

/** How one usage stands, on the customer's tenant or the user's personal one. */
export interface Standing {
  readonly usageName: string
  readonly state: QuotaState
}

/** All that decides what someone is shown; nothing else does. */
export interface UpsellFacts {
  /** "API v1 ids". The customer's: also where only the user's own quota ran out; null: the user is in no customer. */
  readonly customerNumber: bigint | null
  readonly userNumber: bigint
  readonly isBuyer: boolean
  readonly isCompanyAdministrator: boolean
  /** A brand applies to the tenant: its own seller's or one above. */
  readonly isBranded: boolean
  /** The brand's Buy URL, opaque. */
  readonly buyUrl: string | null
  /** The Buy URL is the `/upgrade` of a Buylink, which knows every usage. */
  readonly isOwnUpgrade: boolean
  readonly tenantQuotas: readonly Standing[]
  readonly userQuotas: readonly Standing[]
}

export type NothingReason = 'no_customer' | 'not_a_buyer' | 'nothing_ran_out'
export type ContactReason =
  | 'not_an_administrator'
  | 'not_branded'
  | 'no_buy_url'
  | 'bad_buy_url'
  | 'unknown_to_the_buy_url'

export type UpsellDecision =
  | { readonly kind: 'nothing'; readonly reason: NothingReason }
  | { readonly kind: 'buy_now'; readonly url: string }
  | { readonly kind: 'contact'; readonly reason: ContactReason }

const ran = (quotas: readonly Standing[]): Standing[] => quotas.filter(({ state }) => state !== 'fine')

/**
 * The one decision of quota upsell, for console alert, mail and menu header (spec/upsell.md "Who sees what", "The link").
 *
 * @param redirectUrl The page of the click, checked; null in mails.
 */
export function decideQuotaUpsell(facts: UpsellFacts, place: Place, redirectUrl: string | null): UpsellDecision {
  const tenant = ran(facts.tenantQuotas)
  const user = ran(facts.userQuotas)
  if (facts.customerNumber === null) return { kind: 'nothing', reason: 'no_customer' }
  if (!facts.isBuyer) return { kind: 'nothing', reason: 'not_a_buyer' }
  const here = (standing: Standing) => place.kind !== 'alert' || standing.usageName === place.usageName
  if (![...tenant, ...user].some(here)) return { kind: 'nothing', reason: 'nothing_ran_out' }
  if (!facts.isCompanyAdministrator) return { kind: 'contact', reason: 'not_an_administrator' }
  const problem = whyNoLink(facts)
  if (problem) return { kind: 'contact', reason: problem }
  const isKnown = ({ usageName }: Standing) => facts.isOwnUpgrade || isStandardUsage(usageName)
  if (![...tenant, ...user].some((standing) => here(standing) && isKnown(standing)))
    return { kind: 'contact', reason: 'unknown_to_the_buy_url' }
  const url = upsellLink(facts.buyUrl, {
    origin: originOf(place),
    user_quotas: user.filter(isKnown).map(({ usageName }) => tokenOf(usageName)),
    tenant_quotas: tenant.filter(isKnown).map(({ usageName }) => tokenOf(usageName)),
    user_account_id: facts.userNumber,
    tenant_id: facts.customerNumber,
    redirect_url: place.kind === 'mail' ? null : redirectUrl,
  })
  return url === null ? { kind: 'contact', reason: 'bad_buy_url' } : { kind: 'buy_now', url }
}

const originOf = (place: Place): string =>
  place.kind === 'alert'
    ? alertOriginOf(place.usageName)
    : place.kind === 'mail'
      ? 'email_notification'
      : 'mc_usage_info'

function whyNoLink({ isBranded, buyUrl }: Pick<UpsellFacts, 'isBranded' | 'buyUrl'>): ContactReason | undefined {
  if (!isBranded) return 'not_branded'
  const reading = readBuyUrl(buyUrl)
  if ('url' in reading) return undefined
  return reading.problem === 'empty' ? 'no_buy_url' : 'bad_buy_url'
}

export interface EditionsFacts
  extends Pick<UpsellFacts, 'customerNumber' | 'isBuyer' | 'isCompanyAdministrator' | 'isBranded' | 'buyUrl'> {
  /** The effective `PromoteHigherEditions` of the tenant. */
  readonly isPromoted: boolean
  /** The next higher edition that is offered; null: there is none. */
  readonly nextEdition: string | null
}

export type EditionsDecision =
  | { readonly kind: 'nothing'; readonly reason: 'no_customer' | 'not_promoted' | 'no_higher_edition' }
  | { readonly kind: 'buy_now'; readonly url: string; readonly edition: string }
  | { readonly kind: 'contact'; readonly reason: ContactReason | 'not_a_buyer'; readonly edition: string }

/** The decision of editions upsell: the Buy URL with nothing added (spec/upsell.md "Who sees what"). */
export function decideEditionsUpsell(facts: EditionsFacts): EditionsDecision {
  if (facts.customerNumber === null) return { kind: 'nothing', reason: 'no_customer' }
  if (!facts.isPromoted) return { kind: 'nothing', reason: 'not_promoted' }
  if (facts.nextEdition === null) return { kind: 'nothing', reason: 'no_higher_edition' }
  const edition = facts.nextEdition
  if (!facts.isCompanyAdministrator) return { kind: 'contact', reason: 'not_an_administrator', edition }
  if (!facts.isBuyer) return { kind: 'contact', reason: 'not_a_buyer', edition }
  const problem = whyNoLink(facts)
  const reading = readBuyUrl(facts.buyUrl)
  return problem || 'problem' in reading
    ? { kind: 'contact', reason: problem ?? 'bad_buy_url', edition }
    : { kind: 'buy_now', url: reading.url, edition }
}
