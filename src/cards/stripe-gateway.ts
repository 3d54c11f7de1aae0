import type { Stripe } from 'stripe'
import { BuylinkError } from '../kernel/errors.ts'
import type { CardGateway, GatewayRefund, WebhookSubject } from './gateway.ts'
import { stripeSavedCards } from './stripe-saved-cards.ts'
import { secondsOf, toSession } from './stripe-session.ts'

export interface StripeSettings {
  readonly secretKey: string
  readonly webhookSecret: string | undefined
  /** Another address than Stripe's own, for a stand-in. */
  readonly apiBase: string | undefined
}

/** The library is loaded where cards are taken: it would be a tenth of an idle server's memory. */
export async function createStripeGateway(settings: StripeSettings): Promise<CardGateway> {
  const { Stripe: Client } = await import('stripe')
  const base = settings.apiBase === undefined ? undefined : new URL(settings.apiBase)
  const stripe = new Client(settings.secretKey, {
    maxNetworkRetries: 2,
    timeout: 20_000,
    telemetry: false,
    ...(base && {
      host: base.hostname,
      port: base.port || (base.protocol === 'http:' ? '80' : '443'),
      protocol: base.protocol === 'http:' ? 'http' : 'https',
    }),
  })

  /** Their errors carry what a customer may read; anything else is that they could not be reached. */
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question
    } catch (cause) {
      const isRefusal =
        cause instanceof Client.errors.StripeInvalidRequestError || cause instanceof Client.errors.StripeCardError
      if (isRefusal) throw new BuylinkError('gateway_refused', cause.message, { cause })
      throw new BuylinkError('gateway_unavailable', 'Card payments cannot be reached now. Try again shortly.', {
        cause,
      })
    }
  }

  return {
    ...stripeSavedCards(stripe, ask),
    async openSession({
      idempotencyKey,
      amountMinor,
      currency,
      description,
      reference,
      returnUrl,
      expiresAt,
      holderId,
    }) {
      const session = await ask(
        stripe.checkout.sessions.create(
          {
            mode: 'payment',
            client_reference_id: reference,
            line_items: [
              {
                quantity: 1,
                price_data: {
                  currency: currency.toLowerCase(),
                  unit_amount: Number(amountMinor),
                  product_data: { name: description },
                },
              },
            ],
            payment_intent_data: {
              description: reference,
              ...(holderId !== undefined && { setup_future_usage: 'off_session' as const }),
            },
            ...(holderId !== undefined && { customer: holderId }),
            success_url: returnUrl,
            cancel_url: returnUrl,
            expires_at: secondsOf(expiresAt),
          },
          { idempotencyKey },
        ),
      )
      return toSession(session)
    },
    readSession: async (gatewayId) => toSession(await ask(stripe.checkout.sessions.retrieve(gatewayId))),
    async expireSession(gatewayId) {
      await ask(stripe.checkout.sessions.expire(gatewayId)).catch((error: unknown) => {
        if (!(error instanceof BuylinkError && error.code === 'gateway_refused')) throw error
      })
    },
    async refund({ idempotencyKey, paidId, amountMinor }) {
      const isCharge = paidId.startsWith('pi_')
      const paymentReference = isCharge
        ? paidId
        : toSession(await ask(stripe.checkout.sessions.retrieve(paidId))).paymentReference
      if (paymentReference === null)
        throw new BuylinkError('gateway_refused', 'Nothing was paid by card that could go back.')
      const of = { payment_intent: paymentReference }
      const { data: sent } = await ask(stripe.refunds.list({ ...of, limit: 100 }))
      const known = sent.find(({ metadata }) => metadata?.['refund'] === idempotencyKey)
      if (known) return toRefund(known)
      const refund = { ...of, amount: Number(amountMinor), metadata: { refund: idempotencyKey } }
      return toRefund(await ask(stripe.refunds.create(refund, { idempotencyKey })))
    },
    readRefund: async (refundId) => toRefund(await ask(stripe.refunds.retrieve(refundId))),
    readWebhook(rawBody, signature) {
      if (settings.webhookSecret === undefined)
        throw new BuylinkError('invalid_request', 'Webhooks are not taken here: STRIPE_WEBHOOK_SECRET is not set.')
      let event: Stripe.Event
      try {
        event = stripe.webhooks.constructEvent(rawBody, signature, settings.webhookSecret)
      } catch (cause) {
        throw new BuylinkError('invalid_request', 'The signature is not the gateway’s.', { cause })
      }
      return subjectOf(event)
    },
  }
}

function subjectOf({ type, data }: Stripe.Event): WebhookSubject | null {
  const { id } = data.object as { readonly id: string }
  if (type.startsWith('checkout.session.')) return { kind: 'session', id }
  return type.startsWith('payment_intent.') ? { kind: 'charge', id } : null
}

const toRefund = ({ id, status }: Stripe.Refund): GatewayRefund => ({
  id,
  status: status === 'succeeded' ? 'succeeded' : status === 'failed' || status === 'canceled' ? 'failed' : 'pending',
})
