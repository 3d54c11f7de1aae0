import type { Plan } from '../catalog/schema.ts'
import { decimal, formatDecimal } from '../kernel/decimal.ts'
import type { Tx } from '../platform/db.ts'
import { addToCharges } from './add-to-charges.ts'
import { exactOf, type Period } from './rules.ts'
import type { MeteredSubscription } from './schema.ts'
import { nano, TOLD_SCALE } from './told-shape.ts'
import { markCharged, waitingTold } from './told-store.ts'

const ONE = decimal('1')
const PER_UNIT = 10n ** BigInt(TOLD_SCALE)

/**
 * Charges what the service told of the open period and those before it, at what the seller asks for each 1.00 of the
 * plan's owner now: the delegated price, with the markups and rates on the way down. The period is summed exactly and
 * rounded once, as usage is; what is told of a closed one is charged with the open one. Under the rating's row lock.
 *
 * @param plan As the seller has it; where it is not sold to it any more, what was told waits.
 */
export async function chargeTold(
  tx: Tx,
  subscription: MeteredSubscription,
  plan: Plan | undefined,
  charging: { readonly period: Period; readonly basisPoints: number; readonly at: Date },
): Promise<void> {
  if (!plan) return
  const told = await waitingTold(tx, subscription, charging.period)
  if (told.length === 0) return
  const factor = plan.factor ?? ONE
  await addToCharges(
    tx,
    subscription,
    charging,
    told.map(({ id, resourceId, amount }) => ({
      naturalKey: `usage:${subscription.id}:told:${id}`,
      differences: [{ resourceId, exact: exactOf(nano(amount), factor), perUnit: PER_UNIT }],
    })),
  )
  await markCharged(tx, subscription, told, {
    period: charging.period.starts,
    factor: formatDecimal(factor),
    costs: (plan.costs ?? []).map((cost) => formatDecimal(cost.factor)),
  })
}
