import { z } from 'zod'
import { createCodes, discountShape, readDiscount, saveCode, saveDiscount } from '../catalog/index.ts'
import { listCodes, listDiscounts } from '../discounts/index.ts'
import { normalCode } from '../discounts/rules.ts'
import type { PromoCode } from '../discounts/schema.ts'
import type { SellerId } from '../kernel/ids.ts'
import { parseAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { refuse, within } from './within.ts'

/** `3`, or `every`. */
const Periods = z
  .string()
  .regex(/^(every|[1-9]\d{0,3})$/, 'Use a whole number of periods, or every')
  .transform((text) => (text === 'every' ? null : Number(text)))
const Limit = z.string().regex(/^[1-9]\d{0,8}$/, 'Use a whole number of 1 or more')

/** Told by its name; its codes by themselves. Written as text, like every number of a file. */
export const DISCOUNT_IN_FILE = z.object({
  ...discountShape(z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'Use an amount such as 5.00'), z.never()),
  periods: Periods.optional(),
  codes: z
    .array(
      z.object({
        code: z.string().max(60),
        maxUses: Limit.optional(),
        maxUsesPerAccount: Limit.optional(),
        active: z.boolean().optional(),
      }),
    )
    .max(2000)
    .optional(),
})
type InFile = z.output<typeof DISCOUNT_IN_FILE>

/** Discounts of a file with their codes. A code is never taken away: what was given out stays good, unless it is off. */
export async function writeDiscounts(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  discounts: readonly InFile[],
  currency: string,
): Promise<void> {
  const own = await listDiscounts(tx, sellerId)
  for (const [index, { codes = [], amount, ...rest }] of discounts.entries())
    await within(`discounts.${index}`, async () => {
      const former = own.find(({ name }) => name === rest.name)
      const amountMinor = typeof amount === 'string' ? parseAmount(amount, currency) : undefined
      if (typeof amount === 'string' && amountMinor === undefined)
        refuse('amount', `${amount} is no amount in ${currency}.`)
      const input = { ...rest, ...(amountMinor !== undefined && { amount: { amountMinor, currency } }) }
      const { id } = await saveDiscount(tx, clock, actor, {
        sellerId,
        id: former?.id,
        draft: () => readDiscount(input, undefined, currency),
      })
      const known = await listCodes(tx, sellerId, id)
      for (const [place, { code, maxUses, maxUsesPerAccount, active = true }] of codes.entries())
        await within(`codes.${place}`, async () => {
          const limits = {
            maxUses: maxUses === undefined ? null : BigInt(maxUses),
            maxUsesPerAccount: maxUsesPerAccount === undefined ? null : Number(maxUsesPerAccount),
          }
          const about = { sellerId, discountId: id, code }
          if (!known.some((each) => each.code === normalCode(code)))
            await createCodes(tx, clock, actor, { ...about, ...limits, count: 1 })
          await saveCode(tx, clock, actor, { ...about, change: { ...limits, active } })
        })
    })
}

/** A seller's discounts as a file would say them. */
export async function readDiscounts(db: Db | Tx, sellerId: SellerId, money: (minor: bigint) => string) {
  const codes = Map.groupBy(await listCodes(db, sellerId), ({ discountId }) => discountId)
  return (await listDiscounts(db, sellerId)).toReversed().map((discount) => ({
    name: discount.name,
    needs_code: discount.needsCode,
    percent: discount.off.kind === 'percent' ? String(discount.off.basisPoints / 100) : null,
    amount: discount.off.kind === 'amount' ? money(discount.off.amountMinor) : null,
    fees: discount.fees.length === 3 ? [] : [...discount.fees],
    periods: discount.periods === null ? 'every' : String(discount.periods),
    product_ids: [...discount.productIds],
    plan_ids: [...discount.planIds],
    plan_period_ids: [...discount.planPeriodIds],
    account_ids: [...discount.accountIds],
    owned_plan_ids: [...discount.ownedPlanIds],
    starts_at: discount.startsAt?.toISOString() ?? null,
    ends_at: discount.endsAt?.toISOString() ?? null,
    active: discount.active,
    codes: (codes.get(discount.id) ?? []).map(codeOf),
  }))
}

const codeOf = ({ code, maxUses, maxUsesPerAccount, active }: PromoCode) => ({
  code,
  ...(maxUses !== null && { max_uses: String(maxUses) }),
  ...(maxUsesPerAccount !== null && { max_uses_per_account: String(maxUsesPerAccount) }),
  ...(!active && { active }),
})
