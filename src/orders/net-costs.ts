import { lineOf, monthlyOf, type QuoteLine } from '../catalog/rules.ts'
import type { Plan, PlanCost } from '../catalog/schema.ts'
import type { OrderedCost } from './schema.ts'

const FEES = { setup: 'setupFeeMinor', recurring: 'recurringFeeMinor', renewal: 'renewalFeeMinor' } as const

/** What a switch leaves: its unused days are credited by those above, too. */
export interface Left {
  readonly plan: Plan
  readonly planPeriodId: string
  readonly quantities: ReadonlyMap<string, bigint>
  /** What of its period is unused. */
  readonly months: QuoteLine['months']
}

/**
 * What an order costs each reseller on the way down to its seller, at the prices of those above: line by line what was
 * charged, at their fees, rounded as the lines are. What the seller gives of its own, discounts and prices it keeps for
 * those who have the plan, costs it as much as ever; a trial costs nothing.
 */
export function netCostsOf(
  { costs = [] }: Plan,
  period: { readonly trial: boolean },
  lines: readonly QuoteLine[],
  left?: Left,
): OrderedCost[] {
  if (period.trial) return []
  return costs.map((cost) => {
    const charged = lines.reduce((sum, line) => sum + netOf(line, feeOf(line, cost)), 0n)
    const credited = left ? netOf({ quantity: 1n, months: left.months }, monthlyCost(cost, left)) : 0n
    return {
      reseller_id: cost.resellerId,
      supplier_id: cost.supplierId,
      currency: cost.currency,
      net_minor: (charged - credited).toString(),
    }
  })
}

const netOf = (line: Pick<QuoteLine, 'quantity' | 'months'>, unitMinor: bigint): bigint =>
  lineOf({ kind: 'period_recurring', itemId: '', description: '', ...line, unitMinor }, 0).netMinor

function feeOf({ kind, itemId }: QuoteLine, cost: PlanCost): bigint {
  const [item, fee = ''] = kind.split('_')
  if (!(fee in FEES)) return 0n
  const priced = (item === 'period' ? cost.periods : cost.resources).find(({ id }) => id === itemId)
  // The key is one of them: it was just looked for.
  return priced?.[FEES[fee as keyof typeof FEES]] ?? 0n
}

function monthlyCost({ resellerId, supplierId }: PlanCost, { plan, planPeriodId, quantities }: Left): bigint {
  const cost = plan.costs?.find((each) => each.resellerId === resellerId && each.supplierId === supplierId)
  const period = cost?.periods.find(({ id }) => id === planPeriodId)
  return cost && period ? monthlyOf({ ...plan, ...cost }, period, quantities) : 0n
}
