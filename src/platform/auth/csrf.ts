import { createHmac } from 'node:crypto'
import { BuylinkError } from '../../kernel/errors.ts'
import { deriveKey } from './derive-key.ts'
import { isSameText } from './tokens.ts'

export interface Csrf {
  /** What a page of ours sends as `X-CSRF-Token`: bound to the session, so it needs no storage. */
  tokenFor(sessionToken: string): string
  /** @throws {BuylinkError} `csrf_failed` when the header is missing or belongs to another session. */
  check(sessionToken: string, header: string | undefined): void
}

export function createCsrf(secret: string): Csrf {
  const key = deriveKey(secret, 'csrf')
  const tokenFor = (sessionToken: string): string => createHmac('sha256', key).update(sessionToken).digest('base64url')
  return {
    tokenFor,
    check(sessionToken, header) {
      if (header === undefined || !isSameText(header, tokenFor(sessionToken)))
        throw new BuylinkError('csrf_failed', 'Send the csrf_token of GET /api/v1/session as X-CSRF-Token.')
    },
  }
}

/** The headers by which a browser says where a request comes from. */
export interface RequestSource {
  readonly method: string
  /** Host and port that were asked, as in the Host header. */
  readonly host: string
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
export const isSafeMethod = (method: string): boolean => SAFE.has(method)

/**
 * Refuses a change that another site's page makes a browser ask for, session or not: such a page could sign its
 * visitor in as somebody else. Programs send neither header and pass.
 *
 * Where the browser says `Sec-Fetch-Site`, that decides; older ones send `Origin`, of which only the host is compared,
 * since a proxy that ends TLS need not be one we trust.
 *
 * @throws {BuylinkError} `csrf_failed`.
 */
export function checkSource({ method, host, origin, secFetchSite }: RequestSource): void {
  if (isSafeMethod(method) || secFetchSite === 'same-origin' || secFetchSite === 'none') return
  if (secFetchSite === 'cross-site' || (origin !== undefined && hostOf(origin) !== host))
    throw new BuylinkError('csrf_failed', 'This request comes from a page of another site.')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
