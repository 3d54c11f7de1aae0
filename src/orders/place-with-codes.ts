import type { Pool, PoolClient } from 'pg'
import { admitUses, recordUses, type WantedUse } from '../discounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import { type PlacedRow, type PlacingRow, placeOrders } from './place-order.hot.ts'

/**
 * Places what waits, and takes the uses of promo codes with it: in one transaction that begins with the locks of the
 * codes, so that a limit holds however many ask at once. Without a code it is the placing statement alone. A placing
 * whose code is used up meanwhile gives no row: its price has changed, and the caller finds out.
 */
export async function placeWithCodes(
  pool: Pool,
  sellerId: SellerId,
  placings: readonly PlacingRow[],
  at: Date,
): Promise<PlacedRow[]> {
  const wanted = placings.flatMap(({ order_id: orderId, promo_code: code, account_id: accountId }): WantedUse[] =>
    code === null ? [] : [{ orderId, code, accountId }],
  )
  if (wanted.length === 0) return placeOrders(pool, sellerId, placings, at)
  return inTransaction(pool, async (client) => {
    const admitted = await admitUses(client, sellerId, wanted)
    const rows = await placeOrders(
      client,
      sellerId,
      placings.filter(({ order_id: id, promo_code: code }) => code === null || admitted.has(id)),
      at,
    )
    const placed = new Set(rows.map(({ orderId }) => orderId))
    const used = wanted.filter(({ orderId }) => placed.has(orderId))
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
