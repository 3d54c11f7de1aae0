import type { Stripe } from 'stripe'
import { BuylinkError } from '../kernel/errors.ts'

export interface NewGatewaySession {
  /** Asked for twice under the same key, it is made once. */
  readonly idempotencyKey: string
  readonly amountMinor: bigint
  /** ISO 4217. */
  readonly currency: string
  /** What the payer reads on the gateway's page. */
  readonly description: string
  readonly reference: string
  readonly returnUrl: string
  readonly expiresAt: Date
}

/** What the gateway says of a session now, whatever an event said before. */
export interface GatewaySession {
  readonly id: string
  readonly url: string | null
  readonly status: 'open' | 'complete' | 'expired'
  readonly isPaid: boolean
  readonly amountMinor: bigint
  readonly currency: string
  /** Names the movement of money; null until there is one. */
  readonly paymentReference: string | null
}

/** What the gateway says of money that it sends back. */
export interface GatewayRefund {
  readonly id: string
  /** `pending`: not yet certain. */
  readonly status: 'succeeded' | 'pending' | 'failed'
}

/** Takes cards for us; no card number ever reaches this server. */
export interface CardGateway {
  /** @throws {BuylinkError} `gateway_refused`, `gateway_unavailable`. */
  openSession(session: NewGatewaySession): Promise<GatewaySession>
  readSession(gatewayId: string): Promise<GatewaySession>
  /** Ends a page nobody paid on. One that is paid or expired already stays what it is. */
  expireSession(gatewayId: string): Promise<void>
  /**
   * Sends money of a paid session back to its card. Asked for twice under the same key, it is sent once, even when the
   * gateway has forgotten the key (after 24 hours).
   *
   * @throws {BuylinkError} `gateway_refused`, `gateway_unavailable`.
   */
  refund(refund: {
    readonly idempotencyKey: string
    readonly sessionId: string
    readonly amountMinor: bigint
  }): Promise<GatewayRefund>
  readRefund(refundId: string): Promise<GatewayRefund>
  /**
   * Id of the session that a webhook is about; null for events about anything else.
   *
   * @throws {BuylinkError} `invalid_request`: the signature over `rawBody` is not the gateway's, or too old.
   */
  readWebhook(rawBody: string, signature: string): string | null
}

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
    async openSession({ idempotencyKey, amountMinor, currency, description, reference, returnUrl, expiresAt }) {
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
            payment_intent_data: { description: reference },
            success_url: returnUrl,
            cancel_url: returnUrl,
            expires_at: Math.floor(expiresAt.getTime() / 1000),
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
    async refund({ idempotencyKey, sessionId, amountMinor }) {
      const { paymentReference } = toSession(await ask(stripe.checkout.sessions.retrieve(sessionId)))
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
      return event.type.startsWith('checkout.session.') ? (event.data.object as { readonly id: string }).id : null
    },
  }
}

const toSession = (session: Stripe.Checkout.Session): GatewaySession => ({
  id: session.id,
  url: session.url,
  status: session.status === 'complete' ? 'complete' : session.status === 'expired' ? 'expired' : 'open',
  isPaid: session.payment_status === 'paid',
  amountMinor: BigInt(session.amount_total ?? 0),
  currency: (session.currency ?? '').toUpperCase(),
  paymentReference:
    typeof session.payment_intent === 'string' ? session.payment_intent : (session.payment_intent?.id ?? null),
})

const toRefund = ({ id, status }: Stripe.Refund): GatewayRefund => ({
  id,
  status: status === 'succeeded' ? 'succeeded' : status === 'failed' || status === 'canceled' ? 'failed' : 'pending',
})
