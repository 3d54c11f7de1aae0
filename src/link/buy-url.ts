const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//
const AUTHORITY = /^https?:\/\/([^/\\?#]+)/i
/** No address has them, and a header that carried them would break. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/

/** Why a Buy URL leads nowhere: nothing is set, or what is set is no address that a customer may be sent to. */
export type BuyUrlProblem = 'empty' | 'not_a_web_address' | 'credentials'

/** A Buy URL as links start with it, or why there are none. */
export type BuyUrlReading = { readonly url: string } | { readonly problem: BuyUrlProblem }

/**
 * Makes an address of a stored Buy URL, which is opaque text (spec/upsell.md "The link"): outer blanks go, a leading `//`
 * gets `https:`, what has no scheme gets `https://`. All else keeps its bytes. This alone is the editions-upsell link.
 */
export function readBuyUrl(stored: string | null): BuyUrlReading {
  const text = stored?.trim() ?? ''
  if (text === '') return { problem: 'empty' }
  const url = SCHEME.test(text) ? text : text.startsWith('//') ? `https:${text}` : `https://${text}`
  const authority = AUTHORITY.exec(url)?.[1]
  if (authority === undefined || CONTROL.test(url) || !url.isWellFormed()) return { problem: 'not_a_web_address' }
  // A browser would hand the credentials on; who wrote them into a link did not mean every customer to have them.
  if (authority.includes('@')) return { problem: 'credentials' }
  return URL.canParse(url) ? { url } : { problem: 'not_a_web_address' }
}
