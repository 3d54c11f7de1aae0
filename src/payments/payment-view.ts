import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { PaymentId, SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, byTime, readPage, searchInput, sortInput, listing } from '../platform/http/list.ts'
import { Amount, Instant, pageInput, pageOf, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { isOpen, outstandingMinor } from './rules.ts'
import { paymentBefore } from './turn-view.ts'
import { type Payment, PaymentMethod, PaymentPurpose, PaymentStatus } from './schema.ts'

export const PaymentSummary = z.object({
  id: Uuid,
  number: z.string(),
  purpose: PaymentPurpose,
  method: PaymentMethod,
  status: PaymentStatus,
  account: z.object({ id: Uuid, number: Whole, name: z.string() }),
  description: z.string().meta({ description: 'What it is for: the plan ordered' }),
  leavesHold: z.boolean().meta({ description: 'It takes the account off credit hold' }),
  order: z.object({ id: Uuid, number: z.string() }).nullable(),
  subscriptionId: Uuid.nullable(),
  total: Amount,
  received: Amount,
  outstanding: Amount,
  refunded: Amount.meta({ description: 'What of it went back, to the balance or the way it came' }),
  createdAt: Instant,
  expiresAt: Instant.nullable().meta({ description: 'The order is cancelled when it is not paid by then' }),
  closedAt: Instant.nullable(),
  version: Version,
})

export const PaymentView = PaymentSummary.extend({
  payableBy: z.array(PaymentMethod).meta({ description: 'How it can be paid now; none once it no longer waits' }),
  instructions: z
    .object({ reference: z.string(), bankDetails: z.string() })
    .nullable()
    .meta({ description: 'How to pay by bank transfer, while it waits' }),
  after: z
    .object({ id: Uuid, number: z.string(), total: Amount })
    .nullable()
    .meta({ description: 'What is to be paid first, to take the account off credit hold' }),
  receipts: z.array(
    z.object({
      id: Uuid,
      amount: Amount,
      reference: z.string(),
      receivedAt: Instant,
      approvedBy: z.string().nullable(),
    }),
  ),
})
export type PaymentView = z.output<typeof PaymentView>

export const PaymentList = pageOf(PaymentSummary)
const LISTING = listing(
  'newest',
  {
    created_at: byTime('createdAt'),
    customer: byText('accountName'),
    status: byText('status'),
    total: byNumber('totalMinor'),
  },
  { search: ['number', 'accountName', 'description', 'orderNumber'] },
)
export const PaymentQuery = z.object({
  ...pageInput,
  ...sortInput(LISTING),
  ...searchInput,
  status: PaymentStatus.optional(),
  accountId: Uuid.optional(),
})

interface Row extends Payment {
  readonly description: string
  readonly leavesHold: boolean
  readonly orderNumber: string | null
  readonly accountNumber: bigint
  readonly accountName: string
  readonly bankDetails: string | null
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly closedAt: Date | null
}

const PAYMENTS = sql`
  select p.seller_id as "sellerId", p.id, p.number, p.purpose, p.method, p.status, p.account_id as "accountId", p.order_id as "orderId",
         p.order_number as "orderNumber", p.subscription_id as "subscriptionId", p.description, p.leaves_hold as "leavesHold", p.currency,
         p.total_minor as "totalMinor", p.received_minor as "receivedMinor", p.refunded_minor as "refundedMinor", p.correlation_id as "correlationId", p.version,
         p.created_at as "createdAt", p.expires_at as "expiresAt", p.closed_at as "closedAt",
         t.number as "accountNumber", t.name as "accountName",
         (select bank_details from stores where stores.seller_id = p.seller_id order by created_at, id limit 1) as "bankDetails"
    from payments p
    join tenants t on t.id = p.account_id
    join accounts a on a.seller_id = p.seller_id and a.tenant_id = p.account_id`

/** Payments the caller sees; a reviewed read over the sellers of a subtree. */
export async function listPayments(
  db: Db,
  actor: Principal,
  query: z.output<typeof PaymentQuery>,
): Promise<z.output<typeof PaymentList>> {
  const rows = sql`
    ${PAYMENTS}
     where ${accountVisibleTo(actor)}
       and (${query.status ?? null}::text is null or p.status = ${query.status ?? null})
       and (${query.accountId ?? null}::uuid is null or p.account_id = ${query.accountId ?? null}::uuid)`
  const page = await readPage<Row>(db, rows, LISTING, query)
  return { items: page.items.map(summary), nextCursor: page.nextCursor }
}

/** One payment with what arrived for it; undefined where the caller sees none. `sellerId` is for what acts on it. */
export async function findPaymentView(
  db: Db,
  actor: Principal,
  id: PaymentId,
  methods: readonly PaymentMethod[] = ['bank_transfer', 'balance'],
): Promise<(PaymentView & { sellerId: SellerId }) | undefined> {
  const { rows } = await sql<Row>`${PAYMENTS} where p.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { rows: receipts } = await sql<{
    id: string
    amountMinor: bigint
    reference: string
    receivedAt: Date
    approvedBy: string | null
  }>`
    select id, amount_minor as "amountMinor", reference, received_at as "receivedAt", case when ${actor.scopes.has('payments:approve')} then approved_by->>'id' end as "approvedBy"
      from payment_receipts where seller_id = ${row.sellerId} and payment_id = ${id} order by id`.execute(db)
  const before = await paymentBefore(db, row.sellerId, id)
  return {
    sellerId: row.sellerId,
    ...summary(row),
    payableBy:
      isOpen(row) && !before ? methods.filter((method) => method !== 'balance' || row.purpose !== 'top_up') : [],
    instructions: isOpen(row) && !before ? { reference: row.number, bankDetails: row.bankDetails ?? '' } : null,
    after: before
      ? { id: before.id, number: before.number, total: { amountMinor: before.totalMinor, currency: row.currency } }
      : null,
    receipts: receipts.map(({ amountMinor, ...receipt }) => ({
      ...receipt,
      amount: { amountMinor, currency: row.currency },
    })),
  }
}

const summary = (row: Row): z.output<typeof PaymentSummary> => {
  const money = (amountMinor: bigint) => ({ amountMinor, currency: row.currency })
  return {
    id: row.id,
    number: row.number,
    purpose: row.purpose,
    method: row.method,
    status: row.status,
    account: { id: row.accountId, number: row.accountNumber, name: row.accountName },
    description: row.description,
    leavesHold: row.leavesHold,
    order: row.orderId && row.orderNumber ? { id: row.orderId, number: row.orderNumber } : null,
    subscriptionId: row.subscriptionId,
    total: money(row.totalMinor),
    received: money(row.receivedMinor),
    outstanding: money(outstandingMinor(row)),
    refunded: money(row.refundedMinor),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    closedAt: row.closedAt,
    version: row.version,
  }
}
