import { BuylinkError } from '../kernel/errors.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { findOffers } from './offers-view.ts'
import { markAsked, type OfferId } from './store.ts'

/**
 * Hands what was offered to the account's manager, where the customer would rather be called than buy, or may not buy.
 * Once: asked again, nothing more is sent.
 *
 * @throws {BuylinkError} `not_found`.
 */
export async function askProvider(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  actor: Principal,
  { offerId, message }: { readonly offerId: OfferId; readonly message: string },
): Promise<void> {
  const known = await findOffers(db, actor, offerId)
  if (!known) throw new BuylinkError('not_found', 'There is no such offer.')
  const { sellerId, account, correlationId, answer } = known
  const [offer] = answer.offers
  const at = clock.now()
  await transaction(db, async (tx) => {
    if (!(await markAsked(tx, sellerId, offerId, message, at))) return
    const about = { sellerId, subject: { kind: 'offer', id: offerId }, tenantId: account.id, actor, correlationId, at }
    const payload = {
      offer_id: offerId,
      account_id: account.id,
      user_id: actor.kind === 'user' ? actor.id : null,
      usage_names: [...new Set(answer.items.map(({ usageName }) => usageName))],
      // The first of what was offered, for whoever reads the mail.
      today: offer ? text(offer.today) : '',
      recurring: offer ? text(offer.recurringAfter) : '',
      message,
    }
    await publish(tx, { ...about, type: 'offer.contact_requested', payload })
    await audit(tx, { ...about, action: 'offer.contact', details: { offer_id: offerId } })
  })
}

const text = ({ amountMinor, currency }: Money): string => `${formatAmount(amountMinor, currency)} ${currency}`
