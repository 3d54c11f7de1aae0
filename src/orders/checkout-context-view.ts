import { type RawBuilder, sql } from 'kysely'
import type { CheckoutId, OrderId, SellerId, StoreId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { SubscriptionStatus } from '../subscriptions/schema.ts'
import { visibleTo } from '../tenants/index.ts'
import { fromStored, type StoredSelection } from './checkout-store.ts'
import type { Checkout } from './schema.ts'

/** What of the account and its seller decides price, steps and whether an order may be placed. */
export interface Payer {
  readonly id: TenantId
  readonly version: bigint
  readonly status: 'active' | 'credit_hold' | 'administrative_hold' | 'deleted'
  readonly registration: 'quick' | 'full'
  readonly country: string | null
  readonly customerType: 'business' | 'person'
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
  }[]
}

interface Row {
  readonly sellerId: SellerId
  readonly id: CheckoutId
  readonly status: Checkout['status']
  readonly accountId: TenantId
  readonly storeId: StoreId
  readonly selection: StoredSelection
  readonly managerKey: string | null
  readonly orderId: OrderId | null
  readonly correlationId: Checkout['correlationId']
  readonly version: bigint
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly payer: Omit<Payer, 'version'> & { readonly version: string }
  readonly existing: CheckoutContext['existing']
}

const PAYER = sql`jsonb_build_object(
  'id', a.tenant_id, 'version', a.version::text, 'status', a.status, 'registration', a.registration, 'country', a.country,
  'customerType', a.customer_type, 'managerId', a.manager_id, 'paymentModel', k.payment_model,
  'cancelUnpaidAfterDays', k.cancel_unpaid_after_days, 'sellerId', a.seller_id, 'sellerPath', s.path::text, 'sellerName', s.name)`

const ACCOUNT_JOINS = sql`
  join account_classes k on k.seller_id = a.seller_id and k.id = a.account_class_id
  join tenants t on t.id = a.tenant_id
  join tenants s on s.id = a.seller_id`

/** A checkout with all that pricing and placing it ask for, in one round trip; undefined where the caller sees none. */
export async function findCheckout(db: Db, actor: Principal, id: CheckoutId): Promise<CheckoutContext | undefined> {
  const { rows } = await sql<Row>`
    select c.seller_id as "sellerId", c.id, c.status, c.account_id as "accountId", c.store_id as "storeId", c.selection,
           c.manager_key as "managerKey", c.order_id as "orderId", c.correlation_id as "correlationId", c.version,
           c.created_at as "createdAt", c.expires_at as "expiresAt", ${PAYER} as payer,
           coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'status', e.status) order by e.id)
                       from subscriptions e
                      where e.seller_id = c.seller_id and e.account_id = c.account_id
                        and e.plan_id = (c.selection->>'planId')::bigint and e.status not in ('cancelled', 'deleted')), '[]') as existing
      from checkouts c
      join accounts a on a.seller_id = c.seller_id and a.tenant_id = c.account_id
      ${ACCOUNT_JOINS}
     where c.id = ${id} and ${mine(actor, sql`c.seller_id`)}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { payer, existing, selection, ...checkout } = row
  return {
    checkout: { ...checkout, selection: fromStored(selection) },
    payer: { ...payer, version: BigInt(payer.version) },
    existing,
  }
}

/** The account an order is for, if the caller may see it. */
export async function findPayer(db: Db, actor: Principal, accountId: TenantId): Promise<Payer | undefined> {
  const { rows } = await sql<{ payer: Row['payer'] }>`
    select ${PAYER} as payer from accounts a ${ACCOUNT_JOINS}
     where a.tenant_id = ${accountId} and ${mine(actor, sql`a.seller_id`)}`.execute(db)
  const payer = rows[0]?.payer
  return payer && { ...payer, version: BigInt(payer.version) }
}

/** A customer's rows are all at its own seller; staff may look at sellers below theirs. */
const mine = (actor: Principal, sellerId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (${sellerId} = ${actor.sellerId} or exists (select 1 from tenants below where below.id = ${sellerId} and below.path <@ ${actor.path}::ltree))
  and ${visibleTo(actor, 't')}
  and (${actor.onlyManagerId}::uuid is null or a.manager_id = ${actor.onlyManagerId}::uuid)`
