import { formatAmount, type Money } from '../kernel/money.ts'
import type { Paper, PaperFact, PaperLine, PaperLook } from '../platform/paper/schema.ts'
import type { InvoiceView } from './invoice-shape.ts'
import type { BuyerParty, SellerParty } from './schema.ts'
import { LINE_NOTES, WORDS } from './words.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
export const dayOf = (at: Date): string => DAY.format(at)

const GAP = /\B(?=(\d{3})+(?!\d))/g
/** `12,345.60`: digits in threes, before the point alone. */
export function grouped(decimalText: string): string {
  const [whole = '', fraction] = decimalText.split('.')
  return whole.replace(GAP, ',') + (fraction === undefined ? '' : `.${fraction}`)
}
const bare = ({ amountMinor, currency }: Money): string => grouped(formatAmount(amountMinor, currency))
export const moneyText = (money: Money): string => `${bare(money)} ${money.currency}`

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' })
const countryName = (code: string | null): string => (code ? (COUNTRIES.of(code) ?? code) : '')

const filled = (lines: readonly string[]): string[] => lines.filter((line) => line.trim() !== '')

export const sellerLines = (seller: SellerParty): string[] =>
  filled([
    seller.name,
    ...seller.address.split('\n'),
    countryName(seller.country),
    seller.vatId && `${WORDS.vatId} ${seller.vatId}`,
    seller.registration,
    seller.email,
  ])

export const buyerLines = (buyer: BuyerParty): string[] =>
  filled([
    buyer.companyName || buyer.name,
    buyer.companyName && buyer.companyName !== buyer.name ? buyer.name : '',
    buyer.street,
    filled([buyer.zip, buyer.city]).join(' '),
    buyer.region,
    countryName(buyer.country),
    buyer.vatId && `${WORDS.vatId} ${buyer.vatId}`,
  ])

/** The last day of a period, which is given by the day after it. */
const lastDay = (ends: string): Date => new Date(Date.parse(ends) - 1)

function factsOf(invoice: InvoiceView): PaperFact[] {
  const isOwed = invoice.kind === 'invoice' && invoice.status !== 'paid'
  const facts: (PaperFact | undefined)[] = [
    { label: WORDS.number, value: invoice.number },
    { label: WORDS.issued, value: dayOf(invoice.issuedAt) },
    isOwed ? { label: WORDS.due, value: dayOf(invoice.dueAt) } : undefined,
    invoice.order ? { label: WORDS.order, value: invoice.order.number } : undefined,
    invoice.corrects ? { label: WORDS.corrects, value: invoice.corrects.number } : undefined,
    invoice.period
      ? {
          label: WORDS.period,
          value: `${dayOf(new Date(invoice.period.starts))} – ${dayOf(lastDay(invoice.period.ends))}`,
        }
      : undefined,
    { label: WORDS.customer, value: invoice.buyer.number },
  ]
  return facts.filter((fact) => fact !== undefined)
}

export function lineOf(line: InvoiceView['lines'][number]): PaperLine {
  const note = LINE_NOTES[line.kind] ?? ''
  return {
    description: line.description,
    note: line.months === null ? note : `${note}, ${WORDS.months(line.months)}`,
    quantity: grouped(line.quantity),
    unitPrice: line.unitPrice === null ? '' : grouped(line.unitPrice),
    tax: `${line.taxRatePercent} %`,
    amount: bare(line.net),
  }
}

function totalsOf(invoice: InvoiceView): PaperFact[] {
  const { currency } = invoice.total
  const charged = invoice.taxes.filter(({ tax }) => tax.amountMinor !== 0n)
  const totals: PaperFact[] = [
    { label: WORDS.net, value: moneyText(invoice.net) },
    ...charged.map(({ ratePercent, net, tax }) => ({
      label: WORDS.taxAt(invoice.taxName, ratePercent, bare(net)),
      value: moneyText(tax),
    })),
    { label: invoice.kind === 'invoice' ? WORDS.total : WORDS.credited, value: moneyText(invoice.total) },
  ]
  if (charged.length === 0) totals.splice(1, 0, { label: WORDS.tax, value: moneyText({ amountMinor: 0n, currency }) })
  const isPart = invoice.status !== 'paid' && invoice.paid.amountMinor > 0n
  if (!isPart) return totals
  const openMinor = invoice.total.amountMinor - invoice.paid.amountMinor
  return [
    ...totals,
    { label: WORDS.paidPart, value: moneyText(invoice.paid) },
    { label: WORDS.toPay, value: moneyText({ amountMinor: openMinor, currency }) },
  ]
}

function notesOf(invoice: InvoiceView): Paper['notes'] {
  const notes: { heading: string; text: string }[] = []
  if (invoice.taxNote) notes.push({ heading: WORDS.taxHeading, text: invoice.taxNote })
  if (invoice.kind === 'credit_note') notes.push({ heading: WORDS.creditHeading, text: WORDS.credit })
  else if (invoice.paidAt) notes.push({ heading: WORDS.paidHeading, text: WORDS.paid(dayOf(invoice.paidAt)) })
  else {
    const { amountMinor, currency } = invoice.total
    const open = moneyText({ amountMinor: amountMinor - invoice.paid.amountMinor, currency })
    notes.push({ heading: WORDS.payHeading, text: WORDS.pay(open, dayOf(invoice.dueAt), invoice.number) })
    if (invoice.seller.bankDetails) notes.push({ heading: WORDS.bank, text: invoice.seller.bankDetails })
  }
  return notes
}

/** An invoice or a credit note as it is printed. */
export const paperOf = (invoice: InvoiceView, look: PaperLook): Paper => ({
  language: WORDS.language,
  title: `${WORDS[invoice.kind]} ${invoice.number}`,
  at: invoice.issuedAt,
  look,
  from: { label: WORDS.from, lines: sellerLines(invoice.seller) },
  to: { label: WORDS.to, lines: buyerLines(invoice.buyer) },
  facts: factsOf(invoice),
  columns: WORDS.columns,
  lines: invoice.lines.map(lineOf),
  totals: totalsOf(invoice),
  notes: notesOf(invoice),
  footer: invoice.seller.footer || invoice.seller.name,
  pageOf: WORDS.pageOf,
})
