import { sql } from 'kysely'
import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { decodeCursor, toPage, Uuid } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'
import { unstatedSales } from './sales-view.ts'
import type { CostStatementId } from './schema.ts'
import type { CostStatementList, CostStatementQuery, CostStatementView, RunningList } from './statement-shape.ts'

interface Row {
  readonly id: CostStatementId
  readonly number: string
  readonly period: string
  readonly currency: string
  readonly costMinor: bigint
  readonly salesMinor: bigint
  readonly supplierId: SellerId
  readonly supplierName: string
  readonly resellerId: string
  readonly resellerName: string
  readonly issuedAt: Date
}

const STATEMENTS = sql`
  select s.id, s.number, s.period::text, s.currency, s.cost_minor as "costMinor", s.sales_minor as "salesMinor", s.seller_id as "supplierId",
         supplier.name as "supplierName", s.reseller_id as "resellerId", reseller.name as "resellerName", s.issued_at as "issuedAt"
    from cost_statements s
    join tenants supplier on supplier.id = s.seller_id
    join tenants reseller on reseller.id = s.reseller_id`

const summary = ({ supplierId, supplierName, resellerId, resellerName, ...row }: Row) => {
  const money = (amountMinor: bigint) => ({ amountMinor, currency: row.currency })
  return {
    id: row.id,
    number: row.number,
    period: row.period,
    reseller: { id: resellerId, name: resellerName },
    supplier: { id: supplierId, name: supplierName },
    cost: money(row.costMinor),
    sales: money(row.salesMinor),
    issuedAt: row.issuedAt,
  }
}

/** Resellers at or below the caller; a customer sees none, its own seller neither. */
async function resellersOf(db: Db, actor: Principal): Promise<string[]> {
  const rows = await db
    .selectFrom('tenants')
    .where('kind', '=', 'partner')
    .where(visibleTo(actor))
    .select('id')
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * Statements between two of whom the caller sees the lower one, latest month first: the reseller sees its own, the one
 * above those of all that stand below it (a reviewed read over several sellers).
 */
export async function listStatements(
  db: Db,
  actor: Principal,
  { cursor, limit, resellerId }: z.output<typeof CostStatementQuery>,
): Promise<z.output<typeof CostStatementList>> {
  const [period, id] = cursor === undefined ? [null, null] : decodeCursor(cursor, z.tuple([z.iso.date(), Uuid]))
  const { rows } = await sql<Row>`
    ${STATEMENTS}
     where s.reseller_id = any(${await resellersOf(db, actor)}::uuid[])
       and (${resellerId ?? null}::uuid is null or s.reseller_id = ${resellerId ?? null}::uuid)
       and (${period}::date is null or (s.period, s.id) < (${period}::date, ${id}::uuid))
     order by s.period desc, s.id desc limit ${limit + 1}`.execute(db)
  const page = toPage(rows, limit, (row) => [row.period, row.id])
  return { items: page.items.map(summary), nextCursor: page.nextCursor }
}

interface LineRow {
  readonly sourceId: string
  readonly at: Date
  readonly kind: string
  readonly document: string
  readonly title: string
  readonly sellerId: SellerId
  readonly sellerName: string
  readonly saleCurrency: string
  readonly saleMinor: bigint
  readonly costMinor: bigint
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getStatement(db: Db, actor: Principal, id: CostStatementId): Promise<CostStatementView> {
  const { rows } = await sql<Row>`
    ${STATEMENTS} where s.id = ${id} and s.reseller_id = any(${await resellersOf(db, actor)}::uuid[])`.execute(db)
  const [row] = rows
  if (!row) throw new BuylinkError('not_found', 'There is no such statement.')
  const { rows: lines } = await sql<LineRow>`
    select l.source_id as "sourceId", l.at, l.kind, l.document, l.title, l.sale_seller_id as "sellerId", t.name as "sellerName",
           l.sale_currency as "saleCurrency", l.sale_minor as "saleMinor", l.cost_minor as "costMinor"
      from cost_statement_lines l join tenants t on t.id = l.sale_seller_id
     where l.seller_id = ${row.supplierId} and l.statement_id = ${id} order by l.position`.execute(db)
  return {
    ...summary(row),
    lines: lines.map(({ sellerId, sellerName, saleCurrency, saleMinor, costMinor, ...line }) => ({
      ...line,
      soldBy: { id: sellerId, name: sellerName },
      sale: { amountMinor: saleMinor, currency: saleCurrency },
      cost: { amountMinor: costMinor, currency: row.currency },
    })),
  }
}

/** What is not stated yet, by reseller and the one above: the running month, for the most part. */
export async function runningCosts(db: Db, clock: Clock, actor: Principal): Promise<z.output<typeof RunningList>> {
  const visible = new Set<string>(await resellersOf(db, actor))
  const sales = (await unstatedSales(db, { before: new Date(clock.now().getTime() + 1) })).filter(({ resellerId }) =>
    visible.has(resellerId),
  )
  const names = new Map(
    (
      await sql<{ id: string; name: string }>`
        select id, name from tenants where id = any(${[...new Set(sales.flatMap((sale) => [sale.resellerId, sale.supplierId]))]}::uuid[])`.execute(
        db,
      )
    ).rows.map(({ id, name }) => [id, name]),
  )
  const named = (id: string) => ({ id, name: names.get(id) ?? '' })
  return {
    items: [...Map.groupBy(sales, ({ resellerId, supplierId }) => `${resellerId} ${supplierId}`).values()].flatMap(
      (ofTwo) => {
        const [first] = ofTwo
        if (!first) return []
        const { resellerId, supplierId, currency } = first
        const sum = (of: (sale: (typeof ofTwo)[number]) => bigint) => ({
          amountMinor: ofTwo.reduce((total, sale) => total + of(sale), 0n),
          currency,
        })
        return [
          {
            reseller: named(resellerId),
            supplier: named(supplierId),
            cost: sum(({ costMinor }) => costMinor),
            sales: sum((sale) => (sale.saleSellerId === resellerId ? sale.saleMinor : 0n)),
            count: ofTwo.length,
          },
        ]
      },
    ),
  }
}
