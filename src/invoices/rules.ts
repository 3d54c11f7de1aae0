import { invariant } from '../kernel/errors.ts'
import { formatAmount } from '../kernel/money.ts'
import type { IncomePosting, InvoiceKind, InvoiceLine, InvoiceSource } from './schema.ts'

/** Which document a posting's kind asks for; others have none (a top-up is the customer's own money). */
export const SOURCES: Readonly<Record<string, InvoiceSource>> = {
  order_booked: 'order',
  usage_charged: 'usage',
  order_returned: 'return',
  payment_refunded: 'refund',
  order_surplus: 'surplus',
}

/** A line of an order, as orders keep it. */
export interface OrderedLine {
  readonly kind: string
  readonly description: string
  readonly quantity: bigint
  readonly months: string
  readonly unitMinor: bigint
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/** What was consumed of one resource in a month. */
export interface ConsumedLine {
  readonly description: string
  /** Units × hours. */
  readonly quantity: string
  readonly unitPrice: string | null
  readonly taxBasisPoints: number
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

export const orderLine = (line: OrderedLine, currency: string, taxBasisPoints: number): InvoiceLine => ({
  kind: line.kind,
  description: line.description,
  quantity: line.quantity.toString(),
  months: line.kind.endsWith('_setup') ? null : line.months,
  unitPrice: formatAmount(line.unitMinor, currency),
  taxBasisPoints,
  netMinor: line.netMinor,
  taxMinor: line.taxMinor,
})

export const usageLine = (line: ConsumedLine): InvoiceLine => ({ kind: 'usage', months: null, ...line })

/** A document's one line, where it gives back an amount and not things. */
export const amountLine = (
  kind: 'return' | 'refund' | 'surplus',
  description: string,
  { netMinor, taxMinor }: Pick<InvoiceLine, 'netMinor' | 'taxMinor'>,
  taxBasisPoints: number,
): InvoiceLine => ({
  kind,
  description,
  quantity: '1',
  months: null,
  unitPrice: null,
  taxBasisPoints,
  netMinor,
  taxMinor,
})

export interface Sums {
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

export const sumsOf = (lines: readonly Sums[]): Sums => ({
  netMinor: lines.reduce((sum, { netMinor }) => sum + netMinor, 0n),
  taxMinor: lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0n),
})

export interface Totals extends Sums {
  readonly kind: InvoiceKind
  readonly totalMinor: bigint
  readonly lines: readonly InvoiceLine[]
}

/**
 * Decides what a posting's document is, and proves that its lines are what was posted. Income less than nothing is a
 * credit note; its amounts are said positive.
 *
 * @param lines In the direction of the document where it is an invoice or gives back what was ordered; else as consumed.
 * @throws An invariant: a document that differs from the books must never be written.
 */
export function documentOf(
  posting: Pick<IncomePosting, 'netMinor' | 'taxMinor'>,
  lines: readonly InvoiceLine[],
): Totals {
  const isCredit = posting.netMinor + posting.taxMinor < 0n
  const sign = isCredit ? -1n : 1n
  const [netMinor, taxMinor] = [posting.netMinor * sign, posting.taxMinor * sign]
  const sums = sumsOf(lines)
  const isFlipped = sums.netMinor === -netMinor && sums.taxMinor === -taxMinor && netMinor + taxMinor !== 0n
  const said = isFlipped
    ? lines.map((line) => ({ ...line, netMinor: -line.netMinor, taxMinor: -line.taxMinor }))
    : lines
  const { netMinor: net, taxMinor: tax } = sumsOf(said)
  invariant(
    net === netMinor && tax === taxMinor,
    `lines of ${net} + ${tax} are not what was posted: ${netMinor} + ${taxMinor}`,
  )
  return {
    kind: isCredit ? 'credit_note' : 'invoice',
    netMinor,
    taxMinor,
    totalMinor: netMinor + taxMinor,
    lines: said,
  }
}

/** Digits that a number has at least, so that numbers of one series sort as text. */
const NUMBER_DIGITS = 6

export const seriesOf = (template: string, at: Date): string =>
  template.replaceAll('{year}', String(at.getUTCFullYear()))

export const numberOf = (series: string, sequence: bigint): string =>
  series + sequence.toString().padStart(NUMBER_DIGITS, '0')

export interface OwedInvoice {
  readonly id: string
  readonly totalMinor: bigint
  readonly paidMinor: bigint
}

/**
 * How much is paid of what an account owes by invoice, oldest first: all of it but what its balance is short of.
 *
 * @param owed Unpaid invoices, oldest first.
 * @param debtMinor What the balance is below zero, funds that are only held counted in; 0 for none.
 * @returns What is paid more than before, by invoice.
 */
export function settle(
  owed: readonly OwedInvoice[],
  debtMinor: bigint,
): { readonly id: string; readonly paidMinor: bigint }[] {
  const open = owed.reduce((sum, { totalMinor, paidMinor }) => sum + totalMinor - paidMinor, 0n)
  let left = open > debtMinor ? open - debtMinor : 0n
  return owed.flatMap(({ id, totalMinor, paidMinor }) => {
    const due = totalMinor - paidMinor
    const now = left < due ? left : due
    left -= now
    return now > 0n ? [{ id, paidMinor: paidMinor + now }] : []
  })
}

/** What the lines charge at each rate, the lowest first; a document's tax is the sum of its lines'. */
export function taxesOf(
  lines: readonly (Sums & { readonly taxBasisPoints: number })[],
): (Sums & { readonly basisPoints: number })[] {
  return [...Map.groupBy(lines, ({ taxBasisPoints }) => taxBasisPoints)]
    .map(([basisPoints, ofRate]) => ({ basisPoints, ...sumsOf(ofRate) }))
    .sort((a, b) => a.basisPoints - b.basisPoints)
}
