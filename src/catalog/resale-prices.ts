import type { Decimal } from '../kernel/decimal.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { formatAmount } from '../kernel/money.ts'
import { type PriceStep, resell } from './plan-rows.ts'
import type { Plan } from './schema.ts'

/** One price of a plan that is sold on. Decimals in the reseller's currency; of a unit price a unit and hour. */
export interface ResalePrice {
  /** As `fixed_prices` calls it: `period:1840:recurring`. */
  readonly key: string
  /** Period or resource. */
  readonly itemId: string
  readonly fee: 'setup' | 'recurring' | 'renewal' | 'overuse' | 'unit_price'
  /** What the reseller pays to the one above. */
  readonly netCost: string
  /** By the markup alone. */
  readonly computed: string
  /** What its customers pay. */
  readonly price: string
  readonly fixed: boolean
  readonly belowCost: boolean
}

/**
 * What a reseller pays for a plan and what it asks for it, price by price; prices of nothing at either end are left out.
 *
 * @param above The plan as the one above sells it, in its currency.
 * @param currency Of the reseller.
 */
export function resalePrices(above: Plan, step: PriceStep, currency: string): ResalePrice[] {
  const cost = pricesOf(resell(above, { ...step, markupBasisPoints: 0, fixedPrices: {} }), currency)
  const computed = pricesOf(resell(above, { ...step, fixedPrices: {} }), currency)
  const asked = pricesOf(resell(above, step), currency)
  return [...cost].flatMap(([key, { itemId, fee, value, text }]): ResalePrice[] => {
    const price = asked.get(key)
    const fixed = step.fixedPrices[key] !== undefined
    if (!price || (value.units === 0n && price.value.units === 0n && !fixed)) return []
    return [
      {
        key,
        itemId,
        fee,
        netCost: text,
        computed: computed.get(key)?.text ?? text,
        price: price.text,
        fixed,
        belowCost: isLess(price.value, value),
      },
    ]
  })
}

interface Price extends Pick<ResalePrice, 'itemId' | 'fee'> {
  readonly value: Decimal
  readonly text: string
}

/** Every price of a plan by its key. A trial costs nothing, whatever its fees say. */
function pricesOf(plan: Plan, currency: string): Map<string, Price> {
  const prices = new Map<string, Price>()
  const add = (kind: 'period' | 'resource', itemId: string, fee: Price['fee'], minor: bigint): void => {
    const price = { itemId, fee, value: { units: minor, scale: 0 }, text: formatAmount(minor, currency) }
    prices.set(`${kind}:${itemId}:${fee}`, price)
  }
  for (const period of plan.periods.filter(({ trial }) => !trial)) {
    add('period', period.id, 'setup', period.setupFeeMinor)
    add('period', period.id, 'recurring', period.recurringFeeMinor)
    add('period', period.id, 'renewal', period.renewalFeeMinor)
  }
  for (const { id, unitPrice, ...resource } of plan.resources) {
    add('resource', id, 'setup', resource.setupFeeMinor)
    add('resource', id, 'recurring', resource.recurringFeeMinor)
    add('resource', id, 'renewal', resource.renewalFeeMinor)
    add('resource', id, 'overuse', resource.overuseFeeMinor)
    if (unitPrice)
      prices.set(`resource:${id}:unit_price`, {
        itemId: id,
        fee: 'unit_price',
        value: unitPrice,
        text: formatDecimal(unitPrice),
      })
  }
  return prices
}

const isLess = (a: Decimal, b: Decimal): boolean => a.units * 10n ** BigInt(b.scale) < b.units * 10n ** BigInt(a.scale)
