import { findAccount } from '../accounts/index.ts'
import { invariant } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { takeSequence } from '../platform/numbers.ts'
import { describe } from './describe-income.ts'
import { documentOf, numberOf, seriesOf } from './rules.ts'
import { buyerOf, sellerOf } from './parties.ts'
import type { IncomePosting } from './schema.ts'
import { settleLocked } from './settle-invoices.ts'
import { findCorrected, insertInvoice, isDocumented, lockSettings, type NewInvoice } from './store.ts'

/**
 * Issues the document of one posting: an invoice of what became income, a credit note of what was given back. Once,
 * whoever asks: the seller's settings row queues those who issue, which also keeps the numbers without gaps; whatever is
 * rolled back gives its number back. What does not agree with the books to the minor unit is not written.
 * Publishes `invoice.issued` or `credit_note.issued`.
 *
 * @returns false where it was issued already.
 */
export async function issueInvoice(db: Db, clock: Clock, posting: IncomePosting): Promise<boolean> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    const { sellerId, accountId, currency, correlationId } = posting
    const settings = await lockSettings(tx, sellerId, at)
    if (await isDocumented(tx, sellerId, posting.id)) return false
    const account = await findAccount(tx, sellerId, accountId)
    invariant(account, 'a posting names an account that is there')
    const { lines, isOwed, ...facts } = await describe(tx, posting, account)
    const document = documentOf(posting, lines)
    const isCredit = document.kind === 'credit_note'
    const series = seriesOf(isCredit ? settings.creditNoteSeries : settings.invoiceSeries, at)
    const sequence = await takeSequence(tx, sellerId, `invoice:${series}`)
    const invoice: NewInvoice = {
      ...document,
      ...facts,
      sellerId,
      id: newId(at.getTime()),
      series,
      sequence,
      number: numberOf(series, sequence),
      postingId: posting.id,
      accountId,
      orderId: posting.orderId,
      corrects: isCredit ? await findCorrected(tx, sellerId, { ...facts, orderId: posting.orderId }) : undefined,
      seller: await sellerOf(tx, sellerId, settings),
      buyer: buyerOf(account),
      currency,
      correlationId,
      issuedAt: at,
      dueAt: isOwed && !isCredit ? addDays(at, settings.paymentDays) : at,
      paidMinor: isOwed && !isCredit ? 0n : document.totalMinor,
    }
    await insertInvoice(tx, invoice)
    crashPoint('invoice.numbered')
    await tell(tx, invoice)
    if (isOwed) await settleLocked(tx, posting, at)
    return true
  })
}

const tell = (tx: Tx, invoice: NewInvoice): Promise<void> =>
  publish(tx, {
    sellerId: invoice.sellerId,
    subject: { kind: 'invoice', id: invoice.id },
    tenantId: invoice.accountId,
    actor: systemLabel('invoices'),
    correlationId: invoice.correlationId,
    at: invoice.issuedAt,
    type: invoice.kind === 'invoice' ? 'invoice.issued' : 'credit_note.issued',
    payload: {
      invoice_id: invoice.id,
      account_id: invoice.accountId,
      number: invoice.number,
      title: invoice.title,
      order_id: invoice.orderId,
      subscription_id: invoice.subscriptionId,
      total: formatAmount(invoice.totalMinor, invoice.currency),
      currency: invoice.currency,
      due_at: invoice.dueAt,
      corrects: invoice.corrects?.number ?? null,
    },
  })
