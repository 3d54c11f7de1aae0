import { sql } from 'kysely'
import { formatAmount } from '../kernel/money.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import type { Variables } from './liquid.ts'

/** What a template can say of an event: snake_case names, amounts as `49.00 USD`. */
export interface Context {
  /** The payer account it is about; null where it is about none. */
  readonly accountId: TenantId | null
  readonly managerId: string | null
  readonly variables: Variables
}

interface Row {
  readonly accountId: TenantId
  readonly account: Record<string, unknown>
  readonly managerId: string | null
  readonly manager: Record<string, unknown> | null
  readonly balanceMinor: bigint
  readonly currency: string
}

interface OrderRow {
  readonly order: Record<string, unknown>
  readonly subscription: Record<string, unknown>
  readonly payment: Record<string, unknown> | null
  readonly totalMinor: bigint
  readonly paymentMinor: bigint | null
  readonly receivedMinor: bigint | null
  readonly currency: string
}

const money = (minor: bigint, currency: string): string => `${formatAmount(minor, currency)} ${currency}`
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/**
 * Reads what an event is about as it is now, of the event's own seller.
 *
 * @param place Whose name stands under it, and the origins that links start with.
 */
export async function readContext(
  db: Db | Tx,
  event: StoredEvent,
  place: {
    readonly brandName: string
    readonly sellerName: string
    readonly storeOrigin: string
    readonly publicUrl: string
  },
): Promise<Context> {
  const { payload, sellerId } = event
  const accountId = text(payload['account_id']) ?? event.tenantId
  const account =
    accountId === null ? undefined : await findAccount(db, sellerId, accountId, text(payload['manager_id']))
  const order = await findOrder(db, event)
  const portal = `${place.storeOrigin}/portal`
  const client = `${place.storeOrigin}/client`
  const orderId = order?.order['id']
  const paymentId = order?.payment?.['id'] ?? text(payload['payment_id'])
  return {
    accountId: account?.accountId ?? null,
    managerId: account?.managerId ?? null,
    variables: {
      event: { id: event.id, type: event.type, at: event.at.toISOString(), data: payload },
      account: account && { ...account.account, balance: money(account.balanceMinor, account.currency) },
      manager: account?.manager ?? null,
      order: order && { ...order.order, total: money(order.totalMinor, order.currency) },
      payment: order?.payment && {
        ...order.payment,
        total: money(order.paymentMinor ?? 0n, order.currency),
        received: money(order.receivedMinor ?? 0n, order.currency),
        due: money((order.paymentMinor ?? 0n) - (order.receivedMinor ?? 0n), order.currency),
      },
      subscription: order?.subscription ?? null,
      seller: { name: place.sellerName },
      brand: { name: place.brandName },
      host: new URL(place.storeOrigin).host,
      links: {
        client,
        portal,
        order: orderId ? `${client}/orders/${String(orderId)}` : client,
        balance: `${client}/balance`,
        payment: paymentId ? `${client}/payments/${String(paymentId)}` : client,
        invoice: payload['invoice_id'] ? `${client}/invoices/${String(payload['invoice_id'])}` : `${client}/invoices`,
        subscription: order ? `${client}/subscriptions/${String(order.subscription['id'])}` : client,
        portal_order: orderId ? `${portal}/orders/${String(orderId)}` : portal,
        portal_payment: paymentId ? `${portal}/payments/${String(paymentId)}` : portal,
        portal_account: account ? `${portal}/accounts/${account.accountId}` : portal,
        portal_webhook: `${portal}/webhooks/${event.subject.kind === 'webhook' ? event.subject.id : ''}`,
      },
    },
  }
}

/** The payer account of a tenant: its own, or that of the customer it is a part of. */
async function findAccount(
  db: Db | Tx,
  sellerId: SellerId,
  tenantId: string,
  managerId: string | null,
): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select a.tenant_id as "accountId", m.id as "managerId", a.currency,
           json_build_object('id', a.tenant_id, 'number', t.number::text, 'name', t.name, 'customer_type', a.customer_type,
             'country', a.country, 'status', a.status, 'registration', a.registration, 'currency', a.currency) as account,
           case when m.id is not null then json_build_object('id', m.id, 'name', m.name, 'email', m.email, 'key', m.key,
             'notified', m.active and not m.is_partner and m.email <> '') end as manager,
           coalesce((select -sum(l.balance_minor)::bigint from ledger_accounts l
                      where l.seller_id = a.seller_id and l.account_id = a.tenant_id and l.kind = 'customer_balance'), 0) as "balanceMinor"
      from accounts a join tenants t on t.id = a.tenant_id
      left join managers m on m.id = coalesce(${managerId}::uuid, a.manager_id)
     where a.seller_id = ${sellerId} and a.tenant_id = (
       select payer.id from tenants below
         join tenants payer on payer.path @> below.path and payer.seller_id = below.seller_id and payer.kind = 'customer'
        where below.id = ${tenantId} order by nlevel(payer.path) desc limit 1)`.execute(db)
  return rows[0]
}

/** The order an event names, or its payment or subscription does; with its newest payment. */
async function findOrder(db: Db | Tx, { sellerId, payload }: StoredEvent): Promise<OrderRow | undefined> {
  const orderId = text(payload['order_id'])
  const paymentId = text(payload['payment_id'])
  const subscriptionId = text(payload['subscription_id'])
  if (orderId === null && paymentId === null && subscriptionId === null) return undefined
  const { rows } = await sql<OrderRow>`
    select o.currency, o.total_minor as "totalMinor", p.total_minor as "paymentMinor", p.received_minor as "receivedMinor",
           json_build_object('id', o.id, 'number', o.number, 'type', o.type, 'status', o.status,
             'product', o.snapshot->'product'->>'name', 'plan', o.snapshot->'plan'->>'name',
             'plan_id', o.snapshot->'plan'->>'id', 'trial', (o.snapshot->'period'->>'trial')::boolean) as order,
           json_build_object('id', s.id, 'number', s.number::text, 'name', s.name, 'status', s.status) as subscription,
           case when p.id is not null then
             json_build_object('id', p.id, 'number', p.number, 'status', p.status, 'method', p.method, 'purpose', p.purpose) end as payment
      from orders o
      join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
      left join lateral (select * from payments q where q.seller_id = o.seller_id
                            and case when ${paymentId}::uuid is null then q.order_id = o.id else q.id = ${paymentId}::uuid end
                          order by q.id desc limit 1) p on true
     where o.seller_id = ${sellerId}
       and case when ${orderId}::uuid is not null then o.id = ${orderId}::uuid
                when ${subscriptionId}::uuid is not null then o.subscription_id = ${subscriptionId}::uuid
                else o.id = (select order_id from payments where seller_id = ${sellerId} and id = ${paymentId}::uuid) end
     order by o.id desc limit 1`.execute(db)
  return rows[0]
}
