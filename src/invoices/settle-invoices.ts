import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { lockDebt } from './debt-view.ts'
import { settle } from './rules.ts'
import { notePaid, owedBy } from './store.ts'

export interface Payer {
  readonly sellerId: SellerId
  readonly accountId: TenantId
  readonly currency: string
}

/** As `settleInvoices`, in the caller's transaction. The balance's row lock queues those who settle. */
export async function settleLocked(tx: Tx, payer: Payer, at: Date): Promise<void> {
  const debtMinor = await lockDebt(tx, payer)
  const owed = await owedBy(tx, payer.sellerId, payer.accountId, payer.currency)
  const paid = settle(owed, debtMinor)
  await notePaid(tx, payer.sellerId, paid, at)
  const whole = new Map(paid.map(({ id, paidMinor }) => [id, paidMinor]))
  for (const invoice of owed) {
    if (whole.get(invoice.id) !== invoice.totalMinor) continue
    await publish(tx, {
      sellerId: payer.sellerId,
      subject: { kind: 'invoice', id: invoice.id },
      tenantId: payer.accountId,
      actor: systemLabel('invoices'),
      correlationId: invoice.correlationId,
      at,
      type: 'invoice.paid',
      payload: { invoice_id: invoice.id, account_id: payer.accountId, number: invoice.number },
    })
  }
}

/**
 * Brings what an account's invoices say is paid in line with its balance: oldest first, all but what the balance is
 * short of. Asked again: no change. Publishes `invoice.paid`.
 */
export async function settleInvoices(db: Db, clock: Clock, payer: Payer): Promise<void> {
  await transaction(db, (tx) => settleLocked(tx, payer, clock.now()))
}
