import type { Pool, PoolClient } from 'pg'
import { decimal, type Decimal } from '../kernel/decimal.ts'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import { minorDigits } from '../kernel/money.ts'
import { markUp } from './rules.ts'
import type { CatalogSnapshot, Plan, PlanPeriod, PlanResource, Product, TaxRate } from './schema.ts'

interface PlanRow extends Omit<Plan, 'periods' | 'resources' | 'minimumTopupMinor'> {
  readonly sellerId: SellerId
  readonly minimumTopupMinor: bigint | null
}
interface PeriodRow extends Omit<PlanPeriod, 'duration'> {
  readonly planId: string
  readonly durationValue: number | null
  readonly durationUnit: 'days' | 'months' | 'years' | null
}
interface ResourceRow extends Omit<PlanResource, 'unitPrice' | 'quota'> {
  readonly planId: string
  readonly unitPrice: string | null
  readonly usageName: string | null
  readonly quotaPerUnit: bigint | null
}
interface DelegationRow {
  readonly planId: string
  readonly sellerId: SellerId
  readonly delegatedBy: SellerId
  readonly active: boolean
  readonly markupBasisPoints: number
  readonly exchangeRate: string
  /** In place of computed prices: see `FixedPrices`. */
  readonly fixedPrices: Readonly<Record<string, string>> | null
}

/**
 * Reads all that a seller sells, own plans and delegated ones, at its own prices, consistent with one version.
 * @returns undefined for a seller without a price list.
 */
export async function loadSnapshot(pool: Pool, sellerId: SellerId): Promise<CatalogSnapshot | undefined> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const snapshot = await read(client, sellerId)
    await client.query('commit')
    return snapshot
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

async function read(client: PoolClient, sellerId: SellerId): Promise<CatalogSnapshot | undefined> {
  const rows = async <Row>(text: string, ...values: unknown[]): Promise<Row[]> =>
    (await client.query(text, values)).rows as Row[]
  const [list] = await rows<{ version: bigint; currency: string }>(
    'select version, currency from price_lists where seller_id = $1',
    sellerId,
  )
  if (!list) return undefined
  const plans = await rows<PlanRow>(
    `select id::text, product_id::text as "productId", seller_id as "sellerId", name, summary, status, public as "isPublic",
            billing_type as "billingType", payment_models as "paymentModels", minimum_topup_minor as "minimumTopupMinor",
            second_subscription as "secondSubscription", order_attributes as "orderAttributes", connector,
            default_period_id::text as "defaultPeriodId", successor_id::text as "successorId",
            switchable_plan_ids::text[] as "switchablePlanIds", addon_to_plan_ids::text[] as "addonToPlanIds"
       from plans
      where seller_id = $1 or id in (select plan_id from plan_delegations where seller_id = $1 and active)
      order by position, id`,
    sellerId,
  )
  const planIds = plans.map((plan) => plan.id)
  const periods = await rows<PeriodRow>(
    `select id::text, plan_id::text as "planId", duration_value as "durationValue", duration_unit as "durationUnit", trial,
            public as "isPublic", setup_fee_minor as "setupFeeMinor", recurring_fee_minor as "recurringFeeMinor",
            renewal_fee_minor as "renewalFeeMinor"
       from plan_periods where plan_id = any($1::bigint[]) order by id`,
    planIds,
  )
  const resources = await rows<ResourceRow>(
    `select id::text, plan_id::text as "planId", name, unit, kind, included, minimum, limit_quantity as "limit", public as "isPublic",
            setup_fee_minor as "setupFeeMinor", recurring_fee_minor as "recurringFeeMinor", renewal_fee_minor as "renewalFeeMinor",
            overuse_fee_minor as "overuseFeeMinor", unit_price as "unitPrice", usage_name as "usageName", quota_per_unit as "quotaPerUnit"
       from plan_resources where plan_id = any($1::bigint[]) order by position, id`,
    planIds,
  )
  const delegations = await rows<DelegationRow>(
    `select plan_id::text as "planId", seller_id as "sellerId", delegated_by as "delegatedBy", active,
            markup_basis_points as "markupBasisPoints", exchange_rate as "exchangeRate", fixed_prices as "fixedPrices"
       from plan_delegations where plan_id = any($1::bigint[])`,
    planIds,
  )
  const products = await rows<Product>(
    `select id::text, name, marketing_name as "marketingName", summary, description, slug, published
       from products where id = any($1::bigint[]) order by position, id`,
    [...new Set(plans.map((plan) => plan.productId))],
  )
  const taxRates = await rows<TaxRate>(
    `select country, customer_type as "customerType", name, rate_basis_points as "basisPoints" from tax_rates where seller_id = $1`,
    sellerId,
  )
  const currencies = await rows<{ sellerId: SellerId; currency: string }>(
    'select seller_id as "sellerId", currency from price_lists where seller_id = any($1::uuid[])',
    [...new Set(delegations.flatMap((delegation) => [delegation.sellerId, delegation.delegatedBy]))],
  )
  const digits = new Map(currencies.map((each) => [each.sellerId, minorDigits(each.currency)]))
  const digitsOf = (seller: SellerId): number => digits.get(seller) ?? minorDigits(list.currency)
  const sold = plans.flatMap((plan) => {
    const chain = delegationChain(plan, sellerId, delegations)?.map(
      ({ sellerId: below, delegatedBy, exchangeRate, markupBasisPoints, fixedPrices }): PriceStep => ({
        markupBasisPoints,
        exchangeRate: decimal(exchangeRate),
        addedDigits: digitsOf(below) - digitsOf(delegatedBy),
        fixedPrices: fixedPrices ?? {},
      }),
    )
    return chain ? [assemble(plan, periods, resources, chain)] : []
  })
  return {
    sellerId,
    version: list.version,
    currency: list.currency,
    products: new Map(products.map((product) => [product.id, product])),
    plans: new Map(sold.map((plan) => [plan.id, plan])),
    planOfPeriod: new Map(sold.flatMap((plan) => plan.periods.map((period) => [period.id, plan.id] as const))),
    taxRates,
  }
}

/** The delegations from the plan's owner down to `sellerId`, top first; undefined where one on the way is missing or off. */
function delegationChain(
  plan: PlanRow,
  sellerId: SellerId,
  delegations: readonly DelegationRow[],
): DelegationRow[] | undefined {
  const chain: DelegationRow[] = []
  for (let holder = sellerId; holder !== plan.sellerId; ) {
    const step = delegations.find(
      (delegation) => delegation.planId === plan.id && delegation.sellerId === holder && delegation.active,
    )
    if (!step || chain.includes(step)) return undefined
    chain.unshift(step)
    holder = step.delegatedBy
  }
  return chain
}

/** What one reseller on the way down does to every price. */
interface PriceStep {
  readonly markupBasisPoints: number
  readonly exchangeRate: Decimal
  /** See `markUp`. */
  readonly addedDigits: number
  readonly fixedPrices: Readonly<Record<string, string>>
}

function assemble(
  row: PlanRow,
  periods: readonly PeriodRow[],
  resources: readonly ResourceRow[],
  chain: readonly PriceStep[],
): Plan {
  const { sellerId: _owner, ...plan } = row
  const price = (item: string, fee: string, minor: bigint): bigint =>
    chain.reduce((above, step) => {
      const fixed = step.fixedPrices[`${item}:${fee}`]
      return fixed === undefined
        ? markUp(above, step.markupBasisPoints, step.exchangeRate, step.addedDigits)
        : BigInt(fixed)
    }, minor)
  return {
    ...plan,
    minimumTopupMinor: plan.minimumTopupMinor === null ? null : price('plan', 'minimum_topup', plan.minimumTopupMinor),
    periods: periods
      .filter((period) => period.planId === plan.id)
      .map(({ planId: _plan, durationValue, durationUnit, ...period }) => ({
        ...period,
        duration: durationValue === null || durationUnit === null ? null : { value: durationValue, unit: durationUnit },
        setupFeeMinor: price(`period:${period.id}`, 'setup', period.setupFeeMinor),
        recurringFeeMinor: price(`period:${period.id}`, 'recurring', period.recurringFeeMinor),
        renewalFeeMinor: price(`period:${period.id}`, 'renewal', period.renewalFeeMinor),
      })),
    resources: resources
      .filter((resource) => resource.planId === plan.id)
      .map(({ planId: _plan, unitPrice, usageName, quotaPerUnit, ...resource }) => ({
        ...resource,
        setupFeeMinor: price(`resource:${resource.id}`, 'setup', resource.setupFeeMinor),
        recurringFeeMinor: price(`resource:${resource.id}`, 'recurring', resource.recurringFeeMinor),
        renewalFeeMinor: price(`resource:${resource.id}`, 'renewal', resource.renewalFeeMinor),
        overuseFeeMinor: price(`resource:${resource.id}`, 'overuse', resource.overuseFeeMinor),
        unitPrice:
          unitPrice === null ? null : unitPriceBelow(decimal(unitPrice), `resource:${resource.id}:unit_price`, chain),
        quota: usageName === null ? null : { usageName, perUnit: quotaPerUnit ?? invalid(resource.id) },
      })),
  }
}

/** Unit prices stay exact: the markup and the rate are multiplied in, nothing is rounded. */
const unitPriceBelow = (price: Decimal, key: string, chain: readonly PriceStep[]): Decimal =>
  withoutZeros(
    chain.reduce((above, { exchangeRate, markupBasisPoints, fixedPrices }) => {
      const fixed = fixedPrices[key]
      if (fixed !== undefined) return decimal(fixed)
      return {
        units: above.units * exchangeRate.units * BigInt(10_000 + markupBasisPoints),
        scale: above.scale + exchangeRate.scale + 4,
      }
    }, price),
  )

/** Columns and factors come with zeros at the end, which would add up to more digits than a decimal is read with. */
function withoutZeros({ units, scale }: Decimal): Decimal {
  let [digits, places] = [units, scale]
  for (; places > 0 && digits % 10n === 0n; places--) digits /= 10n
  return { units: digits, scale: places }
}

function invalid(resourceId: string): never {
  invariant(false, `plan resource ${resourceId} names a usage without quota_per_unit`)
}
