import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Instant, Uuid } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'

export const ConnectorRequest = z.object({
  id: Uuid.meta({ description: 'With `prov_` before it the `webhook-id` of every try' }),
  operation: z.enum(['activate', 'update', 'stop', 'resume', 'delete']),
  status: z.enum(['pending', 'done', 'failed']),
  attempts: z.int(),
  message: z.string().nullable().meta({ description: 'What went wrong last, or why it refused' }),
  subscriptionId: Uuid,
  orderId: Uuid.nullable(),
  reseller: z.object({ id: Uuid, name: z.string() }),
  deadlineAt: Instant.nullable().meta({ description: 'It answers later: until then' }),
  createdAt: Instant,
  updatedAt: Instant,
})
export type ConnectorRequest = z.output<typeof ConnectorRequest>

const LATEST = 20

/** Sellers whose plans mean this service by its name: its own, and those below that have none of that name nearer by. */
export const sellersServedBy = (sellerId: SellerId, name: string) => sql`
  select seller.id, seller.name, seller.path, seller.access_path, seller.deleted_at
    from tenants owner
    join tenants seller on seller.path <@ owner.path and seller.kind in ('root', 'partner')
   where owner.id = ${sellerId}
     and not exists (select from connectors c join tenants nearer on nearer.id = c.seller_id
                      where c.name = ${name} and nearer.path @> seller.path and nearer.path <@ owner.path and nearer.id <> owner.id)`

/** What a service was asked for last, for whomever the reader sees (a reviewed fan-out). */
export async function latestRequests(
  db: Db,
  actor: Principal,
  sellerId: SellerId,
  name: string,
): Promise<ConnectorRequest[]> {
  const { rows } = await sql<Omit<ConnectorRequest, 'reseller'> & { resellerId: string; resellerName: string }>`
    select t.id, t.operation, t.status, t.attempts, t.last_error as message, t.subscription_id as "subscriptionId", t.order_id as "orderId",
           t.deadline_at as "deadlineAt", t.created_at as "createdAt", t.updated_at as "updatedAt", s.id as "resellerId", s.name as "resellerName"
      from (${sellersServedBy(sellerId, name)}) s
      cross join lateral (select p.* from provisioning_tasks p join tenants served on served.id = (p.request->>'tenant_id')::uuid
                           where p.seller_id = s.id and p.connector = ${name} and ${visibleTo(actor, 'served')}
                           order by p.id desc limit ${LATEST}) t
     where ${visibleTo(actor, 's')}
     order by t.id desc limit ${LATEST}`.execute(db)
  return rows.map(({ resellerId, resellerName, ...request }) => ({
    ...request,
    reseller: { id: resellerId, name: resellerName },
  }))
}
