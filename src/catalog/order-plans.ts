import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { lockProduct, raiseVersionsOfProduct, recordProduct } from './save-product.ts'

export interface PlanOrder {
  readonly sellerId: SellerId
  readonly productId: string
  /** Every plan of the product once, in the order of the store's page. */
  readonly planIds: readonly string[]
  /** Of the product. */
  readonly expectedVersion?: bigint | undefined
}

/**
 * Puts the plans of a product into the order in which stores show them side by side. A new plan comes last. As they
 * stand already: nothing is written. Publishes `product.updated`; the audit log keeps the order before and after.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable`: a plan is missing, twice or another product's.
 */
export async function orderPlans(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { sellerId, productId, planIds, expectedVersion }: PlanOrder,
): Promise<void> {
  await transaction(db, async (tx) => {
    const product = await lockProduct(tx, { sellerId, id: productId, expectedVersion })
    if (!product) throw new BuylinkError('not_found', 'There is no such product.')
    const { rows } = await sql<{ id: string }>`
      select id::text from plans where product_id = ${productId}::bigint and seller_id = ${sellerId} order by position, id`.execute(
      tx,
    )
    const former = rows.map(({ id }) => id)
    const asked = new Set(planIds)
    if (asked.size !== planIds.length || asked.size !== former.length || former.some((id) => !asked.has(id)))
      throw notThesePlans(former)
    if (former.join() === planIds.join()) return
    const at = clock.now()
    await sql`
      update plans set position = wish.place - 1
        from unnest(${[...planIds]}::bigint[]) with ordinality as wish (id, place)
       where plans.id = wish.id and plans.product_id = ${productId}::bigint and plans.seller_id = ${sellerId}`.execute(
      tx,
    )
    await sql`update products set version = version + 1 where id = ${productId}::bigint and seller_id = ${sellerId}`.execute(
      tx,
    )
    await raiseVersionsOfProduct(tx, sellerId, productId, at)
    const changes = { plan_order: { from: former.join(', '), to: planIds.join(', ') } }
    await recordProduct(tx, actor, sellerId, productId, { changes }, at)
  })
}

function notThesePlans(planIds: readonly string[]): BuylinkError {
  const message = `Name each plan of the product once: ${planIds.join(', ')}.`
  return new BuylinkError('unprocessable', message, { problems: [{ path: 'plan_ids', code: 'invalid', message }] })
}
