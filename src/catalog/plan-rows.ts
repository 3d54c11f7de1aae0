import { decimal, type Decimal } from '../kernel/decimal.ts'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import { markUp } from './rules.ts'
import type { Plan, PlanCost, PlanPeriod, PlanResource } from './schema.ts'

export interface PlanRow extends Omit<Plan, 'periods' | 'resources' | 'minimumTopupMinor'> {
  readonly sellerId: SellerId
  readonly minimumTopupMinor: bigint | null
}
export interface PeriodRow extends Omit<PlanPeriod, 'duration'> {
  readonly planId: string
  readonly durationValue: number | null
  readonly durationUnit: 'days' | 'months' | 'years' | null
}
export interface ResourceRow extends Omit<PlanResource, 'unitPrice' | 'quota'> {
  readonly planId: string
  readonly unitPrice: string | null
  readonly usageName: string | null
  readonly quotaPerUnit: bigint | null
}

/** Columns of `plans`, `plan_periods`, `plan_resources`, `products` as the rows above have them. */
export const PLAN_COLUMNS = `id::text, product_id::text as "productId", seller_id as "sellerId", name, summary, status, public as "isPublic",
  billing_type as "billingType", payment_models as "paymentModels", minimum_topup_minor as "minimumTopupMinor",
  second_subscription as "secondSubscription", order_attributes as "orderAttributes", connector,
  default_period_id::text as "defaultPeriodId", successor_id::text as "successorId",
  switchable_plan_ids::text[] as "switchablePlanIds", addon_to_plan_ids::text[] as "addonToPlanIds"`

export const PERIOD_COLUMNS = `id::text, plan_id::text as "planId", duration_value as "durationValue", duration_unit as "durationUnit", trial,
  public as "isPublic", setup_fee_minor as "setupFeeMinor", recurring_fee_minor as "recurringFeeMinor",
  renewal_fee_minor as "renewalFeeMinor"`

export const RESOURCE_COLUMNS = `id::text, plan_id::text as "planId", name, unit, kind, included, minimum, limit_quantity as "limit", public as "isPublic",
  setup_fee_minor as "setupFeeMinor", recurring_fee_minor as "recurringFeeMinor", renewal_fee_minor as "renewalFeeMinor",
  overuse_fee_minor as "overuseFeeMinor", unit_price as "unitPrice", usage_name as "usageName", quota_per_unit as "quotaPerUnit"`

export const PRODUCT_COLUMNS = `id::text, category_id::text as "categoryId", name, marketing_name as "marketingName", summary, description, slug, published,
  logo_url as "logoUrl", (
    select coalesce(jsonb_agg(jsonb_build_object('url', shot.url, 'alt', coalesce(shot.alt, '')) order by shot.place), '[]')
      from unnest(screenshot_urls, screenshot_texts) with ordinality as shot (url, alt, place) where shot.url is not null) as screenshots`

/** What one reseller on the way down does to every price. */
export interface PriceStep {
  readonly markupBasisPoints: number
  readonly exchangeRate: Decimal
  /** See `markUp`. */
  readonly addedDigits: number
  readonly fixedPrices: Readonly<Record<string, string>>
}

/** A plan as sold at the end of a chain of resellers; at its owner the chain is empty. */
export function assemble(
  row: PlanRow,
  periods: readonly PeriodRow[],
  resources: readonly ResourceRow[],
  chain: readonly PriceStep[],
): Plan {
  const { sellerId: _owner, ...plan } = row
  const own: Plan = {
    ...plan,
    periods: periods
      .filter((period) => period.planId === plan.id)
      .map(({ planId: _plan, durationValue, durationUnit, ...period }) => ({
        ...period,
        duration: durationValue === null || durationUnit === null ? null : { value: durationValue, unit: durationUnit },
      })),
    resources: resources
      .filter((resource) => resource.planId === plan.id)
      .map(({ planId: _plan, unitPrice, usageName, quotaPerUnit, ...resource }) => ({
        ...resource,
        unitPrice: unitPrice === null ? null : withoutZeros(decimal(unitPrice)),
        quota: usageName === null ? null : { usageName, perUnit: quotaPerUnit ?? invalid(resource.id) },
      })),
  }
  return chain.reduce(resell, own)
}

const ONE: Decimal = { units: 1n, scale: 0 }

/** A plan one reseller further down: every price marked up and converted, or fixed. */
export function resell(plan: Plan, step: PriceStep): Plan {
  const price = (item: string, fee: string, minor: bigint): bigint => {
    const fixed = step.fixedPrices[`${item}:${fee}`]
    return fixed === undefined
      ? markUp(minor, step.markupBasisPoints, step.exchangeRate, step.addedDigits)
      : BigInt(fixed)
  }
  return {
    ...plan,
    factor: unitPriceBelow(plan.factor ?? ONE, step),
    minimumTopupMinor: plan.minimumTopupMinor === null ? null : price('plan', 'minimum_topup', plan.minimumTopupMinor),
    periods: plan.periods.map((period) => ({
      ...period,
      setupFeeMinor: price(`period:${period.id}`, 'setup', period.setupFeeMinor),
      recurringFeeMinor: price(`period:${period.id}`, 'recurring', period.recurringFeeMinor),
      renewalFeeMinor: price(`period:${period.id}`, 'renewal', period.renewalFeeMinor),
    })),
    resources: plan.resources.map((resource) => ({
      ...resource,
      setupFeeMinor: price(`resource:${resource.id}`, 'setup', resource.setupFeeMinor),
      recurringFeeMinor: price(`resource:${resource.id}`, 'recurring', resource.recurringFeeMinor),
      renewalFeeMinor: price(`resource:${resource.id}`, 'renewal', resource.renewalFeeMinor),
      overuseFeeMinor: price(`resource:${resource.id}`, 'overuse', resource.overuseFeeMinor),
      unitPrice:
        resource.unitPrice &&
        unitPriceBelow(resource.unitPrice, step, step.fixedPrices[`resource:${resource.id}:unit_price`]),
    })),
  }
}

/** What a plan costs each on the way down, the last one first. */
export function costsOf(
  own: Plan,
  chain: readonly (PriceStep & Pick<PlanCost, 'resellerId' | 'supplierId' | 'currency'>)[],
): PlanCost[] {
  let above = own
  const costs: PlanCost[] = []
  for (const step of chain) {
    const { resellerId, supplierId, currency } = step
    const { periods, resources, factor = ONE } = resell(above, { ...step, markupBasisPoints: 0, fixedPrices: {} })
    costs.unshift({ resellerId, supplierId, currency, periods, resources, factor })
    above = resell(above, step)
  }
  return costs
}

/** Unit prices stay exact: the markup and the rate are multiplied in, nothing is rounded. */
function unitPriceBelow(above: Decimal, { exchangeRate, markupBasisPoints }: PriceStep, fixed?: string): Decimal {
  if (fixed !== undefined) return withoutZeros(decimal(fixed))
  return withoutZeros({
    units: above.units * exchangeRate.units * BigInt(10_000 + markupBasisPoints),
    scale: above.scale + exchangeRate.scale + 4,
  })
}

/** Columns and factors come with zeros at the end, which would add up to more digits than a decimal is read with. */
function withoutZeros({ units, scale }: Decimal): Decimal {
  let [digits, places] = [units, scale]
  for (; places > 0 && digits % 10n === 0n; places--) digits /= 10n
  return { units: digits, scale: places }
}

function invalid(resourceId: string): never {
  invariant(false, `plan resource ${resourceId} names a usage without quota_per_unit`)
}
