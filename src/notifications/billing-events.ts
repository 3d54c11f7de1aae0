import { z } from 'zod'
import { A, amount, currency, type EventType, id, O, S, W, word } from './event-type.ts'

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
  'invoice.paid': {
    summary: 'An invoice that was owed is paid',
    payload: z.object({ invoice_id: id, account_id: id, number: word }),
    example: { invoice_id: W, account_id: A, number: 'IN000042' },
  },
} satisfies Readonly<Record<string, EventType>>
