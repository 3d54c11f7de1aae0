import { type RawBuilder, sql } from 'kysely'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Discount, DiscountId, Fee, NamedCode, OwnDiscount, PromoCode } from './schema.ts'

/** Columns of `discounts` as `DiscountRow` has them. */
const COLUMNS = `d.seller_id as "sellerId", d.id, d.name, d.needs_code as "needsCode", d.percent_basis_points as "basisPoints",
  d.amount_minor as "amountMinor", d.fees, d.periods, d.product_ids::text[] as "productIds", d.plan_ids::text[] as "planIds",
  d.plan_period_ids::text[] as "planPeriodIds", d.account_ids::text[] as "accountIds", d.owned_plan_ids::text[] as "ownedPlanIds",
  d.starts_at as "startsAt", d.ends_at as "endsAt", d.active, d.version,
  d.created_at as "createdAt"`

interface DiscountRow extends Omit<OwnDiscount, 'off'> {
  readonly basisPoints: number | null
  readonly amountMinor: bigint | null
  readonly fees: readonly Fee[]
}

const discountOf = ({ basisPoints, amountMinor, ...row }: DiscountRow): OwnDiscount => ({
  ...row,
  off: basisPoints === null ? { kind: 'amount', amountMinor: amountMinor ?? 0n } : { kind: 'percent', basisPoints },
})

/** What a catalogue holds in memory: those that need no code and are on; from when and until when is asked at pricing. */
export const AUTOMATIC_DISCOUNTS = `select ${COLUMNS} from discounts d where d.seller_id = $1 and d.active and not d.needs_code order by d.id`
export const automaticOf = (rows: readonly unknown[]): Discount[] =>
  // Rows of the statement above.
  (rows as readonly DiscountRow[]).map(discountOf)

async function discountsWhere(db: Db | Tx, condition: RawBuilder<unknown>): Promise<OwnDiscount[]> {
  const { rows } = await sql<DiscountRow>`
    select ${sql.raw(COLUMNS)} from discounts d where ${condition} order by d.id desc`.execute(db)
  return rows.map(discountOf)
}

/** All of a seller's, the newest first. */
export const listDiscounts = (db: Db | Tx, sellerId: SellerId): Promise<OwnDiscount[]> =>
  discountsWhere(db, sql`d.seller_id = ${sellerId}`)

/** Whoever's it is: the caller asks whether it is seen. */
export const findDiscount = async (db: Db | Tx, id: DiscountId): Promise<OwnDiscount | undefined> =>
  (await discountsWhere(db, sql`d.id = ${id}`))[0]

/** A seller's own, its row locked until the transaction ends. */
export async function lockDiscount(tx: Tx, sellerId: SellerId, id: DiscountId): Promise<OwnDiscount | undefined> {
  await sql`select from discounts where seller_id = ${sellerId} and id = ${id} for no key update`.execute(tx)
  return (await discountsWhere(tx, sql`d.seller_id = ${sellerId} and d.id = ${id}`))[0]
}

/** Writes a discount, a new one or one that was locked; its version rises. */
export async function writeDiscount(tx: Tx, discount: Omit<OwnDiscount, 'version'>, at: Date): Promise<void> {
  const { off } = discount
  const fields = {
    name: discount.name,
    needs_code: discount.needsCode,
    percent_basis_points: off.kind === 'percent' ? off.basisPoints : null,
    amount_minor: off.kind === 'amount' ? off.amountMinor : null,
    fees: [...discount.fees],
    periods: discount.periods,
    product_ids: sql<string[]>`${[...discount.productIds]}::bigint[]`,
    plan_ids: sql<string[]>`${[...discount.planIds]}::bigint[]`,
    plan_period_ids: sql<string[]>`${[...discount.planPeriodIds]}::bigint[]`,
    account_ids: sql<TenantId[]>`${[...discount.accountIds]}::uuid[]`,
    owned_plan_ids: sql<string[]>`${[...discount.ownedPlanIds]}::bigint[]`,
    starts_at: discount.startsAt,
    ends_at: discount.endsAt,
    active: discount.active,
    updated_at: at,
  }
  await tx
    .insertInto('discounts')
    .values({ ...fields, seller_id: discount.sellerId, id: discount.id, version: 1n, created_at: at })
    .onConflict((conflict) =>
      conflict.columns(['seller_id', 'id']).doUpdateSet({ ...fields, version: sql`discounts.version + 1` }),
    )
    .execute()
}

const CODE_COLUMNS = sql`code, discount_id as "discountId", max_uses as "maxUses", max_uses_per_account as "maxUsesPerAccount", uses, active,
  created_at as "createdAt"`

/** Codes of a seller, or of one discount, in the order in which they were made. */
export async function listCodes(db: Db | Tx, sellerId: SellerId, discountId?: DiscountId): Promise<PromoCode[]> {
  const { rows } = await sql<PromoCode>`
    select ${CODE_COLUMNS} from promo_codes
     where seller_id = ${sellerId} and (${discountId ?? null}::uuid is null or discount_id = ${discountId ?? null}::uuid)
     order by created_at, code`.execute(db)
  return rows
}

export async function lockCode(tx: Tx, sellerId: SellerId, code: string): Promise<PromoCode | undefined> {
  const { rows } = await sql<PromoCode>`
    select ${CODE_COLUMNS} from promo_codes where seller_id = ${sellerId} and code = ${code} for no key update`.execute(
    tx,
  )
  return rows[0]
}

/** New codes of a discount. @returns Those that were free; the others are there already. */
export async function insertCodes(
  tx: Tx,
  sellerId: SellerId,
  codes: readonly Omit<PromoCode, 'uses'>[],
): Promise<string[]> {
  const rows = await tx
    .insertInto('promo_codes')
    .values(
      codes.map((code) => ({
        seller_id: sellerId,
        code: code.code,
        discount_id: code.discountId,
        max_uses: code.maxUses,
        max_uses_per_account: code.maxUsesPerAccount,
        uses: 0n,
        active: code.active,
        created_at: code.createdAt,
      })),
    )
    .onConflict((conflict) => conflict.columns(['seller_id', 'code']).doNothing())
    .returning('code')
    .execute()
  return rows.map(({ code }) => code)
}

export async function updateCode(tx: Tx, sellerId: SellerId, code: PromoCode): Promise<void> {
  await tx
    .updateTable('promo_codes')
    .where('seller_id', '=', sellerId)
    .where('code', '=', code.code)
    .set({ max_uses: code.maxUses, max_uses_per_account: code.maxUsesPerAccount, active: code.active })
    .execute()
}

/** A code as one account would use it now. */
export async function findNamed(
  db: Db | Tx,
  sellerId: SellerId,
  accountId: TenantId,
  code: string,
): Promise<NamedCode | undefined> {
  type Row = DiscountRow & Omit<NamedCode, 'discount' | 'isActive'> & { readonly isOn: boolean }
  const { rows } = await sql<Row>`
    select ${sql.raw(COLUMNS)}, p.code, p.max_uses as "maxUses", p.max_uses_per_account as "maxUsesPerAccount", p.uses,
           p.active and d.active and d.needs_code as "isOn",
           (select count(*) from promo_uses u
             where u.seller_id = p.seller_id and u.code = p.code and u.account_id = ${accountId} and u.returned_at is null) as "usesOfAccount"
      from promo_codes p join discounts d on d.seller_id = p.seller_id and d.id = p.discount_id
     where p.seller_id = ${sellerId} and p.code = ${code}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { code: named, maxUses, maxUsesPerAccount, uses, usesOfAccount, isOn, ...discount } = row
  return {
    code: named,
    maxUses,
    maxUsesPerAccount,
    uses,
    usesOfAccount,
    isActive: isOn,
    discount: discountOf(discount),
  }
}

/** An order that was cancelled used its code no more; again: no change. */
export async function giveBackUse(tx: Tx, sellerId: SellerId, orderId: OrderId, at: Date): Promise<void> {
  const { rows } = await sql<{ code: string }>`
    update promo_uses set returned_at = ${at}
     where seller_id = ${sellerId} and order_id = ${orderId} and returned_at is null returning code`.execute(tx)
  for (const { code } of rows)
    await sql`update promo_codes set uses = uses - 1 where seller_id = ${sellerId} and code = ${code}`.execute(tx)
}
