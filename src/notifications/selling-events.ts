import { z } from 'zod'
import { id, number, amount, currency, word, whole, A, O, S, P, M, W, type EventType } from './event-type.ts'

const order = z.object({
  order_id: id,
  number: word,
  type: z.enum(['sales', 'renewal', 'change', 'switch', 'prolong']),
  account_id: id,
  subscription_id: id,
  total: amount,
  currency,
})
// What these carry is not promised yet.
const loose = z.looseObject({})
const payment = z.object({
  payment_id: id,
  order_id: id.nullable(),
  purpose: z.enum(['order', 'top_up']),
  amount,
  received: amount,
  total: amount,
  currency,
})
const manager = z.object({ role: word, active: z.boolean(), is_partner: z.boolean() })
const account = z.object({
  account_id: id,
  number,
  customer_type: z.enum(['business', 'person']),
  country: z.string().length(2).nullable(),
  self_registered: z.boolean(),
})
const state = z.enum(['almost_reached', 'reached', 'exceeded', 'cleared'])
const quota = z.object({
  alert_id: id,
  tenant_id: id,
  usage_name: word,
  state,
  previous_state: state.nullable(),
  used: whole,
  quota: z.object({ value: whole.nullable(), overage: whole.nullable() }),
})
const ORDER = {
  order_id: O,
  number: 'O-17',
  type: 'sales',
  account_id: A,
  subscription_id: S,
  total: '49.00',
  currency: 'USD',
}
const QUOTA = {
  alert_id: W,
  tenant_id: A,
  usage_name: 'workstations',
  state: 'almost_reached',
  previous_state: null,
  used: '12',
  quota: { value: '10', overage: null },
}
const PAYMENT = {
  payment_id: P,
  order_id: O,
  purpose: 'order',
  amount: '49.00',
  received: '49.00',
  total: '49.00',
  currency: 'USD',
}

/** What customers buy, pay and use, and who is credited. */
export const SELLING = {
  'account.created': {
    summary: 'An account that can order is there',
    payload: account,
    example: { account_id: A, number: '1007', customer_type: 'business', country: 'US', self_registered: true },
  },
  'account.manager_changed': {
    summary: 'An account was credited to a manager',
    payload: z.object({
      account_id: id,
      manager_id: id.nullable(),
      previous_manager_id: id.nullable(),
      reason: word,
      order_id: id.nullable(),
    }),
    example: { account_id: A, manager_id: M, previous_manager_id: null, reason: 'registration', order_id: null },
  },
  'account.updated': {
    summary: 'An account’s contact data changed',
    payload: z.object({ account_id: id }),
    example: { account_id: A },
  },
  'manager.created': {
    summary: 'A manager or referral partner was added',
    payload: manager,
    example: { role: 'sales', active: true, is_partner: false },
  },
  'manager.deleted': {
    summary: 'A manager or referral partner was deleted',
    payload: z.object({ is_partner: z.boolean() }),
    example: { is_partner: false },
  },
  'manager.updated': {
    summary: 'A manager or referral partner changed',
    payload: manager.extend({ changed: z.array(word) }),
    example: { role: 'sales', active: false, is_partner: false, changed: ['active'] },
  },
  'offer.answered': {
    summary: 'A contact answered who had asked for one',
    payload: z.object({ offer_id: id, account_id: id, reply: z.string() }),
    example: { offer_id: O, account_id: A, reply: 'I have added 200 GB for you.' },
  },
  'offer.reassigned': {
    summary: 'A user was given more of what the customer has',
    payload: z.object({ offer_id: id, account_id: id, usage_names: z.array(z.string()) }),
    example: { offer_id: O, account_id: A, usage_names: ['storage'] },
  },
  'offer.contact_requested': { summary: 'Someone who may not buy asks the reseller to', payload: loose, example: {} },
  'offer.fulfilled': { summary: 'What an offer gave is there', payload: loose, example: {} },
  'offer.made': { summary: 'An offer that fits a quota was made', payload: loose, example: {} },
  'offer.placed': { summary: 'An offer was ordered', payload: loose, example: {} },
  'order.cancelled': {
    summary: 'An order was cancelled, by a person or because it was not paid in time',
    payload: z.object({ order_id: id, subscription_id: id, reason: word }),
    example: { order_id: O, subscription_id: S, reason: 'Not paid in time' },
  },
  'order.completed': { summary: 'An order is paid and its service runs', payload: order, example: ORDER },
  'order.placed': {
    summary: 'A customer placed an order',
    payload: z.object({
      order_id: id,
      number: word.optional(),
      type: word.optional(),
      trial: z.boolean().optional(),
      account_id: id,
      subscription_id: id,
      payment_id: id.nullable(),
      plan_id: number,
      plan_period_id: number,
      reverses_order_id: id.optional(),
      total: amount,
      currency,
    }),
    example: {
      order_id: O,
      type: 'sales',
      trial: false,
      account_id: A,
      subscription_id: S,
      payment_id: P,
      plan_id: '425',
      plan_period_id: '1840',
      total: '49.00',
      currency: 'USD',
    },
  },
  'order.provisioning_failed': {
    summary: 'The service of a paid order could not be set up; someone has to look',
    payload: z.object({ order_id: id, subscription_id: id, message: word }),
    example: { order_id: O, subscription_id: S, message: 'The service refused' },
  },
  'payment.cancelled': {
    summary: 'A payment was cancelled',
    payload: z.object({
      payment_id: id,
      order_id: id.nullable(),
      purpose: z.enum(['order', 'top_up']),
      reason: word,
    }),
    example: { payment_id: P, order_id: O, purpose: 'order', reason: 'Asked by the customer' },
  },
  'payment.completed': { summary: 'A payment is paid in full', payload: payment, example: PAYMENT },
  'payment.received': {
    summary: 'Money came in for a payment, in full or in part',
    payload: payment,
    example: PAYMENT,
  },
  'payment.requested': {
    summary: 'A customer asked to add to its balance; money is waited for',
    payload: z.object({
      payment_id: id,
      account_id: id,
      number: word,
      purpose: z.enum(['order', 'top_up']),
      total: amount,
      currency,
    }),
    example: {
      payment_id: P,
      account_id: A,
      number: 'P-18',
      purpose: 'top_up',
      total: '100.00',
      currency: 'USD',
    },
  },
  'quota.almost_reached': { summary: 'Use comes close to a quota', payload: quota, example: QUOTA },
  'quota.cleared': {
    summary: 'Use is well within a quota again',
    payload: quota,
    example: { ...QUOTA, state: 'cleared' },
  },
  'quota.exceeded': {
    summary: 'Use has reached or passed a quota',
    payload: quota,
    example: { ...QUOTA, state: 'exceeded' },
  },
  'quota.updated': {
    summary: 'A quota was changed by hand or through the API',
    payload: z.object({
      tenant_id: id,
      usage_name: word,
      base: whole.nullable(),
      granted: whole,
      value: whole.nullable(),
      overage: whole.nullable(),
    }),
    example: {
      tenant_id: A,
      usage_name: 'storage',
      base: '0',
      granted: '536870912000',
      value: '536870912000',
      overage: null,
    },
  },
  'subscription.activated': { summary: 'A subscription runs', payload: order, example: ORDER },
  'subscription.renewed': { summary: 'The next period of a subscription is paid for', payload: order, example: ORDER },
  'subscription.updated': { summary: 'What a subscription holds changed', payload: order, example: ORDER },
} satisfies Readonly<Record<string, EventType>>
