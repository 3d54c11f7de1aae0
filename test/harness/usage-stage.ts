import { before } from 'node:test'
import type { TenantId } from '../../src/kernel/ids.ts'
import { createUsageIntake, setQuota, type UsageIntake } from '../../src/quotas/index.ts'
import { usagesOf, type UsageReport } from '../../src/usage/index.ts'
import { testDatabase } from './database.ts'
import { openShop, type Shop } from './shop.ts'

/** The demonstration store, its usage and quotas as tests move them. */
export interface UsageStage {
  readonly shop: Shop
  readonly intake: UsageIntake
  report(tenantId: TenantId, usageName: string, change: UsageReport['change'], hoursAgo?: number): UsageReport
  send(...reports: UsageReport[]): Promise<readonly string[]>
  used(tenantId: TenantId, usageName: string): Promise<bigint | undefined>
  set(tenantId: TenantId, usageName: string, base: bigint | null, overage?: bigint | null): ReturnType<typeof setQuota>
  alertsOf(
    tenantId: TenantId,
  ): Promise<{ id: string; usage_name: string; state: string; cleared_at: Date | null; correlation_id: string }[]>
  openOf(tenantId: TenantId): Promise<Record<string, string>>
}

/** Call it at the top of a file; what it returns is filled before its tests. */
export function usageStage(): UsageStage {
  let count = 0
  const stage: Partial<UsageStage> = {}
  before(async () => {
    const shop = await openShop(await testDatabase())
    const intake = createUsageIntake(shop.db, shop.clock)
    const alertsOf: UsageStage['alertsOf'] = (tenantId) =>
      shop.db
        .selectFrom('alerts')
        .where('tenant_id', '=', tenantId)
        .select(['id', 'usage_name', 'state', 'cleared_at', 'correlation_id'])
        .orderBy('id')
        .execute()
    Object.assign(stage, {
      shop,
      intake,
      report: (tenantId, usageName, change, hoursAgo = 0) => ({
        source: 'test',
        eventId: `e-${count++}`,
        tenantId,
        usageName,
        at: new Date(shop.clock.now().getTime() - hoursAgo * 3_600_000),
        change,
      }),
      send: (...reports) => intake.report(shop.operator, reports),
      used: async (tenantId, usageName) => (await usagesOf(shop.db, shop.store.sellerId, tenantId)).get(usageName),
      set: (tenantId, usageName, base, overage = null) =>
        setQuota(shop.db, shop.clock, shop.operator, { tenantId, usageName, to: { base, overage } }),
      alertsOf,
      openOf: async (tenantId) =>
        Object.fromEntries(
          (await alertsOf(tenantId))
            .filter((each) => each.cleared_at === null)
            .map((each) => [each.usage_name, each.state]),
        ),
    } satisfies UsageStage)
  })
  return stage as UsageStage // Whole once `before` has run.
}
