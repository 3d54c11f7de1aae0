import type { Pool } from 'pg'
import type { Clock } from '../../kernel/time.ts'
import { createBriefCache } from './brief-cache.ts'

/** A token that is given back counts everywhere within this time; in the process that took it, at once. */
const CACHE_MS = 1000

export interface RevokedTokens {
  /** @param id The token's `jti`. */
  has(id: string): Promise<boolean>
  /** Doing it again changes nothing. */
  add(id: string, expiresAt: Date): Promise<void>
  /** Forgets those that have run out by themselves. @returns How many. */
  removeExpired(): Promise<number>
}

/** Access tokens that were given back before they ended, known to all servers of a database. */
export function createRevokedTokens({ pool, clock }: { readonly pool: Pool; readonly clock: Clock }): RevokedTokens {
  const cache = createBriefCache<boolean>(CACHE_MS)
  return {
    has: async (id) =>
      (await cache.get(id, async () => {
        const { rowCount } = await pool.query({
          name: 'find-revoked-token',
          text: 'select from revoked_tokens where id = $1',
          values: [id],
        })
        return rowCount === 1
      })) === true,
    async add(id, expiresAt) {
      await pool.query('insert into revoked_tokens (id, expires_at) values ($1, $2) on conflict (id) do nothing', [
        id,
        expiresAt,
      ])
      cache.forget(id)
    },
    async removeExpired() {
      const { rowCount } = await pool.query('delete from revoked_tokens where expires_at < $1', [clock.now()])
      return rowCount ?? 0
    },
  }
}
