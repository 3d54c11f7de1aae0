import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { findSubjects } from '../usage/index.ts'
import { quotasOfTenants } from './quota-view.ts'
import { mayUse, roomOf } from './rules.ts'

export interface UsageCheck {
  readonly tenantId: TenantId
  readonly usageName: string
  /** How much more is about to be used; 0 asks how it stands. */
  readonly units: bigint
}

/** Platform code of a hard quota that is passed (facts §6.5). */
export const HARD_QUOTA_EXCEEDED = 1022

/**
 * Asks, before something is used, whether a hard quota forbids it: the tenant's own, or within a customer that of one
 * above it. Soft quotas never do. Reserves nothing: what is used is reported afterwards, and never refused.
 *
 * @returns How much more there is room for; null: no hard quota.
 * @throws {BuylinkError} `not_found`; `quota_exceeded` (402) naming the tenant and the limit.
 */
export async function checkUsage(db: Db, actor: Principal, check: UsageCheck): Promise<{ room: bigint | null }> {
  const subject = (await findSubjects(db, actor, [check.tenantId])).get(check.tenantId)
  if (!subject) throw new BuylinkError('not_found', 'There is no such tenant.')
  const quotas = await quotasOfTenants(db, subject.sellerId, [subject.tenantId, ...subject.above])
  let least: bigint | null = null
  for (const quota of quotas.filter(({ usageName }) => usageName === check.usageName)) {
    const used = quota.used ?? 0n
    if (!mayUse(used, check.units, quota))
      throw new BuylinkError('quota_exceeded', `The quota of ${check.usageName} is used up.`, {
        extra: {
          platformCode: HARD_QUOTA_EXCEEDED,
          tenantId: quota.tenantId,
          usageName: quota.usageName,
          used: String(used),
          value: String(quota.value),
          overage: String(quota.overage),
        },
      })
    const room = roomOf(used, quota)
    if (room !== null && (least === null || room < least)) least = room
  }
  return { room: least }
}
