import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../platform/db.ts'
import { Instant, Uuid } from '../platform/http/schemas.ts'
import type { Account } from './schema.ts'

/** A document that somebody of an account agreed to, and where it stood then. */
export const AcceptanceView = z.object({
  document: z.enum(['terms', 'privacy']),
  url: z.string(),
  user: z.object({ id: Uuid, email: z.string().nullable().meta({ description: 'null: deleted since' }) }),
  acceptedAt: Instant,
})
export type AcceptanceView = z.output<typeof AcceptanceView>

/** All acceptances of an account, the oldest first. */
export async function viewAcceptances(
  db: Db,
  { sellerId, id }: Pick<Account, 'sellerId' | 'id'>,
): Promise<AcceptanceView[]> {
  const { rows } = await sql<AcceptanceView>`
    select c.document, c.url, c.accepted_at as "acceptedAt", jsonb_build_object('id', c.user_id, 'email', u.email) as user
      from acceptances c left join users u on u.seller_id = c.seller_id and u.id = c.user_id
     where c.seller_id = ${sellerId} and c.account_id = ${id} order by c.id`.execute(db)
  return rows
}
