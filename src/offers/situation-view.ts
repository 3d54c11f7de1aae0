import { sql } from 'kysely'
import type { CatalogSnapshot } from '../catalog/schema.ts'
import { taxRateFor } from '../catalog/rules.ts'
import type { CorrelationId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import { addDays, DAY_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { quotasOf } from '../quotas/index.ts'
import type { Quota } from '../quotas/schema.ts'
import { RUNNING } from '../subscriptions/rules.ts'
import { visibleTo } from '../tenants/index.ts'
import { growthOf } from './rules.ts'
import type { QuotaFact, RunningSubscription, Situation } from './schema.ts'

/** The trend is that of these days. */
const TREND_DAYS = 30

/** The customer an offer is for, as far as the caller may know it. */
export interface Subject {
  readonly sellerId: SellerId
  readonly accountId: TenantId
  readonly accountName: string
  readonly country: string | null
  readonly customerType: 'business' | 'person'
  readonly vatId: string
  /** Of the signed-in user. */
  readonly personalTenantId: TenantId | null
}

/** Who the caller may ask for: its own company, or a customer below it. Undefined where it sees none. */
export async function findSubject(
  db: Db,
  actor: Principal,
  tenantId: TenantId | undefined,
): Promise<Subject | undefined> {
  const { rows } = await sql<Subject>`
    select a.seller_id as "sellerId", a.tenant_id as "accountId", c.name as "accountName", a.country,
           a.customer_type as "customerType", a.vat_id as "vatId", u.personal_tenant_id as "personalTenantId"
      from tenants t
      join tenants c on c.kind = 'customer' and t.path <@ c.path
      join accounts a on a.seller_id = c.seller_id and a.tenant_id = c.id
      left join users u on ${actor.kind} = 'user' and u.seller_id = ${actor.sellerId} and u.id::text = ${actor.id} and u.tenant_id = c.id
     where t.id = ${tenantId ?? actor.tenantId} and ${visibleTo(actor, 'c')}
       and (${actor.onlyManagerId}::uuid is null or a.manager_id = ${actor.onlyManagerId}::uuid)`.execute(db)
  return rows[0]
}

/** More that a program wants to use, before it does. */
export type Wanted = ReadonlyMap<string, bigint>

export interface Facts {
  readonly situation: Situation
  /** Of the tenant's open alert that is the oldest: the thread that goes on. */
  readonly correlationId: CorrelationId | null
  /** When the last of its alerts ended; null while one is open, or where there was none. */
  readonly solvedAt: Date | null
}

/** All that decides what can be offered, in three reads; prices and plans are in memory. */
export async function readFacts(
  db: Db,
  catalog: CatalogSnapshot,
  { sellerId, accountId, personalTenantId, ...buyer }: Subject,
  wanted: Wanted,
  at: Date,
): Promise<Facts> {
  const [subscriptions, quotas, personal, history] = await Promise.all([
    subscriptionsOf(db, sellerId, accountId, at),
    quotasOf(db, sellerId, accountId),
    personalTenantId === null ? [] : quotasOf(db, sellerId, personalTenantId),
    historyOf(db, sellerId, accountId, at),
  ])
  const facts = (list: readonly Quota[], isPersonal: boolean): QuotaFact[] =>
    list.map((quota) => ({
      usageName: quota.usageName,
      measure: quota.measurementUnit === 'bytes' ? 'bytes' : 'count',
      // Not the quota's value, which is never below nothing: what a purchase adds starts from here.
      value: quota.base === null ? null : quota.base + quota.granted,
      used: (quota.used ?? 0n) + (isPersonal ? 0n : (wanted.get(quota.usageName) ?? 0n)),
      growth: isPersonal ? null : growthOf(history.samples.get(quota.usageName) ?? []),
    }))
  const serving = subscriptions.filter((each) => each.tenantId === accountId)
  return {
    correlationId: history.correlationId,
    solvedAt: history.solvedAt,
    situation: {
      quotas: facts(quotas, false),
      personal: facts(personal, true),
      subscriptions: serving.map(({ tenantId: _served, isOwned: _owned, ...subscription }) => subscription),
      customer: {
        id: accountId,
        owns: subscriptions
          .filter((each) => each.isOwned)
          .map(({ id: subscriptionId, planId }) => ({ subscriptionId, planId })),
      },
      ownedPlanIds: new Set(subscriptions.map(({ planId }) => planId)),
      catalog,
      basisPoints: taxRateFor(catalog.taxRates, buyer)?.basisPoints ?? 0,
      at,
    },
  }
}

type Served = RunningSubscription & { readonly tenantId: TenantId; readonly isOwned: boolean }

async function subscriptionsOf(db: Db, sellerId: SellerId, accountId: TenantId, at: Date): Promise<Served[]> {
  const { rows } = await sql<{
    id: SubscriptionId
    name: string
    tenantId: TenantId
    planId: string
    planPeriodId: string
    trial: boolean
    connector: string
    isFree: boolean
    isOwned: boolean
    startsAt: Date | null
    endsAt: Date | null
    recurringMinor: bigint
    discount: RunningSubscription['discount']
    resources: { id: string; quantity: string; usageName: string | null; quotaPerUnit: string | null }[]
  }>`
    select s.id, s.name, s.tenant_id as "tenantId", s.plan_id::text as "planId", s.plan_period_id::text as "planPeriodId", s.trial, s.connector,
           s.period_starts_at as "startsAt", s.period_ends_at as "endsAt", s.recurring_minor as "recurringMinor", s.discount,
           s.status = 'active' and (s.period_ends_at is null or s.period_ends_at > ${at}) and not exists (
             select 1 from orders o where o.seller_id = s.seller_id and o.subscription_id = s.id
                and o.status in ('waiting_for_payment', 'provisioning', 'provisioning_failed')) as "isFree",
           not s.trial and s.status = any(${[...RUNNING]}) as "isOwned",
           (select coalesce(jsonb_agg(jsonb_build_object('id', r.resource_id::text, 'quantity', r.quantity::text, 'usageName', r.usage_name,
                                                         'quotaPerUnit', r.quota_per_unit::text) order by r.resource_id), '[]')
              from subscription_resources r where r.seller_id = s.seller_id and r.subscription_id = s.id) as resources
      from subscriptions s
     where s.seller_id = ${sellerId} and s.account_id = ${accountId} and s.status not in ('cancelled', 'deleted')
     order by s.number`.execute(db)
  return rows.map(({ startsAt, endsAt, resources, ...row }) => ({
    ...row,
    term: startsAt && endsAt ? { startsAt, endsAt } : null,
    resources: resources.map(({ id, usageName, quantity, quotaPerUnit }) => ({
      id,
      usageName,
      quantity: BigInt(quantity),
      quotaPerUnit: quotaPerUnit === null ? null : BigInt(quotaPerUnit),
    })),
  }))
}

async function historyOf(db: Db, sellerId: SellerId, tenantId: TenantId, at: Date) {
  const since = addDays(at, -TREND_DAYS).toISOString().slice(0, 10)
  const { rows } = await sql<{ usageName: string; days: string[]; values: string[] }>`
    select usage_name as "usageName", array_agg(day::text order by day) as days, array_agg(value::text order by day) as values
      from usage_samples where seller_id = ${sellerId} and tenant_id = ${tenantId} and day >= ${since}::date
     group by usage_name`.execute(db)
  const { rows: alerts } = await sql<{ correlationId: CorrelationId; clearedAt: Date | null }>`
    select correlation_id as "correlationId", cleared_at as "clearedAt" from alerts
     where seller_id = ${sellerId} and tenant_id = ${tenantId}
     order by cleared_at is not null, case when cleared_at is null then opened_at end, cleared_at desc, id limit 1`.execute(
    db,
  )
  return {
    correlationId: alerts[0] && alerts[0].clearedAt === null ? alerts[0].correlationId : null,
    solvedAt: alerts[0]?.clearedAt ?? null,
    samples: new Map(
      rows.map(({ usageName, days, values }) => [
        usageName,
        days.map((day, index) => ({ day: Date.parse(day) / DAY_MS, value: BigInt(values[index] ?? '0') })),
      ]),
    ),
  }
}
