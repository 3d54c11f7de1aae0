import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { createAccount } from '../../src/accounts/index.ts'
import { applyConfiguration } from '../../src/configuration/index.ts'
import type { TenantId } from '../../src/kernel/ids.ts'
import { HOUR_MS, systemClock } from '../../src/kernel/time.ts'
import { ensureRoot, systemActor } from '../../src/tenants/index.ts'
import { createUser } from '../../src/users/index.ts'
import { createStripeGateway } from '../../src/cards/index.ts'
import { type Answer, type Caller, openApplication, ORIGIN, type TestApplication } from '../harness/application.ts'
import { testDatabase, type TestDatabase } from '../harness/database.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { startStripe } from '../harness/stripe.ts'
import { until } from '../harness/visitor.ts'

const STARTS = '2031-01-31T12:00:00.000Z'
const FILE = `
reseller: { name: Tryout, currency: USD }
account_class: { name: Standard, hold_threshold: 0.00, subzero_period_days: 0 }
stores:
  - { name: Tryout, status: active, domains: [https://tryout.example], bank_details: Tryout }
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

const mailbox = await openMailbox()
const stripe = await startStripe()
let database: TestDatabase
let app: TestApplication
let staff: Caller
let sellerId = ''
before(async () => {
  database = await testDatabase()
  app = await openApplication(database, {
    clock: systemClock,
    cards: await createStripeGateway(stripe),
    config: { publicUrl: ORIGIN, trustProxy: [], smtpUrl: mailbox.url, allowInternal: true },
  })
  const { db } = app.parts
  const root = await ensureRoot(db, systemClock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  sellerId = (await applyConfiguration(db, systemClock, operator, { file: FILE, dryRun: false })).sellerId
  await app.parts.stores.refresh()
  await person(sellerId, 'tess@tryout.example', ['partner_admin'])
  staff = await signedIn('tess@tryout.example')
})

/** At the sandbox's own domain, as everywhere. */
async function signedIn(email: string): Promise<Caller> {
  const caller = app.caller()
  const send: Caller['send'] = (method, path, body) => caller.send(method, path, body, { host: 'tryout.example' })
  const answer = await send('POST', '/api/v1/sessions', { email, password: 'a password of the test' })
  assert.equal(answer.status, 201, answer.text)
  return { ...caller, send }
}

const bodyOf = <Body>({ text }: Answer): Body => JSON.parse(text)

async function person(tenantId: string, email: string, roles: ['partner_admin'] | ['company_admin']): Promise<void> {
  const root = await ensureRoot(app.parts.db, systemClock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  await createUser(app.parts.db, systemClock, operator, {
    tenantId: tenantId as TenantId,
    email,
    password: 'a password of the test',
    firstName: 'T',
    lastName: 'T',
    emailConfirmed: true,
    roles,
  })
}

const clock = () => `/api/v1/resellers/${sellerId}/test-clock`

async function moveTo(now: string): Promise<void> {
  assert.equal((await staff.send('POST', clock(), { now })).status, 200)
  await until(
    async () => bodyOf<{ now: string; is_moving: boolean }>(await staff.send('GET', clock())),
    (it) => it.now === now && !it.is_moving,
    {
      what: `the clock at ${now}`,
      timeoutMs: 120_000,
    },
  )
}

/** A customer who orders by the seed's third link, with a top-up or without, and what it then has. */
async function order(name: string, planId: string, periodId: string, topup: string | null) {
  const root = await ensureRoot(app.parts.db, systemClock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  const account = await createAccount(app.parts.db, app.parts.clocks.of(sellerId), operator, {
    parentId: sellerId as TenantId,
    name,
    registration: 'full',
    details: { customerType: 'business', companyName: name, country: 'US' },
  })
  await person(account.id, `${name}@customer.example`, ['company_admin'])
  const customer = await signedIn(`${name}@customer.example`)
  const link =
    `?shopping_cart_items[][plan_id]=${planId}&shopping_cart_items[][plan_period_id]=${periodId}&shopping_cart_items[][type]=application` +
    `${topup === null ? '' : `&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]={${topup}}`}&skip_all_steps=1`
  const draft = await customer.send('POST', '/api/v1/checkouts', { account_id: account.id, link })
  assert.equal(draft.status, 201, draft.text)
  const { id, total } = bodyOf<{ id: string; total: unknown }>(draft)
  const placed = await customer.send('POST', `/api/v1/checkouts/${id}/place`, {
    expected_total: total,
    accept_terms: true,
  })
  assert.ok(placed.status < 300, placed.text)
  const { payment, subscription } = bodyOf<{ payment: { id: string } | null; subscription: { id: string } }>(placed)
  if (payment) assert.equal((await staff.send('POST', `/api/v1/payments/${payment.id}/approve`, {})).status, 200)
  const read = async () =>
    bodyOf<{ status: string }>(await customer.send('GET', `/api/v1/subscriptions/${subscription.id}`))
  await until(read, ({ status }) => status === 'active', { what: `${name} runs` })
  return { name, accountId: account.id, id: subscription.id, customer, read }
}

/** Subjects of the mails that came, by customer, in the order in which they did. */
async function mailsTo(): Promise<Readonly<Record<string, readonly string[]>>> {
  const mails = (await mailbox.all()).map(({ to, mail }) => ({ to: to[0]?.split('@')[0] ?? '', subject: mail.subject }))
  return Object.fromEntries(
    [...Map.groupBy(mails, ({ to }) => to)].map(([to, own]) => [to, own.map(({ subject }) => subject ?? '')]),
  )
}

async function useServers(tenantId: TenantId, at: string): Promise<void> {
  const root = await ensureRoot(app.parts.db, systemClock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  const change = { value: 20n }
  const report = { source: 'test', eventId: tenantId, tenantId, usageName: 'servers', at: new Date(at), change }
  assert.deepEqual(await app.parts.usage.report(operator, [report]), ['accepted'])
}

async function eventsOf(subjectId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ type: string; at: Date }>(
    `select type, occurred_at as at from events where subject_id = $1 and type in ('subscription.stopped', 'subscription.renewed', 'account.credit_hold') order by id`,
    [subjectId],
  )
  return rows.map(({ type, at }) => `${type} ${at.toISOString()}`)
}

test('over its first day a service that is paid by the hour runs with the top-up of its link, and stops after an hour without', async () => {
  assert.equal((await staff.send('POST', clock(), { now: STARTS })).status, 200)
  await app.parts.clocks.refresh()
  const [funded, without] = [await order('funded', '911', '921', '8'), await order('without', '911', '921', null)]
  for (const { accountId } of [funded, without]) await useServers(accountId, STARTS)
  const monthly = await order('monthly', '912', '922', null)
  await moveTo('2031-02-01T12:00:00.000Z')

  assert.equal((await funded.read()).status, 'active')
  assert.equal((await without.read()).status, 'stopped')
  // After its first hour, at that time: not at the end of the way.
  const anHourLater = new Date(Date.parse(STARTS) + HOUR_MS).toISOString()
  assert.deepEqual(await eventsOf(without.id), [`subscription.stopped ${anHourLater}`])
  assert.deepEqual(await eventsOf(without.accountId), [`account.credit_hold ${anHourLater}`])
  const { rows } = await database.pool.query(
    `select subscription_id as id, count(*)::integer as hours from consumption_records group by 1`,
  )
  const hoursOf = new Map(rows.map(({ id, hours }) => [id, hours]))
  assert.deepEqual([hoursOf.get(funded.id), hoursOf.get(without.id)], [24, 1])

  // The top-up has lasted 26 hours. A month that begins on the 31st ends on the 28th; unpaid it has its grace, and stops at its end.
  await moveTo('2031-03-10T00:00:00.000Z')
  assert.equal((await monthly.read()).status, 'stopped')
  assert.deepEqual(await eventsOf(monthly.id), ['subscription.stopped 2031-03-07T12:00:00.000Z'])
})

test('a month later one renewal is paid from the balance, one by the kept card, and the third is asked for, by mail', async () => {
  const [balance, card, unpaid] = [
    await order('balance', '912', '922', null),
    await order('card', '912', '922', null),
    await order('unpaid', '912', '922', null),
  ]
  const topup = { account_id: balance.accountId, amount: { amount: '45.00', currency: 'USD' }, note: '' }
  const { id } = bodyOf<{ id: string }>(await balance.customer.send('POST', '/api/v1/payments', topup))
  assert.equal((await staff.send('POST', `/api/v1/payments/${id}/approve`, {})).status, 200)
  const cards = `/api/v1/accounts/${card.accountId}/card-setups`
  const { url } = bodyOf<{ url: string }>(await card.customer.send('POST', cards, { agree: true }))
  stripe.pay(url.split('/').at(-1) ?? '')
  assert.equal((await card.customer.send('POST', `${cards}/check`, {})).status, 204)
  await moveTo('2031-04-15T00:00:00.000Z')

  // The balance pays when the order is made, a week before; a card on the day itself.
  assert.deepEqual(await eventsOf(balance.id), ['subscription.renewed 2031-04-03T00:00:00.000Z'])
  assert.deepEqual(await eventsOf(card.id), ['subscription.renewed 2031-04-10T00:00:00.000Z'])
  assert.deepEqual(await eventsOf(unpaid.id), [])
  assert.deepEqual(await Promise.all([balance, card, unpaid].map(async ({ read }) => (await read()).status)), [
    'active',
    'active',
    'graced',
  ])
  // Mails are really sent, when they are: all that is waited for is that they come.
  const kinds = (mails: readonly string[] = []) =>
    ['Invoice', 'We received', 'By the month is renewed', 'Your renewal', 'Please pay 30.00 USD for By the month'].map(
      (words) => mails.filter((subject) => subject.startsWith(words)).length,
    )
  await until(
    async () => {
      const mails = await mailsTo()
      return [balance, card, unpaid].map(({ name }) => kinds(mails[name]).join(' '))
    },
    // Invoices and receipts of the first month and of the next; reminders on the day and three days later.
    (seen) => isDeepStrictEqual(seen, ['2 3 1 1 0', '2 2 1 1 0', '1 1 0 1 2']),
    { what: 'an invoice and a receipt for who paid, two reminders for who did not' },
  )
})

test('a clock goes forward alone, is no one else’s, and is none for who has orders', async () => {
  assert.equal((await staff.send('POST', clock(), { now: STARTS })).status, 422)
  const operator = app.caller()
  await operator.signIn('operator@buylink.example')
  const northwind = app.parts.stores.resolve('localhost')
  assert.ok(northwind)
  const other = `/api/v1/resellers/${northwind.sellerId}/test-clock`
  assert.equal((await operator.send('POST', other, { now: STARTS })).status, 409)
  assert.equal((await staff.send('GET', other)).status, 404)
  assert.equal((await operator.send('GET', clock())).status, 200)
})
