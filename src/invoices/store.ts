import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { CorrelationId, OrderId, PaymentId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import type { OwedInvoice, Totals } from './rules.ts'
import type { BuyerParty, InvoiceId, InvoiceSettings, InvoiceSource, SellerParty } from './schema.ts'

const SETTINGS = sql`
  name, address, country, vat_id as "vatId", registration, email, footer, invoice_series as "invoiceSeries",
  credit_note_series as "creditNoteSeries", payment_days as "paymentDays", version`

/** What holds until a seller says otherwise. */
export const BLANK_SETTINGS: Omit<InvoiceSettings, 'version'> = {
  name: '',
  address: '',
  country: null,
  vatId: '',
  registration: '',
  email: '',
  footer: '',
  invoiceSeries: 'IN',
  creditNoteSeries: 'CN',
  paymentDays: 14,
}

/** Locks a seller's settings, made where there are none: who issues queues here, so numbers have no gap. */
export async function lockSettings(tx: Tx, sellerId: SellerId, at: Date): Promise<InvoiceSettings> {
  await sql`insert into invoice_settings (seller_id, updated_at) values (${sellerId}, ${at}) on conflict do nothing`.execute(
    tx,
  )
  const { rows } = await sql<InvoiceSettings>`
    select ${SETTINGS} from invoice_settings where seller_id = ${sellerId} for update`.execute(tx)
  invariant(rows[0], 'the settings were just made')
  return rows[0]
}

export async function findSettings(db: Db | Tx, sellerId: SellerId): Promise<InvoiceSettings | undefined> {
  const { rows } = await sql<InvoiceSettings>`
    select ${SETTINGS} from invoice_settings where seller_id = ${sellerId}`.execute(db)
  return rows[0]
}

export async function saveSettings(
  tx: Tx,
  sellerId: SellerId,
  settings: Omit<InvoiceSettings, 'version'>,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('invoice_settings')
    .where('seller_id', '=', sellerId)
    .set({
      name: settings.name,
      address: settings.address,
      country: settings.country,
      vat_id: settings.vatId,
      registration: settings.registration,
      email: settings.email,
      footer: settings.footer,
      invoice_series: settings.invoiceSeries,
      credit_note_series: settings.creditNoteSeries,
      payment_days: settings.paymentDays,
      version: sql`version + 1`,
      updated_at: at,
    })
    .execute()
}

export async function isDocumented(tx: Tx, sellerId: SellerId, postingId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('invoices')
    .where('seller_id', '=', sellerId)
    .where('posting_id', '=', postingId)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The invoice that a credit note corrects: the order's own, else the latest of its subscription. */
export async function findCorrected(
  tx: Tx,
  sellerId: SellerId,
  { orderId, subscriptionId }: { readonly orderId: OrderId | null; readonly subscriptionId: SubscriptionId | null },
): Promise<{ readonly id: InvoiceId; readonly number: string } | undefined> {
  return tx
    .selectFrom('invoices')
    .where('seller_id', '=', sellerId)
    .where('kind', '=', 'invoice')
    .where((where) =>
      where.or([
        where('order_id', '=', orderId as OrderId),
        where('subscription_id', '=', subscriptionId as SubscriptionId),
      ]),
    )
    .orderBy(
      (order) => order('order_id', '=', orderId as OrderId),
      (direction) => direction.desc().nullsLast(),
    )
    .orderBy('id', 'desc')
    .select(['id', 'number'])
    .executeTakeFirst()
}

export interface NewInvoice extends Totals {
  readonly sellerId: SellerId
  readonly id: InvoiceId
  readonly series: string
  readonly sequence: bigint
  readonly number: string
  readonly postingId: string
  readonly source: InvoiceSource
  readonly accountId: TenantId
  readonly orderId: OrderId | null
  readonly orderNumber: string | null
  readonly paymentId: PaymentId | null
  readonly subscriptionId: SubscriptionId | null
  readonly corrects: { readonly id: InvoiceId; readonly number: string } | undefined
  readonly title: string
  readonly starts: string | null
  readonly ends: string | null
  readonly seller: SellerParty
  readonly buyer: BuyerParty
  readonly taxName: string
  readonly taxNote: string
  readonly currency: string
  readonly correlationId: CorrelationId
  readonly issuedAt: Date
  readonly dueAt: Date
  readonly paidMinor: bigint
}

export async function insertInvoice(tx: Tx, invoice: NewInvoice): Promise<void> {
  await tx
    .insertInto('invoices')
    .values({
      seller_id: invoice.sellerId,
      id: invoice.id,
      kind: invoice.kind,
      series: invoice.series,
      sequence: invoice.sequence,
      number: invoice.number,
      posting_id: invoice.postingId,
      source: invoice.source,
      account_id: invoice.accountId,
      order_id: invoice.orderId,
      order_number: invoice.orderNumber,
      payment_id: invoice.paymentId,
      subscription_id: invoice.subscriptionId,
      corrects_id: invoice.corrects?.id ?? null,
      corrects_number: invoice.corrects?.number ?? null,
      title: invoice.title,
      period_starts: invoice.starts,
      period_ends: invoice.ends,
      seller: JSON.stringify(invoice.seller),
      buyer: JSON.stringify(invoice.buyer),
      tax_name: invoice.taxName,
      tax_note: invoice.taxNote,
      currency: invoice.currency,
      net_minor: invoice.netMinor,
      tax_minor: invoice.taxMinor,
      total_minor: invoice.totalMinor,
      correlation_id: invoice.correlationId,
      issued_at: invoice.issuedAt,
      due_at: invoice.dueAt,
      paid_minor: invoice.paidMinor,
      paid_at: invoice.paidMinor === invoice.totalMinor ? invoice.issuedAt : null,
    })
    .execute()
  await tx
    .insertInto('invoice_lines')
    .values(
      invoice.lines.map((line, position) => ({
        seller_id: invoice.sellerId,
        invoice_id: invoice.id,
        position,
        kind: line.kind,
        description: line.description,
        quantity: line.quantity,
        months: line.months,
        unit_price: line.unitPrice,
        tax_basis_points: line.taxBasisPoints,
        net_minor: line.netMinor,
        tax_minor: line.taxMinor,
      })),
    )
    .execute()
}

/** What an account still owes by invoice, oldest first. */
export const owedBy = (
  tx: Tx,
  sellerId: SellerId,
  accountId: TenantId,
  currency: string,
): Promise<(OwedInvoice & { readonly number: string; readonly correlationId: CorrelationId })[]> =>
  tx
    .selectFrom('invoices')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .where('currency', '=', currency)
    .where('kind', '=', 'invoice')
    .where('paid_at', 'is', null)
    .orderBy('id')
    .select(['id', 'number', 'total_minor as totalMinor', 'paid_minor as paidMinor', 'correlation_id as correlationId'])
    .execute()

/** Notes what was paid of invoices; those paid whole are stamped. */
export async function notePaid(
  tx: Tx,
  sellerId: SellerId,
  paid: readonly { readonly id: InvoiceId; readonly paidMinor: bigint }[],
  at: Date,
): Promise<void> {
  if (paid.length === 0) return
  await sql`
    update invoices i set paid_minor = p.paid, paid_at = case when p.paid = i.total_minor then ${at}::timestamptz end
      from jsonb_to_recordset(${toJson(paid.map(({ id, paidMinor }) => ({ id, paid: paidMinor })))}::jsonb) as p (id uuid, paid bigint)
     where i.seller_id = ${sellerId} and i.id = p.id and i.paid_at is null and p.paid > i.paid_minor`.execute(tx)
}
