import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId } from '../kernel/ids.ts'
import { findPaymentView } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, type RequestFacts, route } from '../platform/http/route.ts'
import { idOf, Instant } from '../platform/http/schemas.ts'
import type { CardGateway } from './gateway.ts'
import { openCardSession } from './open-card-session.ts'
import { settleCardSession } from './settle-card-session.ts'
import { findByGatewayId, openSessionsOf } from './store.ts'

async function getPayment(db: Db, actor: Principal, id: PaymentId) {
  const payment = await findPaymentView(db, actor, id)
  if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
  return payment
}

const PaymentKey = z.object({ paymentId: idOf<PaymentId>() })

/** @param originOf Where the gateway leads a payer back to: an origin of ours, whatever the Host header says. */
export const cardRoutes = (gateway: CardGateway, originOf: (request: RequestFacts) => string): AnyRoute[] => [
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
    }),
    output: z.object({ url: z.string(), expiresAt: Instant }),
    handle: async ({ db, clock, actor, request }, { paymentId, returnPath = `/client/payments/${paymentId}` }) => {
      const { sellerId } = await getPayment(db, actor, paymentId)
      const returnUrl = `${originOf(request)}${returnPath}?card=back`
      return openCardSession(db, clock, gateway, { sellerId, paymentId, returnUrl })
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
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/stripe/webhooks',
    scope: null,
    summary: 'Take what Stripe tells of card payments',
    description:
      'Signed by Stripe (`Stripe-Signature`). An event is only the reason to ask Stripe what is true now, so events may come twice, late or out of order. Events about anything else are taken and ignored.',
    input: z.looseObject({}),
    output: z.object({ received: z.literal(true) }),
    handle: async ({ db, clock, request }) => {
      const gatewayId = gateway.readWebhook(request.rawBody, request.header('stripe-signature') ?? '')
      const session = gatewayId === null ? undefined : await findByGatewayId(db, gatewayId)
      if (session) await settleCardSession(db, clock, gateway, session)
      return { received: true as const }
    },
  }),
]
