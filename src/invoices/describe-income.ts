import type { Account } from '../accounts/index.ts'
import { invariant } from '../kernel/errors.ts'
import type { Tx } from '../platform/db.ts'
import { amountLine, orderLine, SOURCES, usageLine } from './rules.ts'
import type { IncomePosting, InvoiceLine } from './schema.ts'
import { reversedNote } from './words.ts'
import { findInvoicedOrder, findInvoicedUsage, type InvoicedOrder, taxFor } from './source-view.ts'
import type { NewInvoice } from './store.ts'

/** What a document says beside its number, its dates and its parties. */
export interface Income
  extends Pick<
    NewInvoice,
    'source' | 'title' | 'orderNumber' | 'paymentId' | 'subscriptionId' | 'starts' | 'ends' | 'taxName' | 'taxNote'
  > {
  readonly lines: readonly InvoiceLine[]
  /** It comes out of the balance, which may be short of it; else it was paid before it was booked. */
  readonly isOwed: boolean
}

/** Reads what a posting was for: the lines of its order, or what was consumed. */
export async function describe(tx: Tx, posting: IncomePosting, account: Account): Promise<Income> {
  const source = SOURCES[posting.kind]
  invariant(source, `no document states a posting of ${posting.kind}`)
  if (source === 'usage') return usageIncome(tx, posting, account)
  const order = posting.orderId ? await findInvoicedOrder(tx, posting.sellerId, posting.orderId) : undefined
  invariant(order, `a posting of ${posting.kind} names its order`)
  const { plan, tax } = order.snapshot
  return {
    source,
    title: plan.name,
    orderNumber: order.number,
    paymentId: posting.paymentId ?? order.paymentId,
    subscriptionId: order.subscriptionId,
    starts: null,
    ends: null,
    taxName: tax.name,
    taxNote: tax.reverse_charge ? reversedNote(account.country) : '',
    lines: linesOf(source, order, posting),
    isOwed: order.paymentModel === 'postpay',
  }
}

/** Given back whole, an order's lines are said again; in part, only the amount is. */
function linesOf(
  source: 'order' | 'return' | 'refund' | 'surplus',
  { lines, snapshot, netMinor, taxMinor }: InvoicedOrder,
  posting: IncomePosting,
): InvoiceLine[] {
  const isWhole = -posting.netMinor === netMinor && -posting.taxMinor === taxMinor
  if (source === 'order' || (source !== 'surplus' && isWhole))
    return lines.map((line) => orderLine(line, posting.currency, snapshot.tax.basis_points))
  const given = { netMinor: -posting.netMinor, taxMinor: -posting.taxMinor }
  return [amountLine(source, snapshot.plan.name, given, snapshot.tax.basis_points)]
}

async function usageIncome(tx: Tx, posting: IncomePosting, account: Account): Promise<Income> {
  const usage = await findInvoicedUsage(tx, posting.sellerId, posting.naturalKey)
  invariant(usage, 'a month that is charged has charges')
  const tax = await taxFor(tx, posting.sellerId, account)
  const isReversed = tax?.isReversed === true && usage.lines.every(({ taxMinor }) => taxMinor === 0n)
  return {
    source: 'usage',
    title: usage.name,
    orderNumber: null,
    paymentId: null,
    subscriptionId: usage.subscriptionId,
    starts: usage.starts,
    ends: usage.ends,
    taxName: tax?.name ?? '',
    taxNote: isReversed ? reversedNote(account.country) : '',
    lines: usage.lines.map(usageLine),
    isOwed: true,
  }
}
