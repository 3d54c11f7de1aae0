import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CARD_CRASHES } from '../harness/money-crashes.ts'
import { type ServerProcess, startServer, temporaryDataDir } from '../harness/server.ts'
import { startStripe } from '../harness/stripe.ts'
import { PEOPLE, signIn, type Visitor } from '../harness/visitor.ts'

const stripe = await startStripe()
const env = {
  STRIPE_SECRET_KEY: stripe.secretKey,
  STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
  STRIPE_API_BASE: stripe.apiBase,
}

interface Payment {
  readonly id: string
  readonly status: string
  readonly receipts: readonly { readonly amount: { readonly amount: string } }[]
}

/** What really moved at the gateway, by its amount, which no other payment has. */
const movedFor = (minor: number): number =>
  [...stripe.intents.values()].filter(({ amount, status }) => amount === minor && status === 'succeeded').length

async function assertBooks(operator: Visitor): Promise<void> {
  const { problems } = await operator.call<{ problems: unknown[] }>('GET', '/api/v1/ledger/verification')
  assert.deepEqual(problems, [])
}

test('a server that is killed while it charges a kept card charges it once, and books it once', async () => {
  const dataDir = await temporaryDataDir()
  let server: ServerProcess = await startServer({ dataDir, env })
  const { port } = server
  const customer = await signIn(server.origin, 'dana@contoso.example')
  const operator = await signIn(server.origin, PEOPLE.operator)
  const { account } = await customer.call<{ account: { id: string } }>('GET', '/api/v1/session')
  const page = await customer.call<{ url: string }>('POST', `/api/v1/accounts/${account.id}/card-setups`, {
    agree: true,
  })
  await stripe.deliver(server.origin, stripe.pay(page.url.split('/').at(-1) ?? ''))

  for (const [index, crash] of CARD_CRASHES.entries()) {
    const minor = 3001 + index
    const amount = { amount: (minor / 100).toFixed(2), currency: 'USD' }
    const { id } = await customer.call<Payment>('POST', '/api/v1/payments', { account_id: account.id, amount })
    await server.stop()
    server = await startServer({ dataDir, port, env: { ...env, BUYLINK_CRASH_AT: crash } })
    const charge = () => customer.call<{ status: string }>('POST', `/api/v1/payments/${id}/card-charges`, {})
    await assert.rejects(charge(), `${crash}: no answer`)
    assert.deepEqual(await server.exited, { status: null, signal: 'SIGKILL' })

    server = await startServer({ dataDir, port, env })
    // Meanwhile the gateway has forgotten what it was asked under which key.
    stripe.forgetKeys()
    assert.equal((await charge()).status, 'paid', crash)
    const { status, receipts } = await customer.call<Payment>('GET', `/api/v1/payments/${id}`)
    assert.deepEqual([status, receipts.length], ['completed', 1], crash)
    assert.equal(movedFor(minor), 1, crash)
  }
  await assertBooks(operator)
  await server.stop()
})
