import { getAccount } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import type { OrderId, PaymentId } from '../kernel/ids.ts'
import { findPaymentView, type PaymentSummary } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { drawPaper } from '../platform/paper/draw-paper.ts'
import type { PaperFact, PaperLine } from '../platform/paper/schema.ts'
import type { z } from 'zod'
import { buyerLines, dayOf, lineOf, moneyText, sellerLines } from './paper.ts'
import { buyerOf, sellerOf } from './parties.ts'
import { lookOf } from './print-invoice.ts'
import { orderLine } from './rules.ts'
import { findInvoicedOrder, type InvoicedOrder } from './source-view.ts'
import { BLANK_SETTINGS, findSettings } from './store.ts'
import { WORDS } from './words.ts'

type Payment = z.output<typeof PaymentSummary>

/**
 * What a payment asks for, as a document that a bank transfer can be ordered by: no invoice, and without a number of its
 * own beside the payment's.
 *
 * @throws {BuylinkError} `not_found`; `conflict` where it no longer waits.
 */
export async function printProForma(
  db: Db,
  actor: Principal,
  paymentId: PaymentId,
  now: Date,
): Promise<{ readonly number: string; readonly bytes: Buffer }> {
  const payment = await findPaymentView(db, actor, paymentId)
  if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
  if (!payment.instructions) throw new BuylinkError('conflict', 'This payment no longer waits.')
  const { sellerId, number } = payment
  const account = await getAccount(db, actor, payment.account.id)
  const settings = (await findSettings(db, sellerId)) ?? BLANK_SETTINGS
  const seller = await sellerOf(db, sellerId, settings)
  const buyer = buyerOf(account)
  const isOrder = payment.purpose === 'order' && payment.order !== null
  const order = isOrder ? await findInvoicedOrder(db, sellerId, payment.order?.id as OrderId) : undefined
  const open = moneyText(payment.outstanding)
  const until = payment.expiresAt ? dayOf(payment.expiresAt) : ''
  const bytes = await drawPaper({
    language: WORDS.language,
    title: `${WORDS.proForma} ${number}`,
    at: now,
    look: await lookOf(db, sellerId),
    from: { label: WORDS.from, lines: sellerLines(seller) },
    to: { label: WORDS.to, lines: buyerLines(buyer) },
    facts: factsOf(payment, buyer.number, until),
    columns: WORDS.columns,
    lines: linesOf(payment, order),
    totals: totalsOf(payment, order),
    notes: [
      { heading: WORDS.proFormaHeading, text: WORDS.proFormaPay(open, payment.instructions.reference, until) },
      ...(seller.bankDetails ? [{ heading: WORDS.bank, text: seller.bankDetails }] : []),
    ],
    footer: seller.footer || seller.name,
    pageOf: WORDS.pageOf,
  })
  return { number, bytes }
}

const factsOf = ({ number, createdAt, order }: Payment, customer: string, until: string): PaperFact[] => [
  { label: WORDS.number, value: number },
  { label: WORDS.issued, value: dayOf(createdAt) },
  ...(until ? [{ label: WORDS.due, value: until }] : []),
  ...(order ? [{ label: WORDS.order, value: order.number }] : []),
  { label: WORDS.customer, value: customer },
]

function linesOf({ total }: Payment, order: InvoicedOrder | undefined): PaperLine[] {
  if (!order)
    return [{ description: WORDS.topUp, note: '', quantity: '1', unitPrice: '', tax: '', amount: moneyText(total) }]
  const { basis_points: basisPoints } = order.snapshot.tax
  const taxRatePercent = formatDecimal({ units: BigInt(basisPoints), scale: 2 })
  return order.lines.map((line) =>
    lineOf({
      ...orderLine(line, total.currency, basisPoints),
      months: line.kind.endsWith('_setup') ? null : String(Number(line.months)),
      taxRatePercent,
      net: { amountMinor: line.netMinor, currency: total.currency },
      tax: { amountMinor: line.taxMinor, currency: total.currency },
    }),
  )
}

function totalsOf({ total, received, outstanding }: Payment, order: InvoicedOrder | undefined): PaperFact[] {
  const money = (amountMinor: bigint) => moneyText({ amountMinor, currency: total.currency })
  return [
    ...(order
      ? [
          { label: WORDS.net, value: money(order.netMinor) },
          { label: order.snapshot.tax.name || WORDS.tax, value: money(order.taxMinor) },
        ]
      : []),
    { label: WORDS.total, value: moneyText(total) },
    ...(received.amountMinor > 0n
      ? [
          { label: WORDS.arrived, value: moneyText(received) },
          { label: WORDS.toPay, value: moneyText(outstanding) },
        ]
      : []),
  ]
}
