import { sql } from 'kysely'
import { formatDecimal } from '../kernel/decimal.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { hintChange } from '../platform/changes.ts'
import { type NumberRange, takeNumber } from '../platform/numbers.ts'
import { slugOf } from './slug.ts'
import type { Plan, PlanPeriod, PlanResource, Product, TaxRate } from './schema.ts'

const numberOf = async (tx: Tx, range: NumberRange, given: string | undefined): Promise<string> =>
  (await takeNumber(tx, range, given === undefined ? undefined : BigInt(given))).toString()

/**
 * Raises the version of every price list that shows a change: the seller's own, and where it is about a plan those of
 * resellers below that got it from there. In the transaction of the change, so that no order can be priced from what
 * was before.
 */
export async function raiseVersions(tx: Tx, sellerId: SellerId, planId: string | null, at: Date): Promise<void> {
  const { rows } = await sql<{ sellerId: SellerId }>`
    with recursive reached (seller_id) as (
      select ${sellerId}::uuid
       union select d.seller_id from plan_delegations d join reached r on d.delegated_by = r.seller_id where d.plan_id = ${planId}::bigint)
    select seller_id as "sellerId" from reached`.execute(tx)
  const reached = rows.map((row) => row.sellerId)
  await sql`update price_lists set version = version + 1, updated_at = ${at} where seller_id = any(${reached})`.execute(
    tx,
  )
  await hintChange(tx, sellerId)
}

/** Opens the price list of a seller: what it sells is priced and ordered in this currency. */
export async function createPriceList(tx: Tx, sellerId: SellerId, currency: string, at: Date): Promise<void> {
  await sql`
    insert into price_lists (seller_id, version, currency, updated_at) values (${sellerId}, 1, ${currency}, ${at})
    on conflict (seller_id) do nothing`.execute(tx)
  await hintChange(tx, sellerId)
}

export type NewProduct = Pick<Product, 'name'> & Partial<Omit<Product, 'name'>>

/** Creates a product. Its slug is its name's; where another page has that, the id is appended (facts A2). */
export async function createProduct(tx: Tx, sellerId: SellerId, product: NewProduct, at: Date): Promise<string> {
  const id = await numberOf(tx, 'product', product.id)
  const slug = await freeSlug(tx, product.slug ?? slugOf(product.marketingName ?? product.name), id)
  await sql`
    insert into products (id, seller_id, category_id, name, marketing_name, summary, description, slug, published, logo_url, screenshot_urls,
                          screenshot_texts, position)
    select ${id}::bigint, ${sellerId}, ${product.categoryId ?? null}::bigint, ${product.name}, ${product.marketingName ?? product.name}, ${product.summary ?? ''},
           ${product.description ?? ''}, ${slug}, ${product.published ?? true}, ${product.logoUrl ?? null}, ${(product.screenshots ?? []).map(({ url }) => url)}::text[],
           ${(product.screenshots ?? []).map(({ alt }) => alt)}::text[],
           (select count(*) from products where seller_id = ${sellerId})`.execute(tx)
  await raiseVersions(tx, sellerId, null, at)
  return id
}

/** The range of product numbers is locked by now, so nobody else takes the same slug meanwhile. */
export async function freeSlug(tx: Tx, wanted: string, id: string): Promise<string> {
  const candidates = [...(wanted === '' ? [] : [wanted, `${wanted}-${id}`]), id, `product-${id}`]
  const { rows } = await sql<{ slug: string }>`select slug from products where slug = any(${candidates})`.execute(tx)
  const taken = new Set(rows.map((row) => row.slug))
  return candidates.find((candidate) => !taken.has(candidate)) ?? `product-${id}-${id}`
}

type Given<Whole, Required extends keyof Whole> = Pick<Whole, Required> & Partial<Whole>

export interface NewPlan
  extends Pick<Plan, 'name' | 'productId' | 'billingType'>,
    Partial<Omit<Plan, 'name' | 'productId' | 'billingType' | 'periods' | 'resources'>> {
  readonly periods: readonly Given<PlanPeriod, 'duration'>[]
  readonly resources?: readonly Given<PlanResource, 'name' | 'unit'>[]
}

/** Creates a plan with its periods and resources. Ids that are given are kept; fees are minor units of the price list. */
export async function createPlan(tx: Tx, sellerId: SellerId, plan: NewPlan, at: Date): Promise<string> {
  const id = await numberOf(tx, 'plan', plan.id)
  await sql`
    insert into plans (id, product_id, seller_id, name, summary, status, public, billing_type, payment_models, minimum_topup_minor,
                       second_subscription, order_attributes, connector, default_period_id, successor_id, switchable_plan_ids,
                       addon_to_plan_ids, launched, position)
    select ${id}::bigint, ${plan.productId}::bigint, ${sellerId}, ${plan.name}, ${plan.summary ?? ''}, ${plan.status ?? 'active'},
           ${plan.isPublic ?? true}, ${plan.billingType}, ${[...(plan.paymentModels ?? ['prepay'])]}::text[],
           ${plan.minimumTopupMinor ?? null}, ${plan.secondSubscription ?? 'ask'}, ${JSON.stringify(plan.orderAttributes ?? [])}::jsonb,
           ${plan.connector ?? 'builtin'}, ${plan.defaultPeriodId ?? null}::bigint, ${plan.successorId ?? null}::bigint,
           ${[...(plan.switchablePlanIds ?? [])]}::bigint[], ${[...(plan.addonToPlanIds ?? [])]}::bigint[], ${plan.status !== 'draft'},
           (select count(*) from plans where product_id = ${plan.productId}::bigint)`.execute(tx)
  for (const period of plan.periods) await insertPeriod(tx, id, period)
  for (const [position, resource] of (plan.resources ?? []).entries()) await insertResource(tx, id, resource, position)
  await raiseVersions(tx, sellerId, id, at)
  return id
}

export async function insertPeriod(tx: Tx, planId: string, period: NewPlan['periods'][number]): Promise<void> {
  const id = await numberOf(tx, 'plan_period', period.id)
  await sql`
    insert into plan_periods (id, plan_id, duration_value, duration_unit, trial, public, setup_fee_minor, recurring_fee_minor, renewal_fee_minor)
    values (${id}::bigint, ${planId}::bigint, ${period.duration?.value ?? null}, ${period.duration?.unit ?? null}, ${period.trial ?? false},
            ${period.isPublic ?? true}, ${period.setupFeeMinor ?? 0n}, ${period.recurringFeeMinor ?? 0n}, ${period.renewalFeeMinor ?? 0n})`.execute(
    tx,
  )
}

export async function insertResource(
  tx: Tx,
  planId: string,
  resource: NonNullable<NewPlan['resources']>[number],
  position: number,
): Promise<void> {
  const id = await numberOf(tx, 'plan_resource', resource.id)
  const included = resource.included ?? 0n
  await sql`
    insert into plan_resources (id, plan_id, name, unit, kind, included, minimum, limit_quantity, public, setup_fee_minor,
                                recurring_fee_minor, renewal_fee_minor, overuse_fee_minor, unit_price, usage_name, quota_per_unit, position)
    values (${id}::bigint, ${planId}::bigint, ${resource.name}, ${resource.unit}, ${resource.kind ?? 'unit'}, ${included},
            ${resource.minimum ?? included}, ${resource.limit ?? null}, ${resource.isPublic ?? true}, ${resource.setupFeeMinor ?? 0n},
            ${resource.recurringFeeMinor ?? 0n}, ${resource.renewalFeeMinor ?? 0n}, ${resource.overuseFeeMinor ?? 0n},
            ${resource.unitPrice ? formatDecimal(resource.unitPrice) : null}::numeric, ${resource.quota?.usageName ?? null},
            ${resource.quota?.perUnit ?? null}, ${position})`.execute(tx)
}

/**
 * Prices of a reseller in place of computed ones, in its own currency. Minor units by `period:{id}:setup`, `…:recurring`,
 * `…:renewal`, `resource:{id}:setup`, `…:recurring`, `…:renewal`, `…:overuse`, `plan:minimum_topup`; a decimal in major
 * units by `resource:{id}:unit_price`.
 */
export type FixedPrices = Readonly<Record<string, string>>

/**
 * Lets a reseller below sell a plan on, at the price above it plus a markup, or at fixed prices.
 *
 * @throws {BuylinkError} `not_found`: `from` does not sell this plan itself.
 */
export async function delegatePlan(
  tx: Tx,
  delegation: {
    readonly planId: string
    readonly from: SellerId
    readonly to: SellerId
    /** Off: the reseller, and all below it, stop selling the plan. */
    readonly active?: boolean
    readonly markupBasisPoints?: number
    readonly fixedPrices?: FixedPrices
    /** What one unit of the currency of `from` is in that of `to`, with up to 4 decimals. */
    readonly exchangeRate?: string
    readonly at: Date
  },
): Promise<void> {
  const { planId, from, to, active = true, markupBasisPoints = 0, exchangeRate = '1', at } = delegation
  const fixed = delegation.fixedPrices ? JSON.stringify(delegation.fixedPrices) : null
  const { numAffectedRows } = await sql`
    insert into plan_delegations (seller_id, plan_id, delegated_by, active, markup_basis_points, fixed_prices, exchange_rate)
    select ${to}::uuid, id, ${from}::uuid, ${active}::boolean, ${markupBasisPoints}::integer, ${fixed}::jsonb, ${exchangeRate}::numeric
      from plans
     where id = ${planId}::bigint
       and (seller_id = ${from} or exists (select from plan_delegations where seller_id = ${from} and plan_id = ${planId}::bigint))
    on conflict (seller_id, plan_id) do update
      set delegated_by = excluded.delegated_by, active = excluded.active, markup_basis_points = excluded.markup_basis_points,
          fixed_prices = excluded.fixed_prices, exchange_rate = excluded.exchange_rate`.execute(tx)
  if (!numAffectedRows) throw notTheirs()
  await raiseVersions(tx, to, planId, at)
}

/**
 * Sets a plan on or off sale; a retired one may name the plan that took its place.
 *
 * @param change What is absent stays; `successorId` null: no plan takes its place any more.
 * @throws {BuylinkError} `not_found`: it is no plan of this seller's own.
 */
export async function setPlanStatus(
  tx: Tx,
  sellerId: SellerId,
  planId: string,
  change: { readonly status: Plan['status']; readonly isPublic?: boolean; readonly successorId?: string | null },
  at: Date,
): Promise<void> {
  const successor = change.successorId === undefined ? sql`successor_id` : sql`${change.successorId}::bigint`
  const { numAffectedRows } = await sql`
    update plans set status = ${change.status}, launched = launched or ${change.status !== 'draft'}, version = version + 1, public = coalesce(${change.isPublic ?? null}, public), successor_id = ${successor}
     where id = ${planId}::bigint and seller_id = ${sellerId}`.execute(tx)
  if (!numAffectedRows) throw notTheirs()
  await raiseVersions(tx, sellerId, planId, at)
}

/**
 * Changes the monthly fee of a period; running subscriptions keep theirs.
 *
 * @throws {BuylinkError} `not_found`: it is no period of this seller's own plans.
 */
export async function setRecurringFee(
  tx: Tx,
  sellerId: SellerId,
  periodId: string,
  feeMinor: bigint,
  at: Date,
): Promise<void> {
  const { rows } = await sql<{ planId: string }>`
    update plan_periods set recurring_fee_minor = ${feeMinor}
     where id = ${periodId}::bigint and plan_id in (select id from plans where seller_id = ${sellerId})
    returning plan_id::text as "planId"`.execute(tx)
  const planId = rows[0]?.planId
  if (planId === undefined) throw notTheirs()
  await sql`update plans set version = version + 1 where id = ${planId}::bigint and seller_id = ${sellerId}`.execute(tx)
  await raiseVersions(tx, sellerId, planId, at)
}

const notTheirs = (): BuylinkError => new BuylinkError('not_found', 'This reseller has no such plan.')

export async function setTaxRate(tx: Tx, sellerId: SellerId, rate: TaxRate, at: Date): Promise<void> {
  await sql`
    insert into tax_rates (seller_id, country, customer_type, name, rate_basis_points, reverse_charge)
    values (${sellerId}, ${rate.country}, ${rate.customerType}, ${rate.name}, ${rate.basisPoints}, ${rate.reverseCharge})
    on conflict (seller_id, country, customer_type) do update
      set name = excluded.name, rate_basis_points = excluded.rate_basis_points, reverse_charge = excluded.reverse_charge`.execute(
    tx,
  )
  await raiseVersions(tx, sellerId, null, at)
}
