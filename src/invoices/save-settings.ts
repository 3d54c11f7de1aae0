import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import type { InvoiceSettings } from './schema.ts'
import { lockSettings, saveSettings } from './store.ts'

/**
 * Sets what a seller's documents will say and how they are numbered; those that are issued stay as they are.
 *
 * @throws {BuylinkError} `version_mismatch`.
 */
export async function changeSettings(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  settings: Omit<InvoiceSettings, 'version'>,
  expectedVersion: bigint | undefined,
): Promise<void> {
  await transaction(db, async (tx) => {
    const at = clock.now()
    const before = await lockSettings(tx, sellerId, at)
    if (expectedVersion !== undefined && expectedVersion !== before.version)
      throw new BuylinkError('version_mismatch', 'Somebody changed these settings meanwhile. Load them again.')
    if (settings.invoiceSeries === settings.creditNoteSeries)
      throw new BuylinkError('invalid_request', 'Invoices and credit notes need series of their own.', {
        problems: [{ path: 'credit_note_series', code: 'taken', message: 'Invoices have this series' }],
      })
    await saveSettings(tx, sellerId, settings, at)
    await audit(tx, {
      sellerId,
      subject: { kind: 'invoice_settings', id: sellerId },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'invoice_settings.change',
      details: {
        invoice_series: settings.invoiceSeries,
        credit_note_series: settings.creditNoteSeries,
        payment_days: settings.paymentDays,
      },
    })
  })
}
