import { findAccount } from '../accounts/index.ts'
import { type Clock, DAY_MS } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { issueInvoice } from './issue-invoice.ts'
import { settleInvoices } from './settle-invoices.ts'
import { undocumentedOf, undocumentedSince } from './source-view.ts'

/** Income moves in the transaction that publishes one of these, and so does what a customer's balance holds. */
export const invoiceSubscriber: Subscriber = {
  name: 'invoices',
  on: [
    'provisioning.requested',
    'order.completed',
    'order.cancelled',
    'usage.charged',
    'payment.refunded',
    'payment.completed',
    'payment.received',
  ],
  async handle({ sellerId, tenantId, correlationId }, { db, clock }) {
    for (const posting of await undocumentedOf(db, sellerId, correlationId)) await issueInvoice(db, clock, posting)
    const account = tenantId && (await findAccount(db, sellerId, tenantId))
    if (account) await settleInvoices(db, clock, { sellerId, accountId: account.id, currency: account.currency })
  },
}

/** Issues what no event has told of: income of the last week without a document. */
export async function issueMissing(db: Db, clock: Clock): Promise<void> {
  const since = new Date(clock.now().getTime() - 7 * DAY_MS)
  for (const posting of await undocumentedSince(db, clock, since, 500)) await issueInvoice(db, clock, posting)
}
