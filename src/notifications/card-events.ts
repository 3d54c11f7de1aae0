import { z } from 'zod'
import { A, amount, currency, type EventType, id, O, P, W, word } from './event-type.ts'

const card = z.object({ card_id: id, account_id: id, brand: word, last4: word, expires: word })
const CARD = { card_id: W, account_id: A, brand: 'visa', last4: '4242', expires: '2031-12' }

/** Cards that customers have kept, and what is charged to them. */
export const CARDS = {
  'card.saved': {
    summary: 'A customer had a card kept; it is charged for renewals and due invoices',
    payload: card,
    example: CARD,
  },
  'card.removed': { summary: 'A kept card was removed', payload: card, example: CARD },
  'payment.card_refused': {
    summary: 'A payment could not be charged to a kept card; somebody has to pay it otherwise',
    payload: z.object({
      payment_id: id,
      order_id: id.nullable(),
      number: word,
      purpose: word,
      card_brand: word,
      card_last4: word,
      needs_payer: z.boolean(),
      message: z.string(),
      amount,
      currency,
    }),
    example: {
      payment_id: P,
      order_id: O,
      number: 'PM000042',
      purpose: 'order',
      card_brand: 'visa',
      card_last4: '4242',
      needs_payer: true,
      message: 'Your card requires authentication.',
      amount: '49.00',
      currency: 'USD',
    },
  },
} satisfies Readonly<Record<string, EventType>>
