import { newId } from '../kernel/ids.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { quotaOf, setQuota, type UsageIntake } from '../quotas/index.ts'
import { ownUse } from './rules.ts'
import type { ForeignUsage, MirroredTenant } from './schema.ts'
import { keepUsage, keptUsages, noteNumber, noteProblem } from './store.ts'

export interface MirrorUsageDeps {
  readonly db: Db
  readonly clock: Clock
  readonly usage: UsageIntake
}

/**
 * Makes our tenants say what the platform says: the quota there, whole, is ours, whatever of it we granted; what is used
 * there is used here. The alerts follow. Nothing is written where nothing changed.
 *
 * @param usages By the platform's tenant; a customer's counts its users' in.
 */
export async function mirrorUsages(
  deps: MirrorUsageDeps,
  actor: Principal,
  tenants: readonly MirroredTenant[],
  usages: ReadonlyMap<string, readonly ForeignUsage[]>,
): Promise<void> {
  // The customer first: its quota is the room that its users' have.
  const inOrder = tenants.toSorted((one, other) => Number(one.ownerId !== null) - Number(other.ownerId !== null))
  for (const tenant of inOrder) {
    const ofUsers = tenants.filter(({ ownerId, customerId }) => ownerId !== null && customerId === tenant.id)
    const own = (usages.get(tenant.id) ?? []).map((usage) => ({
      ...usage,
      own: ownUse(
        usage.used,
        ofUsers.flatMap(({ id }) =>
          (usages.get(id) ?? []).flatMap(({ usageName, used }) => (usageName === usage.usageName ? [used] : [])),
        ),
      ),
    }))
    await mirrorTenant(deps, actor, tenant, own)
  }
}

async function mirrorTenant(
  { db, clock, usage: intake }: MirrorUsageDeps,
  actor: Principal,
  tenant: MirroredTenant,
  usages: readonly (ForeignUsage & { readonly own: bigint })[],
): Promise<void> {
  const at = clock.now()
  const kept = await keptUsages(db, tenant)
  let problem: string | null = null
  for (const usage of usages) {
    const { usageName, quota } = usage
    try {
      await transaction(db, async (tx) => {
        await noteNumber(tx, tenant, usage.number)
        if (!(await keepUsage(tx, tenant, usage, at))) return
        const key = { tenantId: tenant.tenantId, usageName }
        const known = await quotaOf(tx, tenant.sellerId, key)
        const isSame = known.value === quota.value && known.overage === quota.overage
        if (!isSame) await setQuota(tx, clock, actor, { ...key, to: { value: quota.value, overage: quota.overage } })
      })
    } catch (error) {
      if (!(error instanceof BuylinkError)) throw error
      problem = `${usageName}: ${error.message}`
    }
  }
  await noteProblem(db, tenant, problem)
  const day = (instant: Date): string => instant.toISOString().slice(0, 10)
  const changed = usages.filter(({ usageName, used }) => {
    const last = kept.get(usageName)
    // Once a day at least, so that the trend has its days.
    return last?.used !== used || day(last.readAt) !== day(at)
  })
  await intake.report(
    actor,
    changed.map(({ usageName, own }) => ({
      source: `urn:buylink:platform:${tenant.platform}`,
      eventId: newId(at.getTime()),
      tenantId: tenant.tenantId,
      usageName,
      at,
      change: { value: own },
    })),
  )
}
