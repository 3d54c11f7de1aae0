import { z } from 'zod'
import { formatDecimal } from '../kernel/decimal.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type Money, minorDigits } from '../kernel/money.ts'
import { Amount, NumericId, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import type { OwnPlan } from './own-catalog.ts'
import type { Notation } from './plan-input.ts'
import type { Plan, PlanPeriod } from './schema.ts'

export const Length = z
  .object({ value: z.int().min(1).max(1200), unit: z.enum(['days', 'months', 'years']) })
  .nullable()
  .meta({ description: 'null: endless' })

/** A plan as its owner edits it; fees in the owner's currency. What is read here can be sent back. */
export const PlanDetail = z.object({
  id: NumericId,
  sellerId: Uuid,
  version: Version,
  productId: NumericId,
  name: z.string(),
  summary: z.string(),
  status: z.enum(['draft', 'active', 'retired']),
  public: z.boolean(),
  billingType: z.enum(['pay_in_full', 'pay_as_you_go_internal', 'pay_as_you_go_external']),
  paymentModels: z.array(z.enum(['prepay', 'postpay'])),
  minimumTopup: Amount.nullable(),
  secondSubscription: z.enum(['allow', 'ask', 'refuse']),
  orderAttributes: z.array(z.object({ key: z.string(), label: z.string(), required: z.boolean() })),
  connector: z.string(),
  defaultPeriodId: NumericId.nullable(),
  successorId: NumericId.nullable(),
  switchablePlanIds: z.array(NumericId),
  addonToPlanIds: z.array(NumericId),
  launched: z.boolean().meta({ description: 'It was on sale once: product, billing type and lengths stay' }),
  currency: z.string(),
  periods: z.array(
    z.object({
      id: NumericId,
      duration: Length,
      trial: z.boolean(),
      public: z.boolean(),
      setupFee: Amount,
      recurringFee: Amount,
      renewalFee: Amount,
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
      public: z.boolean(),
      setupFee: Amount,
      recurringFee: Amount,
      renewalFee: Amount,
      overuseFee: Amount,
      unitPrice: z.string().nullable(),
      quota: z.object({ usageName: z.string(), perUnit: Whole }).nullable(),
    }),
  ),
})

export function presentPlan(
  plan: Plan & Pick<OwnPlan, 'sellerId' | 'version' | 'launched'>,
  currency: string,
): z.output<typeof PlanDetail> {
  const money = (amountMinor: bigint): Money => ({ amountMinor, currency })
  return {
    id: plan.id,
    sellerId: plan.sellerId,
    version: plan.version,
    productId: plan.productId,
    name: plan.name,
    summary: plan.summary,
    status: plan.status,
    public: plan.isPublic,
    billingType: plan.billingType,
    paymentModels: [...plan.paymentModels],
    minimumTopup: plan.minimumTopupMinor === null ? null : money(plan.minimumTopupMinor),
    secondSubscription: plan.secondSubscription,
    orderAttributes: plan.orderAttributes.map((attribute) => ({ ...attribute })),
    connector: plan.connector,
    defaultPeriodId: plan.defaultPeriodId,
    successorId: plan.successorId,
    switchablePlanIds: [...plan.switchablePlanIds],
    addonToPlanIds: [...plan.addonToPlanIds],
    launched: plan.launched,
    currency,
    periods: plan.periods.map((period) => ({
      id: period.id,
      duration: period.duration,
      trial: period.trial,
      public: period.isPublic,
      setupFee: money(period.setupFeeMinor),
      recurringFee: money(period.recurringFeeMinor),
      renewalFee: money(period.renewalFeeMinor),
    })),
    resources: plan.resources.map((resource) => ({
      id: resource.id,
      name: resource.name,
      unit: resource.unit,
      kind: resource.kind,
      included: resource.included,
      minimum: resource.minimum,
      limit: resource.limit,
      public: resource.isPublic,
      setupFee: money(resource.setupFeeMinor),
      recurringFee: money(resource.recurringFeeMinor),
      renewalFee: money(resource.renewalFeeMinor),
      overuseFee: money(resource.overuseFeeMinor),
      unitPrice: resource.unitPrice && formatDecimal(resource.unitPrice),
      quota: resource.quota && { ...resource.quota },
    })),
  }
}

/** How the API writes a plan's money and lengths: already read by `Amount`, in the price list's currency. */
export const apiNotation = (currency: string): Notation => ({
  minor(given, path) {
    const money = given as Money // `Amount` is the schema of every fee.
    if (money.currency === currency) return money.amountMinor
    const message = `This price list is in ${currency} (${minorDigits(currency)} decimals), not in ${money.currency}.`
    throw new BuylinkError('unprocessable', message, { problems: [{ path, code: 'currency', message }] })
  },
  duration: (given) => given as PlanPeriod['duration'], // `Length` is its schema.
})
