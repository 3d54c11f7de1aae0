import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import { findDiscount } from '../discounts/index.ts'
import type { DiscountId } from '../discounts/schema.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { OrderId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, decodeCursor, Instant, idOf, pageInput, pageOf, toPage, Uuid } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'
import { OrderStatus } from './schema.ts'

const UseView = z.object({
  order: z.object({ id: Uuid, number: z.string(), status: OrderStatus }),
  account: z.object({ id: Uuid, name: z.string() }),
  code: z.string().nullable(),
  net: Amount.meta({ description: 'Taken off, without tax' }),
  createdAt: Instant,
})
const UseList = pageOf(UseView)

interface Row {
  readonly id: OrderId
  readonly number: string
  readonly status: OrderStatus
  readonly accountId: TenantId
  readonly accountName: string
  readonly code: string | null
  readonly netMinor: string
  readonly currency: string
  readonly createdAt: Date
}

/** Orders that were given a discount, renewals and cancelled ones too, the newest first. @throws {BuylinkError} `not_found`. */
async function listUses(
  db: Db,
  actor: Principal,
  { discountId, cursor, limit }: { discountId: DiscountId; cursor?: string | undefined; limit: number },
): Promise<z.output<typeof UseList>> {
  const discount = await findDiscount(db, discountId)
  const { rows: seen } = await sql`
    select from tenants t where t.id = ${discount?.sellerId ?? null} and ${visibleTo(actor, 't')}`.execute(db)
  if (!discount || seen.length === 0) throw new BuylinkError('not_found', 'There is no such discount.')
  const before = cursor === undefined ? null : decodeCursor(cursor, z.tuple([Uuid]))[0]
  const { rows } = await sql<Row>`
    select o.id, o.number, o.status, t.id as "accountId", t.name as "accountName", o.snapshot->'discount'->>'code' as code,
           o.snapshot->'discount'->>'net_minor' as "netMinor", o.currency, o.created_at as "createdAt"
      from orders o
      join tenants t on t.id = o.account_id
      join accounts a on a.seller_id = o.seller_id and a.tenant_id = o.account_id
     where o.seller_id = ${discount.sellerId} and o.snapshot ? 'discount' and o.snapshot->'discount'->>'id' = ${discountId}
       and (${before}::uuid is null or o.id < ${before}::uuid) and ${accountVisibleTo(actor)}
     order by o.id desc limit ${limit + 1}`.execute(db)
  const page = toPage(rows, limit, ({ id }) => [id])
  return {
    items: page.items.map(({ id, number, status, accountId, accountName, code, netMinor, currency, createdAt }) => ({
      order: { id, number, status },
      account: { id: accountId, name: accountName },
      code,
      net: { amountMinor: BigInt(netMinor), currency },
      createdAt,
    })),
    nextCursor: page.nextCursor,
  }
}

export const discountUseRoute: AnyRoute = route({
  method: 'GET',
  path: '/api/v1/discounts/:discountId/uses',
  scope: 'plans:read',
  tag: 'Discounts',
  summary: 'List the orders that were given a discount, newest first',
  input: z.object({ discountId: idOf<DiscountId>(), ...pageInput }),
  output: UseList,
  handle: ({ db, actor }, input) => listUses(db, actor, input),
})
