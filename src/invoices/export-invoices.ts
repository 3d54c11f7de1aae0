import { BuylinkError } from '../kernel/errors.ts'
import { toCsv } from '../kernel/csv.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { InvoiceFilter, InvoiceView } from './invoice-shape.ts'
import { readInvoices } from './invoice-view.ts'

/** Documents of one export; who has more asks by period. */
const MOST = 20_000

/** @throws {BuylinkError} `unprocessable` where there are more than one export holds. */
export async function exportInvoices(
  db: Db,
  actor: Principal,
  filter: InvoiceFilter,
  now: Date,
): Promise<InvoiceView[]> {
  const invoices = await readInvoices(db, actor, filter, now, MOST + 1)
  if (invoices.length > MOST)
    throw new BuylinkError('unprocessable', `These are more than ${MOST} documents. Ask by period: from and until.`)
  return invoices
}

const HEAD = [
  'number',
  'kind',
  'issued',
  'due',
  'status',
  'paid_on',
  'customer_number',
  'customer',
  'country',
  'vat_id',
  'title',
  'order',
  'corrects',
  'currency',
  'net',
  'tax',
  'total',
  'paid',
  'tax_name',
  'tax_rates',
  'tax_note',
] as const

const dayOf = (at: Date | null): string => at?.toISOString().slice(0, 10) ?? ''

/** A row a document. Amounts of credit notes are negative here, so that a column can be summed. */
export const invoicesAsCsv = (invoices: readonly InvoiceView[]): string => toCsv([HEAD, ...invoices.map(rowOf)])

function rowOf(invoice: InvoiceView): (string | number)[] {
  const sign = invoice.kind === 'credit_note' ? -1n : 1n
  const amount = ({ amountMinor, currency }: InvoiceView['total']) => formatAmount(amountMinor * sign, currency)
  return [
    invoice.number,
    invoice.kind,
    dayOf(invoice.issuedAt),
    dayOf(invoice.dueAt),
    invoice.status,
    dayOf(invoice.paidAt),
    invoice.buyer.number,
    invoice.buyer.companyName || invoice.buyer.name,
    invoice.buyer.country ?? '',
    invoice.buyer.vatId,
    invoice.title,
    invoice.order?.number ?? '',
    invoice.corrects?.number ?? '',
    invoice.total.currency,
    amount(invoice.net),
    amount(invoice.tax),
    amount(invoice.total),
    amount(invoice.paid),
    invoice.taxName,
    invoice.taxes.map(({ ratePercent }) => `${ratePercent} %`).join(' + '),
    invoice.taxNote,
  ]
}
