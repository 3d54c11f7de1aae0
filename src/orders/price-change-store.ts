import { sql } from 'kysely'
import type { Plan } from '../catalog/schema.ts'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import { type ActorLabel, actorLabel } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { AnnouncedPrice } from './schema.ts'

interface StoredFees {
  readonly periods: Readonly<Record<string, string>>
  readonly resources: Readonly<Record<string, string>>
}

const feesOf = (plan: Plan): StoredFees => ({
  periods: Object.fromEntries(plan.periods.map(({ id, recurringFeeMinor }) => [id, recurringFeeMinor.toString()])),
  resources: Object.fromEntries(plan.resources.map(({ id, recurringFeeMinor }) => [id, recurringFeeMinor.toString()])),
})

/** Keeps an announcement of a plan's prices as they are. @returns false where that instant was announced already. */
export async function insertPriceChange(
  tx: Tx,
  change: {
    readonly sellerId: SellerId
    readonly plan: Plan
    readonly effectiveAt: Date
    readonly by: ActorLabel
    readonly at: Date
  },
): Promise<boolean> {
  const { rows } = await sql`
    insert into price_changes (seller_id, plan_id, effective_at, fees, announced_at, announced_by)
    values (${change.sellerId}, ${BigInt(change.plan.id)}, ${change.effectiveAt}, ${JSON.stringify(feesOf(change.plan))}::jsonb,
            ${change.at}, ${JSON.stringify(actorLabel(change.by))}::jsonb)
    on conflict do nothing returning plan_id`.execute(tx)
  return rows.length === 1
}

/** What was announced of a plan, the latest to come into effect first. */
export async function announcedPrices(db: Db | Tx, sellerId: SellerId, planId: string): Promise<AnnouncedPrice[]> {
  const { rows } = await sql<{ effectiveAt: Date; announcedAt: Date; fees: StoredFees }>`
    select effective_at as "effectiveAt", announced_at as "announcedAt", fees from price_changes
     where seller_id = ${sellerId} and plan_id = ${BigInt(planId)} order by effective_at desc`.execute(db)
  const amounts = (fees: Readonly<Record<string, string>>) =>
    new Map(Object.entries(fees).map(([id, minor]) => [id, BigInt(minor)]))
  return rows.map(({ effectiveAt, announcedAt, fees }) => ({
    effectiveAt,
    announcedAt,
    periods: amounts(fees.periods),
    resources: amounts(fees.resources),
  }))
}

/** A subscription that renews, as an announcement looks at it. */
export interface Affected {
  readonly id: SubscriptionId
  readonly accountId: TenantId
  readonly planPeriodId: string
  readonly recurringMinor: bigint
  readonly currency: string
}
