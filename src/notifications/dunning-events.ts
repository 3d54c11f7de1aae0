import { z } from 'zod'
import { amount, currency, type EventType, id, O, P, word } from './event-type.ts'

const due = z.object({
  payment_id: id,
  order_id: id.nullable(),
  invoice_id: id.optional(),
  number: word,
  invoice: word.nullable(),
  amount,
  currency,
  due_at: z.iso.datetime(),
})
const DUE = {
  payment_id: P,
  order_id: O,
  number: 'PM000042',
  invoice: null,
  amount: '49.00',
  currency: 'USD',
  due_at: '2026-03-15T12:00:00.000Z',
}

/** What is asked for by a schedule. */
export const DUNNING = {
  'payment.reminded': {
    summary: 'What is due was not paid, and its people are reminded of it',
    payload: due.extend({
      step: z.int().min(1),
      next_at: z.iso.datetime().nullable(),
      stops_at: z.iso.datetime().nullable(),
    }),
    example: { ...DUE, step: 2, next_at: '2026-03-22T12:00:00.000Z', stops_at: '2026-03-24T12:00:00.000Z' },
  },
  'dunning.exhausted': {
    summary: 'All that the schedule asks for was done, and it is not paid',
    payload: due,
    example: DUE,
  },
} satisfies Readonly<Record<string, EventType>>
