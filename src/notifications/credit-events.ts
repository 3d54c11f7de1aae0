import { z } from 'zod'
import { A, amount, currency, type EventType, id } from './event-type.ts'

const balance = z.object({ account_id: id, balance: amount, currency })
const BALANCE = { account_id: A, balance: '-20.00', currency: 'USD' }

/** Whether what an account has lasts for what it uses. */
export const CREDIT = {
  'account.credit_hold': {
    summary: 'An account cannot pay for what it uses; its prepaid subscriptions are stopped',
    payload: balance,
    example: BALANCE,
  },
  'account.credit_hold_ended': {
    summary: 'An account can pay again; what credit hold had stopped runs again',
    payload: balance,
    example: { ...BALANCE, balance: '80.00' },
  },
  'balance.low': {
    summary: 'At the rate of the last hour the balance of an account does not last for three days',
    payload: balance.extend({ hours_left: z.int().min(0) }),
    example: { ...BALANCE, balance: '12.50', hours_left: 30 },
  },
} satisfies Readonly<Record<string, EventType>>
