import { sql } from 'kysely'
import type { BelowCost } from '../catalog/schema.ts'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'

/** A subscription whose service tells what it costs. */
export interface ToldSubscription {
  readonly sellerId: SellerId
  readonly id: SubscriptionId
  readonly activatedAt: Date | null
  /** Of the prices of the plan's owner. */
  readonly currency: string
  readonly belowCost: BelowCost
  /** Resources of the plan that nothing but the service prices. */
  readonly resourceIds: readonly string[]
}

const TOLD = sql`
  select s.seller_id as "sellerId", s.id, s.activated_at as "activatedAt", l.currency, l.below_cost as "belowCost",
         array(select r.id::text from plan_resources r where r.plan_id = s.plan_id and r.unit_price is null) as "resourceIds"
    from subscriptions s
    join tenants seller on seller.id = s.seller_id
    join plans p on p.id = s.plan_id
    join price_lists l on l.seller_id = p.seller_id
   where s.billing_type = 'pay_as_you_go_external'`

/** Those of a seller and the sellers below it, of all that are named (a reviewed fan-out). */
export async function toldBelow(db: Db, path: string, ids: readonly string[]): Promise<ToldSubscription[]> {
  const { rows } = await sql<ToldSubscription>`
    ${TOLD} and s.id = any(${[...ids]}::uuid[]) and seller.path <@ ${path}::ltree`.execute(db)
  return rows
}
