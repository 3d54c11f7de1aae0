import { readBuyUrl } from './buy-url.ts'
import { decode } from './decode.ts'
import { inLinkOrder } from './upsell-names.ts'

/** What an upsell link says, named as in its query. */
export interface UpsellLink {
  /** Where it is clicked: one of {@link UPSELL_ORIGINS}, or `alert_on_{usage name}`. */
  readonly origin: string
  /** What ran out on the user's personal tenant, and on the customer's; tokens, in any order. */
  readonly user_quotas: readonly string[]
  readonly tenant_quotas: readonly string[]
  /** Numeric ids ("API v1 ids"), never UUIDs. */
  readonly user_account_id: bigint | number
  readonly tenant_id: bigint | number
  /** The page of the click; null in mails. */
  readonly redirect_url: string | null
}

const OURS = new Set(['origin', 'user_quotas', 'tenant_quotas', 'user_account_id', 'tenant_id', 'redirect_url'])

/**
 * Adds to a Buy URL what ran out, for whom, and where the click came from (spec/upsell.md "The link"). Pairs of the Buy URL
 * keep bytes and order, except empty ones and those with one of our names; ours follow; a fragment stays last.
 *
 * @param buyUrl As it is stored, opaque.
 * @returns null where the Buy URL gives no link: {@link readBuyUrl} says why.
 */
export function upsellLink(buyUrl: string | null, link: UpsellLink): string | null {
  const reading = readBuyUrl(buyUrl)
  if ('problem' in reading) return null
  const [address = '', ...fragments] = reading.url.split('#')
  const [base = '', ...queries] = address.split('?')
  const kept = queries
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && !OURS.has(nameOf(pair)))
  const query = [...kept, ...pairsOf(link)].join('&')
  return [`${base}?${query}`, ...fragments].join('#')
}

/** The name a receiver would read: without encoding and without the `[]` of a list. */
function nameOf(pair: string): string {
  const written = pair.split('=', 1)[0] ?? ''
  return (decode(written) ?? written).replace(/\[\]$/, '')
}

function pairsOf(link: UpsellLink): string[] {
  const list = (name: string, tokens: readonly string[]) =>
    tokens.length === 0 ? [] : [`${name}=${inLinkOrder(tokens).map(encodeURIComponent).join(',')}`]
  return [
    `origin=${encodeURIComponent(link.origin)}`,
    ...list('user_quotas', link.user_quotas),
    ...list('tenant_quotas', link.tenant_quotas),
    `user_account_id=${link.user_account_id}`,
    `tenant_id=${link.tenant_id}`,
    ...(link.redirect_url === null ? [] : [`redirect_url=${encodeURIComponent(link.redirect_url.toWellFormed())}`]),
  ]
}
