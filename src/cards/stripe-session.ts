import type { Stripe } from 'stripe'
import type { GatewaySession } from './gateway.ts'

export const toSession = (session: Stripe.Checkout.Session): GatewaySession => ({
  id: session.id,
  url: session.url,
  status: session.status === 'complete' ? 'complete' : session.status === 'expired' ? 'expired' : 'open',
  isPaid: session.payment_status === 'paid',
  amountMinor: BigInt(session.amount_total ?? 0),
  currency: (session.currency ?? '').toUpperCase(),
  paymentReference:
    typeof session.payment_intent === 'string' ? session.payment_intent : (session.payment_intent?.id ?? null),
})

export const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000)
