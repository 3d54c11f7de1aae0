import { createHmac } from 'node:crypto'
import type { Client } from 'pg'
import { sqlIdOf } from './data.ts'
import { post } from './server.ts'

export const WEBHOOK_SECRET = 'whsec_of_this_run_and_no_other'
const TOTAL_MINOR = 5000

/** Which payments: the `n`th is of seller `firstSeller + n % sellers`, of its accounts in turn. */
export interface Topups {
  readonly first: number
  readonly count: number
  readonly firstSeller: number
  readonly accountsEach: number
  readonly firstAccount: number
}

/** Writes top-ups that wait, each with the gateway's page on which it is about to be paid. */
export async function writeTopups(client: Client, which: Topups): Promise<void> {
  const { first, count, firstSeller, accountsEach, firstAccount } = which
  const seller = sqlIdOf('seller', String(firstSeller))
  const payment = sqlIdOf('payment', 'n')
  const from = `generate_series(${first}, ${first + count - 1}) as n`
  await client.query(
    `insert into payments (seller_id, id, number, purpose, method, status, account_id, description, currency, total_minor, correlation_id, created_at, updated_at, expires_at)
     select ${seller}, ${payment}, 'BENCH' || n, 'top_up', 'card', 'waiting_for_payment', ${sqlIdOf('account', `${firstAccount} + n % ${accountsEach}`)}, 'Top-up', 'USD', ${TOTAL_MINOR},
            gen_random_uuid(), now(), now(), now() + interval '7 days' from ${from}`,
  )
  await client.query(
    `insert into card_sessions (seller_id, id, payment_id, gateway_id, url, status, amount_minor, currency, return_url, created_at, expires_at, updated_at)
     select ${seller}, ${payment}, ${payment}, 'cs_bench_' || n, 'https://gateway.example', 'open', ${TOTAL_MINOR}, 'USD', 'https://shop.example', now(), now() + interval '1 day', now() from ${from}`,
  )
}

/** What the gateway says of any page it is asked about: paid, by one and the same movement of money. */
export const PAID_SESSION = JSON.stringify({
  id: 'cs_bench',
  object: 'checkout.session',
  mode: 'payment',
  status: 'complete',
  payment_status: 'paid',
  amount_total: TOTAL_MINOR,
  currency: 'usd',
  payment_intent: 'pi_bench',
  url: null,
})

/** The bytes of the gateway's webhook about the `n`th page, signed as Stripe signs it. */
export function webhookRequest(port: number, n: number): Buffer {
  const session = { ...(JSON.parse(PAID_SESSION) as object), id: `cs_bench_${n}` }
  const type = 'checkout.session.completed'
  const body = JSON.stringify({ id: `evt_${n}`, object: 'event', type, data: { object: session } })
  const at = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex')
  return post(
    port,
    '/api/v1/stripe/webhooks',
    'application/json',
    body,
    `Stripe-Signature: t=${at},v1=${signature}\r\n`,
  )
}
