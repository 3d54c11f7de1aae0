import { type RawBuilder, sql } from 'kysely'
import type { Pool } from 'pg'
import { accountVisibleTo } from '../accounts/index.ts'
import type { CheckoutId, OrderId, SellerId, StoreId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Batcher } from '../platform/batcher.ts'
import { createSharedBatcher } from '../platform/shared-batcher.ts'
import type { Db } from '../platform/db.ts'
import { RUNNING, type TermSettings } from '../subscriptions/rules.ts'
import type { StopReason, SubscriptionStatus } from '../subscriptions/schema.ts'
import type { Customer } from '../discounts/rules.ts'
import { fromStored, type StoredSelection } from './checkout-store.ts'
import type { Checkout } from './schema.ts'

/** What of the account and its seller decides price, steps and whether an order may be placed. */
export interface Payer extends TermSettings {
  readonly id: TenantId
  /** Its subscriptions that run and are no trials. */
  readonly owns: Customer['owns']
  readonly version: bigint
  readonly status: 'active' | 'credit_hold' | 'administrative_hold' | 'deleted'
  readonly holdReason: string
  readonly registration: 'quick' | 'full'
  readonly country: string | null
  readonly customerType: 'business' | 'person'
  readonly vatId: string
  readonly managerId: string | null
  readonly paymentModel: 'prepay' | 'postpay'
  readonly cancelUnpaidAfterDays: number
  readonly sellerId: SellerId
  readonly sellerPath: string
  readonly sellerName: string
}

export interface CheckoutContext {
  readonly checkout: Checkout
  readonly payer: Payer
  /** Live subscriptions of the selected plan that the account has already. */
  readonly existing: readonly {
    readonly id: SubscriptionId
    readonly name: string
    readonly status: SubscriptionStatus
    readonly stopReason: StopReason | null
    /** RFC 3339; null where use is paid for. */
    readonly periodEndsAt: string | null
    readonly planPeriodId: string
    /** By resource id, decimal. */
    readonly quantities: Readonly<Record<string, string>>
  }[]
}

interface Row {
  readonly sellerId: SellerId
  readonly id: CheckoutId
  readonly type: Checkout['type']
  readonly subscriptionId: SubscriptionId | null
  readonly status: Checkout['status']
  readonly accountId: TenantId
  readonly storeId: StoreId
  readonly selection: StoredSelection
  readonly managerKey: string | null
  readonly touch: Checkout['touch']
  readonly orderId: OrderId | null
  readonly correlationId: Checkout['correlationId']
  readonly version: bigint
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly payer: Omit<Payer, 'version'> & { readonly version: string }
  readonly existing: CheckoutContext['existing']
}

const RUNS = RUNNING.map((status) => `'${status}'`).join(', ')
const PAYER = `jsonb_build_object(
  'id', a.tenant_id, 'version', a.version::text, 'status', a.status, 'holdReason', a.hold_reason, 'registration', a.registration, 'country', a.country,
  'customerType', a.customer_type, 'vatId', a.vat_id, 'managerId', a.manager_id, 'paymentModel', k.payment_model,
  'cancelUnpaidAfterDays', k.cancel_unpaid_after_days, 'autoRenewDays', k.auto_renew_days,
  'manualRenewDays', k.manual_renew_days, 'graceDays', k.grace_days, 'deletionDays', k.deletion_days, 'sellerId', a.seller_id, 'sellerPath', s.path::text, 'sellerName', s.name,
  'owns', (select coalesce(jsonb_agg(jsonb_build_object('subscriptionId', o.id, 'planId', o.plan_id::text)), '[]') from subscriptions o
            where o.seller_id = a.seller_id and o.account_id = a.tenant_id and not o.trial and o.status in (${RUNS})))`

const ACCOUNT_JOINS = `
  join account_classes k on k.seller_id = a.seller_id and k.id = a.account_class_id
  join tenants t on t.id = a.tenant_id
  join tenants s on s.id = a.seller_id`

const CONTEXT = `
  c.seller_id as "sellerId", c.id, c.type, c.subscription_id as "subscriptionId", c.status, c.account_id as "accountId", c.store_id as "storeId", c.selection,
  c.manager_key as "managerKey", c.touch, c.order_id as "orderId", c.correlation_id as "correlationId", c.version,
  c.created_at as "createdAt", c.expires_at as "expiresAt", ${PAYER} as payer,
  coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'status', e.status, 'stopReason', e.stop_reason,
                     'periodEndsAt', to_char(e.period_ends_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'planPeriodId', e.plan_period_id::text,
                     'quantities', (select coalesce(jsonb_object_agg(r.resource_id::text, r.quantity::text), '{}') from subscription_resources r
                                     where r.seller_id = e.seller_id and r.subscription_id = e.id)) order by e.id)
              from subscriptions e
             where e.seller_id = c.seller_id and e.account_id = c.account_id
               and e.plan_id = (c.selection->>'planId')::bigint and e.status not in ('cancelled', 'deleted')), '[]') as existing`

/** A checkout with all that pricing and placing it ask for, in one round trip; undefined where the caller sees none. */
export async function findCheckout(db: Db, actor: Principal, id: CheckoutId): Promise<CheckoutContext | undefined> {
  const { rows } = await sql<Row>`
    select ${sql.raw(CONTEXT)}
      from checkouts c
      join accounts a on a.seller_id = c.seller_id and a.tenant_id = c.account_id
      ${sql.raw(ACCOUNT_JOINS)}
     where c.id = ${id} and ${mine(actor, sql`c.seller_id`)}`.execute(db)
  return rows[0] && contextOf(rows[0])
}

export type CheckoutReader = Batcher<
  SellerId,
  { readonly id: CheckoutId; readonly actor: Principal },
  CheckoutContext | undefined
>

/**
 * The same for the hot path: the checkouts that wait are read by one prepared statement, whatever their sellers. It finds
 * those of the actor's own seller; a reseller above asks `findCheckout`. What the actor sees is a column and no
 * condition: as one, the planner may begin with all tenants below the actor, 1 s instead of 1 ms for a large seller.
 */
export const createCheckoutReader = (pool: Pool): CheckoutReader =>
  createSharedBatcher({
    run: async (items) => {
      const { rows } = await pool.query<Row & { readonly nth: bigint; readonly isVisible: boolean }>({
        name: 'read-checkouts',
        text: `
          select w.nth, ${CONTEXT},
                 t.path <@ w.path and t.access_path @> w.path and t.deleted_at is null
                   and (w.only_manager_id is null or a.manager_id = w.only_manager_id) as "isVisible"
            from unnest($1::uuid[], $2::uuid[], $3::ltree[], $4::uuid[]) with ordinality as w (seller_id, id, path, only_manager_id, nth)
            join checkouts c on c.seller_id = w.seller_id and c.id = w.id
            join accounts a on a.seller_id = w.seller_id and a.tenant_id = c.account_id
            ${ACCOUNT_JOINS}`,
        values: [
          items.map(({ key }) => key),
          items.map(({ item }) => item.id),
          items.map(({ item }) => item.actor.path),
          items.map(({ item }) => item.actor.onlyManagerId),
        ],
      })
      const found = new Map<number, CheckoutContext>()
      for (const { nth, isVisible, ...row } of rows) if (isVisible) found.set(Number(nth), contextOf(row))
      return items.map((_, index) => found.get(index + 1))
    },
  })

function contextOf({ payer, existing, selection, ...checkout }: Row): CheckoutContext {
  return {
    checkout: { ...checkout, selection: fromStored(selection) },
    payer: { ...payer, version: BigInt(payer.version) },
    existing,
  }
}

/** The account an order is for, if the caller may see it. */
export async function findPayer(db: Db, actor: Principal, accountId: TenantId): Promise<Payer | undefined> {
  const { rows } = await sql<{ payer: Row['payer'] }>`
    select ${sql.raw(PAYER)} as payer from accounts a ${sql.raw(ACCOUNT_JOINS)}
     where a.tenant_id = ${accountId} and ${mine(actor, sql`a.seller_id`)}`.execute(db)
  const payer = rows[0]?.payer
  return payer && { ...payer, version: BigInt(payer.version) }
}

/** The account of a subscription, for what time does by itself. */
export async function payerOf(tx: Db, sellerId: SellerId, accountId: TenantId): Promise<Payer | undefined> {
  const { rows } = await sql<{ payer: Row['payer'] }>`
    select ${sql.raw(PAYER)} as payer from accounts a ${sql.raw(ACCOUNT_JOINS)}
     where a.seller_id = ${sellerId} and a.tenant_id = ${accountId}`.execute(tx)
  const payer = rows[0]?.payer
  return payer && { ...payer, version: BigInt(payer.version) }
}

/** A customer's rows are all at its own seller; staff may look at sellers below theirs. */
const mine = (actor: Principal, sellerId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (${sellerId} = ${actor.sellerId} or exists (select 1 from tenants below where below.id = ${sellerId} and below.path <@ ${actor.path}::ltree))
  and ${accountVisibleTo(actor)}`
