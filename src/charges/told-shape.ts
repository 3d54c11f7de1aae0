import { z } from 'zod'
import { type Decimal, parseDecimal } from '../kernel/decimal.ts'
import { NumericId } from '../platform/http/schemas.ts'

/** Digits of an amount that is told, after the point. */
export const TOLD_SCALE = 9

/** Up to a billion, and nine digits after the point: a tenth of a millionth of a cent. */
const Told = z
  .string()
  .regex(/^-?\d{1,9}(\.\d{1,9})?$/, 'Write a decimal with at most nine digits before and after the point.')

/** What an external service says that a subscription cost; net of tax. Told under the same source and id again, it is known. */
export const ToldAmount = z
  .object({
    id: z.string().min(1).max(400),
    subscriptionId: z.uuid(),
    time: z.iso.datetime({ offset: true }).meta({ description: 'When it was consumed: decides on the month' }),
    currency: z.string().length(3).meta({ description: 'That of the prices of the plan’s owner' }),
    amount: Told.optional().meta({
      description: 'What the plan’s owner asks for it; negative: takes back. Without it, the net cost',
    }),
    netCost: Told.optional().meta({ description: 'What the service asks of the plan’s owner' }),
    resourceId: NumericId.optional().meta({
      description: 'A resource of the plan that has no unit price; without it, the subscription as a whole',
    }),
  })
  .refine(({ amount, netCost }) => amount !== undefined || netCost !== undefined, {
    message: 'Tell an amount or a net cost.',
    path: ['amount'],
  })
export type ToldAmount = z.output<typeof ToldAmount>

/** What is asked for it. A net cost alone is asked on as it is. */
export const askedFor = ({ amount, netCost }: Pick<ToldAmount, 'amount' | 'netCost'>): string =>
  amount ?? netCost ?? '0'

/** Whether it is sold for less than it costs. What takes back is not looked at: it was, when it was sold. */
export const isBelowCost = ({ amount, netCost }: Pick<ToldAmount, 'amount' | 'netCost'>): boolean =>
  amount !== undefined && netCost !== undefined && nano(netCost) >= 0n && nano(amount) < nano(netCost)

/** In 10^−9 of the currency. */
export function nano(text: string): bigint {
  const { units, scale }: Decimal = parseDecimal(text) ?? { units: 0n, scale: 0 }
  return units * 10n ** BigInt(TOLD_SCALE - scale)
}
