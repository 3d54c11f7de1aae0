import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import { decimal, formatDecimal, formatFixed, toScale } from '../kernel/decimal.ts'
import type { SellerId } from '../kernel/ids.ts'
import { minorDigits } from '../kernel/money.ts'
import { DAY_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { readPage } from '../platform/http/list.ts'
import {
  type InvoiceFilter,
  type InvoiceList,
  type InvoiceQuery,
  INVOICE_LISTING,
  type InvoiceSummary,
  type InvoiceView,
} from './invoice-shape.ts'
import { taxesOf } from './rules.ts'
import type { BuyerParty, InvoiceId, InvoiceKind, InvoiceLine, InvoiceSource, SellerParty } from './schema.ts'

interface Row {
  readonly sellerId: SellerId
  readonly id: InvoiceId
  readonly kind: InvoiceKind
  readonly number: string
  readonly source: InvoiceSource
  readonly accountId: string
  readonly accountNumber: bigint
  readonly accountName: string
  readonly title: string
  readonly orderId: string | null
  readonly orderNumber: string | null
  readonly paymentId: string | null
  readonly subscriptionId: string | null
  readonly correctsId: string | null
  readonly correctsNumber: string | null
  readonly starts: string | null
  readonly ends: string | null
  readonly seller: SellerParty
  readonly buyer: BuyerParty
  readonly taxName: string
  readonly taxNote: string
  readonly currency: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
  readonly paidMinor: bigint
  readonly issuedAt: Date
  readonly dueAt: Date
  readonly paidAt: Date | null
}

const INVOICES = sql`
  select i.seller_id as "sellerId", i.id, i.kind, i.number, i.source, i.account_id as "accountId", t.number as "accountNumber",
         t.name as "accountName", i.title, i.order_id as "orderId", i.order_number as "orderNumber", i.payment_id as "paymentId",
         i.subscription_id as "subscriptionId", i.corrects_id as "correctsId", i.corrects_number as "correctsNumber",
         i.period_starts::text as starts, i.period_ends::text as ends, i.seller, i.buyer, i.tax_name as "taxName",
         i.tax_note as "taxNote", i.currency, i.net_minor as "netMinor", i.tax_minor as "taxMinor", i.total_minor as "totalMinor",
         i.paid_minor as "paidMinor", i.issued_at as "issuedAt", i.due_at as "dueAt", i.paid_at as "paidAt"
    from invoices i
    join tenants t on t.id = i.account_id
    join accounts a on a.seller_id = i.seller_id and a.tenant_id = i.account_id`

/** Escapes what `like` would read as a pattern. */
const partOf = (text: string): string => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`

const STATUS = {
  paid: () => sql`i.paid_at is not null`,
  open: (now: Date) => sql`i.paid_at is null and i.due_at >= ${now}`,
  overdue: (now: Date) => sql`i.paid_at is null and i.due_at < ${now}`,
} as const

function matching(actor: Principal, filter: InvoiceFilter, now: Date): RawBuilder<SqlBool> {
  const parts = [
    sql`${accountVisibleTo(actor)}`,
    filter.kind && sql`i.kind = ${filter.kind}`,
    filter.status && STATUS[filter.status](now),
    filter.accountId && sql`i.account_id = ${filter.accountId}`,
    filter.subscriptionId && sql`i.subscription_id = ${filter.subscriptionId}`,
    filter.orderId && sql`i.order_id = ${filter.orderId}`,
    filter.query && sql`(i.number ilike ${partOf(filter.query)} or t.name ilike ${partOf(filter.query)})`,
    filter.from && sql`i.issued_at >= ${filter.from}`,
    filter.until && sql`i.issued_at < ${new Date(filter.until.getTime() + DAY_MS)}`,
  ].filter((part) => part !== undefined && part !== '')
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`
}

/** Invoices and credit notes the caller sees; a reviewed read over the sellers of a subtree. */
export async function listInvoices(
  db: Db,
  actor: Principal,
  { cursor, limit, sort, ...filter }: z.output<typeof InvoiceQuery>,
  now: Date,
): Promise<z.output<typeof InvoiceList>> {
  const rows = sql`${INVOICES} where ${matching(actor, filter, now)}`
  const page = await readPage<Row>(db, rows, INVOICE_LISTING, { cursor, limit, sort })
  return { items: page.items.map((row) => summary(row, now)), nextCursor: page.nextCursor }
}

/** The same whole, oldest first, with lines and parties; at most `limit`, those after the one named. */
export async function readInvoices(
  db: Db,
  actor: Principal,
  filter: InvoiceFilter,
  now: Date,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<InvoiceView[]> {
  const { rows } = await sql<Row>`
    ${INVOICES} where ${matching(actor, filter, now)} and (${after ?? null}::uuid is null or i.id > ${after ?? null}::uuid)
     order by i.id limit ${limit}`.execute(db)
  return complete(db, rows, now)
}

/** One document; undefined where the caller sees none. */
export async function findInvoiceView(
  db: Db,
  actor: Principal,
  id: InvoiceId,
  now: Date,
): Promise<(InvoiceView & { readonly sellerId: SellerId }) | undefined> {
  const { rows } = await sql<Row>`${INVOICES} where i.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  const [view] = await complete(db, rows, now)
  return view && rows[0] && { ...view, sellerId: rows[0].sellerId }
}

/** One document of a seller, whoever asks: for the mail that carries it. */
export async function getIssued(
  db: Db,
  sellerId: SellerId,
  id: InvoiceId,
  now: Date,
): Promise<InvoiceView | undefined> {
  const { rows } = await sql<Row>`${INVOICES} where i.seller_id = ${sellerId} and i.id = ${id}`.execute(db)
  return (await complete(db, rows, now))[0]
}

async function complete(db: Db, rows: readonly Row[], now: Date): Promise<InvoiceView[]> {
  if (rows.length === 0) return []
  const [sellers, ids] = [[...new Set(rows.map(({ sellerId }) => sellerId))], rows.map(({ id }) => id)]
  const { rows: lines } = await sql<InvoiceLine & { invoiceId: string }>`
    select invoice_id as "invoiceId", kind, description, trim_scale(quantity)::text as quantity, trim_scale(months)::text as months,
           trim_scale(unit_price)::text as "unitPrice", tax_basis_points as "taxBasisPoints", net_minor as "netMinor",
           tax_minor as "taxMinor"
      from invoice_lines where seller_id = any(${sellers}::uuid[]) and invoice_id = any(${ids}::uuid[])
     order by invoice_id, position`.execute(db)
  const { rows: corrections } = await sql<{ correctsId: string; id: string; number: string }>`
    select corrects_id as "correctsId", id, number from invoices
     where seller_id = any(${sellers}::uuid[]) and corrects_id = any(${ids}::uuid[]) order by id`.execute(db)
  const linesOf = Map.groupBy(lines, ({ invoiceId }) => invoiceId)
  const correctionsOf = Map.groupBy(corrections, ({ correctsId }) => correctsId)
  return rows.map((row) => {
    const money = (amountMinor: bigint) => ({ amountMinor, currency: row.currency })
    const own = linesOf.get(row.id) ?? []
    return {
      ...summary(row, now),
      lines: own.map(({ invoiceId: _, netMinor, taxMinor, taxBasisPoints, unitPrice, ...line }) => ({
        ...line,
        unitPrice: unitPrice && unitText(unitPrice, row.currency),
        taxRatePercent: percentOf(taxBasisPoints),
        net: money(netMinor),
        tax: money(taxMinor),
      })),
      taxes: taxesOf(own).map(({ basisPoints, netMinor, taxMinor }) => ({
        ratePercent: percentOf(basisPoints),
        net: money(netMinor),
        tax: money(taxMinor),
      })),
      taxName: row.taxName,
      taxNote: row.taxNote,
      seller: row.seller,
      buyer: row.buyer,
      paymentId: row.paymentId,
      corrections: (correctionsOf.get(row.id) ?? []).map(({ id, number }) => ({ id, number })),
    }
  })
}

const percentOf = (basisPoints: number): string => formatDecimal({ units: BigInt(basisPoints), scale: 2 })

/** At least the digits of the currency: 49.00, and 0.00006. */
function unitText(price: string, currency: string): string {
  const value = decimal(price)
  const digits = minorDigits(currency)
  return value.scale >= digits ? price : formatFixed(toScale(value, digits), digits)
}

const summary = (row: Row, now: Date): InvoiceSummary => {
  const money = (amountMinor: bigint) => ({ amountMinor, currency: row.currency })
  const named = (id: string | null, number: string | null) => (id && number ? { id, number } : null)
  return {
    id: row.id,
    kind: row.kind,
    number: row.number,
    source: row.source,
    status: row.paidAt ? 'paid' : row.dueAt < now ? 'overdue' : 'open',
    account: { id: row.accountId, number: row.accountNumber, name: row.accountName },
    title: row.title,
    order: named(row.orderId, row.orderNumber),
    subscriptionId: row.subscriptionId,
    corrects: named(row.correctsId, row.correctsNumber),
    period: row.starts && row.ends ? { starts: row.starts, ends: row.ends } : null,
    net: money(row.netMinor),
    tax: money(row.taxMinor),
    total: money(row.totalMinor),
    paid: money(row.paidMinor),
    issuedAt: row.issuedAt,
    dueAt: row.dueAt,
    paidAt: row.paidAt,
  }
}
