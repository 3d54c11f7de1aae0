import { type CardGateway, createStripeGateway } from '../src/cards/index.ts'
import type { Clock } from '../src/kernel/time.ts'
import { startStripe } from '../test/harness/stripe.ts'
import type { TestCard } from '../test/harness/stripe-shapes.ts'
import { chance } from './random.ts'

/** Money that was taken from a card. */
export interface Taken {
  readonly reference: string
  readonly amountMinor: bigint
  readonly currency: string
}

/** The cards of a year and the banks behind them: Stripe's own library speaks to a stand-in that no cut reaches. */
export interface Bank {
  readonly gateway: CardGateway
  /** Somebody enters a card on a page of the gateway. Done before: no change. */
  enter(holder: string, pageUrl: string): void
  /** Banks that took their time decide. @returns The charges that the gateway tells of by webhook; of the others it is silent. */
  decide(): readonly string[]
  /** All money that was taken, as the bank remembers it. */
  taken(): readonly Taken[]
}

/** How often the bank behind a card says what: of most it takes the charge, of some hardly ever. */
const GOOD = { declines: 0.06, wants_holder: 0.03, thinks: 0.08 }
const POOR = { declines: 0.55, wants_holder: 0.15, thinks: 0.1 }

/** What a bank says depends on whose card it is and when it is asked, not on how often. */
export async function openBank({ seed, clock }: { readonly seed: number; readonly clock: Clock }): Promise<Bank> {
  const stripe = await startStripe()
  const gateway = await createStripeGateway(stripe)

  const cardOf = (holder: string): TestCard => {
    const draw = chance(seed, 'card', holder, clock.now().getTime())
    const odds = draw.isWithin(0.65) ? GOOD : POOR
    return {
      brand: draw.pick(['visa', 'mastercard']),
      last4: String(draw.between(1000, 9999)),
      exp_month: draw.between(1, 12),
      exp_year: draw.between(2034, 2037),
      fingerprint: holder,
      get bank() {
        const said = chance(seed, 'bank', holder, clock.now().getTime()).next()
        if (said < odds.declines) return 'declines'
        if (said < odds.declines + odds.wants_holder) return 'wants_holder'
        return said < odds.declines + odds.wants_holder + odds.thinks ? 'thinks' : 'takes'
      },
    }
  }

  return {
    gateway,
    enter(holder, pageUrl) {
      stripe.card = cardOf(holder)
      stripe.pay(pageUrl.split('/').at(-1) ?? '')
    },
    decide() {
      const told: string[] = []
      for (const { id, status, payment_method: method } of stripe.intents.values()) {
        if (status !== 'processing') continue
        const holder = stripe.methods.get(method ?? '')?.card.fingerprint ?? ''
        const draw = chance(seed, 'decision', holder, clock.now().getTime())
        stripe.decide(id, draw.isWithin(0.7) ? 'succeeded' : 'requires_payment_method')
        if (draw.isWithin(0.5)) told.push(id)
      }
      return told
    },
    taken: () =>
      [...stripe.intents.values()]
        .filter(({ object, status }) => object === 'payment_intent' && status === 'succeeded')
        .map(({ id, amount, currency }) => ({
          reference: id,
          amountMinor: BigInt(amount),
          currency: currency.toUpperCase(),
        })),
  }
}
