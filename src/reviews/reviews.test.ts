import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { until } from '../../test/harness/visitor.ts'
import { createAccount, createSeller } from '../accounts/index.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const staff = app.caller()
const TRIAL =
  '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1842&shopping_cart_items[][type]=application'

before(async () => {
  await staff.signIn(SIGN_INS.reseller)
})

/** A customer who orders a trial. */
async function tries(name: string, email: string, details: Record<string, string> = {}) {
  const store = app.parts.stores.resolve('localhost')
  assert.ok(store)
  const actor = systemActor(store.sellerId, tenantOf(store.sellerId), store.sellerPath, 'test')
  const account = await createAccount(database.db, app.clock, actor, {
    parentId: tenantOf(store.sellerId),
    name,
    registration: 'full',
    details: {
      customerType: 'business',
      companyName: name,
      country: 'US',
      region: '',
      city: 'Springfield',
      street: 'Main St 1',
      zip: '12345',
      phone: '',
      vatId: '',
      ...details,
    },
  })
  await createUser(database.db, app.clock, actor, {
    tenantId: account.id,
    email,
    password: 'demonstration',
    roles: ['company_admin'],
    emailConfirmed: true,
  })
  const customer = app.caller()
  await customer.signIn(email)
  const checkout = await customer.send('POST', '/api/v1/checkouts', { link: TRIAL })
  assert.equal(checkout.status, 201, checkout.text)
  const place = () =>
    customer.send('POST', `/api/v1/checkouts/${String(checkout.body['id'])}/place`, {
      expected_total: { amount: '0.00', currency: 'USD' },
      accept_terms: true,
    })
  const placed = await place()
  assert.equal(placed.status, 200, placed.text)
  await app.jobs.drain()
  return { customer, place, account }
}

interface Review {
  id: string
  status: string
  reasons: { code: string; detail: string }[]
  account: { name: string }
  subscription: { id: string }
}
const reviews = async (query = ''): Promise<Review[]> =>
  (await staff.send('GET', `/api/v1/reviews${query}`)).body['items'] as unknown as Review[]

test('a throw-away address and a payer who tried before are marked; others are not', async () => {
  await tries('Plain Ltd.', 'pat@plain.example', { phone: '+1 555 0100200' })
  assert.deepEqual(await reviews(), [])
  await tries('Brief Ltd.', 'brief@mailinator.com')
  await tries('Again Ltd.', 'again@again.example', { phone: '(1) 555-0100200' })
  await tries('Alias Ltd.', 'pat+two@plain.example')
  assert.deepEqual(
    (await until(reviews, ({ length }) => length === 3)).map(({ account, status, reasons }) => [
      account.name,
      status,
      reasons,
    ]),
    [
      ['Alias Ltd.', 'open', [{ code: 'repeated_payer', detail: 'Plain Ltd.' }]],
      ['Again Ltd.', 'open', [{ code: 'repeated_payer', detail: 'Plain Ltd.' }]],
      ['Brief Ltd.', 'open', [{ code: 'disposable_address', detail: 'mailinator.com' }]],
    ],
  )
})

test('a trial is one per account and product', async () => {
  const { customer } = await tries('Twice Ltd.', 'twice@twice.example')
  const checkout = await customer.send('POST', '/api/v1/checkouts', { link: TRIAL })
  const again = await customer.send('POST', `/api/v1/checkouts/${String(checkout.body['id'])}/place`, {
    expected_total: { amount: '0.00', currency: 'USD' },
    accept_terms: true,
    allow_second: true,
  })
  assert.equal(again.status, 409)
  assert.equal(again.body['code'], 'trial_used')
})

test('approved it goes on, refused it is stopped, decided it stays', async () => {
  const [alias, again] = await reviews('?status=open')
  assert.ok(alias && again)
  const decide = (id: string, status: string, reason = 'We know them.') =>
    staff.send('POST', `/api/v1/reviews/${id}/decision`, { status, reason })
  assert.equal((await decide(alias.id, 'refused', ' ')).status, 400, 'a reason is asked for')
  assert.equal((await decide(again.id, 'approved')).status, 200)
  assert.equal((await decide(alias.id, 'refused', 'The same person.')).body['status'], 'refused')
  assert.equal((await decide(alias.id, 'refused', 'The same person.')).status, 200, 'again')
  assert.equal((await decide(alias.id, 'approved')).status, 409)
  await app.jobs.drain()
  const statusOf = async (id: string) => {
    const { rows } = await sql<{ status: string }>`select status from subscriptions where id = ${id}`.execute(
      database.db,
    )
    return rows[0]?.status
  }
  assert.match((await statusOf(alias.subscription.id)) ?? '', /^stop/)
  assert.equal(await statusOf(again.subscription.id), 'active')
  assert.deepEqual(
    (await reviews('?status=open')).map(({ account }) => account.name),
    ['Brief Ltd.'],
  )
})

test('nobody else sees them', async () => {
  const store = app.parts.stores.resolve('localhost')
  assert.ok(store)
  const actor = systemActor(store.sellerId, tenantOf(store.sellerId), store.sellerPath, 'test')
  const below = await createSeller(database.db, app.clock, actor, {
    parentId: tenantOf(store.sellerId),
    name: 'Below',
    currency: 'USD',
  })
  await createUser(database.db, app.clock, actor, {
    tenantId: below.id,
    email: 'bo@below.example',
    password: 'demonstration',
    roles: ['partner_admin'],
  })
  const other = app.caller()
  await other.send(
    'POST',
    '/api/v1/sessions',
    { email: 'bo@below.example', password: 'demonstration' },
    { host: '127.0.0.1:8080' },
  )
  assert.deepEqual((await other.send('GET', '/api/v1/reviews')).body['items'], [])
  const [open] = await reviews('?status=open')
  const path = `/api/v1/reviews/${open?.id}/decision`
  assert.equal((await other.send('POST', path, { status: 'approved', reason: 'Mine.' })).status, 404)
  const customer = app.caller()
  await customer.signIn(SIGN_INS.customer)
  assert.equal((await customer.send('GET', '/api/v1/reviews')).status, 403)
})
