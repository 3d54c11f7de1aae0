import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, TenantId } from '../kernel/ids.ts'
import { findPaymentView } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, type RequestFacts, route } from '../platform/http/route.ts'
import { Instant, idOf } from '../platform/http/schemas.ts'
import type { ClockOf } from '../platform/seller-clocks.ts'
import { type BookingQueue, bookTogether } from './book-paid-sessions.ts'
import { ensureHolder } from './card-holder.ts'
import { settleCharge } from './charge-card.ts'
import { chargesOf, findChargeByGatewayId } from './charge-store.ts'
import type { CardGateway } from './gateway.ts'
import { openCardSession } from './open-card-session.ts'
import { settleCardSetup } from './open-card-setup.ts'
import { savedCardRoutes } from './saved-card-routes.ts'
import { settleCardSession } from './settle-card-session.ts'
import { findSetupByGatewayId } from './setup-store.ts'
import { findByGatewayId, openSessionsOf } from './store.ts'

async function getPayment(db: Db, actor: Principal, id: PaymentId) {
  const payment = await findPaymentView(db, actor, id)
  if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
  return payment
}

/** A view's id is any; this one came from an account's row. */
const idOfAccount = (id: string): TenantId => id as TenantId

const PaymentKey = z.object({ paymentId: idOf<PaymentId>() })

export interface CardRouteDeps {
  readonly gateway: CardGateway
  readonly booking: BookingQueue
  /** Of a seller: a webhook has no caller by whose clock it would live. */
  readonly clockOf: ClockOf
  /** Where the gateway leads a payer back to: an origin of ours, whatever the Host header says. */
  readonly originOf: (request: RequestFacts) => string
}

export const cardRoutes = ({ gateway, booking, clockOf, originOf }: CardRouteDeps): AnyRoute[] => [
  ...savedCardRoutes(gateway, originOf),
  route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/card-sessions',
    scope: 'payments:write',
    summary: 'Open the page on which a payment is paid by card',
    description: 'Send the payer to `url`. While it is open, the same page is given again.',
    status: 201,
    input: PaymentKey.extend({
      returnPath: z
        .string()
        .max(200)
        .regex(/^\/client(\/[\w-]+)*$/)
        .optional()
        .meta({
          description: 'Page of the control panel to come back to, with `?card=back`; by default the payment’s',
        }),
      saveCard: z.boolean().default(false).meta({
        description: 'The payer agreed that the card is kept, and charged for renewals and due invoices',
      }),
    }),
    output: z.object({ url: z.string(), expiresAt: Instant }),
    handle: async (
      { db, clock, actor, request },
      { paymentId, saveCard, returnPath = `/client/payments/${paymentId}` },
    ) => {
      const { sellerId, account } = await getPayment(db, actor, paymentId)
      const returnUrl = `${originOf(request)}${returnPath}?card=back`
      const holder = saveCard && { sellerId, id: idOfAccount(account.id), name: account.name }
      const keepFor = holder
        ? { holderId: await ensureHolder(db, clock, gateway, holder), agreedBy: { kind: actor.kind, id: actor.id } }
        : undefined
      return openCardSession(db, clock, gateway, { sellerId, paymentId, returnUrl, keepFor })
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/card-sessions/check',
    scope: 'payments:write',
    summary: 'Ask the gateway what became of a payment’s card page',
    description:
      'For the moment the payer comes back, when the webhook may still be on its way. Asked again: no change.',
    status: 204,
    input: PaymentKey,
    output: z.void(),
    handle: async ({ db, clock, actor }, { paymentId }) => {
      const { sellerId } = await getPayment(db, actor, paymentId)
      for (const session of await openSessionsOf(db, sellerId, paymentId))
        await settleCardSession(db, clock, gateway, session)
      for (const charge of await chargesOf(db, sellerId, paymentId)) await settleCharge(db, clock, gateway, charge)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/stripe/webhooks',
    scope: null,
    summary: 'Take what Stripe tells of card payments',
    description:
      'Signed by Stripe (`Stripe-Signature`). An event is only the reason to ask Stripe what is true now, so events may come twice, late or out of order. Events about anything else are taken and ignored.',
    // The gateway sends bursts from a few addresses; a stranger's are refused for their signature.
    limitPerMinute: 60_000,
    input: z.looseObject({}),
    output: z.object({ received: z.literal(true) }),
    handle: async ({ db, request }) => {
      const about = gateway.readWebhook(request.rawBody, request.header('stripe-signature') ?? '')
      const session = about?.kind === 'session' ? await findByGatewayId(db, about.id) : undefined
      const setup = about?.kind === 'session' && !session ? await findSetupByGatewayId(db, about.id) : undefined
      const charge = about?.kind === 'charge' ? await findChargeByGatewayId(db, about.id) : undefined
      if (session)
        await settleCardSession(db, clockOf(session.sellerId), gateway, session, (paid) => bookTogether(booking, paid))
      if (setup) await settleCardSetup(db, clockOf(setup.sellerId), gateway, setup)
      if (charge) await settleCharge(db, clockOf(charge.sellerId), gateway, charge)
      return { received: true as const }
    },
  }),
]
