import type { Pool, PoolClient } from 'pg'
import { admitUses, recordUses, type WantedUse } from '../discounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import { type PlacedRow, type PlacingRow, placeOrders } from './place-order.hot.ts'

/**
 * Places what waits: without promo codes by the placing statement alone, whatever the sellers; a seller's placings with
 * codes among them as `placeWithCodes` does.
 */
export async function placeAll(pool: Pool, placings: readonly PlacingRow[]): Promise<PlacedRow[]> {
  const bySeller = Map.groupBy(placings, ({ seller_id }) => seller_id)
  const withCodes = [...bySeller].filter(([, own]) => own.some(({ promo_code }) => promo_code !== null))
  const sellers = new Set(withCodes.map(([sellerId]) => sellerId))
  const plain = placings.filter(({ seller_id }) => !sellers.has(seller_id))
  const rows = plain.length > 0 ? await placeOrders(pool, plain) : []
  for (const [sellerId, own] of withCodes) rows.push(...(await placeWithCodes(pool, sellerId, own)))
  return rows
}

/**
 * Takes the uses of promo codes with the placings of one seller: in one transaction that begins with the locks of the
 * codes, so that a limit holds however many ask at once. A placing whose code is used up meanwhile gives no row: its
 * price has changed, and the caller finds out.
 */
async function placeWithCodes(pool: Pool, sellerId: SellerId, placings: readonly PlacingRow[]): Promise<PlacedRow[]> {
  const wanted = placings.flatMap(({ order_id: orderId, promo_code: code, account_id: accountId }): WantedUse[] =>
    code === null ? [] : [{ orderId, code, accountId }],
  )
  return inTransaction(pool, async (client) => {
    const admitted = await admitUses(client, sellerId, wanted)
    const rows = await placeOrders(
      client,
      placings.filter(({ order_id: id, promo_code: code }) => code === null || admitted.has(id)),
    )
    const placed = new Set(rows.map(({ orderId }) => orderId))
    const used = wanted.filter(({ orderId }) => placed.has(orderId))
    const at = new Date(Math.max(...placings.map(({ placed_at }) => Date.parse(placed_at))))
    if (used.length > 0) await recordUses(client, sellerId, used, at)
    return rows
  })
}

async function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => (broken = cause as Error))
    throw error
  } finally {
    client.release(broken)
  }
}
