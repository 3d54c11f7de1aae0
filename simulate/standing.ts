import type { OrderId, PaymentId, SellerId, SubscriptionId, TenantId } from '../src/kernel/ids.ts'
import type { Running } from './installation.ts'

/** A subscription as its customer sees it. */
export interface OwnSubscription {
  readonly sellerId: SellerId
  readonly id: SubscriptionId
  readonly planId: string
  readonly periodId: string
  readonly status: string
  readonly trial: boolean
  readonly endsWithPeriod: boolean
  readonly stopReason: string | null
  readonly createdAt: Date
  readonly quantities: Readonly<Record<string, string>>
  readonly unfinished: { readonly id: OrderId; readonly status: string } | null
  /** The latest change that could be taken back. */
  readonly undoable: OrderId | null
}

/** A payment that waits. */
export interface OwnPayment {
  readonly sellerId: SellerId
  readonly id: PaymentId
  readonly purpose: string
  readonly orderId: OrderId | null
  /** Of an order that time placed. */
  readonly isRenewal: boolean
  readonly totalMinor: bigint
  readonly receivedMinor: bigint
  readonly createdAt: Date
}

/** What a customer finds when it looks at its account. */
export interface Standing {
  readonly id: TenantId
  readonly sellerId: SellerId
  readonly status: string
  readonly path: string
  readonly balanceMinor: bigint
  /** One is kept. */
  readonly hasCard: boolean
  readonly subscriptions: readonly OwnSubscription[]
  readonly payments: readonly OwnPayment[]
}

interface Row extends Omit<Standing, 'balanceMinor' | 'subscriptions' | 'payments'> {
  readonly name: string
  readonly balance: string
  readonly subscriptions: readonly (Omit<OwnSubscription, 'createdAt'> & { readonly createdAt: string })[] | null
  readonly payments:
    | readonly (Omit<OwnPayment, 'createdAt' | 'totalMinor' | 'receivedMinor'> & {
        readonly createdAt: string
        readonly totalMinor: string
        readonly receivedMinor: string
      })[]
    | null
}

const STANDING = `
select t.name, t.id, a.seller_id as "sellerId", a.status, t.path::text,
       coalesce((select -l.balance_minor from ledger_accounts l
                  where l.seller_id = a.seller_id and l.kind = 'customer_balance' and l.account_id = t.id), 0)::text as balance,
       exists (select from saved_cards k where k.seller_id = a.seller_id and k.account_id = t.id and k.removed_at is null) as "hasCard",
       (select json_agg(json_build_object(
           'sellerId', s.seller_id, 'id', s.id, 'planId', s.plan_id::text, 'periodId', s.plan_period_id::text, 'status', s.status,
           'trial', s.trial, 'endsWithPeriod', s.ends_with_period, 'stopReason', s.stop_reason, 'createdAt', s.created_at,
           'quantities', (select json_object_agg(r.resource_id, r.quantity::text) from subscription_resources r
                           where r.seller_id = s.seller_id and r.subscription_id = s.id),
           'unfinished', (select json_build_object('id', o.id, 'status', o.status) from orders o
                           where o.seller_id = s.seller_id and o.subscription_id = s.id
                             and o.status in ('waiting_for_payment', 'provisioning', 'provisioning_failed')),
           'undoable', (select o.id from orders o
                         where o.seller_id = s.seller_id and o.subscription_id = s.id and o.type = 'change' and o.status = 'completed'
                           and o.reverses_order_id is null order by o.id desc limit 1)) order by s.number)
          from subscriptions s where s.seller_id = a.seller_id and s.account_id = t.id and s.status not in ('cancelled', 'deleted')) as subscriptions,
       (select json_agg(json_build_object(
           'sellerId', p.seller_id, 'id', p.id, 'purpose', p.purpose, 'orderId', p.order_id, 'isRenewal', coalesce(o.type = 'renewal', false), 'totalMinor', p.total_minor::text,
           'receivedMinor', p.received_minor::text, 'createdAt', p.created_at) order by p.number)
          from payments p left join orders o on o.seller_id = p.seller_id and o.id = p.order_id
         where p.seller_id = a.seller_id and p.account_id = t.id and p.status = 'waiting_for_payment') as payments
  from tenants t join accounts a on a.tenant_id = t.id`

/** How every customer stands now, by its name. */
export async function standings({ pool }: Running): Promise<Map<string, Standing>> {
  const { rows } = await pool.query<Row>({ name: 'simulate-standings', text: STANDING })
  return new Map(
    rows.map(({ name, balance, subscriptions, payments, ...row }) => [
      name,
      {
        ...row,
        balanceMinor: BigInt(balance),
        subscriptions: (subscriptions ?? []).map((each) => ({ ...each, createdAt: new Date(each.createdAt) })),
        payments: (payments ?? []).map((each) => ({
          ...each,
          createdAt: new Date(each.createdAt),
          totalMinor: BigInt(each.totalMinor),
          receivedMinor: BigInt(each.receivedMinor),
        })),
      },
    ]),
  )
}
