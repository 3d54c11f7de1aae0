import { csvLines } from '../kernel/csv.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { InvoiceFilter, InvoiceView } from './invoice-shape.ts'
import { readInvoices } from './invoice-view.ts'

/** Documents read at once: the memory of an export, however long it is. */
const BATCH = 200

/** All documents, oldest first, some at a time. */
export async function* exportInvoices(
  db: Db,
  actor: Principal,
  filter: InvoiceFilter,
  now: Date,
): AsyncGenerator<readonly InvoiceView[]> {
  let after: string | undefined
  do {
    const invoices = await readInvoices(db, actor, filter, now, { after, limit: BATCH })
    yield invoices
    after = invoices.length < BATCH ? undefined : invoices.at(-1)?.id
  } while (after !== undefined)
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
export async function* invoicesAsCsv(batches: AsyncIterable<readonly InvoiceView[]>): AsyncGenerator<string> {
  yield csvLines([HEAD], { isFirst: true })
  for await (const invoices of batches) yield csvLines(invoices.map(rowOf))
}

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
