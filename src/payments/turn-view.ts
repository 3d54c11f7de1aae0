import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Payment } from './schema.ts'

export interface PaymentBefore {
  readonly id: PaymentId
  readonly number: string
  readonly totalMinor: bigint
}

const TURN = sql`payments p
      join payments before on before.seller_id = p.seller_id and before.id = p.after_payment_id
      join accounts a on a.seller_id = p.seller_id and a.tenant_id = p.account_id`
const IS_BEHIND = sql`a.status = 'credit_hold' and before.status in ('waiting_for_payment', 'processing')`

/** What must be paid before a payment, to take its account off credit hold; undefined once either is done. */
export async function paymentBefore(
  db: Db | Tx,
  sellerId: SellerId,
  id: PaymentId,
): Promise<PaymentBefore | undefined> {
  const { rows } = await sql<PaymentBefore>`
    select before.id, before.number, before.total_minor as "totalMinor"
      from ${TURN} where p.seller_id = ${sellerId} and p.id = ${id} and ${IS_BEHIND}`.execute(db)
  return rows[0]
}

/** Those of one seller's payments that have another before them, whose accounts are on credit hold now. */
export async function paymentsBehind(
  tx: Tx,
  sellerId: SellerId,
  ids: readonly PaymentId[],
): Promise<ReadonlySet<PaymentId>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: PaymentId }>`
    select p.id from ${TURN} where p.seller_id = ${sellerId} and p.id = any(${ids}::uuid[]) and ${IS_BEHIND}`.execute(
    tx,
  )
  return new Set(rows.map(({ id }) => id))
}

/**
 * Money first covers what is owed (facts A4.1): an order's payment waits for the one that takes its account off credit
 * hold. Money that is on its way already, from a card page opened before, goes to the balance (record-receipt.ts).
 *
 * @throws {BuylinkError} `conflict`, and names the one to pay first.
 */
export async function assertInTurn(tx: Tx, { sellerId, id }: Payment): Promise<void> {
  const before = await paymentBefore(tx, sellerId, id)
  if (before)
    throw new BuylinkError(
      'conflict',
      `This account is on credit hold: pay ${before.number} first, which covers what is owed.`,
      { extra: { paymentId: before.id } },
    )
}
