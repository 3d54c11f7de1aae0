import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import { decimal, formatDecimal } from '../kernel/decimal.ts'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import { PaymentMethod, PaymentPurpose, PaymentStatus } from '../payments/schema.ts'
import type { ActorLabel, Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, byTime, readPage, searchInput, sortInput, listing } from '../platform/http/list.ts'
import { Amount, Instant, NumericId, pageInput, pageOf, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { SubscriptionStatus } from '../subscriptions/schema.ts'
import { KnownActor, nameActors } from '../users/index.ts'
import { DiscountView, discountView, DurationView, LineView } from './checkout-shape.ts'
import { type OrderedChange, type OrderSnapshot, OrderStatus, OrderType } from './schema.ts'

const Party = z.object({ id: Uuid, number: Whole, name: z.string() })

export const OrderSummary = z.object({
  id: Uuid,
  number: z.string(),
  type: OrderType,
  status: OrderStatus,
  account: Party,
  product: z.object({ id: NumericId, name: z.string() }),
  plan: z.object({ id: NumericId, name: z.string() }),
  subscription: z.object({ id: Uuid, number: Whole, name: z.string(), status: SubscriptionStatus }),
  payment: z
    .object({
      id: Uuid,
      number: z.string(),
      purpose: PaymentPurpose,
      method: PaymentMethod,
      status: PaymentStatus,
      total: Amount,
      received: Amount,
    })
    .nullable(),
  manager: z.object({ id: Uuid, name: z.string() }).nullable(),
  total: Amount,
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  version: Version,
})

export const OrderView = OrderSummary.extend({
  period: z.object({ id: NumericId, trial: z.boolean(), duration: DurationView.nullable() }),
  lines: z.array(LineView),
  net: Amount,
  tax: Amount,
  discount: DiscountView.nullable(),
  taxName: z.string(),
  taxRatePercent: z.string(),
  reverseCharge: z.boolean().meta({ description: 'The customer accounts for the tax itself' }),
  orderType: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
  cancelReason: z.string().nullable(),
  change: z
    .object({
      resources: z.array(z.object({ id: NumericId, name: z.string(), unit: z.string(), before: Whole, after: Whole })),
      recurringBefore: Amount,
      recurring: Amount.meta({ description: 'A month, without tax, once it is completed' }),
    })
    .nullable()
    .meta({ description: 'Of an order that changes what runs' }),
  provisioning: z
    .object({ status: z.enum(['pending', 'done', 'failed']), attempts: z.int(), lastError: z.string().nullable() })
    .nullable(),
  history: z.array(z.object({ at: Instant, type: z.string(), operation: z.string().nullable(), actor: KnownActor })),
  correlationId: Uuid.meta({
    description: 'Of all that one click, call or alert led to: `GET /api/v1/timelines/{id}`',
  }),
})
export type OrderView = z.output<typeof OrderView>

export const OrderList = pageOf(OrderSummary)
const LISTING = listing(
  'newest',
  {
    created_at: byTime('createdAt'),
    customer: byText('accountName'),
    subscription: byText('subscriptionName'),
    status: byText('status'),
    total: byNumber('totalMinor'),
  },
  { search: ['number', 'accountName', 'subscriptionName'] },
)
export const OrderQuery = z.object({
  ...pageInput,
  ...sortInput(LISTING),
  ...searchInput,
  status: OrderStatus.optional(),
  accountId: Uuid.optional(),
  subscriptionId: Uuid.optional(),
})

interface Row {
  readonly sellerId: SellerId
  readonly id: OrderId
  readonly number: string
  readonly type: z.output<typeof OrderType>
  readonly status: OrderStatus
  readonly accountId: string
  readonly accountNumber: bigint
  readonly accountName: string
  readonly subscriptionId: string
  readonly subscriptionNumber: bigint
  readonly subscriptionName: string
  readonly subscriptionStatus: z.output<typeof SubscriptionStatus>
  readonly paymentId: string | null
  readonly paymentNumber: string
  readonly purpose: z.output<typeof PaymentPurpose>
  readonly method: z.output<typeof PaymentMethod>
  readonly paymentStatus: z.output<typeof PaymentStatus>
  readonly paymentMinor: bigint
  readonly receivedMinor: bigint
  readonly managerId: string | null
  readonly managerName: string
  readonly orderType: string | null
  readonly currency: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
  readonly snapshot: OrderSnapshot
  readonly cancelReason: string | null
  readonly version: bigint
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly closedAt: Date | null
  readonly correlationId: string
}

const ORDERS = sql`
  select o.seller_id as "sellerId", o.id, o.number, o.type, o.status, o.account_id as "accountId", t.number as "accountNumber",
         t.name as "accountName", s.id as "subscriptionId", s.number as "subscriptionNumber", s.name as "subscriptionName",
         s.status as "subscriptionStatus", p.id as "paymentId", p.number as "paymentNumber", p.purpose, p.method,
         p.status as "paymentStatus", p.total_minor as "paymentMinor", p.received_minor as "receivedMinor",
         m.id as "managerId", m.name as "managerName", o.order_type as "orderType", o.currency, o.net_minor as "netMinor",
         o.tax_minor as "taxMinor", o.total_minor as "totalMinor", o.snapshot, o.cancel_reason as "cancelReason", o.version,
         o.created_at as "createdAt", o.expires_at as "expiresAt", o.closed_at as "closedAt",
         o.correlation_id as "correlationId"
    from orders o
    join tenants t on t.id = o.account_id
    join accounts a on a.seller_id = o.seller_id and a.tenant_id = o.account_id
    join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
    left join payments p on p.seller_id = o.seller_id and p.order_id = o.id
    left join managers m on m.id = o.manager_id`

/** Orders the caller sees; a reviewed read over the sellers of a subtree. */
export async function listOrders(
  db: Db,
  actor: Principal,
  query: z.output<typeof OrderQuery>,
): Promise<z.output<typeof OrderList>> {
  const rows = sql`
    ${ORDERS}
     where ${accountVisibleTo(actor)}
       and (${query.status ?? null}::text is null or o.status = ${query.status ?? null})
       and (${query.accountId ?? null}::uuid is null or o.account_id = ${query.accountId ?? null}::uuid)
       and (${query.subscriptionId ?? null}::uuid is null or o.subscription_id = ${query.subscriptionId ?? null}::uuid)`
  const page = await readPage<Row>(db, rows, LISTING, query)
  return { items: page.items.map(summary), nextCursor: page.nextCursor }
}

/** One order with its lines and history; undefined where the caller sees none. `sellerId` and `snapshot` are for what acts on it. */
export async function findOrderView(
  db: Db,
  actor: Principal,
  id: OrderId,
): Promise<(OrderView & { readonly sellerId: SellerId; readonly snapshot: OrderSnapshot }) | undefined> {
  const { rows } = await sql<Row>`${ORDERS} where o.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { rows: lines } = await sql<{
    kind: OrderView['lines'][number]['kind']
    itemId: string
    description: string
    quantity: bigint
    months: string
    unitMinor: bigint
    netMinor: bigint
    taxMinor: bigint
  }>`
    select kind, item_id::text as "itemId", description, quantity, months, unit_minor as "unitMinor", net_minor as "netMinor",
           tax_minor as "taxMinor"
      from order_lines where seller_id = ${row.sellerId} and order_id = ${id} order by position`.execute(db)
  const { rows: events } = await sql<{ at: Date; type: string; operation: string | null; actor: ActorLabel }>`
    select occurred_at as at, type, case when type like 'provisioning.%' then payload->>'operation' end as operation, actor from events
     where seller_id = ${row.sellerId}
       and ((subject_kind = 'order' and subject_id = ${id}) or (subject_kind = 'payment' and subject_id = ${row.paymentId ?? ''})
         or (subject_kind = 'subscription' and subject_id = ${row.subscriptionId} and type not like 'provisioning.%'))
     order by id limit 200`.execute(db)
  const who = await nameActors(
    db,
    actor,
    [row.accountId],
    events.map((event) => event.actor),
  )
  const { rows: tasks } = await sql<NonNullable<OrderView['provisioning']>>`
    select status, attempts, last_error as "lastError" from provisioning_tasks
     where seller_id = ${row.sellerId} and order_id = ${id} order by id desc limit 1`.execute(db)
  const money = (amountMinor: bigint) => ({ amountMinor, currency: row.currency })
  return {
    sellerId: row.sellerId,
    snapshot: row.snapshot,
    ...summary(row),
    period: row.snapshot.period,
    lines: lines.map(({ unitMinor, netMinor, taxMinor, months, ...line }) => ({
      ...line,
      months: formatDecimal(decimal(months)),
      unit: money(unitMinor),
      net: money(netMinor),
      tax: money(taxMinor),
    })),
    net: money(row.netMinor),
    tax: money(row.taxMinor),
    discount: row.snapshot.discount ? discountView(row.snapshot.discount, row.currency) : null,
    taxName: row.snapshot.tax.name,
    taxRatePercent: formatDecimal({ units: BigInt(row.snapshot.tax.basis_points), scale: 2 }),
    reverseCharge: row.snapshot.tax.reverse_charge ?? false,
    orderType: row.orderType,
    attributes: row.snapshot.attributes,
    cancelReason: row.cancelReason,
    change: row.snapshot.change ? changeOf(row.snapshot.change, row.currency) : null,
    provisioning: tasks[0] ?? null,
    history: events.map((event) => ({ ...event, actor: who(event.actor) })),
    correlationId: row.correlationId,
  }
}

const changeOf = (change: OrderedChange, currency: string): OrderView['change'] => ({
  resources: change.resources.map(({ id, name, unit, before, quantity }) => ({
    id,
    name,
    unit,
    before: BigInt(before),
    after: BigInt(quantity),
  })),
  recurringBefore: { amountMinor: BigInt(change.recurring_before_minor), currency },
  recurring: { amountMinor: BigInt(change.recurring_minor), currency },
})

const summary = (row: Row): z.output<typeof OrderSummary> => {
  const money = (amountMinor: bigint) => ({ amountMinor, currency: row.currency })
  return {
    id: row.id,
    number: row.number,
    type: row.type,
    status: row.status,
    account: { id: row.accountId, number: row.accountNumber, name: row.accountName },
    product: { id: row.snapshot.product.id, name: row.snapshot.product.name },
    plan: { id: row.snapshot.plan.id, name: row.snapshot.plan.name },
    subscription: {
      id: row.subscriptionId,
      number: row.subscriptionNumber,
      name: row.subscriptionName,
      status: row.subscriptionStatus,
    },
    payment: row.paymentId
      ? {
          id: row.paymentId,
          number: row.paymentNumber,
          purpose: row.purpose,
          method: row.method,
          status: row.paymentStatus,
          total: money(row.paymentMinor),
          received: money(row.receivedMinor),
        }
      : null,
    manager: row.managerId ? { id: row.managerId, name: row.managerName } : null,
    total: money(row.totalMinor),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    closedAt: row.closedAt,
    version: row.version,
  }
}
