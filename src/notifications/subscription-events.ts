import { z } from 'zod'
import { A, amount, currency, type EventType, id, S, word } from './event-type.ts'

const about = z.object({ subscription_id: id, account_id: id })
const ABOUT = { subscription_id: S, account_id: A }
const outcome = about.extend({ operation: word, reason: word.nullable() })
const instant = z.iso.datetime()

/** What becomes of a subscription after it runs. */
export const SUBSCRIPTIONS = {
  'subscription.auto_renew_changed': {
    summary: 'A subscription is renewed by itself from now on, or no longer',
    payload: about.extend({ auto_renew: z.boolean() }),
    example: { ...ABOUT, auto_renew: false },
  },
  'subscription.cancelled': {
    summary: 'A subscription was cancelled, now or at the end of its period',
    payload: about.extend({ ends_at: instant.nullable() }),
    example: { ...ABOUT, ends_at: '2026-03-31T00:00:00.000Z' },
  },
  'subscription.deleted': {
    summary: 'A subscription is deleted, its service removed',
    payload: outcome,
    example: { ...ABOUT, operation: 'delete', reason: 'expired' },
  },
  'subscription.graced': {
    summary: 'The period of a subscription has ended unpaid; it runs on until its grace ends',
    payload: about.extend({ stops_at: instant }),
    example: { ...ABOUT, stops_at: '2026-04-07T00:00:00.000Z' },
  },
  'subscription.kept': { summary: 'A cancellation was taken back', payload: about, example: ABOUT },
  'subscription.operation_failed': {
    summary: 'A service could not be stopped, started or deleted; someone has to look',
    payload: about.extend({ operation: word, message: word.nullable() }),
    example: { ...ABOUT, operation: 'stop', message: 'The service refused' },
  },
  'subscription.price_change_announced': {
    summary: 'From a day on a subscription will cost more a month',
    payload: about.extend({
      effective_at: instant,
      recurring_before: amount,
      recurring: amount,
      currency,
    }),
    example: {
      ...ABOUT,
      effective_at: '2026-05-01T00:00:00.000Z',
      recurring_before: '49.00',
      recurring: '52.00',
      currency: 'USD',
    },
  },
  'subscription.renewal_refused': {
    summary: 'A subscription could not be renewed by itself',
    payload: about.extend({ message: word }),
    example: { ...ABOUT, message: 'This plan is no longer sold' },
  },
  'subscription.restored': {
    summary: 'After a change that failed, the service is again what it was',
    payload: outcome,
    example: { ...ABOUT, operation: 'update', reason: null },
  },
  'subscription.resumed': {
    summary: 'A subscription that was stopped runs again',
    payload: outcome,
    example: { ...ABOUT, operation: 'resume', reason: 'cancelled' },
  },
  'subscription.stopped': {
    summary: 'A subscription does not run any more; what it granted is gone',
    payload: outcome,
    example: { ...ABOUT, operation: 'stop', reason: 'expired' },
  },
} satisfies Readonly<Record<string, EventType>>
