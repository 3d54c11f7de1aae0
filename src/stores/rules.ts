const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/** A host name or IPv4 address as browsers send it, lower case, without port; international names in their ASCII form. */
export const isHost = (host: string): boolean =>
  host.length <= 253 && host.split('.').every((label) => LABEL.test(label))

/** Scheme, host and optional port of an origin; undefined for anything more or else. */
export function readOrigin(text: string): { readonly origin: string; readonly host: string } | undefined {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username + url.password === ''
  return isBare && isHost(url.hostname) ? { origin: url.origin, host: url.hostname } : undefined
}

/** Folds a Host header to the key of the directory: lower case, no port, no root dot. */
export const hostKey = (host: string): string => host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
