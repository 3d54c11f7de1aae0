import { differences } from '../kernel/differences.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import { ensureAccountClass } from './create-seller.ts'
import type { AccountClass } from './schema.ts'

/**
 * Changes how a seller treats its accounts: its default class, made when there is none. What is absent stays. What is due
 * already of a running subscription keeps its day.
 *
 * @throws {BuylinkError} `unprocessable`: renewing by hand would begin later than by itself.
 */
export async function saveAccountClass(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  change: Partial<Omit<AccountClass, 'id'>>,
): Promise<void> {
  await transaction(db, async (tx) => {
    const before = await ensureAccountClass(tx, clock, sellerId, change)
    const after = { ...before, ...change }
    // Who may renew by hand at all can do so before it is done by itself (facts A3.9).
    if (after.manualRenewDays > 0 && after.manualRenewDays < after.autoRenewDays)
      throw new BuylinkError(
        'unprocessable',
        `By hand one may renew ${after.autoRenewDays} days before the end at the latest, when it is done by itself; or always (-1), or never (0).`,
      )
    const changes = differences(before, after)
    if (changes.length === 0) return
    await tx
      .updateTable('account_classes')
      .set({
        name: after.name,
        payment_model: after.paymentModel,
        hold_threshold_minor: after.holdThresholdMinor,
        subzero_period_days: after.subzeroPeriodDays,
        stop_type: after.stopType,
        cancel_unpaid_after_days: after.cancelUnpaidAfterDays,
        auto_renew_days: after.autoRenewDays,
        manual_renew_days: after.manualRenewDays,
        grace_days: after.graceDays,
        deletion_days: after.deletionDays,
        billing_day: after.billingDay,
      })
      .where('seller_id', '=', sellerId)
      .where('id', '=', before.id)
      .execute()
    await audit(tx, {
      sellerId,
      subject: { kind: 'account_class', id: before.id },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at: clock.now(),
      action: 'account_class.update',
      details: {
        changes: Object.fromEntries(
          changes.map(({ path, from, to }) => [path, { from: from ?? null, to: to ?? null }]),
        ),
      },
    })
  })
}
