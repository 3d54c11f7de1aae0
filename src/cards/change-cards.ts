import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { dropCard } from './keep-card.ts'
import { cardsOf, findCard, lockHolder, setDefault } from './saved-store.ts'

interface Which {
  readonly sellerId: SellerId
  readonly cardId: string
}

/** Makes a kept card the one that is charged. Asked again: no change. @throws {BuylinkError} `not_found`. */
export async function chargeByDefault(
  db: Db,
  clock: Clock,
  actor: Principal,
  { sellerId, cardId }: Which,
): Promise<void> {
  await transaction(db, async (tx) => {
    const known = await findCard(tx, sellerId, cardId)
    if (known) await lockHolder(tx, known)
    const card = known && (await cardsOf(tx, known)).find(({ id }) => id === cardId)
    if (!card) throw new BuylinkError('not_found', 'There is no such card.')
    if (card.isDefault) return
    await setDefault(tx, card, cardId)
    await audit(tx, {
      sellerId,
      subject: { kind: 'card', id: cardId },
      tenantId: card.accountId,
      actor,
      correlationId: actor.correlationId,
      at: clock.now(),
      action: 'card.make_default',
      details: { last4: card.last4 },
    })
  })
}

/** Removes a kept card; of those left, the newest is charged from now on. Asked again: no change. */
export async function removeCard(db: Db, clock: Clock, actor: Principal, { sellerId, cardId }: Which): Promise<void> {
  await transaction(db, async (tx) => {
    const card = await findCard(tx, sellerId, cardId)
    if (!card) return
    await lockHolder(tx, card)
    const cause = { actor, correlationId: actor.correlationId, at: clock.now() }
    await dropCard(tx, { sellerId, cardId, ...cause })
    const [next] = await cardsOf(tx, card)
    if (next && !next.isDefault) await setDefault(tx, card, next.id)
  })
}
