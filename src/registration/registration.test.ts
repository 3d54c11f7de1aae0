import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { caller, lastMail, newBrowser, type TestBrowser, testFace } from '../../test/harness/registration.ts'
import { testRoot, testSeller } from '../../test/harness/sellers.ts'
import { createManager, listAttributions } from '../attribution/index.ts'
import { listAcceptances } from '../accounts/index.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { createUser } from '../users/index.ts'
import { registrationRoutes } from './routes.ts'
import type { SessionView } from './schema.ts'

const database = await testDatabase()
const { db } = database
const clock = fixedClock()
const one = await testSeller(db, clock, 'one.example', 'One Cloud')
const two = await testSeller(db, clock, 'two.example', 'Two Cloud')
const carter = await createManager(db, clock, one.actor, {
  sellerId: one.tenant.id,
  name: 'Carter',
  role: 'sales',
  key: 'carter81',
})
const { face, refresh } = testFace(database, clock)
await refresh()
const call = caller(database, clock, face, registrationRoutes(face))
const LINK = '/client/new_order?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840'

const register = (browser: TestBrowser, email: string, host = one.host) =>
  call(browser, host, 'POST', '/api/v1/registrations', { email, returnTo: LINK })
const confirm = async (browser: TestBrowser, token: string, host = one.host) =>
  (await call(browser, host, 'POST', '/api/v1/registrations/confirm', { token })) as {
    session: SessionView
    returnTo: string
  }
const session = (browser: TestBrowser, host = one.host) =>
  call(browser, host, 'GET', '/api/v1/session') as Promise<SessionView>

async function customer(email: string, host = one.host): Promise<TestBrowser> {
  const browser = newBrowser()
  await register(browser, email, host)
  const seller = host === one.host ? one : two
  await confirm(browser, (await lastMail(database, seller.tenant.sellerId, email)).token, host)
  return browser
}

const FULL = {
  firstName: 'Ann',
  lastName: 'Lee',
  customerType: 'business',
  companyName: 'Contoso',
  country: 'us',
  city: 'Springfield',
  street: 'Elm 1',
  zip: '12345',
  acceptPrivacy: true,
}

describe('quick registration', () => {
  test('row 47: the link survives a confirmation on another device, and so does the manager’s key', async () => {
    const phone: TestBrowser = { cookies: { buylink_manager: 'carter81' } }
    assert.deepEqual(await register(phone, 'Ann@Example.com'), { status: 'check_mail' })
    const mail = await lastMail(database, one.tenant.sellerId, 'ann@example.com')
    assert.ok(mail.link.startsWith('https://one.example/client/confirm?token='))
    assert.deepEqual([...new URL(mail.link).searchParams.keys()], ['token'])
    const laptop = newBrowser()
    const { session: view, returnTo } = await confirm(laptop, mail.token)
    assert.equal(returnTo, LINK)
    assert.equal(laptop.cookies['buylink_manager'], 'carter81')
    assert.equal(view.user?.email, 'ann@example.com')
    assert.equal(view.account?.registration, 'quick')
    assert.deepEqual(view.user?.roles, ['company_admin'])
    assert.ok(view.csrfToken)
    assert.equal((await session(laptop)).user?.id, view.user?.id)
    assert.equal((await session(phone)).user, null)
  })

  /** Beside each stands the personal tenant of its user, which has the same name. */
  const customersNamed = (name: string) =>
    db.selectFrom('tenants').where('name', '=', name).where('kind', '=', 'customer').select('id').execute()

  test('of parallel confirmations exactly one gets in, and one customer is made', async () => {
    await register(newBrowser(), 'bob@example.com')
    const { token } = await lastMail(database, one.tenant.sellerId, 'bob@example.com')
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => confirm(newBrowser(), token)))
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of results) if (result.status === 'rejected') assert.equal(result.reason.code, 'token_expired')
    const users = await db.selectFrom('users').where('email', '=', 'bob@example.com').select('tenant_id').execute()
    assert.equal(users.length, 1)
    const tenants = await customersNamed('bob@example.com')
    assert.deepEqual(tenants, [{ id: users[0]?.tenant_id }])
  })

  test('two links of one person confirmed at once make one customer', async () => {
    const tokens: string[] = []
    for (let count = 0; count < 2; count++) {
      await register(newBrowser(), 'twice@example.com')
      tokens.push((await lastMail(database, one.tenant.sellerId, 'twice@example.com')).token)
      clock.advance(1000)
    }
    const views = await Promise.all(tokens.map((token) => confirm(newBrowser(), token)))
    assert.equal(views[0]?.session.user?.id, views[1]?.session.user?.id)
    const tenants = await customersNamed('twice@example.com')
    assert.equal(tenants.length, 1)
  })

  test('a link works for 48 hours and not longer, and not at another seller’s store', async () => {
    await register(newBrowser(), 'late@example.com')
    const { token } = await lastMail(database, one.tenant.sellerId, 'late@example.com')
    await assert.rejects(confirm(newBrowser(), token, two.host), { code: 'token_expired' })
    clock.advance(48 * HOUR_MS)
    await assert.rejects(confirm(newBrowser(), token), { code: 'token_expired' })
    await assert.rejects(confirm(newBrowser(), 'x'.repeat(64)), { code: 'token_expired' })
    await assert.rejects(confirm(newBrowser(), ''), { code: 'token_expired' })
  })

  test('known and unknown addresses get the same answer and leave the same traces', async () => {
    await customer('known@example.com')
    const traces = async () => {
      const count = async (table: 'email_tokens' | 'mails' | 'events' | 'audit_log') =>
        (await db.selectFrom(table).where('seller_id', '=', one.tenant.sellerId).select('seller_id').execute()).length
      return [await count('email_tokens'), await count('mails'), await count('events'), await count('audit_log')]
    }
    const counts = [await traces()]
    const answers = [await register(newBrowser(), 'known@example.com')]
    counts.push(await traces())
    answers.push(await register(newBrowser(), 'unknown@example.com'))
    counts.push(await traces())
    assert.deepEqual(answers[0], answers[1])
    const [before, afterKnown, afterUnknown] = counts as [number[], number[], number[]]
    assert.deepEqual(
      afterKnown.map((count, index) => count - (before[index] ?? 0)),
      afterUnknown.map((count, index) => count - (afterKnown[index] ?? 0)),
    )
    const mail = await lastMail(database, one.tenant.sellerId, 'known@example.com')
    assert.ok(mail.link.startsWith('https://one.example/client/reset?token='))
    assert.equal(mail.purpose, (await lastMail(database, one.tenant.sellerId, 'unknown@example.com')).purpose)
  })

  test('a host without a store registers nobody', () =>
    assert.rejects(register(newBrowser(), 'x@example.com', 'nowhere.example'), { code: 'store_not_found' }))
})

describe('full registration', () => {
  test('completes the account once, logs the acceptance, and credits the manager', async () => {
    const browser = await customer('full@example.com')
    browser.cookies['buylink_manager'] = 'carter81'
    const account = (await call(browser, one.host, 'PUT', '/api/v1/account/registration', {
      ...FULL,
      password: 'a long enough phrase',
    })) as { id: string; name: string; country: string; registration: string; manager: { id: string } | null }
    assert.equal(account.registration, 'full')
    assert.equal(account.name, 'Contoso')
    assert.equal(account.country, 'US')
    assert.equal(account.manager?.id, carter.id)
    const accepted = await listAcceptances(db, one.tenant.sellerId, account.id)
    assert.deepEqual(
      accepted.map(({ document, url }) => ({ document, url })),
      [{ document: 'privacy', url: 'https://one.example/privacy' }],
    )
    const [attribution] = await listAttributions(db, one.tenant.sellerId, account.id)
    assert.equal(attribution?.reason, 'registration')
    await call(browser, one.host, 'PUT', '/api/v1/account/registration', { ...FULL, city: 'Shelbyville' })
    const events = await db
      .selectFrom('events')
      .where('seller_id', '=', one.tenant.sellerId)
      .where('subject_id', '=', account.id)
      .where('subject_kind', '=', 'account')
      .select('type')
      .orderBy('id')
      .execute()
    assert.deepEqual(
      events.map(({ type }) => type),
      ['account.created', 'account.manager_changed', 'account.updated'],
    )
    const entered = await call(newBrowser(), one.host, 'POST', '/api/v1/sessions', {
      email: 'FULL@example.com',
      password: 'a long enough phrase',
    })
    assert.equal((entered as SessionView).account?.registration, 'full')
  })

  test('credits nobody for a key in other letters, or of another reseller’s manager', async () => {
    const other = await createManager(db, clock, two.actor, {
      sellerId: two.tenant.id,
      name: 'Other',
      role: 'sales',
      key: 'other',
    })
    await refresh()
    for (const key of ['Carter81', other.key ?? '']) {
      const browser = await customer(`${key.toLowerCase()}@example.com`)
      browser.cookies['buylink_manager'] = key
      const account = await call(browser, one.host, 'PUT', '/api/v1/account/registration', FULL)
      assert.equal((account as { manager: unknown }).manager, null)
    }
  })

  test('needs the privacy policy accepted and everything filled in', async () => {
    const browser = await customer('partly@example.com')
    const put = (change: object) =>
      call(browser, one.host, 'PUT', '/api/v1/account/registration', { ...FULL, ...change })
    await assert.rejects(put({ acceptPrivacy: false }), { code: 'terms_not_accepted' })
    await assert.rejects(
      put({ city: '', companyName: '' }),
      (error: { code: string; problems: { path: string }[] }) => {
        assert.equal(error.code, 'unprocessable')
        assert.deepEqual(error.problems.map(({ path }) => path).toSorted(), ['city', 'company_name'])
        return true
      },
    )
    await assert.rejects(put({ password: 'short' }), { code: 'weak_password' })
    assert.equal((await session(browser)).account?.registration, 'quick')
  })
})

describe('signing in', () => {
  const password = 'correct horse battery'
  const signIn = (host: string, input: object, browser = newBrowser()) =>
    call(browser, host, 'POST', '/api/v1/sessions', { password, ...input }) as Promise<SessionView>

  test('the same address at two sellers is two people, told apart by the store', async () => {
    for (const seller of [one, two])
      await createUser(db, clock, seller.actor, {
        tenantId: seller.tenant.id,
        email: 'same@example.com',
        password,
        roles: ['partner_admin'],
      })
    assert.equal((await signIn(one.host, { email: 'same@example.com' })).tenant?.id, one.tenant.id)
    assert.equal((await signIn(two.host, { email: 'Same@Example.com' })).tenant?.id, two.tenant.id)
    const elsewhere = signIn('operator.example', { email: 'same@example.com' })
    await assert.rejects(
      elsewhere,
      (error: { code: string; extra: { stores: { name: string; sellerId: string }[] } }) => {
        assert.equal(error.code, 'conflict')
        assert.deepEqual(error.extra.stores.map(({ name }) => name).toSorted(), ['One Cloud', 'Two Cloud'])
        return true
      },
    )
    await assert.rejects(signIn('operator.example', { email: 'same@example.com', password: 'wrong' }), {
      code: 'invalid_credentials',
    })
    const chosen = await signIn('operator.example', { email: 'same@example.com', sellerId: two.tenant.id })
    assert.equal(chosen.tenant?.id, two.tenant.id)
  })

  test('the operator signs in at every store, a customer only at their own', async () => {
    const { root, actor } = await testRoot(db, clock)
    await createUser(db, clock, actor, { tenantId: root.id, email: 'op@example.com', password, roles: ['root_admin'] })
    assert.equal((await signIn(one.host, { email: 'op@example.com' })).tenant?.kind, 'root')
    await createUser(db, clock, two.actor, {
      tenantId: two.tenant.id,
      email: 'two@example.com',
      password,
      roles: ['finance'],
    })
    await assert.rejects(signIn(one.host, { email: 'two@example.com' }), { code: 'invalid_credentials' })
  })

  test('an unknown address is told nothing and costs a verification as well', async () => {
    const times: number[] = []
    for (const email of ['op@example.com', 'nobody@example.com']) {
      const startedMs = performance.now()
      await assert.rejects(signIn(one.host, { email, password: 'wrong one' }), {
        code: 'invalid_credentials',
        message: 'E-mail address or password is wrong.',
      })
      times.push(performance.now() - startedMs)
    }
    // Without the dummy verification it would be two orders of magnitude.
    assert.ok((times[1] ?? 0) > (times[0] ?? 0) / 10)
  })

  test('signing out ends the session', async () => {
    const browser = newBrowser()
    await signIn(one.host, { email: 'op@example.com' }, browser)
    await call(browser, one.host, 'DELETE', '/api/v1/session')
    assert.equal((await session(browser)).user, null)
  })
})

describe('passwords', () => {
  test('a reset ends every session, works once, and signs in', async () => {
    const thief = await customer('reset@example.com')
    const browser = newBrowser()
    const asked = await call(browser, one.host, 'POST', '/api/v1/password-resets', { email: 'reset@example.com' })
    const unknown = await call(browser, one.host, 'POST', '/api/v1/password-resets', { email: 'gone@example.com' })
    assert.deepEqual(asked, unknown)
    assert.equal((await lastMail(database, one.tenant.sellerId, 'gone@example.com')).token, '')
    const { token } = await lastMail(database, one.tenant.sellerId, 'reset@example.com')
    const reset = (password: string) =>
      call(browser, one.host, 'POST', '/api/v1/password-resets/confirm', { token, password }) as Promise<SessionView>
    await assert.rejects(reset('password1234'), { code: 'weak_password' })
    assert.equal((await reset('quite another phrase')).user?.email, 'reset@example.com')
    assert.equal((await session(thief)).user, null)
    assert.equal((await session(browser)).user?.email, 'reset@example.com')
    await assert.rejects(reset('and one more phrase'), { code: 'token_expired' })
  })

  test('the way on survives a reset, and leads nowhere else', async () => {
    await customer('onward@example.com')
    const mailed = async (returnTo: string) => {
      const body = { email: 'onward@example.com', returnTo }
      await call(newBrowser(), one.host, 'POST', '/api/v1/password-resets', body)
      const { link } = await lastMail(database, one.tenant.sellerId, 'onward@example.com')
      return URL.parse(link)?.searchParams.get('return_to')
    }
    const link = '/client/new_order?shopping_cart_items[][plan_id]=425&_ga=1'
    assert.equal(await mailed(link), link)
    assert.equal(await mailed('//evil.example/client/'), '/client/')
  })

  test('a reset link is good for an hour', async () => {
    await customer('slow@example.com')
    await call(newBrowser(), one.host, 'POST', '/api/v1/password-resets', { email: 'slow@example.com' })
    const { token } = await lastMail(database, one.tenant.sellerId, 'slow@example.com')
    clock.advance(HOUR_MS)
    const late = call(newBrowser(), one.host, 'POST', '/api/v1/password-resets/confirm', {
      token,
      password: 'a fine long phrase',
    })
    await assert.rejects(late, { code: 'token_expired' })
  })

  test('a change needs the present password and ends the other sessions only', async () => {
    const browser = await customer('change@example.com')
    const put = (input: object, as = browser) => call(as, one.host, 'PUT', '/api/v1/session/password', { ...input })
    await put({ password: 'first fine phrase' })
    const other = newBrowser()
    await call(other, one.host, 'POST', '/api/v1/sessions', {
      email: 'change@example.com',
      password: 'first fine phrase',
    })
    await assert.rejects(put({ password: 'second fine phrase' }), { code: 'invalid_credentials', status: 422 })
    await put({ password: 'second fine phrase', currentPassword: 'first fine phrase' })
    const told = await lastMail(database, one.tenant.sellerId, 'change@example.com')
    assert.equal(told.subject, `Your password for ${one.tenant.name} was changed`)
    assert.equal(URL.parse(told.link)?.pathname, '/client/reset')
    assert.doesNotMatch(told.body_text + told.html, /fine phrase/)
    assert.equal((await session(browser)).user?.email, 'change@example.com')
    assert.equal((await session(other)).user, null)
  })
})
