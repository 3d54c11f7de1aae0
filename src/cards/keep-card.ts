import { type CorrelationId, newId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, type Occurrence, publish } from '../platform/events/publish.ts'
import type { GatewayCard } from './gateway.ts'
import { copiesOf, findCard, insertCard, lockHolder, markRemoved, setDefault } from './saved-store.ts'

export interface Keeping {
  readonly sellerId: SellerId
  readonly accountId: TenantId
  readonly card: GatewayCard
  /** Who agreed. */
  readonly agreedBy: ActorLabel
  readonly at: Date
}

/**
 * Notes a card that the gateway keeps, once; from now on it is the one that is charged. The same card entered again takes
 * the place of its earlier copy. Publishes `card.saved`.
 */
export async function keepCard(tx: Tx, { sellerId, accountId, card, agreedBy, at }: Keeping): Promise<void> {
  const whose = { sellerId, accountId }
  await lockHolder(tx, whose)
  const cardId = newId<string>(at.getTime())
  if (!(await insertCard(tx, whose, { ...card, cardId, agreedBy }, at))) return
  await setDefault(tx, whose, cardId)
  const cause = { actor: agreedBy, correlationId: newId<CorrelationId>(at.getTime()), at }
  await tell(tx, { ...whose, cardId, card, ...cause }, 'card.saved')
  for (const copy of await copiesOf(tx, whose, { cardId, fingerprint: card.fingerprint }))
    await dropCard(tx, { sellerId, cardId: copy, ...cause })
}

interface Drop extends Pick<Occurrence, 'actor' | 'correlationId' | 'at'> {
  readonly sellerId: SellerId
  readonly cardId: string
}

/** Removes a card, once: it is not charged any more. Publishes `card.removed`, upon which the gateway forgets it. */
export async function dropCard(tx: Tx, { sellerId, cardId, ...cause }: Drop): Promise<boolean> {
  const card = await findCard(tx, sellerId, cardId)
  if (!card || !(await markRemoved(tx, sellerId, cardId, cause.at))) return false
  await tell(tx, { sellerId, accountId: card.accountId, cardId, card, ...cause }, 'card.removed')
  return true
}

async function tell(
  tx: Tx,
  {
    sellerId,
    accountId,
    cardId,
    card,
    ...cause
  }: Drop & {
    readonly accountId: TenantId
    readonly card: Pick<GatewayCard, 'brand' | 'last4' | 'expMonth' | 'expYear'>
  },
  type: 'card.saved' | 'card.removed',
): Promise<void> {
  const about = { sellerId, subject: { kind: 'card', id: cardId }, tenantId: accountId, ...cause }
  const payload = {
    card_id: cardId,
    account_id: accountId,
    brand: card.brand,
    last4: card.last4,
    expires: `${card.expYear}-${String(card.expMonth).padStart(2, '0')}`,
  }
  await publish(tx, { ...about, type, payload })
  await audit(tx, { ...about, action: type === 'card.saved' ? 'card.save' : 'card.remove', details: payload })
}
