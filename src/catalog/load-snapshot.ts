import type { Pool, PoolClient } from 'pg'
import { decimal } from '../kernel/decimal.ts'
import { AUTOMATIC_DISCOUNTS, automaticOf } from '../discounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import { minorDigits } from '../kernel/money.ts'
import {
  assemble,
  costsOf,
  PERIOD_COLUMNS,
  type PeriodRow,
  PLAN_COLUMNS,
  type PlanRow,
  PRODUCT_COLUMNS,
  RESOURCE_COLUMNS,
  type ResourceRow,
} from './plan-rows.ts'
import type { CatalogSnapshot, Category, Product, TaxRate } from './schema.ts'

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
    `select ${PLAN_COLUMNS}
       from plans
      where seller_id = $1 or id in (select plan_id from plan_delegations where seller_id = $1 and active)
      order by position, id`,
    sellerId,
  )
  const planIds = plans.map((plan) => plan.id)
  const periods = await rows<PeriodRow>(
    `select ${PERIOD_COLUMNS}
       from plan_periods where plan_id = any($1::bigint[]) order by id`,
    planIds,
  )
  const resources = await rows<ResourceRow>(
    `select ${RESOURCE_COLUMNS}
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
    `select ${PRODUCT_COLUMNS}
       from products where id = any($1::bigint[]) order by position, id`,
    [...new Set(plans.map((plan) => plan.productId))],
  )
  const categories = await rows<Category>(
    `select id::text, name, slug, description, position from categories where id = any($1::bigint[]) or seller_id = $2 order by position, id`,
    products.map((product) => product.categoryId).filter((id) => id !== null),
    sellerId,
  )
  const taxRates = await rows<TaxRate>(
    `select country, customer_type as "customerType", name, rate_basis_points as "basisPoints", reverse_charge as "reverseCharge" from tax_rates where seller_id = $1`,
    sellerId,
  )
  const discounts = automaticOf(await rows<unknown>(AUTOMATIC_DISCOUNTS, sellerId))
  const currencies = await rows<{ sellerId: SellerId; currency: string }>(
    'select seller_id as "sellerId", currency from price_lists where seller_id = any($1::uuid[])',
    [...new Set(delegations.flatMap((delegation) => [delegation.sellerId, delegation.delegatedBy]))],
  )
  const currencyIn = new Map(currencies.map((each) => [each.sellerId, each.currency]))
  const currencyOf = (seller: SellerId): string => currencyIn.get(seller) ?? list.currency
  const sold = plans.flatMap((plan) => {
    const chain = delegationChain(plan, sellerId, delegations)?.map(
      ({ sellerId: below, delegatedBy, exchangeRate, markupBasisPoints, fixedPrices }) => ({
        markupBasisPoints,
        exchangeRate: decimal(exchangeRate),
        addedDigits: minorDigits(currencyOf(below)) - minorDigits(currencyOf(delegatedBy)),
        fixedPrices: fixedPrices ?? {},
        resellerId: below,
        supplierId: delegatedBy,
        currency: currencyOf(below),
      }),
    )
    if (!chain) return []
    const costs = costsOf(assemble(plan, periods, resources, []), chain)
    return [{ ...assemble(plan, periods, resources, chain), ...(costs.length > 0 && { costs }) }]
  })
  return {
    sellerId,
    version: list.version,
    currency: list.currency,
    categories: new Map(categories.map((category) => [category.id, category])),
    products: new Map(products.map((product) => [product.id, product])),
    plans: new Map(sold.map((plan) => [plan.id, plan])),
    planOfPeriod: new Map(sold.flatMap((plan) => plan.periods.map((period) => [period.id, plan.id] as const))),
    taxRates,
    discounts,
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
