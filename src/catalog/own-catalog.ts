import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import {
  assemble,
  PERIOD_COLUMNS,
  type PeriodRow,
  PLAN_COLUMNS,
  type PlanRow,
  PRODUCT_COLUMNS,
  RESOURCE_COLUMNS,
  type ResourceRow,
} from './plan-rows.ts'
import type { BelowCost, Category, Plan, Product, TaxRate } from './schema.ts'

/** A plan as its owner wrote it: fees in the owner's currency, whatever its status. */
export interface OwnPlan extends Plan {
  readonly sellerId: SellerId
  readonly version: bigint
  /** It was on sale once. */
  readonly launched: boolean
}

export interface OwnProduct extends Product {
  readonly sellerId: SellerId
  readonly version: bigint
}

export interface OwnCategory extends Category {
  readonly sellerId: SellerId
  readonly version: bigint
}

const rowsOf = async <Row>(db: Db | Tx, query: ReturnType<typeof sql>): Promise<Row[]> =>
  (await query.execute(db)).rows as Row[]

/** A seller's own plans, drafts and retired ones included, in the order of its pages; not those it sells on. */
export const listOwnPlans = (db: Db | Tx, sellerId: SellerId): Promise<OwnPlan[]> =>
  plansWhere(db, sql`seller_id = ${sellerId}`)

/** A plan and whose it is, whoever asks. */
export const findPlan = async (db: Db | Tx, planId: string): Promise<OwnPlan | undefined> =>
  (await plansWhere(db, sql`id = ${planId}::bigint`))[0]

/** A plan of this seller's own, its row locked until the transaction ends. */
export async function lockPlan(tx: Tx, planId: string): Promise<OwnPlan | undefined> {
  await sql`select id from plans where id = ${planId}::bigint for update`.execute(tx)
  return findPlan(tx, planId)
}

async function plansWhere(db: Db | Tx, condition: ReturnType<typeof sql>): Promise<OwnPlan[]> {
  type Row = PlanRow & Pick<OwnPlan, 'version' | 'launched'>
  const plans = await rowsOf<Row>(
    db,
    sql`select ${sql.raw(PLAN_COLUMNS)}, version, launched from plans where ${condition} order by position, id`,
  )
  const ids = plans.map((plan) => plan.id)
  const periods = await rowsOf<PeriodRow>(
    db,
    sql`select ${sql.raw(PERIOD_COLUMNS)} from plan_periods where plan_id = any(${ids}::bigint[]) order by id`,
  )
  const resources = await rowsOf<ResourceRow>(
    db,
    sql`select ${sql.raw(RESOURCE_COLUMNS)} from plan_resources where plan_id = any(${ids}::bigint[]) order by position, id`,
  )
  return plans.map(({ version, launched, ...row }) => ({
    ...assemble(row, periods, resources, []),
    sellerId: row.sellerId,
    version,
    launched,
  }))
}

const productsWhere = (db: Db | Tx, condition: ReturnType<typeof sql>): Promise<OwnProduct[]> =>
  rowsOf(
    db,
    sql`select ${sql.raw(PRODUCT_COLUMNS)}, seller_id as "sellerId", version from products where ${condition} order by position, id`,
  )

export const listOwnProducts = (db: Db | Tx, sellerId: SellerId): Promise<OwnProduct[]> =>
  productsWhere(db, sql`seller_id = ${sellerId}`)

export const findProduct = async (db: Db | Tx, id: string): Promise<OwnProduct | undefined> =>
  (await productsWhere(db, sql`id = ${id}::bigint`))[0]

const categoriesWhere = (db: Db | Tx, condition: ReturnType<typeof sql>): Promise<OwnCategory[]> =>
  rowsOf(
    db,
    sql`select id::text, name, slug, description, position, seller_id as "sellerId", version from categories
         where ${condition} order by position, id`,
  )

export const listOwnCategories = (db: Db | Tx, sellerId: SellerId): Promise<OwnCategory[]> =>
  categoriesWhere(db, sql`seller_id = ${sellerId}`)

export const findCategory = async (db: Db | Tx, id: string): Promise<OwnCategory | undefined> =>
  (await categoriesWhere(db, sql`id = ${id}::bigint`))[0]

export const listTaxRates = (db: Db | Tx, sellerId: SellerId): Promise<TaxRate[]> =>
  db
    .selectFrom('tax_rates')
    .where('seller_id', '=', sellerId)
    .select([
      'country',
      'customer_type as customerType',
      'name',
      'rate_basis_points as basisPoints',
      'reverse_charge as reverseCharge',
    ])
    .orderBy('country')
    .orderBy('customer_type')
    .execute()

/** Of the seller's price list; undefined without one. */
export const findPriceList = (
  db: Db | Tx,
  sellerId: SellerId,
): Promise<{ readonly currency: string; readonly version: bigint; readonly belowCost: BelowCost } | undefined> =>
  db
    .selectFrom('price_lists')
    .where('seller_id', '=', sellerId)
    .select(['currency', 'version', 'below_cost as belowCost'])
    .executeTakeFirst()

export interface Delegation {
  readonly planId: string
  readonly sellerId: SellerId
  readonly delegatedBy: SellerId
  readonly active: boolean
  readonly markupBasisPoints: number
  /** With up to 4 decimals. */
  readonly exchangeRate: string
  readonly fixedPrices: Readonly<Record<string, string>>
}

/** Delegations of a plan, to a seller, or both. */
export const listDelegations = (
  db: Db | Tx,
  { planId, sellerId }: { readonly planId?: string; readonly sellerId?: SellerId },
): Promise<Delegation[]> =>
  rowsOf(
    db,
    sql`select plan_id::text as "planId", seller_id as "sellerId", delegated_by as "delegatedBy", active,
               markup_basis_points as "markupBasisPoints", exchange_rate as "exchangeRate", coalesce(fixed_prices, '{}') as "fixedPrices"
          from plan_delegations
         where (${planId ?? null}::bigint is null or plan_id = ${planId ?? null}::bigint)
           and (${sellerId ?? null}::uuid is null or seller_id = ${sellerId ?? null}::uuid)
         order by plan_id, seller_id`,
  )
