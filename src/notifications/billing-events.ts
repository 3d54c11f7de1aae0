import { z } from 'zod'
import { A, amount, currency, type EventType, id, O, P, S, W, word } from './event-type.ts'

const document = z.object({
  invoice_id: id,
  account_id: id,
  number: word,
  title: word,
  order_id: id.nullable(),
  subscription_id: id.nullable(),
  total: amount,
  currency,
  due_at: z.iso.datetime(),
  corrects: word.nullable(),
})
const INVOICE = {
  invoice_id: W,
  account_id: A,
  number: 'IN000042',
  title: 'Backup Business',
  order_id: O,
  subscription_id: S,
  total: '49.00',
  currency: 'USD',
  due_at: '2026-03-15T12:00:00.000Z',
  corrects: null,
}

/** Documents of what was charged and given back. */
export const BILLING = {
  'credit_note.issued': {
    summary: 'What was charged is given back, and a credit note says so',
    payload: document,
    example: { ...INVOICE, number: 'CN000007', corrects: 'IN000042' },
  },
  'invoice.issued': {
    summary: 'An order that was paid, or a month of usage, was invoiced',
    payload: document,
    example: INVOICE,
  },
  'payment.refunded': {
    summary: 'Money of a payment went back: to the balance, the card or the bank',
    payload: z.object({
      refund_id: id,
      payment_id: id,
      order_id: id.nullable(),
      account_id: id,
      number: word,
      method: z.enum(['balance', 'card', 'bank_transfer']),
      effect: z.enum(['none', 'take_back', 'stop']),
      amount,
      currency,
      reason: z.string(),
    }),
    example: {
      refund_id: W,
      payment_id: P,
      order_id: O,
      account_id: A,
      number: 'RF000003',
      method: 'card',
      effect: 'none',
      amount: '49.00',
      currency: 'USD',
      reason: 'Ordered twice',
    },
  },
  'invoice.paid': {
    summary: 'An invoice that was owed is paid',
    payload: z.object({ invoice_id: id, account_id: id, number: word }),
    example: { invoice_id: W, account_id: A, number: 'IN000042' },
  },
} satisfies Readonly<Record<string, EventType>>
