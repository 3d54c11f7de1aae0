import { z } from 'zod'
import { getAccount } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { newId, type PaymentId, type TenantId } from '../kernel/ids.ts'
import { findPaymentView, lockPayment } from '../payments/index.ts'
import { transaction } from '../platform/db.ts'
import { type AnyRoute, type RequestFacts, route } from '../platform/http/route.ts'
import { Amount, idOf, Instant, Uuid } from '../platform/http/schemas.ts'
import { chargeByDefault, removeCard } from './change-cards.ts'
import { beginCharge, settleCharge } from './charge-card.ts'
import { chargesOf } from './charge-store.ts'
import type { CardGateway } from './gateway.ts'
import { openCardSetup, settleCardSetup } from './open-card-setup.ts'
import { cardsOf, findCard } from './saved-store.ts'
import type { SavedCard } from './schema.ts'
import { openSetupsOf } from './setup-store.ts'

const CardView = z.object({
  id: Uuid,
  brand: z.string().meta({ description: 'As the gateway calls it: `visa`' }),
  last4: z.string(),
  expMonth: z.int(),
  expYear: z.int(),
  isDefault: z.boolean().meta({ description: 'Charged for renewals and due invoices' }),
  createdAt: Instant,
})
const ChargeView = z.object({
  id: Uuid,
  status: z.enum(['asked', 'pending', 'paid', 'needs_payer', 'declined', 'cancelled']).meta({
    description: '`needs_payer`: the card’s bank wants its holder to agree, on the page of a card session',
  }),
  amount: Amount,
  card: CardView.pick({ id: true, brand: true, last4: true }).nullable(),
  message: z.string().meta({ description: 'What the card’s bank said of a refusal' }),
  createdAt: Instant,
})

const AccountKey = z.object({ accountId: idOf<TenantId>() })
const CardKey = AccountKey.extend({ cardId: Uuid })
const PaymentKey = z.object({ paymentId: idOf<PaymentId>() })

const viewOf = ({
  id,
  brand,
  last4,
  expMonth,
  expYear,
  isDefault,
  createdAt,
}: SavedCard): z.output<typeof CardView> => ({
  id,
  brand,
  last4,
  expMonth,
  expYear,
  isDefault,
  createdAt,
})

/** Cards that customers agreed to have kept, and payments by them. No number of a card is ever here. */
export const savedCardRoutes = (gateway: CardGateway, originOf: (request: RequestFacts) => string): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/accounts/:accountId/cards',
    scope: 'payments:read',
    summary: 'List the cards that an account has kept, the one that is charged first',
    input: AccountKey,
    output: z.object({ items: z.array(CardView) }),
    handle: async ({ db, actor }, { accountId }) => {
      const { sellerId } = await getAccount(db, actor, accountId)
      return { items: (await cardsOf(db, { sellerId, accountId })).map(viewOf) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/accounts/:accountId/card-setups',
    scope: 'payments:write',
    summary: 'Open the page on which a card is entered and kept',
    description:
      'Asking for it says that its holder agrees to be charged for renewals and due invoices. Send the holder to `url`; nothing is paid there. The card kept last is the one that is charged.',
    status: 201,
    input: AccountKey.extend({ agree: z.literal(true) }),
    output: z.object({ url: z.string(), expiresAt: Instant }),
    handle: async ({ db, clock, actor, request }, { accountId }) => {
      const account = await getAccount(db, actor, accountId)
      const returnUrl = `${originOf(request)}/client/cards?card=back`
      return openCardSetup(db, clock, gateway, { account, returnUrl, agreedBy: { kind: actor.kind, id: actor.id } })
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/accounts/:accountId/card-setups/check',
    scope: 'payments:write',
    summary: 'Ask the gateway what became of the page on which a card is entered',
    description:
      'For the moment its holder comes back, when the webhook may still be on its way. Asked again: no change.',
    status: 204,
    input: AccountKey,
    output: z.void(),
    handle: async ({ db, clock, actor }, { accountId }) => {
      const { sellerId } = await getAccount(db, actor, accountId)
      for (const setup of await openSetupsOf(db, sellerId, accountId)) await settleCardSetup(db, clock, gateway, setup)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/accounts/:accountId/cards/:cardId/make-default',
    scope: 'payments:write',
    summary: 'Make a kept card the one that is charged',
    input: CardKey,
    output: z.object({ items: z.array(CardView) }),
    handle: async ({ db, clock, actor }, { accountId, cardId }) => {
      const { sellerId } = await getAccount(db, actor, accountId)
      const card = await findCard(db, sellerId, cardId)
      if (card?.accountId !== accountId) throw new BuylinkError('not_found', 'There is no such card.')
      await chargeByDefault(db, clock, actor, { sellerId, cardId })
      return { items: (await cardsOf(db, { sellerId, accountId })).map(viewOf) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/accounts/:accountId/cards/:cardId',
    scope: 'payments:write',
    summary: 'Remove a kept card',
    description: 'The gateway forgets it too. Of those left, the one kept last is charged from now on.',
    status: 204,
    input: CardKey,
    output: z.void(),
    handle: async ({ db, clock, actor }, { accountId, cardId }) => {
      const { sellerId } = await getAccount(db, actor, accountId)
      const card = await findCard(db, sellerId, cardId)
      if (card?.accountId !== accountId) throw new BuylinkError('not_found', 'There is no such card.')
      await removeCard(db, clock, actor, { sellerId, cardId })
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/payments/:paymentId/card-charges',
    scope: 'payments:read',
    summary: 'List how a payment was charged to kept cards, oldest first',
    input: PaymentKey,
    output: z.object({ items: z.array(ChargeView) }),
    handle: async ({ db, actor }, { paymentId }) => {
      const payment = await findPaymentView(db, actor, paymentId)
      if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
      const items = []
      for (const { id, status, amountMinor, currency, cardId, message, createdAt } of await chargesOf(
        db,
        payment.sellerId,
        paymentId,
      )) {
        const card = (await findCard(db, payment.sellerId, cardId)) ?? null
        items.push({ id, status, amount: { amountMinor, currency }, card: card && viewOf(card), message, createdAt })
      }
      return { items }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/card-charges',
    scope: 'payments:write',
    summary: 'Charge what is outstanding of a payment to a kept card now',
    description:
      'A refusal is an answer too: `declined`, or `needs_payer` where the card’s bank wants its holder to agree; then open a card session. While one charge is not settled, asking again gives the same one.',
    status: 201,
    input: PaymentKey.extend({ cardId: Uuid.optional().meta({ description: 'By default the one that is charged' }) }),
    output: ChargeView,
    handle: async ({ db, clock, actor }, { paymentId, cardId }) => {
      const view = await findPaymentView(db, actor, paymentId)
      if (!view) throw new BuylinkError('not_found', 'There is no such payment.')
      const { sellerId } = view
      const charge = await transaction(db, async (tx) => {
        const payment = await lockPayment(tx, sellerId, paymentId)
        const request = { cause: `by_hand:${newId()}`, cardId, by: actor }
        return payment && ((await beginCharge(tx, payment, request, clock.now())) ?? null)
      })
      if (!charge) throw new BuylinkError('conflict', 'This payment no longer waits, or there is no such card.')
      const status = await settleCharge(db, clock, gateway, charge)
      const card = (await findCard(db, sellerId, charge.cardId)) ?? null
      const message = (await chargesOf(db, sellerId, paymentId)).find(({ id }) => id === charge.id)?.message ?? ''
      const { id, amountMinor, currency, createdAt } = charge
      return { id, status, amount: { amountMinor, currency }, card: card && viewOf(card), message, createdAt }
    },
  }),
]
