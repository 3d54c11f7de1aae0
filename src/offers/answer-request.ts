import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { findOffers } from './offers-view.ts'
import { markAnswered, type OfferId } from './store.ts'

/**
 * The contact's answer to whoever asked for one: kept, and mailed to the customer. Once; answered again, nothing changes.
 *
 * @throws {BuylinkError} `not_found`; `conflict`: nobody asked; `unprocessable`: no answer.
 */
export async function answerRequest(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  actor: Principal,
  { offerId, reply }: { readonly offerId: OfferId; readonly reply: string },
): Promise<void> {
  const known = await findOffers(db, actor, offerId)
  if (!known) throw new BuylinkError('not_found', 'There is no such offer.')
  if (known.askedAt === null) throw new BuylinkError('conflict', 'Nobody asked about this offer.')
  if (reply === '')
    throw new BuylinkError('unprocessable', 'Write an answer.', {
      problems: [{ path: 'reply', code: 'required', message: 'Write an answer.' }],
    })
  const { sellerId, account, correlationId } = known
  const at = clock.now()
  await transaction(db, async (tx) => {
    const by = actor.kind === 'user' ? (actor.id as UserId) : null
    if (!(await markAnswered(tx, sellerId, offerId, { reply, by, at }))) return
    const about = { sellerId, subject: { kind: 'offer', id: offerId }, tenantId: account.id, actor, correlationId, at }
    const payload = { offer_id: offerId, account_id: account.id, reply }
    await publish(tx, { ...about, type: 'offer.answered', payload })
    await audit(tx, { ...about, action: 'offer.answer', details: { offer_id: offerId } })
  })
}
