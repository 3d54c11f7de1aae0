import { sql } from 'kysely'
import type { CorrelationId, OrderId, PaymentId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import { takeDocumentNumber } from '../platform/numbers.ts'
import type { Payment, PaymentStatus } from './schema.ts'

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'number',
  'purpose',
  'method',
  'status',
  'account_id as accountId',
  'order_id as orderId',
  'subscription_id as subscriptionId',
  'currency',
  'total_minor as totalMinor',
  'received_minor as receivedMinor',
  'refunded_minor as refundedMinor',
  'correlation_id as correlationId',
  'version',
] as const

/** Reads a payment and locks its row, so that approvals and cancellations queue up. */
export const lockPayment = (tx: Tx, sellerId: SellerId, id: PaymentId): Promise<Payment | undefined> =>
  lockPayments(tx, sellerId, [id]).then(([payment]) => payment)

/** The same for many of one seller, locked in the order of their ids; what is not there is left out. */
export const lockPayments = (tx: Tx, sellerId: SellerId, ids: readonly PaymentId[]): Promise<Payment[]> =>
  tx
    .selectFrom('payments')
    .where('seller_id', '=', sellerId)
    .where('id', '=', sql<PaymentId>`any(${ids}::uuid[])`)
    .select(COLUMNS)
    .orderBy('id')
    .forUpdate()
    .execute()

/** The same without a lock: it may have moved on meanwhile. */
export const findPayment = (db: Db | Tx, sellerId: SellerId, id: PaymentId): Promise<Payment | undefined> =>
  db.selectFrom('payments').where('seller_id', '=', sellerId).where('id', '=', id).select(COLUMNS).executeTakeFirst()

/** The payment that an order waits for or was paid by; undefined for an order of 0 without top-up. */
export const lockPaymentOfOrder = (tx: Tx, sellerId: SellerId, orderId: string): Promise<Payment | undefined> =>
  tx
    .selectFrom('payments')
    .where('seller_id', '=', sellerId)
    .where('order_id', '=', orderId)
    .select(COLUMNS)
    .forUpdate()
    .executeTakeFirst()

/** The payment that waits to take an account off credit hold. */
export const findLeavingHold = (tx: Tx, sellerId: SellerId, accountId: TenantId): Promise<Payment | undefined> =>
  tx
    .selectFrom('payments')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .where('leaves_hold', '=', true)
    .where('status', 'in', ['waiting_for_payment', 'processing'])
    .select(COLUMNS)
    .executeTakeFirst()

export interface StoredReceipt {
  readonly amountMinor: bigint
  readonly reference: string
}

export const findReceipt = (db: Db, payment: Payment, reference: string): Promise<StoredReceipt | undefined> =>
  db
    .selectFrom('payment_receipts')
    .where('seller_id', '=', payment.sellerId)
    .where('payment_id', '=', payment.id)
    .where('reference', '=', reference)
    .select(['amount_minor as amountMinor', 'reference'])
    .executeTakeFirst()

/** References of all money that has come for these payments of one seller. */
export const referencesOf = (
  tx: Tx,
  sellerId: SellerId,
  ids: readonly PaymentId[],
): Promise<{ paymentId: PaymentId; reference: string }[]> =>
  tx
    .selectFrom('payment_receipts')
    .where('seller_id', '=', sellerId)
    .where('payment_id', '=', sql<PaymentId>`any(${ids}::uuid[])`)
    .select(['payment_id as paymentId', 'reference'])
    .execute()

export interface NewReceipt extends StoredReceipt {
  readonly id: string
  readonly paymentId: PaymentId
  /** Kind and id of who says so. */
  readonly approvedBy: unknown
}

export async function addReceipts(
  tx: Tx,
  sellerId: SellerId,
  receipts: readonly NewReceipt[],
  at: Date,
): Promise<void> {
  await tx
    .insertInto('payment_receipts')
    .values(
      receipts.map((receipt) => ({
        seller_id: sellerId,
        id: receipt.id,
        payment_id: receipt.paymentId,
        amount_minor: receipt.amountMinor,
        reference: receipt.reference,
        approved_by: JSON.stringify(receipt.approvedBy),
        received_at: at,
      })),
    )
    .execute()
}

export interface PaymentChange {
  readonly status: PaymentStatus
  readonly receivedMinor: bigint
  /** Stamps the end of its life. */
  readonly closed: boolean
}

/** Moves a locked payment on. */
export const savePayment = (tx: Tx, payment: Payment, change: PaymentChange & { readonly at: Date }): Promise<void> =>
  savePayments(tx, payment.sellerId, [{ ...change, id: payment.id }], change.at)

/** The same for many of one seller. */
export async function savePayments(
  tx: Tx,
  sellerId: SellerId,
  changes: readonly (PaymentChange & { readonly id: PaymentId })[],
  at: Date,
): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map(({ id, status, receivedMinor, closed }) => ({
    id,
    status,
    received_minor: receivedMinor,
    closed,
  }))
  await sql`
    update payments p
       set status = c.status, received_minor = c.received_minor, version = p.version + 1, updated_at = ${at},
           closed_at = case when c.closed then ${at}::timestamptz else p.closed_at end
      from jsonb_to_recordset(${toJson(rows)}::jsonb) as c (id uuid, status text, received_minor bigint, closed boolean)
     where p.seller_id = ${sellerId} and p.id = c.id`.execute(tx)
}

export interface NewTopup {
  readonly sellerId: SellerId
  readonly id: PaymentId
  readonly accountId: TenantId
  readonly currency: string
  readonly totalMinor: bigint
  readonly description: string
  readonly correlationId: CorrelationId
  /** It takes the account off credit hold. */
  readonly leavesHold?: boolean
  readonly at: Date
}

/** Writes a top-up that waits. @returns Its number. */
export async function insertTopup(tx: Tx, topup: NewTopup): Promise<string> {
  const number = await takeDocumentNumber(tx, topup.sellerId, 'payment')
  await insertPayment(tx, {
    ...topup,
    number,
    purpose: 'top_up',
    orderId: null,
    orderNumber: null,
    subscriptionId: null,
    expiresAt: null,
  })
  return number
}

export interface NewPayment extends Omit<Payment, 'method' | 'status' | 'receivedMinor' | 'refundedMinor' | 'version'> {
  readonly orderNumber: string | null
  /** What it is for, as the customer reads it. */
  readonly description: string
  readonly expiresAt: Date | null
  readonly leavesHold?: boolean
  readonly at: Date
}

/** Writes what is owed; it waits for a bank transfer until it is paid otherwise. */
export async function insertPayment(tx: Tx, payment: NewPayment): Promise<void> {
  await tx
    .insertInto('payments')
    .values({
      seller_id: payment.sellerId,
      id: payment.id,
      number: payment.number,
      purpose: payment.purpose,
      method: 'bank_transfer',
      status: 'waiting_for_payment',
      account_id: payment.accountId,
      order_id: payment.orderId,
      order_number: payment.orderNumber,
      subscription_id: payment.subscriptionId,
      description: payment.description,
      currency: payment.currency,
      total_minor: payment.totalMinor,
      received_minor: 0n,
      correlation_id: payment.correlationId,
      leaves_hold: payment.leavesHold === true,
      version: 1n,
      created_at: payment.at,
      updated_at: payment.at,
      expires_at: payment.expiresAt,
    })
    .execute()
}

/** Notes what went back of a locked payment; the table itself refuses more than was asked for. */
export async function noteRefund(tx: Tx, payment: Payment, amountMinor: bigint, at: Date): Promise<void> {
  await tx
    .updateTable('payments')
    .where('seller_id', '=', payment.sellerId)
    .where('id', '=', payment.id)
    .set({ refunded_minor: sql`refunded_minor + ${amountMinor}`, version: sql`version + 1`, updated_at: at })
    .execute()
}

/** The order that a payment is for, whose row is locked before the payment's. */
export async function orderOfPayment(db: Db | Tx, sellerId: SellerId, id: PaymentId): Promise<OrderId | null> {
  const row = await db
    .selectFrom('payments')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select('order_id as orderId')
    .executeTakeFirst()
  return row?.orderId ?? null
}
