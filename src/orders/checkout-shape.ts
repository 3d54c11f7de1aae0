import { z } from 'zod'
import type { QuoteLine } from '../catalog/rules.ts'
import type { GrantedDiscount } from '../discounts/schema.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { Amount, Instant, NumericId, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { SubscriptionStatus } from '../subscriptions/schema.ts'
import { OrderType } from './schema.ts'

export const DurationView = z.object({ value: z.int(), unit: z.enum(['days', 'months', 'years']) })

export const LineView = z.object({
  kind: z.enum([
    'period_setup',
    'period_recurring',
    'period_renewal',
    'period_credit',
    'period_kept',
    'resource_setup',
    'resource_recurring',
    'resource_renewal',
    'discount',
  ]),
  itemId: NumericId,
  description: z.string(),
  quantity: Whole,
  months: z.string().meta({ description: 'Months charged for, a decimal' }),
  unit: Amount,
  net: Amount,
  tax: Amount,
})

/** What a change would do to a running subscription. */
const ChangeView = z.object({
  subscription: z.object({ id: Uuid, number: Whole, name: z.string() }),
  resources: z.array(z.object({ id: NumericId, name: z.string(), unit: z.string(), before: Whole, after: Whole })),
  period: z.object({
    startsAt: Instant,
    endsAt: Instant,
    daysLeft: z.int().meta({ description: 'Whole UTC days, today counted: what is charged for' }),
    days: z.int(),
  }),
  recurringBefore: Amount.meta({ description: 'A month, without tax' }),
  recurring: Amount.meta({ description: 'A month, without tax, from the next renewal on' }),
  needsConsent: z.boolean().meta({ description: 'It is higher: place with `accept_recurring`' }),
  balance: Amount,
  coveredByBalance: z.boolean().meta({ description: 'May be placed with `pay_from_balance`' }),
  creditedToBalance: Amount.meta({
    description: 'Of a switch: what the unused days of the old plan are worth beyond the new one’s price',
  }),
  usageAbove: z
    .array(z.object({ usageName: z.string(), used: Whole, value: z.string() }))
    .meta({ description: 'In use above what would be left; placing is refused while there is any' }),
})

/** What comes off a price: one discount, the highest of those that apply. Its line is among the lines. */
export const DiscountView = z.object({
  id: Uuid,
  name: z.string(),
  code: z.string().nullable(),
  percent: z.string().nullable().meta({ description: 'Of the fees it applies to; null where it is an amount' }),
  net: Amount.meta({ description: 'Taken off, without tax' }),
  tax: Amount,
  periodsLeft: z.int().nullable().meta({ description: 'Renewals that it is taken off too; null: all of them' }),
})

export const discountView = (discount: GrantedDiscount, currency: string): z.output<typeof DiscountView> => ({
  id: discount.id,
  name: discount.name,
  code: discount.code,
  percent:
    discount.percent_basis_points === null
      ? null
      : formatDecimal({ units: BigInt(discount.percent_basis_points), scale: 2 }),
  net: { amountMinor: BigInt(discount.net_minor), currency },
  tax: { amountMinor: BigInt(discount.tax_minor), currency },
  periodsLeft: discount.periods_left,
})

/** A draft order at today's prices: what the customer chooses from, and what it would cost. */
export const CheckoutView = z.object({
  id: Uuid,
  type: OrderType,
  change: ChangeView.nullable().meta({ description: 'Of a draft that changes what runs' }),
  status: z.enum(['open', 'placed', 'expired']),
  version: Version,
  createdAt: Instant,
  expiresAt: Instant,
  accountId: Uuid,
  orderId: Uuid.nullable(),
  product: z.object({ id: NumericId, name: z.string(), slug: z.string() }),
  plan: z.object({ id: NumericId, name: z.string(), billingType: z.string() }),
  paymentModel: z.enum(['prepay', 'postpay']),
  planPeriodId: NumericId,
  periods: z.array(
    z.object({
      id: NumericId,
      trial: z.boolean(),
      duration: DurationView.nullable(),
      setupFee: Amount,
      recurringFee: Amount.meta({ description: 'A month, without resources' }),
      total: Amount.meta({ description: 'With the quantities chosen, tax included' }),
    }),
  ),
  resources: z.array(
    z.object({
      id: NumericId,
      name: z.string(),
      unit: z.string(),
      kind: z.enum(['unit', 'boolean']),
      included: Whole,
      minimum: Whole,
      limit: Whole.nullable(),
      quantity: Whole,
      setupFee: Amount,
      recurringFee: Amount,
      unitPrice: z.string().nullable().meta({ description: 'Pay as you go: for one unit and hour' }),
      orderable: z.boolean(),
    }),
  ),
  attributes: z.array(
    z.object({ key: z.string(), label: z.string(), required: z.boolean(), type: z.literal('text'), value: z.string() }),
  ),
  topup: Amount.nullable(),
  trial: z.boolean(),
  steps: z.array(z.enum(['configure', 'confirm', 'pay'])),
  lines: z.array(LineView),
  net: Amount,
  tax: Amount,
  total: Amount.meta({ description: 'Of the order; a top-up is not part of it' }),
  discount: DiscountView.nullable().meta({ description: 'Taken off; in the lines, the tax and the total already' }),
  promo: z
    .object({
      code: z.string(),
      status: z.enum(['applied', 'beaten', 'refused']).meta({
        description: '`beaten`: another discount takes more off, and the code stays unused',
      }),
      message: z.string(),
    })
    .nullable()
    .meta({ description: 'The promo code that was entered' }),
  taxName: z.string(),
  taxRatePercent: z.string(),
  reverseCharge: z.boolean().meta({ description: 'The customer accounts for the tax itself, by VAT id and country' }),
  dueToday: Amount.meta({ description: 'To be paid before the service starts: the total, or the top-up' }),
  renewal: z.object({ amount: Amount, at: Instant.nullable() }).nullable(),
  termsUrl: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  seller: z.object({ name: z.string() }),
  existing: z.array(
    z.object({
      subscriptionId: Uuid,
      name: z.string(),
      status: SubscriptionStatus,
      intents: z
        .array(z.enum(['change', 'renew', 'top_up']))
        .meta({ description: 'What can be done with it instead of ordering a second one, the likeliest first' }),
    }),
  ),
  secondSubscription: z.enum(['allow', 'ask', 'refuse']),
  registrationComplete: z.boolean(),
  orderType: z.string().nullable(),
})
export type CheckoutView = z.output<typeof CheckoutView>

export const lineView = (line: QuoteLine, currency: string): z.output<typeof LineView> => ({
  kind: line.kind,
  itemId: line.itemId,
  description: line.description,
  quantity: line.quantity,
  months: monthsText(line),
  unit: { amountMinor: line.unitMinor, currency },
  net: { amountMinor: line.netMinor, currency },
  tax: { amountMinor: line.taxMinor, currency },
})

/** Months charged for, as a decimal of six digits. */
export const monthsText = ({ months }: Pick<QuoteLine, 'months'>): string =>
  formatDecimal({ units: (months.numerator * 1_000_000n) / months.denominator, scale: 6 })
