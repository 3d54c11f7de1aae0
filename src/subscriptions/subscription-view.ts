import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import { addDays } from '../kernel/time.ts'
import type { ActorLabel, Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, byTime, readPage, searchInput, sortInput, listing } from '../platform/http/list.ts'
import { Amount, Instant, NumericId, pageInput, pageOf, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { KnownActor, nameActors } from '../users/index.ts'
import { SubscriptionStatus } from './schema.ts'

export const SubscriptionSummary = z.object({
  id: Uuid,
  number: Whole,
  name: z.string(),
  status: SubscriptionStatus,
  account: z.object({ id: Uuid, number: Whole, name: z.string() }),
  product: z.object({ id: NumericId, name: z.string(), slug: z.string() }),
  plan: z.object({ id: NumericId, name: z.string() }),
  period: z.object({
    id: NumericId,
    trial: z.boolean(),
    duration: z.object({ value: z.int(), unit: z.enum(['days', 'months', 'years']) }).nullable(),
  }),
  paymentModel: z.enum(['prepay', 'postpay']),
  billingType: z.string(),
  trial: z.boolean(),
  recurring: Amount.nullable().meta({ description: 'A month, without tax; null where nothing recurs' }),
  activatedAt: Instant.nullable(),
  expiresAt: Instant.nullable().meta({ description: 'null: endless, or not active yet' }),
  autoRenew: z.boolean(),
  endsWithPeriod: z.boolean().meta({ description: 'Cancelled; runs until the end of what is paid for' }),
  periodStartsAt: Instant.nullable(),
  periodEndsAt: Instant.nullable().meta({ description: 'What is paid for; null where use is' }),
  stoppedAt: Instant.nullable(),
  stopReason: z.enum(['expired', 'cancelled', 'administrative', 'credit_hold', 'unpaid']).nullable(),
  stopsAt: Instant.nullable().meta({ description: 'Graced: when it stops unless it is renewed' }),
  deletesAt: Instant.nullable().meta({ description: 'Stopped: when it is deleted' }),
  createdAt: Instant,
  version: Version,
})

const WireQuota = z.object({
  usageName: z.string(),
  value: Whole.nullable().meta({ description: 'null: unlimited. Bytes for storage, counts for the rest' }),
  granted: Whole.meta({ description: 'What subscriptions grant of it' }),
  used: Whole.nullable(),
})

export const SubscriptionView = SubscriptionSummary.extend({
  resources: z.array(
    z.object({
      id: NumericId,
      name: z.string(),
      unit: z.string(),
      quantity: Whole,
      included: Whole,
      usageName: z.string().nullable(),
    }),
  ),
  quotas: z.array(WireQuota),
  operation: z
    .object({
      operation: z.enum(['activate', 'update', 'stop', 'resume', 'delete']),
      status: z.enum(['pending', 'done', 'failed']),
      attempts: z.int(),
      lastError: z.string().nullable(),
      byOrder: z.boolean(),
    })
    .nullable()
    .meta({ description: 'What its service was asked last' }),
  history: z.array(z.object({ at: Instant, type: z.string(), operation: z.string().nullable(), actor: KnownActor })),
})
export type SubscriptionView = z.output<typeof SubscriptionView>
export const SubscriptionList = pageOf(SubscriptionSummary)
const LISTING = listing(
  'newest',
  {
    created_at: byTime('createdAt'),
    name: byText('name'),
    customer: byText('accountName'),
    status: byText('status'),
    expires_at: byTime('expiresAt'),
    recurring: byNumber('recurringMinor'),
  },
  { search: ['name', 'number', 'accountName'] },
)
export const SubscriptionQuery = z.object({
  ...pageInput,
  ...sortInput(LISTING),
  ...searchInput,
  status: SubscriptionStatus.optional(),
  accountId: Uuid.optional(),
})

/** Quotas live above subscriptions; `server.ts` hands this in. */
export type QuotasOf = (
  db: Db,
  sellerId: SellerId,
  tenantId: TenantId,
) => Promise<readonly z.output<typeof WireQuota>[]>

interface Row {
  readonly sellerId: SellerId
  readonly tenantId: TenantId
  readonly id: SubscriptionId
  readonly number: bigint
  readonly name: string
  readonly status: z.output<typeof SubscriptionStatus>
  readonly accountId: TenantId
  readonly accountNumber: bigint
  readonly accountName: string
  readonly productId: string
  readonly productName: string
  readonly slug: string
  readonly planId: string
  readonly planName: string
  readonly periodId: string
  readonly durationValue: number | null
  readonly durationUnit: 'days' | 'months' | 'years' | null
  readonly paymentModel: 'prepay' | 'postpay'
  readonly billingType: string
  readonly trial: boolean
  readonly currency: string
  readonly recurringMinor: bigint
  readonly activatedAt: Date | null
  readonly expiresAt: Date | null
  readonly autoRenew: boolean
  readonly endsWithPeriod: boolean
  readonly periodStartsAt: Date | null
  readonly periodEndsAt: Date | null
  readonly stoppedAt: Date | null
  readonly stopReason: 'expired' | 'cancelled' | 'administrative' | 'credit_hold' | 'unpaid' | null
  readonly graceDays: number
  readonly deletionDays: number
  readonly createdAt: Date
  readonly version: bigint
}

const SUBSCRIPTIONS = sql`
  select s.seller_id as "sellerId", s.tenant_id as "tenantId", s.id, s.number, s.name, s.status, s.account_id as "accountId",
         t.number as "accountNumber", t.name as "accountName", pr.id::text as "productId", pr.marketing_name as "productName", pr.slug,
         pl.id::text as "planId", pl.name as "planName", pe.id::text as "periodId", pe.duration_value as "durationValue",
         pe.duration_unit as "durationUnit", s.payment_model as "paymentModel", s.billing_type as "billingType", s.trial, s.currency,
         s.recurring_minor as "recurringMinor", s.activated_at as "activatedAt", s.expires_at as "expiresAt",
         s.auto_renew as "autoRenew", s.ends_with_period as "endsWithPeriod", s.period_starts_at as "periodStartsAt",
         s.period_ends_at as "periodEndsAt", s.stopped_at as "stoppedAt", s.stop_reason as "stopReason",
         k.grace_days as "graceDays", k.deletion_days as "deletionDays",
         s.created_at as "createdAt", s.version
    from subscriptions s
    join tenants t on t.id = s.account_id
    join accounts a on a.seller_id = s.seller_id and a.tenant_id = s.account_id
    join account_classes k on k.seller_id = a.seller_id and k.id = a.account_class_id
    join plans pl on pl.id = s.plan_id
    join products pr on pr.id = pl.product_id
    join plan_periods pe on pe.id = s.plan_period_id`

/** Subscriptions the caller sees; a reviewed read over the sellers of a subtree. */
export async function listSubscriptions(
  db: Db,
  actor: Principal,
  query: z.output<typeof SubscriptionQuery>,
): Promise<z.output<typeof SubscriptionList>> {
  const rows = sql`
    ${SUBSCRIPTIONS}
     where ${accountVisibleTo(actor)}
       and (${query.status ?? null}::text is null or s.status = ${query.status ?? null})
       and (${query.accountId ?? null}::uuid is null or s.account_id = ${query.accountId ?? null}::uuid)`
  const page = await readPage<Row>(db, rows, LISTING, query)
  return { items: page.items.map(summary), nextCursor: page.nextCursor }
}

/** One subscription with its resources and the quotas of the tenant it serves; undefined where the caller sees none. */
export async function findSubscriptionView(
  db: Db,
  actor: Principal,
  id: SubscriptionId,
  quotasOf: QuotasOf,
): Promise<SubscriptionView | undefined> {
  const { rows } = await sql<Row>`${SUBSCRIPTIONS} where s.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { rows: resources } = await sql<SubscriptionView['resources'][number]>`
    select resource_id::text as id, name, unit, quantity, included, usage_name as "usageName"
      from subscription_resources where seller_id = ${row.sellerId} and subscription_id = ${id} order by resource_id`.execute(
    db,
  )
  // In the order of what was ordered, as the customer knows it.
  const byUsage = new Map((await quotasOf(db, row.sellerId, row.tenantId)).map((quota) => [quota.usageName, quota]))
  const quotas = resources.flatMap(({ usageName }) => (usageName === null ? [] : (byUsage.get(usageName) ?? [])))
  const { rows: operations } = await sql<NonNullable<SubscriptionView['operation']>>`
    select operation, status, attempts, last_error as "lastError", order_id is not null as "byOrder" from provisioning_tasks
     where seller_id = ${row.sellerId} and subscription_id = ${id} order by id desc limit 1`.execute(db)
  const { rows: events } = await sql<{ at: Date; type: string; operation: string | null; actor: ActorLabel }>`
    select occurred_at as at, type, case when type like 'provisioning.%' then payload->>'operation' end as operation, actor from events
     where seller_id = ${row.sellerId} and subject_kind = 'subscription' and subject_id = ${id}
       and type not in ('provisioning.completed', 'provisioning.failed') order by id limit 200`.execute(db)
  const who = await nameActors(
    db,
    actor,
    [row.accountId],
    events.map((event) => event.actor),
  )
  const history = events.map((event) => ({ ...event, actor: who(event.actor) }))
  return { ...summary(row), resources, quotas, operation: operations[0] ?? null, history }
}

const summary = (row: Row): z.output<typeof SubscriptionSummary> => ({
  id: row.id,
  number: row.number,
  name: row.name,
  status: row.status,
  account: { id: row.accountId, number: row.accountNumber, name: row.accountName },
  product: { id: row.productId, name: row.productName, slug: row.slug },
  plan: { id: row.planId, name: row.planName },
  period: {
    id: row.periodId,
    trial: row.trial,
    duration:
      row.durationValue === null || row.durationUnit === null
        ? null
        : { value: row.durationValue, unit: row.durationUnit },
  },
  paymentModel: row.paymentModel,
  billingType: row.billingType,
  trial: row.trial,
  recurring: row.recurringMinor === 0n ? null : { amountMinor: row.recurringMinor, currency: row.currency },
  activatedAt: row.activatedAt,
  expiresAt: row.expiresAt,
  autoRenew: row.autoRenew,
  endsWithPeriod: row.endsWithPeriod,
  periodStartsAt: row.periodStartsAt,
  periodEndsAt: row.periodEndsAt,
  stoppedAt: row.stoppedAt,
  stopReason: row.stopReason,
  stopsAt: row.status === 'graced' && row.periodEndsAt ? addDays(row.periodEndsAt, row.graceDays) : null,
  deletesAt:
    row.status === 'stopped' && row.stoppedAt && (row.stopReason === 'expired' || row.stopReason === 'cancelled')
      ? addDays(row.stoppedAt, row.deletionDays)
      : null,
  createdAt: row.createdAt,
  version: row.version,
})
