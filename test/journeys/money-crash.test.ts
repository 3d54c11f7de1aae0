import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccount } from '../../src/accounts/index.ts'
import type { TenantId } from '../../src/kernel/ids.ts'
import { systemClock } from '../../src/kernel/time.ts'
import { openDatabase } from '../../src/platform/db.ts'
import { ensureRoot, systemActor } from '../../src/tenants/index.ts'
import { MONEY_CRASHES } from '../harness/money-crashes.ts'
import { addressOf, type ServerProcess, startServer, temporaryDataDir } from '../harness/server.ts'
import { startStripe } from '../harness/stripe.ts'
import { PEOPLE, signIn, until, type Visitor } from '../harness/visitor.ts'

const FILE = `
reseller: { name: Tryout, currency: USD }
account_class: { name: Standard, hold_threshold: 0.00, subzero_period_days: 0 }
stores:
  - { name: Tryout, status: active, domains: [https://tryout.example], bank_details: Tryout }
dunning:
  - { day: 0, action: charge }
  - { day: 3, action: charge }
products:
  - id: 901
    name: Machines
    slug: machines
    plans:
      - id: 911
        name: By the hour
        status: active
        billing_type: pay_as_you_go_internal
        periods: [{ id: 921, duration: endless }]
        resources:
          - { id: 931, name: Servers, unit: server, included: 20, limit: 20, unit_price: 0.015, quota: { usage_name: servers, per_unit: 1 } }
      - id: 912
        name: By the month
        status: active
        periods: [{ id: 922, duration: 1 month, recurring_fee: 30.00 }]
`
const BY_THE_HOUR = { plan_id: '911', plan_period_id: '921' }
const BY_THE_MONTH = { plan_id: '912', plan_period_id: '922' }
const STARTS = '2026-01-10T12:00:00.000Z'
const HOLDS = MONEY_CRASHES.filter((crash) => crash.startsWith('credit.'))

const stripe = await startStripe()
const env = {
  STRIPE_SECRET_KEY: stripe.secretKey,
  STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
  STRIPE_API_BASE: stripe.apiBase,
}

interface Subscription {
  readonly status: string
  readonly period_ends_at: string | null
}
interface Payment {
  readonly id: string
  readonly purpose: string
  readonly status: string
  readonly received: { readonly amount: string }
}

/** A sandbox reseller, so that a month passes in a moment; the operator does all there is to do by hand. */
async function openSandbox(operator: Visitor, dataDir: string) {
  const { seller_id: sellerId } = await operator.call<{ seller_id: string }>(
    'POST',
    '/api/v1/configuration/applications',
    {
      file: FILE,
    },
  )
  const clock = `/api/v1/resellers/${sellerId}/test-clock`
  await operator.call('POST', clock, { now: STARTS })
  const account = async (name: string) => {
    const { db, close } = openDatabase({ connectionString: addressOf(dataDir) })
    const root = await ensureRoot(db, systemClock)
    const actor = systemActor(root.sellerId, root.id, root.path, 'test')
    const details = { customerType: 'business', companyName: name, country: 'US' } as const
    const made = await createAccount(db, systemClock, actor, {
      parentId: sellerId as TenantId,
      name,
      registration: 'full',
      details,
    })
    await close()
    return made
  }
  const order = async (accountId: string, application: object) => {
    const draft = await operator.call<{ id: string; total: unknown }>('POST', '/api/v1/checkouts', {
      account_id: accountId,
      application,
    })
    const terms = { expected_total: draft.total, accept_terms: true }
    const placed = await operator.call<{ payment: { id: string } | null; subscription: { id: string } }>(
      'POST',
      `/api/v1/checkouts/${draft.id}/place`,
      terms,
    )
    if (placed.payment) await operator.call('POST', `/api/v1/payments/${placed.payment.id}/approve`, {})
    return placed.subscription.id
  }
  return { clock, account, order }
}

test('a server that is killed again and again while time goes on charges each month once and each hour once', {
  timeout: 300_000,
}, async () => {
  const dataDir = await temporaryDataDir()
  let server: ServerProcess = await startServer({ dataDir, env })
  const { port } = server
  const operator = await signIn(server.origin, PEOPLE.operator)
  const sandbox = await openSandbox(operator, dataDir)
  const read = (id: string) => operator.call<Subscription>('GET', `/api/v1/subscriptions/${id}`)
  const untilStatus = (id: string, wanted: string) =>
    until(
      () => read(id),
      ({ status }) => status === wanted,
      { what: `${wanted}`, timeoutMs: 60_000 },
    )

  const monthly = await sandbox.account('Monthly')
  const monthlyId = await sandbox.order(monthly.id, BY_THE_MONTH)
  await untilStatus(monthlyId, 'active')
  const page = await operator.call<{ url: string }>('POST', `/api/v1/accounts/${monthly.id}/card-setups`, {
    agree: true,
  })
  await stripe.deliver(server.origin, stripe.pay(page.url.split('/').at(-1) ?? ''))
  const hourly = await sandbox.account('Hourly')
  const hourlyId = await sandbox.order(hourly.id, BY_THE_HOUR)
  const topUp = async () => {
    const body = { account_id: hourly.id, amount: { amount: '1.00', currency: 'USD' } }
    const { id } = await operator.call<Payment>('POST', '/api/v1/payments', body)
    await operator.call('POST', `/api/v1/payments/${id}/approve`, {})
  }
  await untilStatus(hourlyId, 'active')
  const usage = { specversion: '1.0', id: 'servers', source: 'test', type: 'usage', subject: hourly.id, time: STARTS }
  await operator.call('POST', '/api/v1/usage', { ...usage, data: { usage_name: 'servers', value: '20' } })

  const { now } = await operator.call<{ now: string }>('GET', sandbox.clock)
  const month = (count: number): string => {
    const date = new Date(now)
    date.setUTCMonth(date.getUTCMonth() + count, 12)
    return date.toISOString()
  }
  const moved = () =>
    until(
      () => operator.call<{ is_moving: boolean }>('GET', sandbox.clock),
      ({ is_moving }) => !is_moving,
      { what: 'the clock is there', timeoutMs: 120_000 },
    )

  await topUp()
  for (const [index, crash] of MONEY_CRASHES.entries()) {
    // What is used is paid for until an hour finds nothing more: then it stands still, and so do its hours.
    if (HOLDS.includes(crash)) await topUp()
    await server.stop()
    server = await startServer({ dataDir, port, env: { ...env, BUYLINK_CRASH_AT: crash } })
    await operator.call('POST', sandbox.clock, { now: month(index + 1) })
    assert.deepEqual(await server.exited, { status: null, signal: 'SIGKILL' }, crash)
    // Meanwhile the gateway has forgotten what it was asked under which key.
    stripe.forgetKeys()
    server = await startServer({ dataDir, port, env })
    await moved()
    const paid = [...stripe.intents.values()].filter(({ amount, status }) => amount === 3000 && status === 'succeeded')
    const { items } = await operator.call<{ items: Payment[] }>(
      'GET',
      `/api/v1/payments?account_id=${monthly.id}&limit=50`,
    )
    const receipts = items.filter(({ purpose, status }) => purpose === 'order' && status === 'completed')
    assert.equal(paid.length, index + 1, `${crash}: charged once a month`)
    assert.equal(receipts.length, index + 2, `${crash}: booked once a month`)
    assert.ok(items.every(({ received }) => received.amount === '30.00' || received.amount === '0.00'))
    assert.equal((await read(monthlyId)).status, 'active')
    await untilStatus(hourlyId, 'stopped')
    const { problems } = await operator.call<{ problems: unknown[] }>('GET', '/api/v1/ledger/verification')
    assert.deepEqual(problems, [], crash)
  }
  // Both top-ups paid for hours of 0.30, each of which is charged once, until there was nothing left.
  const { balance, blocked } = await operator.call<Record<'balance' | 'blocked', { amount: string }>>(
    'GET',
    `/api/v1/accounts/${hourly.id}/statement`,
  )
  const heldMinor = Math.round(Number(blocked.amount) * 100)
  assert.ok(Number(balance.amount) < 0 && Number(balance.amount) > -0.31, balance.amount)
  assert.equal((200 - Math.round(Number(balance.amount) * 100)) % 30, 0, balance.amount)
  assert.equal(heldMinor % 30, 0)
  await topUp()
  await untilStatus(hourlyId, 'active')
  await server.stop()
})
