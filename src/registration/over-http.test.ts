import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { type TestAnswer, testServer } from '../../test/harness/http.ts'
import { lastMail, testFace } from '../../test/harness/registration.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { accountRoutes } from '../accounts/index.ts'
import { managerRoutes } from '../attribution/index.ts'
import { createAuthenticate } from '../platform/auth/authenticate.ts'
import { addDomain } from '../stores/index.ts'
import { createUser } from '../users/index.ts'
import { registrationRoutes } from './index.ts'

const database = await testDatabase()
const { db } = database
const clock = fixedClock()
const seller = await testSeller(db, clock, 'one.example', 'One Cloud')
await addDomain(db, clock, seller.actor, { storeId: seller.storeId, origin: 'http://127.0.0.1', canonical: true })
const { face, refresh } = testFace(database, clock)
await refresh()
const { request } = await testServer(database, {
  clock,
  routes: [...registrationRoutes(face), ...accountRoutes(face.accountFacts), ...managerRoutes()],
  authenticate: createAuthenticate({
    loaders: face.loaders,
    sessions: face.sessions,
    accessTokens: { verify: () => Promise.reject(new Error('no tokens here')) } as never,
    clock,
  }),
})

const cookieOf = (answer: TestAnswer, name: string) =>
  answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`))
const sessionOf = (answer: TestAnswer) => cookieOf(answer, 'buylink_session')?.split(';')[0] ?? ''

test('from an e-mail address to a full account, as a browser does it', async () => {
  const began = await request('POST', '/api/v1/registrations', {
    body: { email: 'Ann@Example.com', return_to: '/client/new_order?plan=425' },
    headers: { cookie: 'buylink_manager=carter81' },
  })
  assert.equal(began.status, 202)
  const { token } = await lastMail(database, seller.tenant.sellerId, 'ann@example.com')
  const confirmed = await request('POST', '/api/v1/registrations/confirm', { body: { token } })
  assert.equal(confirmed.status, 200)
  const view = JSON.parse(confirmed.text)
  assert.equal(view.return_to, '/client/new_order?plan=425')
  assert.equal(view.session.user.email, 'ann@example.com')
  assert.equal(view.session.user.email_confirmed, true)
  assert.equal(view.session.account.registration, 'quick')
  assert.equal(view.session.store.terms_url, 'https://one.example/terms')
  assert.equal(view.session.brand.service_name, 'Buylink')
  assert.match(cookieOf(confirmed, 'buylink_manager') ?? '', /Max-Age=2592000; HttpOnly; SameSite=Lax$/)
  const cookie = sessionOf(confirmed)
  const full = {
    first_name: 'Ann',
    last_name: 'Lee',
    customer_type: 'person',
    country: 'DE',
    city: 'Bonn',
    street: 'Weg 1',
    zip: '53111',
    accept_privacy: true,
  }
  const forged = await request('PUT', '/api/v1/account/registration', { body: full, headers: { cookie } })
  assert.equal(forged.status, 403)
  const signed = { cookie, 'x-csrf-token': view.session.csrf_token }
  const incomplete = await request('PUT', '/api/v1/account/registration', {
    body: { ...full, zip: '' },
    headers: signed,
  })
  assert.equal(incomplete.status, 422)
  assert.deepEqual(JSON.parse(incomplete.text).errors, [
    { path: 'zip', code: 'required', message: 'Enter the postal code.' },
  ])
  const done = await request('PUT', '/api/v1/account/registration', { body: full, headers: signed })
  assert.equal(done.status, 200)
  const account = JSON.parse(done.text)
  assert.equal(account.name, 'Ann Lee')
  assert.deepEqual(account.balance, { amount: '0.00', currency: 'USD' })
  assert.equal(done.headers.get('etag'), `"${account.version}"`)
  const stale = await request('PUT', '/api/v1/account/registration', {
    body: full,
    headers: { ...signed, 'if-match': '"1"' },
  })
  assert.equal(stale.status, 412)
  const again = await request('POST', '/api/v1/registrations/confirm', { body: { token } })
  assert.equal(again.status, 410)
  assert.equal(JSON.parse(again.text).code, 'token_expired')
  const listed = await request('GET', '/api/v1/accounts', { headers: { cookie } })
  assert.deepEqual(
    JSON.parse(listed.text).items.map(({ id }: { id: string }) => id),
    [account.id],
  )
  assert.equal((await request('GET', '/api/v1/managers', { headers: { cookie } })).status, 403)
})

test('an answer does not tell whether an address is known', async () => {
  await createUser(db, clock, seller.actor, {
    tenantId: seller.tenant.id,
    email: 'known@example.com',
    password: 'a long enough phrase',
    roles: ['partner_admin'],
  })
  const tells = ({ status, headers, text }: TestAnswer) => ({
    status,
    // Ids of the answer; and the problem's own `request_id`.
    text: text.replaceAll(/"request_id":"[^"]*"/g, ''),
    headers: [...headers]
      .filter(([name]) => !/^(x-request-id|traceparent|date|ratelimit|retry-after)/.test(name))
      .map(([name, value]) => `${name}: ${value}`),
  })
  for (const [path, body] of [
    ['/api/v1/registrations', {}],
    ['/api/v1/password-resets', {}],
    ['/api/v1/sessions', { password: 'wrong' }],
  ] as const) {
    const known = await request('POST', path, { body: { ...body, email: 'known@example.com' } })
    const unknown = await request('POST', path, { body: { ...body, email: 'unknown@example.com' } })
    assert.deepEqual(tells(known), tells(unknown), path)
  }
})

test('a language is a language tag: it is kept and shown', async () => {
  const body = { email: 'tag@example.com', language: '<script>' }
  const { status } = await request('POST', '/api/v1/registrations', { body })
  assert.equal(status, 400)
})

test('guessing is slow: ten tries a minute for one address', async () => {
  const statuses: number[] = []
  for (let tries = 0; tries < 12; tries++)
    statuses.push(
      (await request('POST', '/api/v1/sessions', { body: { email: 'x@example.com', password: 'x' } })).status,
    )
  assert.equal(statuses.at(-1), 429)
})

test('a stranger’s session has the store and its brand, and nobody in it', async () => {
  const answer = JSON.parse((await request('GET', '/api/v1/session')).text)
  assert.equal(answer.user, null)
  assert.equal(answer.csrf_token, null)
  assert.deepEqual(answer.scopes, [])
  assert.equal(answer.store.origin, 'http://127.0.0.1')
  assert.equal(answer.mail_is_kept, true)
})
