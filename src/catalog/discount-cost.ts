import { appliesTo, reductionOf } from '../discounts/rules.ts'
import type { Discount } from '../discounts/schema.ts'
import type { Problem } from '../kernel/errors.ts'
import { formatAmount } from '../kernel/money.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { findPlan, findPriceList, listDelegations } from './own-catalog.ts'
import { resell } from './plan-rows.ts'
import { priceOrder, type QuoteLine } from './rules.ts'
import type { Plan } from './schema.ts'
import { planSoldBy, stepOf } from './sold-by.ts'

/**
 * First periods that a discount sells below what the reseller pays to the one above: with each plan's minimum, and with
 * one unit more of each resource, since of that the margin may be thinner.
 *
 * @param asked The plan as the reseller sells it. @param cost The same at what it pays.
 */
export function soldBelowCost(discount: Discount, asked: Plan, cost: Plan, currency: string): Problem[] {
  const always = { ...discount, startsAt: null, endsAt: null }
  const minimum = new Map(asked.resources.map((resource) => [resource.id, resource.minimum]))
  const ways = [minimum, ...asked.resources.map(({ id, minimum: least }) => new Map([...minimum, [id, least + 1n]]))]
  return asked.periods.flatMap((period) => {
    const same = cost.periods.find(({ id }) => id === period.id)
    const ordered = { productId: asked.productId, planId: asked.id, planPeriodId: period.id }
    if (!same || period.trial || !appliesTo(always, ordered, new Date(0))) return []
    const worst = ways
      .map((quantities) => {
        const { lines, netMinor } = priceOrder(asked, period, quantities, currency, 0)
        const paid = netMinor - reductionOf(lines, discount).netMinor
        return { paid, pays: netOf(priceOrder(cost, same, quantities, currency, 0).lines) }
      })
      .find(({ paid, pays }) => paid < pays)
    if (!worst) return []
    const [paid, pays] = [formatAmount(worst.paid, currency), formatAmount(worst.pays, currency)]
    const message = `Plan ${asked.name}, period ${period.id}: ${paid} is left of the net cost of ${pays} ${currency}.`
    return [{ path: discount.off.kind === 'percent' ? 'percent' : 'amount', code: 'below_cost', message }]
  })
}

const netOf = (lines: readonly QuoteLine[]): bigint => lines.reduce((sum, { netMinor }) => sum + netMinor, 0n)

/**
 * What a reseller's discount would sell below its net cost, of the plans it sells on; `isRefused` where it or one that it
 * buys from does not allow that (`price_lists.below_cost`).
 */
export async function belowCostOf(
  tx: Db | Tx,
  sellerId: SellerId,
  discount: Discount,
): Promise<{ readonly problems: Problem[]; readonly isRefused: boolean }> {
  const own = await findPriceList(tx, sellerId)
  const problems: Problem[] = []
  let isRefused = false
  for (const delegation of await listDelegations(tx, { sellerId })) {
    const plan = delegation.active ? await findPlan(tx, delegation.planId) : undefined
    const sold = plan && (await planSoldBy(tx, plan, delegation.delegatedBy))
    if (!own || !sold) continue
    const step = stepOf(delegation, sold.currency, own.currency)
    const cost = resell(sold.plan, { ...step, markupBasisPoints: 0, fixedPrices: {} })
    const found = soldBelowCost(discount, resell(sold.plan, step), cost, own.currency)
    if (found.length === 0) continue
    problems.push(...found)
    const above = await findPriceList(tx, delegation.delegatedBy)
    isRefused ||= own.belowCost === 'refuse' || above?.belowCost === 'refuse'
  }
  return { problems, isRefused }
}
