import type { Clock } from '../../kernel/time.ts'
import { sha256 } from './tokens.ts'

/** The oldest go first: strangers cannot fill the memory. */
const MOST = 5000

export interface VerifiedTokens<Claims> {
  /** What the token says, if it was verified before and has not expired since. */
  find(token: string): Claims | undefined
  keep(token: string, claims: Claims): void
}

/**
 * Remembers tokens whose signature was checked, by their hash: the same one comes again and again until it expires, and
 * checking it costs more than the rest of a small request. Whether it was given back, or its holder may still do
 * anything, is asked elsewhere, each time.
 */
export function createVerifiedTokens<Claims extends { readonly expiresAt: Date }>(
  clock: Clock,
  most = MOST,
): VerifiedTokens<Claims> {
  const verified = new Map<string, Claims>()
  return {
    find(token) {
      const hash = sha256(token).toString('base64')
      const claims = verified.get(hash)
      if (!claims || claims.expiresAt > clock.now()) return claims
      verified.delete(hash)
      return undefined
    },
    keep(token, claims) {
      const oldest = verified.size >= most ? verified.keys().next().value : undefined
      if (oldest !== undefined) verified.delete(oldest)
      verified.set(sha256(token).toString('base64'), claims)
    },
  }
}
