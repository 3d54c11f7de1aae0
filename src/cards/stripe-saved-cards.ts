import type { Stripe } from 'stripe'
import { BuylinkError } from '../kernel/errors.ts'
import type { GatewayCard, GatewayCharge, SavedCardGateway } from './gateway.ts'
import { secondsOf, toSession } from './stripe-session.ts'

type Ask = <T>(question: Promise<T>) => Promise<T>

/** What the gateway refuses has been decided already, so what is true now is asked for instead. */
async function unlessRefused<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question
  } catch (error) {
    if (error instanceof BuylinkError && error.code === 'gateway_refused') return undefined
    throw error
  }
}

/** Cards that Stripe keeps: customers, Checkout in setup mode, PaymentIntents confirmed off-session. */
export function stripeSavedCards(stripe: Stripe, ask: Ask): SavedCardGateway {
  const readCharge = async (id: string): Promise<GatewayCharge> =>
    toCharge(await ask(stripe.paymentIntents.retrieve(id)))
  return {
    async createHolder({ idempotencyKey, name, accountId }) {
      const customer = { name, metadata: { account: accountId } }
      return (await ask(stripe.customers.create(customer, { idempotencyKey }))).id
    },
    async openSetup({ idempotencyKey, holderId, currency, returnUrl, expiresAt }) {
      const session = {
        mode: 'setup' as const,
        customer: holderId,
        currency: currency.toLowerCase(),
        payment_method_types: ['card' as const],
        success_url: returnUrl,
        cancel_url: returnUrl,
        expires_at: secondsOf(expiresAt),
      }
      return toSession(await ask(stripe.checkout.sessions.create(session, { idempotencyKey })))
    },
    async keptCard(sessionId) {
      const expand = ['payment_intent.payment_method', 'setup_intent.payment_method']
      const session = await ask(stripe.checkout.sessions.retrieve(sessionId, { expand }))
      const intent = session.setup_intent ?? session.payment_intent
      const method = intent !== null && typeof intent === 'object' ? intent.payment_method : null
      return session.status === 'complete' && method !== null && typeof method === 'object' ? toCard(method) : undefined
    },
    forgetCard: async (cardId) => void (await unlessRefused(ask(stripe.paymentMethods.detach(cardId)))),
    async prepareCharge({ idempotencyKey, holderId, cardId, amountMinor, currency, description }) {
      const intent = {
        amount: Number(amountMinor),
        currency: currency.toLowerCase(),
        customer: holderId,
        payment_method: cardId,
        payment_method_types: ['card'],
        description,
        metadata: { charge: idempotencyKey },
      }
      return toCharge(await ask(stripe.paymentIntents.create(intent, { idempotencyKey })))
    },
    async carryOutCharge({ idempotencyKey, id }) {
      try {
        return toCharge(await ask(stripe.paymentIntents.confirm(id, { off_session: true }, { idempotencyKey })))
      } catch (error) {
        if (!(error instanceof BuylinkError && error.code === 'gateway_refused')) throw error
        const now = await readCharge(id)
        if (now.status !== 'ready') return now
        // Not even tried, say because the card is gone: it never will be.
        await unlessRefused(ask(stripe.paymentIntents.cancel(id)))
        return { ...now, status: 'declined', message: error.message }
      }
    },
    readCharge,
    async cancelCharge(id) {
      const cancelled = await unlessRefused(ask(stripe.paymentIntents.cancel(id)))
      return cancelled ? toCharge(cancelled) : readCharge(id)
    },
  }
}

function toCard({ id, card }: Stripe.PaymentMethod): GatewayCard | undefined {
  if (!card) return undefined
  const { brand, last4, exp_month: expMonth, exp_year: expYear, fingerprint } = card
  return { id, brand, last4, expMonth, expYear, fingerprint: fingerprint ?? null }
}

function toCharge(intent: Stripe.PaymentIntent): GatewayCharge {
  const { id, amount, currency, last_payment_error: error } = intent
  return {
    id,
    status: statusOf(intent),
    amountMinor: BigInt(amount),
    currency: currency.toUpperCase(),
    message: error?.message ?? '',
  }
}

/** A refused intent waits for another card; one that nobody has tried yet waits to be confirmed. */
function statusOf({ status, last_payment_error: error }: Stripe.PaymentIntent): GatewayCharge['status'] {
  if (status === 'succeeded') return 'paid'
  if (status === 'processing') return 'pending'
  if (status === 'canceled') return 'cancelled'
  if (status === 'requires_confirmation') return 'ready'
  return status === 'requires_action' || error?.code === 'authentication_required' ? 'needs_payer' : 'declined'
}
