import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { findPriceList, type OwnPlan } from './own-catalog.ts'
import { resalePrices } from './resale-prices.ts'
import { planSoldBy, stepOf } from './sold-by.ts'

/**
 * Refuses prices below what the reseller pays itself, where it or the one it buys from has set that
 * (`price_lists.below_cost`). Later, when those above raise theirs, the reseller is told (`GET /api/v1/resale`).
 *
 * @param delegation As it is to be.
 * @throws {BuylinkError} `unprocessable` with each price.
 */
export async function assertAboveCost(
  tx: Tx,
  plan: OwnPlan,
  delegation: Parameters<typeof stepOf>[0] & { readonly sellerId: SellerId; readonly delegatedBy: SellerId },
): Promise<void> {
  const own = await findPriceList(tx, delegation.sellerId)
  const above = await findPriceList(tx, delegation.delegatedBy)
  if (own?.belowCost !== 'refuse' && above?.belowCost !== 'refuse') return
  const sold = await planSoldBy(tx, plan, delegation.delegatedBy)
  if (!sold || !own) return
  const problems = resalePrices(sold.plan, stepOf(delegation, sold.currency, own.currency), own.currency)
    .filter(({ belowCost }) => belowCost)
    .map(({ key, price, netCost }) => ({
      path: `fixed_prices.${key}`,
      code: 'below_cost',
      message: `${price} is below the net cost of ${netCost} ${own.currency}.`,
    }))
  if (problems.length > 0)
    throw new BuylinkError('unprocessable', 'Some prices are below net cost, which is not allowed here.', { problems })
}
