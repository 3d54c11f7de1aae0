import { z } from 'zod'
import { parseDecimal } from '../kernel/decimal.ts'
import { NumericId, Whole } from '../platform/http/schemas.ts'
import type { Plan, PlanPeriod, PlanResource } from './schema.ts'

export const Name = z.string().trim().min(1, 'Give it a name').max(200)
export const Text = (most: number) => z.string().trim().max(most)
/** The end of a page's address (facts A2). */
export const Slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lower-case letters, digits and hyphens')
  .max(80)
/** A picture or page somewhere on the web, or on the store's own host. */
export const WebAddress = z
  .string()
  .max(2000)
  .regex(
    /^(https?:\/\/[^\s"'<>\\]+|\/[^/\s"'<>\\][^\s"'<>\\]*)$/i,
    'Use an address such as https://example.com/logo.svg',
  )

/** Money a unit and hour, exact: at most 12 decimals. */
const UnitPrice = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,12})?$/, 'Use a decimal with at most 12 digits after the point, such as 0.004')
  .meta({ examples: ['0.004'] })

/** An API has money with its currency and lengths as objects, a configuration file plain text for both. */
export const planShape = <Money extends z.ZodType, Length extends z.ZodType>(money: Money, length: Length) => ({
  productId: NumericId.optional(),
  name: Name.optional(),
  summary: Text(500).optional(),
  status: z.enum(['draft', 'active', 'retired']).optional(),
  public: z.boolean().optional().meta({ description: 'Shown and orderable; false: neither' }),
  billingType: z.enum(['pay_in_full', 'pay_as_you_go_internal', 'pay_as_you_go_external']).optional(),
  paymentModels: z
    .array(z.enum(['prepay', 'postpay']))
    .min(1)
    .optional(),
  minimumTopup: money.nullable().optional(),
  secondSubscription: z.enum(['allow', 'ask', 'refuse']).optional(),
  orderAttributes: z
    .array(
      z.object({
        key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Use lower-case letters, digits and _'),
        label: Name,
        required: z.boolean().default(false),
      }),
    )
    .optional(),
  connector: Name.optional(),
  defaultPeriodId: NumericId.nullable().optional().meta({ description: 'What Buy now orders; null: the cheapest' }),
  successorId: NumericId.nullable().optional().meta({ description: 'The plan that took its place' }),
  switchablePlanIds: z.array(NumericId).optional(),
  addonToPlanIds: z.array(NumericId).optional(),
  periods: z
    .array(
      z.object({
        id: NumericId.optional().meta({ description: 'Absent: a new one' }),
        duration: length.optional(),
        trial: z.boolean().optional(),
        public: z.boolean().optional(),
        setupFee: money.optional(),
        recurringFee: money.optional().meta({ description: 'For each month of the period' }),
        renewalFee: money.optional(),
      }),
    )
    .optional(),
  resources: z
    .array(
      z.object({
        id: NumericId.optional().meta({ description: 'Absent: a new one' }),
        name: Name.optional(),
        unit: Name.optional(),
        kind: z.enum(['unit', 'boolean']).optional(),
        included: Whole.optional(),
        minimum: Whole.optional(),
        limit: Whole.nullable().optional().meta({ description: 'null: unlimited' }),
        public: z.boolean().optional(),
        setupFee: money.optional(),
        recurringFee: money.optional(),
        renewalFee: money.optional(),
        overuseFee: money.optional(),
        unitPrice: UnitPrice.nullable().optional().meta({ description: 'Pay as you go: for a unit and hour' }),
        quota: z
          .object({ usageName: Name, perUnit: Whole })
          .nullable()
          .optional()
          .meta({ description: 'Which quota a unit raises, and by how much: bytes for storage' }),
      }),
    )
    .optional(),
})

/** A plan on its way into the catalogue: whole, but what is new has no id yet. */
export interface PlanDraft extends Omit<Plan, 'id' | 'periods' | 'resources'> {
  readonly periods: readonly (Omit<PlanPeriod, 'id'> & { readonly id?: string })[]
  readonly resources: readonly (Omit<PlanResource, 'id'> & { readonly id?: string })[]
}
type PeriodDraft = PlanDraft['periods'][number]
type ResourceDraft = PlanDraft['resources'][number]

type ShapeOutput = z.output<z.ZodObject<ReturnType<typeof planShape<z.ZodUnknown, z.ZodUnknown>>>>
type PlanInput = ShapeOutput

export const NEW_PLAN: PlanDraft = {
  productId: '',
  name: '',
  summary: '',
  status: 'draft',
  isPublic: true,
  billingType: 'pay_in_full',
  paymentModels: ['prepay'],
  minimumTopupMinor: null,
  secondSubscription: 'ask',
  orderAttributes: [],
  connector: 'builtin',
  defaultPeriodId: null,
  successorId: null,
  switchablePlanIds: [],
  addonToPlanIds: [],
  periods: [],
  resources: [],
}
const NEW_PERIOD: PeriodDraft = {
  duration: null,
  trial: false,
  isPublic: true,
  setupFeeMinor: 0n,
  recurringFeeMinor: 0n,
  renewalFeeMinor: 0n,
}
const NEW_RESOURCE: ResourceDraft = {
  name: '',
  unit: '',
  kind: 'unit',
  included: 0n,
  minimum: 0n,
  limit: null,
  isPublic: true,
  setupFeeMinor: 0n,
  recurringFeeMinor: 0n,
  renewalFeeMinor: 0n,
  overuseFeeMinor: 0n,
  unitPrice: null,
  quota: null,
}

/** How one caller writes money and lengths. `path` is where it stands, for a problem. */
export interface Notation {
  minor(money: unknown, path: string): bigint
  duration(length: unknown, path: string): PlanPeriod['duration']
}

/**
 * Reads what was given over what was there (`base`). Periods and resources with an id start from those of `base`; those
 * of `base` that are not given stay.
 */
export function readPlan(input: PlanInput, base: PlanDraft, notation: Notation): PlanDraft {
  const { periods, resources, public: isPublic, minimumTopup, ...plain } = input
  return {
    ...base,
    ...defined(plain),
    ...(isPublic !== undefined && { isPublic }),
    ...(minimumTopup !== undefined && {
      minimumTopupMinor: minimumTopup === null ? null : notation.minor(minimumTopup, 'minimum_topup'),
    }),
    periods: merge(base.periods, periods, NEW_PERIOD, (period, from, index): PeriodDraft => {
      const path = `periods.${index}`
      const { public: shown, duration, setupFee, recurringFee, renewalFee, ...rest } = period
      const fee = (given: unknown, name: string, before: bigint): bigint =>
        given === undefined ? before : notation.minor(given, `${path}.${name}`)
      return {
        ...from,
        ...defined(rest),
        isPublic: shown ?? from.isPublic,
        duration: duration === undefined ? from.duration : notation.duration(duration, `${path}.duration`),
        setupFeeMinor: fee(setupFee, 'setup_fee', from.setupFeeMinor),
        recurringFeeMinor: fee(recurringFee, 'recurring_fee', from.recurringFeeMinor),
        renewalFeeMinor: fee(renewalFee, 'renewal_fee', from.renewalFeeMinor),
      }
    }),
    resources: merge(base.resources, resources, NEW_RESOURCE, (resource, from, index): ResourceDraft => {
      const path = `resources.${index}`
      const { public: shown, setupFee, recurringFee, renewalFee, overuseFee, unitPrice, ...rest } = resource
      const fee = (given: unknown, name: string, before: bigint): bigint =>
        given === undefined ? before : notation.minor(given, `${path}.${name}`)
      const included = resource.included ?? from.included
      return {
        ...from,
        ...defined(rest),
        isPublic: shown ?? from.isPublic,
        // A new resource whose minimum is not said is ordered with what is included.
        minimum: resource.minimum ?? (resource.id === undefined || from.minimum < included ? included : from.minimum),
        setupFeeMinor: fee(setupFee, 'setup_fee', from.setupFeeMinor),
        recurringFeeMinor: fee(recurringFee, 'recurring_fee', from.recurringFeeMinor),
        renewalFeeMinor: fee(renewalFee, 'renewal_fee', from.renewalFeeMinor),
        overuseFeeMinor: fee(overuseFee, 'overuse_fee', from.overuseFeeMinor),
        unitPrice:
          unitPrice === undefined ? from.unitPrice : unitPrice === null ? null : (parseDecimal(unitPrice) ?? null),
      }
    }),
  }
}

function merge<Given extends { id?: string | undefined }, Draft extends { readonly id?: string }>(
  base: readonly Draft[],
  given: readonly Given[] | undefined,
  blank: Draft,
  read: (given: Given, from: Draft, index: number) => Draft,
): Draft[] {
  if (!given) return [...base]
  const known = new Map(base.map((item) => [item.id, item]))
  const written = given.map((item, index) => read(item, (item.id !== undefined && known.get(item.id)) || blank, index))
  const named = new Set(given.map((item) => item.id))
  return [...base.filter((item) => !named.has(item.id)), ...written]
}

type Defined<Whole> = { [Key in keyof Whole]?: Exclude<Whole[Key], undefined> }
const defined = <Whole extends object>(fields: Whole): Defined<Whole> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Whole>
