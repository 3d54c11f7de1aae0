import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { caller, lastMail, newBrowser, type TestBrowser, testFace } from '../../test/harness/registration.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import type { Principal } from '../platform/actor.ts'
import { registrationRoutes } from '../registration/index.ts'
import { createUser, SCOPES, secondFactorRoutes, setPassword } from './index.ts'

const database = await testDatabase()
const { db } = database
const clock = fixedClock()
const shop = await testSeller(db, clock, 'shop.example', 'Shop')
const other = await testSeller(db, clock, 'other.example', 'Other')
const { face, refresh } = testFace(database, clock)
await refresh()
const call = caller(database, clock, face, [
  ...registrationRoutes(face),
  ...secondFactorRoutes(face.secondFactors, face.sessions),
])
const PASSWORD = 'a long and winding road'
const SELF = '/api/v1/session/second-factor'

async function person(email: string): Promise<{ id: string; email: string }> {
  const roles = ['sales'] as const
  const user = await createUser(db, clock, shop.actor, { tenantId: shop.tenant.id, email, language: 'en', roles })
  await setPassword(db, clock, shop.actor, { sellerId: user.sellerId, userId: user.id, password: PASSWORD })
  return user
}
const signIn = (browser: TestBrowser, email: string, code?: string) =>
  call(browser, shop.host, 'POST', '/api/v1/sessions', {
    email,
    password: PASSWORD,
    ...(code !== undefined && { code }),
  })

/** What an authenticator app shows, so many steps from now. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() + steps * 30_000 })

/** Someone signed in whose second factor is in force. The step of its first code is used up. */
async function guarded(email: string) {
  const { id } = await person(email)
  const browser = newBrowser()
  await signIn(browser, email)
  const { secret, url } = (await call(browser, shop.host, 'POST', SELF, { password: PASSWORD })) as {
    secret: string
    url: string
  }
  const confirmed = (await call(browser, shop.host, 'POST', `${SELF}/confirm`, { code: codeOf(secret) })) as {
    recoveryCodes: string[]
  }
  return { id, email, browser, secret, url, recoveryCodes: confirmed.recoveryCodes }
}

describe('a second factor (RFC 6238)', () => {
  test('until the first code confirms it, the password is enough', async () => {
    await person('begun@shop.example')
    const browser = newBrowser()
    await signIn(browser, 'begun@shop.example')
    await assert.rejects(call(browser, shop.host, 'POST', SELF, { password: 'not the password' }), {
      code: 'invalid_credentials',
      status: 422,
    })
    const { url } = (await call(browser, shop.host, 'POST', SELF, { password: PASSWORD })) as { url: string }
    assert.match(url, /^otpauth:\/\/totp\/.*begun%40shop\.example\?.*secret=[A-Z2-7]{32}/)
    await assert.rejects(call(browser, shop.host, 'POST', `${SELF}/confirm`, { code: '000000' }), { status: 422 })
    await signIn(newBrowser(), 'begun@shop.example')
  })

  test('in force, the password alone does not sign in, nor a wrong code, nor one that was used', async () => {
    const { secret, email } = await guarded('asked@shop.example')
    await assert.rejects(signIn(newBrowser(), email), { code: 'second_factor_required', status: 401 })
    await assert.rejects(signIn(newBrowser(), email, '123'), { code: 'invalid_credentials' })
    await assert.rejects(signIn(newBrowser(), email, codeOf(secret)), { code: 'invalid_credentials' })
    const next = codeOf(secret, 1)
    await signIn(newBrowser(), email, `${next.slice(0, 3)} ${next.slice(3)}`)
    await assert.rejects(signIn(newBrowser(), email, next), { code: 'invalid_credentials' })
    await assert.rejects(signIn(newBrowser(), email, codeOf(secret, 3)), { code: 'invalid_credentials' })
  })

  test('of two sign-ins with one code at once, one passes', async () => {
    const { secret, email } = await guarded('race@shop.example')
    const code = codeOf(secret, 1)
    const results = await Promise.allSettled([signIn(newBrowser(), email, code), signIn(newBrowser(), email, code)])
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  })

  test('a recovery code signs in once, however it is written', async () => {
    const { email, browser, recoveryCodes } = await guarded('lost@shop.example')
    const [first = ''] = recoveryCodes
    assert.equal(new Set(recoveryCodes).size, 10)
    await signIn(newBrowser(), email, first.toUpperCase().replace('-', ' '))
    await assert.rejects(signIn(newBrowser(), email, first), { code: 'invalid_credentials' })
    assert.deepEqual(await call(browser, shop.host, 'GET', SELF), { confirmedAt: clock.now(), recoveryCodesLeft: 9 })
  })

  test('after five wrong codes no code is tried for a quarter of an hour', async () => {
    const { email, secret } = await guarded('guessed@shop.example')
    for (let tries = 0; tries < 5; tries++)
      await assert.rejects(signIn(newBrowser(), email, '000000'), { code: 'invalid_credentials' })
    await assert.rejects(signIn(newBrowser(), email, codeOf(secret, 1)), { code: 'rate_limited' })
    clock.advance(15 * 60_000)
    await signIn(newBrowser(), email, codeOf(secret))
  })

  test('a mailed reset asks for it too, and leaves the link good', async () => {
    const { email, secret } = await guarded('mail@shop.example')
    await call(newBrowser(), shop.host, 'POST', '/api/v1/password-resets', { email })
    const { token } = await lastMail(database, shop.tenant.sellerId, email)
    const reset = (code?: string) =>
      call(newBrowser(), shop.host, 'POST', '/api/v1/password-resets/confirm', {
        token,
        password: 'another long and winding road',
        ...(code !== undefined && { code }),
      })
    await assert.rejects(reset(), { code: 'second_factor_required' })
    await assert.rejects(reset('000000'), { code: 'invalid_credentials' })
    await reset(codeOf(secret, 1))
  })

  test('its user removes it with a code; an administrator of the same place for who has lost it, nobody else', async () => {
    const own = await guarded('own@shop.example')
    await assert.rejects(call(own.browser, shop.host, 'POST', `${SELF}/remove`, { code: '000000' }), { status: 422 })
    await assert.rejects(call(own.browser, shop.host, 'POST', SELF, { password: PASSWORD }), { code: 'conflict' })
    await call(own.browser, shop.host, 'POST', `${SELF}/remove`, { code: codeOf(own.secret, 1) })
    await signIn(newBrowser(), own.email)

    const lost = await guarded('gone@shop.example')
    const { secondFactors } = face
    const reset = (actor: Principal) => secondFactors.reset(db, clock, actor, lost.id as never)
    await assert.rejects(reset(other.actor), { code: 'not_found' })
    // Who may less than the person could else sign in as them.
    await assert.rejects(reset({ ...shop.actor, scopes: new Set(['users:write']) }), { code: 'forbidden' })
    const administrator = { ...shop.actor, scopes: new Set(SCOPES) }
    await reset(administrator)
    await assert.rejects(reset(administrator), { code: 'not_found' })
    await signIn(newBrowser(), lost.email)
  })

  test('its user learns by mail that it was set up, and that it was taken away', async () => {
    const { email, browser, secret } = await guarded('told@shop.example')
    const told = async () => (await lastMail(database, shop.tenant.sellerId, email)).subject
    assert.equal(await told(), 'Signing in at Shop now asks for a code')
    await call(browser, shop.host, 'POST', `${SELF}/remove`, { code: codeOf(secret, 1) })
    assert.equal(await told(), 'Signing in at Shop no longer asks for a code')
  })

  test('neither the secret nor a recovery code lies open in the database', async () => {
    const { id, secret, recoveryCodes } = await guarded('sealed@shop.example')
    const factor = await db.selectFrom('second_factors').where('user_id', '=', id).selectAll().executeTakeFirstOrThrow()
    assert.equal(factor.secret.includes(secret), false)
    const codes = await db.selectFrom('recovery_codes').where('user_id', '=', id).select('code_hash').execute()
    assert.equal(codes.length, recoveryCodes.length)
  })
})
