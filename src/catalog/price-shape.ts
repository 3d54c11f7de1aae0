import { z } from 'zod'
import { formatAmount } from '../kernel/money.ts'
import type { Delegation } from './own-catalog.ts'

/** Basis points as people write them: `12.5`. */
export const Percent = z.codec(
  z.string().regex(/^\d{1,4}(\.\d{1,2})?$/, 'Use a percentage with at most 2 decimals, such as 12.5'),
  z.int(),
  { decode: (text) => Math.round(Number(text) * 100), encode: (points) => String(points / 100) },
)
export const ExchangeRate = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'Use a rate with at most 4 decimals, such as 0.9215')
  .refine((rate) => Number(rate) > 0, 'A rate is more than zero')
export const FixedPrices = z.record(z.string().max(60), z.string().max(40)).meta({
  description:
    'Decimals in the reseller’s currency by `period:{id}:setup|recurring|renewal`, `resource:{id}:setup|recurring|renewal|overuse|unit_price`, `plan:minimum_topup`',
})
/** What `saveDelegation` keeps in minor units, as decimals again. */
export const pricesAsText = (prices: Delegation['fixedPrices'], currency: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(prices).map(([key, value]) => [
      key,
      key.endsWith(':unit_price') ? value : formatAmount(BigInt(value), currency),
    ]),
  )
