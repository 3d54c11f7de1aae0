import { decimal } from '../kernel/decimal.ts'
import type { SellerId } from '../kernel/ids.ts'
import { minorDigits } from '../kernel/money.ts'
import type { Db, Tx } from '../platform/db.ts'
import { type Delegation, findPriceList, listDelegations, type OwnPlan } from './own-catalog.ts'
import { type PriceStep, resell } from './plan-rows.ts'
import type { Plan } from './schema.ts'

/** What a delegation does to every price on its way from one currency to another. */
export const stepOf = (
  {
    markupBasisPoints,
    exchangeRate,
    fixedPrices,
  }: Pick<Delegation, 'markupBasisPoints' | 'exchangeRate' | 'fixedPrices'>,
  from: string,
  to: string,
): PriceStep => ({
  markupBasisPoints,
  exchangeRate: decimal(exchangeRate),
  addedDigits: minorDigits(to) - minorDigits(from),
  fixedPrices,
})

/**
 * A plan as a seller at or below its owner sells it, read as the transaction sees it: what a reseller below that one
 * pays. Undefined where the way down to it is interrupted.
 */
export async function planSoldBy(
  db: Db | Tx,
  { sellerId: owner, version: _version, launched: _launched, ...plan }: OwnPlan,
  sellerId: SellerId,
): Promise<{ readonly plan: Plan; readonly currency: string } | undefined> {
  const delegations = await listDelegations(db, { planId: plan.id })
  const chain: Delegation[] = []
  for (let holder = sellerId; holder !== owner; ) {
    const step = delegations.find((each) => each.sellerId === holder && each.active)
    if (!step || chain.includes(step)) return undefined
    chain.unshift(step)
    holder = step.delegatedBy
  }
  let currency = (await findPriceList(db, owner))?.currency ?? 'USD'
  let sold: Plan = plan
  for (const step of chain) {
    const next = (await findPriceList(db, step.sellerId))?.currency ?? currency
    sold = resell(sold, stepOf(step, currency, next))
    currency = next
  }
  return { plan: sold, currency }
}
