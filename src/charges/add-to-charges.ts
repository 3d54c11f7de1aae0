import { newId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import type { Difference } from './consumption.ts'
import { type Held, holdFunds } from './post-charges.ts'
import { amountOf, type Period } from './rules.ts'
import type { MeteredSubscription } from './schema.ts'
import { blockedCharges, type StoredCharge, writeCharges } from './store.ts'

/** Consumption that is one posting: an hour's, what one look for late usage found, or what a service told. */
export interface Consumed {
  readonly naturalKey: string
  readonly differences: readonly Pick<Difference, 'resourceId' | 'exact' | 'perUnit'>[]
}

/**
 * Adds consumption to a period's charges, one after the other, and holds, or lets go, what each changed their rounded
 * amounts by. However many are added at a time, the charges and the postings are the same.
 */
export async function addToCharges(
  tx: Tx,
  subscription: MeteredSubscription,
  { period, basisPoints, at }: { readonly period: Period; readonly basisPoints: number; readonly at: Date },
  consumed: readonly Consumed[],
): Promise<void> {
  if (consumed.length === 0) return
  const charges = new Map(
    (await blockedCharges(tx, subscription, period.starts)).map((charge) => [charge.resourceId, charge] as const),
  )
  const touched = new Set<string>()
  const held = consumed.map(({ naturalKey, differences }): Held => {
    let amountMinor = 0n
    for (const { resourceId, exact, perUnit } of differences) {
      const before = charges.get(resourceId) ?? nothing(resourceId, perUnit, basisPoints)
      const sum = before.exact + exact
      const amount = amountOf(sum, before.perUnit, subscription.currency, before.basisPoints)
      amountMinor += amount.netMinor + amount.taxMinor - before.netMinor - before.taxMinor
      charges.set(resourceId, { ...before, exact: sum, ...amount })
      touched.add(resourceId)
    }
    return { naturalKey, amountMinor }
  })
  const changed = [...charges.values()].filter(({ resourceId }) => touched.has(resourceId))
  await writeCharges(tx, subscription, period, changed, at)
  await holdFunds(tx, subscription, held, newId(at.getTime()), at)
}

const nothing = (resourceId: string, perUnit: bigint, basisPoints: number): StoredCharge => ({
  resourceId,
  exact: 0n,
  perUnit,
  netMinor: 0n,
  taxMinor: 0n,
  basisPoints,
})
