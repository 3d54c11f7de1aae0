import { invariant } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { ActorLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { ClockOf } from '../platform/seller-clocks.ts'
import type { Account } from '../accounts/index.ts'
import { ensureHolder } from './card-holder.ts'
import type { CardGateway } from './gateway.ts'
import { keepCard } from './keep-card.ts'
import type { CardPage } from './open-card-session.ts'
import { gatewayExpiryOf, LIFE_MS, SPARE_MS } from './page-life.ts'
import { noteAnswer } from './page-store.ts'
import { lockHolder } from './saved-store.ts'
import type { CardSetup } from './schema.ts'
import { insertSetup, moveSetup, openSetupsOf, silentSetups } from './setup-store.ts'

/**
 * Opens the gateway's page on which an account's card is entered and kept; while it is open, the same page is given again.
 *
 * @param request.agreedBy Who agreed that the card is charged for renewals and due invoices.
 * @throws {BuylinkError} `gateway_refused`; `gateway_unavailable`.
 */
export async function openCardSetup(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  request: { readonly account: Account; readonly returnUrl: string; readonly agreedBy: ActorLabel },
): Promise<CardPage> {
  const { account, returnUrl, agreedBy } = request
  const { sellerId, id: accountId } = account
  const holderId = await ensureHolder(db, clock, gateway, account)
  const setup = await transaction(db, async (tx) => {
    await lockHolder(tx, { sellerId, accountId })
    const at = clock.now()
    const open = await openSetupsOf(tx, sellerId, accountId)
    const usable = open.find(({ expiresAt }) => expiresAt.getTime() > at.getTime() + SPARE_MS)
    if (usable) return usable
    const expiresAt = new Date(at.getTime() + LIFE_MS)
    const blank = { gatewayId: null, url: null, status: 'open' } as const
    const fresh: CardSetup = { sellerId, id: newId(), accountId, ...blank, returnUrl, agreedBy, expiresAt }
    await insertSetup(tx, fresh, at)
    return fresh
  })
  if (setup.url !== null) return { url: setup.url, expiresAt: setup.expiresAt }
  const answer = await gateway.openSetup({
    idempotencyKey: setup.id,
    holderId,
    currency: account.currency,
    returnUrl: setup.returnUrl,
    expiresAt: gatewayExpiryOf(setup.id),
  })
  await noteAnswer(db, 'card_setups', setup, { gatewayId: answer.id, url: answer.url }, clock.now())
  invariant(answer.url, 'a page that was just made has an address')
  return { url: answer.url, expiresAt: setup.expiresAt }
}

/** Brings a page up to what the gateway says of it now, and keeps the card that was entered, once. */
export async function settleCardSetup(db: Db, clock: Clock, gateway: CardGateway, setup: CardSetup): Promise<void> {
  if (setup.status !== 'open' || setup.gatewayId === null) return
  const truth = await gateway.readSession(setup.gatewayId)
  const card = truth.status === 'complete' ? await gateway.keptCard(setup.gatewayId) : undefined
  await transaction(db, async (tx) => {
    const at = clock.now()
    const { sellerId, accountId, agreedBy } = setup
    const status = card ? 'saved' : truth.status === 'expired' ? 'expired' : 'open'
    const isFirst = await moveSetup(tx, setup, status, at)
    if (card && isFirst) await keepCard(tx, { sellerId, accountId, card, agreedBy, at })
  })
}

/** Asks the gateway about pages that nothing was heard of since `before`. @returns What failed. */
export async function checkSilentSetups(
  db: Db,
  clockOf: ClockOf,
  gateway: CardGateway,
  before: Date,
): Promise<unknown[]> {
  const failures: unknown[] = []
  for (const setup of await silentSetups(db, before, 100))
    await settleCardSetup(db, clockOf(setup.sellerId), gateway, setup).catch((error: unknown) => failures.push(error))
  return failures
}
