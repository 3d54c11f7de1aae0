import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { stopSubscription } from '../orders/index.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { closeReview, lockReview } from './store.ts'

/**
 * Says what becomes of a subscription that was marked: approved it goes on, refused it is stopped; of a credit hold until
 * the balance covers what is owed. The same decision again changes nothing.
 *
 * @throws {BuylinkError} `not_found`; `conflict`: decided otherwise already, the hold is over, or it cannot be stopped just now.
 */
export async function decideReview(
  db: Db,
  clock: Clock,
  actor: Principal,
  review: {
    readonly sellerId: SellerId
    readonly id: string
    readonly status: 'approved' | 'refused'
    readonly reason: string
  },
): Promise<void> {
  const { sellerId, id, status, reason } = review
  const known = await transaction(db, (tx) => lockReview(tx, sellerId, id))
  if (!known) throw new BuylinkError('not_found', 'There is no such review.')
  // Before it is written down: what cannot be stopped just now is not refused yet.
  if (status === 'refused' && known.status === 'open')
    await stopSubscription(
      { db, clock, actor },
      { sellerId, id: known.subscriptionId },
      known.kind === 'trial' ? 'administrative' : 'credit_hold',
    )
  await transaction(db, async (tx) => {
    const locked = await lockReview(tx, sellerId, id)
    if (locked?.status === status) return
    if (locked?.status === 'withdrawn')
      throw new BuylinkError('conflict', 'The account has left its credit hold; there is nothing left to decide.')
    if (locked?.status !== 'open') throw new BuylinkError('conflict', 'Somebody has decided otherwise meanwhile.')
    const at = clock.now()
    await closeReview(tx, sellerId, id, { status, by: actor.id, reason, at })
    await audit(tx, {
      sellerId,
      tenantId: locked.accountId,
      subject: locked.orderId
        ? { kind: 'order', id: locked.orderId }
        : { kind: 'subscription', id: locked.subscriptionId },
      actor,
      correlationId: actor.correlationId,
      at,
      action: `${locked.kind}_review.${status}`,
      details: { reason },
    })
  })
}
