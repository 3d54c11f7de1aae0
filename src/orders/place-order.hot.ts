import type { Pool } from 'pg'
import type { HoldPayment } from './leave-hold.ts'
import type { CheckoutId, OrderId, PaymentId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/**
 * What one placing writes, all decided and priced before. Names are those of the statement's record types; bigints are
 * decimal strings, since JSON has none.
 */
export interface PlacingRow {
  readonly position: number
  readonly seller_id: SellerId
  /** RFC 3339, by the seller's clock. */
  readonly placed_at: string
  /** The code that its discount came by; its use is taken under a lock of its own (`placeWithCodes`). */
  readonly promo_code: string | null
  readonly checkout_id: CheckoutId
  readonly checkout_version: string
  readonly price_version: string
  readonly account_id: TenantId
  readonly account_version: string
  readonly order_id: OrderId
  readonly order_status: 'waiting_for_payment' | 'provisioning'
  readonly store_id: string
  readonly order_type: string | null
  readonly net_minor: string
  readonly tax_minor: string
  readonly total_minor: string
  readonly currency: string
  readonly snapshot: unknown
  readonly placed_by: unknown
  readonly correlation_id: string
  readonly order_expires_at: string | null
  readonly subscription_id: SubscriptionId
  readonly subscription_status: 'ordered' | 'installing'
  readonly tenant_id: TenantId
  readonly plan_id: string
  readonly plan_period_id: string
  readonly product_id: string
  readonly subscription_name: string
  readonly payment_model: string
  readonly billing_type: string
  readonly trial: boolean
  /** A second live subscription of the plan is refused by the database itself. */
  readonly exclusive: boolean
  readonly connector: string
  readonly recurring_minor: string
  readonly payment_id: PaymentId | null
  readonly payment_purpose: 'order' | 'top_up' | null
  readonly payment_minor: string | null
  /** What takes the account off credit hold, and is to be paid before. */
  readonly hold_payment: HoldPayment | null
  readonly task_id: string | null
  readonly task_request: unknown
  /** Manager to credit the order to; and to link the account to, where it has none. */
  readonly manager_id: string | null
  readonly link_manager: boolean
  /** The key the order came with and what the rule says of it: a line of the ledger of touches. */
  readonly touch: unknown
  readonly attribution_id: string
  readonly lines: readonly unknown[]
  readonly resources: readonly unknown[]
  readonly events: readonly unknown[]
  readonly manager_events: readonly unknown[]
  readonly audit: readonly unknown[]
  /** Terms accepted with this order. */
  readonly acceptances: readonly unknown[]
}

export interface PlacedRow {
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly paymentNumber: string | null
  readonly subscriptionNumber: bigint
}

/**
 * Places waiting checkouts, of whatever sellers, in one statement and one commit: order, lines, payment, subscription,
 * events, audit, attribution. A checkout that was changed, placed or priced from an older catalogue meanwhile gives no
 * row: that is the refusal, and the caller finds out why.
 *
 * Races: `open` locks the checkouts and accounts in the order of their ids and checks them again once it has them;
 * document numbers come from counter rows, locked in the order of sellers, whose locks queue the orders of a seller; a
 * trial and an exclusive subscription are kept single by unique keys (spec/buy-links.md "From the link to the order").
 */
const STATEMENT = `
with wanted as materialized (
  select * from jsonb_to_recordset($1::jsonb) as w (
    position integer, seller_id uuid, placed_at timestamptz, checkout_id uuid, checkout_version bigint, price_version bigint, account_id uuid, account_version bigint,
    order_id uuid, order_status text, store_id uuid, order_type text, net_minor bigint, tax_minor bigint, total_minor bigint,
    currency text, snapshot jsonb, placed_by jsonb, correlation_id uuid, order_expires_at timestamptz, subscription_id uuid,
    subscription_status text, tenant_id uuid, plan_id bigint, plan_period_id bigint, product_id bigint, subscription_name text,
    payment_model text, billing_type text, trial boolean, exclusive boolean, connector text, recurring_minor bigint,
    payment_id uuid, payment_purpose text, payment_minor bigint, hold_payment jsonb, task_id uuid, task_request jsonb, manager_id uuid,
    link_manager boolean, touch jsonb, attribution_id uuid, lines jsonb, resources jsonb, events jsonb,
    manager_events jsonb, audit jsonb, acceptances jsonb)
), open as materialized (
  select c.id
    from wanted w
    join checkouts c on c.seller_id = w.seller_id and c.id = w.checkout_id
    join accounts a on a.seller_id = w.seller_id and a.tenant_id = c.account_id
   where c.status = 'open' and c.version = w.checkout_version and c.expires_at > w.placed_at
     and a.version = w.account_version
     and w.price_version = (select version from price_lists p where p.seller_id = w.seller_id)
   order by c.id
     for no key update of c, a
), trials as (
  insert into trials_used (seller_id, account_id, product_id, subscription_id)
  select w.seller_id, w.account_id, w.product_id, w.subscription_id
    from wanted w join open on open.id = w.checkout_id
   where w.trial
  on conflict (seller_id, account_id, product_id) do nothing
  returning subscription_id
), admitted as materialized (
  select w.*, row_number() over (partition by w.seller_id order by w.position) as nth, count(*) over (partition by w.seller_id) as of
    from wanted w join open on open.id = w.checkout_id
   where not w.trial or w.subscription_id in (select subscription_id from trials)
), subscription_counter as (
  insert into counters (seller_id, name, value)
  select seller_id, 'subscription', count(*) from admitted group by seller_id order by seller_id
  on conflict (seller_id, name) do update set value = counters.value + excluded.value
  returning seller_id, value
), new_subscriptions as (
  insert into subscriptions (seller_id, id, number, account_id, tenant_id, plan_id, plan_period_id, name, status, payment_model,
                             billing_type, trial, exclusive, connector, currency, recurring_minor, created_at, updated_at)
  select a.seller_id, a.subscription_id, s.value - a.of + a.nth, a.account_id, a.tenant_id, a.plan_id,
         a.plan_period_id, a.subscription_name, a.subscription_status, a.payment_model, a.billing_type, a.trial, a.exclusive,
         a.connector, a.currency, a.recurring_minor, a.placed_at, a.placed_at
    from admitted a join subscription_counter s on s.seller_id = a.seller_id
  on conflict (seller_id, account_id, plan_id) where exclusive and status not in ('cancelled', 'deleted') do nothing
  returning id, number
), accepted as materialized (
  select a.*, n.number as subscription_number, row_number() over own as order_nth, count(a.payment_id) over own as payment_nth,
         count(*) over (partition by a.seller_id) as orders, count(a.payment_id) over (partition by a.seller_id) as payments
    from admitted a join new_subscriptions n on n.id = a.subscription_id
  window own as (partition by a.seller_id order by a.position)
), document_counters as (
  insert into counters (seller_id, name, value)
  select a.seller_id, kind.name, case kind.name when 'order' then count(*) else count(a.payment_id) end
    from accepted a cross join (values ('order'), ('payment')) kind (name)
   group by a.seller_id, kind.name
   order by a.seller_id, kind.name
  on conflict (seller_id, name) do update set value = counters.value + excluded.value
  returning seller_id, name, value
), numbered as materialized (
  select a.*,
         'SO' || lpad((o.value - a.orders + a.order_nth)::text, greatest(6, length(o.value::text)), '0') as order_number,
         case when a.payment_id is not null then
           'PM' || lpad((p.value - a.payments + a.payment_nth)::text, greatest(6, length(p.value::text)), '0')
         end as payment_number
    from accepted a
    join document_counters o on o.seller_id = a.seller_id and o.name = 'order'
    join document_counters p on p.seller_id = a.seller_id and p.name = 'payment'
), winners as materialized (
  select distinct on (account_id) seller_id, account_id, order_id, manager_id, placed_at from numbered where link_manager order by account_id, position
), claimed as (
  update checkouts c set status = 'placed', order_id = n.order_id, version = c.version + 1
    from numbered n
   where c.seller_id = n.seller_id and c.id = n.checkout_id
), new_orders as (
  insert into orders (seller_id, id, number, type, status, account_id, subscription_id, checkout_id, store_id, manager_id, order_type,
                      currency, net_minor, tax_minor, total_minor, price_version, snapshot, placed_by, correlation_id, created_at,
                      updated_at, expires_at)
  select seller_id, order_id, order_number, 'sales', order_status, account_id, subscription_id, checkout_id, store_id,
         case when link_manager then (select w.manager_id from winners w where w.account_id = numbered.account_id) else manager_id end,
         order_type, currency, net_minor, tax_minor, total_minor, price_version, snapshot, placed_by, correlation_id, placed_at, placed_at, order_expires_at
    from numbered
), new_lines as (
  insert into order_lines (seller_id, order_id, position, kind, item_id, description, quantity, months, unit_minor, net_minor, tax_minor)
  select n.seller_id, n.order_id, l.position, l.kind, l.item_id, l.description, l.quantity, l.months, l.unit_minor, l.net_minor, l.tax_minor
    from numbered n,
         jsonb_to_recordset(n.lines) as l (position integer, kind text, item_id bigint, description text, quantity bigint,
                                           months numeric, unit_minor bigint, net_minor bigint, tax_minor bigint)
), new_resources as (
  insert into subscription_resources (seller_id, subscription_id, resource_id, name, unit, quantity, included, usage_name, quota_per_unit)
  select n.seller_id, n.subscription_id, r.resource_id, r.name, r.unit, r.quantity, r.included, r.usage_name, r.quota_per_unit
    from numbered n,
         jsonb_to_recordset(n.resources) as r (resource_id bigint, name text, unit text, quantity bigint, included bigint,
                                               usage_name text, quota_per_unit bigint)
), new_payments as (
  insert into payments (seller_id, id, number, purpose, method, status, account_id, order_id, order_number, subscription_id,
                        description, currency, total_minor, after_payment_id, correlation_id, created_at, updated_at, expires_at)
  select seller_id, payment_id, payment_number, payment_purpose, 'bank_transfer', 'waiting_for_payment', account_id, order_id, order_number,
         subscription_id, subscription_name, currency, payment_minor, (hold_payment->>'id')::uuid, correlation_id, placed_at, placed_at, order_expires_at
    from numbered where payment_id is not null
), new_tasks as (
  insert into provisioning_tasks (seller_id, id, order_id, subscription_id, connector, operation, request, status, correlation_id,
                                  created_at, updated_at)
  select seller_id, task_id, order_id, subscription_id, connector, 'activate', task_request, 'pending', correlation_id, placed_at, placed_at
    from numbered where task_id is not null
), linked as (
  update accounts a set manager_id = w.manager_id, version = a.version + 1, updated_at = w.placed_at
    from winners w
   where a.seller_id = w.seller_id and a.tenant_id = w.account_id and a.manager_id is null
  returning a.tenant_id
), touches as (
  select n.*, n.link_manager and not exists (select from winners w join linked l on l.tenant_id = w.account_id where w.order_id = n.order_id) as lost
    from numbered n where n.touch is not null
), new_attributions as (
  insert into attributions (seller_id, id, account_id, manager_id, manager_key, reason, order_id, occurred_at, outcome, refusal,
                            channel, touched_at, actor)
  select seller_id, attribution_id, account_id, (touch->>'manager_id')::uuid, touch->>'key', 'order', order_id, placed_at,
         case when lost then 'refused' else touch->>'outcome' end, case when lost then 'already_linked' else touch->>'refusal' end,
         touch->>'channel', (touch->>'at')::timestamptz, placed_by
    from touches
), new_events as (
  insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at)
  select source.seller_id, e.id, e.type, e.subject_kind, e.subject_id, e.tenant_id, e.payload, e.actor, e.correlation_id, source.placed_at
    from (select seller_id, placed_at, jsonb_array_elements(events) as event from numbered
          union all
          select n.seller_id, n.placed_at, jsonb_array_elements(n.manager_events) from numbered n
           where n.order_id in (select w.order_id from winners w join linked l on l.tenant_id = w.account_id)) source,
         jsonb_to_record(source.event) as e (id uuid, type text, subject_kind text, subject_id text, tenant_id uuid, payload jsonb,
                                             actor jsonb, correlation_id uuid)
), new_audit as (
  insert into audit_log (seller_id, id, action, subject_kind, subject_id, tenant_id, actor, details, correlation_id, occurred_at)
  select n.seller_id, e.id, e.action, e.subject_kind, e.subject_id, e.tenant_id, e.actor, e.details, e.correlation_id, n.placed_at
    from numbered n,
         jsonb_to_recordset(n.audit) as e (id uuid, action text, subject_kind text, subject_id text, tenant_id uuid, actor jsonb,
                                           details jsonb, correlation_id uuid)
), new_acceptances as (
  insert into acceptances (seller_id, id, account_id, user_id, document, url, accepted_at)
  select n.seller_id, t.id, t.account_id, t.user_id, t.document, t.url, n.placed_at
    from numbered n,
         jsonb_to_recordset(n.acceptances) as t (id uuid, account_id uuid, user_id uuid, document text, url text)
)
select order_id as "orderId", order_number as "orderNumber", payment_number as "paymentNumber", subscription_number as "subscriptionNumber"
  from numbered`

/** One round trip for up to 64 placings. @returns A row for each that was accepted. */
export async function placeOrders(pool: Pick<Pool, 'query'>, placings: readonly PlacingRow[]): Promise<PlacedRow[]> {
  const { rows } = await pool.query<PlacedRow>({
    name: 'place-orders',
    text: STATEMENT,
    values: [JSON.stringify(placings)],
  })
  return rows
}
