import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { fixedClock } from '../../../test/harness/clock.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { testServer } from '../../../test/harness/http.ts'
import { newId, type SellerId, type TenantId, type UserId } from '../../kernel/ids.ts'
import { route } from '../http/route.ts'
import { createAccessTokens } from './access-token.ts'
import { createAuthenticate } from './authenticate.ts'
import { parseCookies } from './cookies.ts'
import type { UserPrincipal } from './principals.ts'
import { authRoutes } from './routes.ts'
import { createRevokedTokens } from './revoked-tokens.ts'
import { createSeal } from './seal.ts'
import { createSessions } from './sessions.ts'
import { createSigningKeys } from './signing-keys.ts'
import { sha256 } from './tokens.ts'

const database = await testDatabase()
const { db, pool } = database
const clock = fixedClock('2026-03-01T12:00:00Z')
const secret = 'a secret of at least 32 characters.'
const publicUrl = 'http://localhost:8080'

const sellerId = newId<SellerId>()
const ann = newId<UserId>()
const bob = newId<UserId>()
const place = { tenantId: newId<TenantId>(), sellerId, path: '1' }
const users = new Map<string, UserPrincipal>([
  [ann, { ...place, scopes: new Set(['things:read']), roles: ['company_admin'], onlyManagerId: null }],
])
const loaders = {
  loadUserPrincipal: async (_sellerId: string, userId: string) => users.get(userId),
  loadClient: async () => undefined,
}
const keys = createSigningKeys({ db, clock, secret })
const revoked = createRevokedTokens({ pool, clock })
const accessTokens = createAccessTokens({ keys, clock, issuer: publicUrl, revoked })
const sessions = createSessions({ db, pool, clock, secret })
const authenticate = createAuthenticate({ loaders, sessions, accessTokens, clock })

const whoAmI = z.object({
  kind: z.string(),
  id: z.string().nullable(),
  scopes: z.array(z.string()),
  csrfToken: z.string().nullable(),
})
const { request } = await testServer(database, {
  clock,
  authenticate,
  routes: [
    ...authRoutes({ keys, accessTokens, loaders, clock, publicUrl }),
    route({
      method: 'GET',
      path: '/api/v1/session',
      scope: null,
      summary: 'Who',
      input: z.object({}),
      output: whoAmI,
      handle: async ({ actor, request: facts }) => ({
        kind: actor.kind,
        id: actor.kind === 'anonymous' ? null : actor.id,
        scopes: actor.kind === 'anonymous' ? [] : [...actor.scopes],
        csrfToken: sessions.csrfTokenOf(facts),
      }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/sessions',
      scope: null,
      summary: 'Sign in',
      status: 201,
      input: z.object({ user: z.string() }),
      output: z.object({ csrfToken: z.string() }),
      handle: (context, { user }) => sessions.start(context, { sellerId, userId: user }),
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/session',
      scope: null,
      summary: 'Sign out',
      status: 204,
      input: z.object({}),
      output: z.void(),
      handle: (context) => sessions.end(context),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/session/password',
      scope: 'session:write',
      summary: 'Own',
      status: 204,
      input: z.object({}),
      output: z.void(),
      handle: async () => undefined,
    }),
  ],
})

async function signIn(user: string = ann, headers: Record<string, string> = {}) {
  const answer = await request('POST', '/api/v1/sessions', { body: { user }, headers })
  assert.equal(answer.status, 201)
  const [setCookie = ''] = answer.headers.getSetCookie()
  return { cookie: setCookie.split(';')[0] ?? '', csrf: String(answer.body?.['csrf_token']), setCookie }
}
const who = async (headers: Record<string, string>) =>
  (await request('GET', '/api/v1/session', { headers })).body?.['kind'] as unknown as string

test('a session cookie signs in; only its hash is stored', async () => {
  const { cookie, csrf, setCookie } = await signIn()
  assert.match(setCookie, /^buylink_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/)
  const answer = await request('GET', '/api/v1/session', { headers: { cookie } })
  assert.deepEqual(answer.body, { kind: 'user', id: ann, scopes: ['things:read'], csrf_token: csrf })
  const { rows } = await pool.query('select token_hash from sessions')
  assert.deepEqual(rows[0].token_hash, sha256(cookie.split('=')[1] ?? ''))
})

test('a change needs the session’s own CSRF token', async () => {
  const { cookie, csrf } = await signIn()
  const other = await signIn()
  const put = (headers: Record<string, string>) =>
    request('PUT', '/api/v1/session/password', { body: {}, headers: { cookie, ...headers } })
  for (const headers of [{}, { 'x-csrf-token': 'x' }, { 'x-csrf-token': other.csrf }]) {
    const refused = await put(headers as Record<string, string>)
    assert.equal(refused.status, 403)
    assert.equal(refused.body?.['code'], 'csrf_failed')
  }
  assert.equal((await put({ 'x-csrf-token': csrf })).status, 204)
})

for (const { name, headers, status } of [
  { name: 'a page of another site', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  {
    name: 'a page of a neighbouring host',
    headers: { 'sec-fetch-site': 'same-site', origin: 'http://evil.localhost' },
    status: 403,
  },
  { name: 'an old browser on another site', headers: { origin: 'https://evil.example' }, status: 403 },
  { name: 'a sandboxed page', headers: { origin: 'null' }, status: 403 },
  { name: 'a page of ours', headers: { 'sec-fetch-site': 'same-origin' }, status: 201 },
  { name: 'a program', headers: {}, status: 201 },
])
  test(`signing in from ${name} is answered with ${status}`, async () => {
    const answer = await request('POST', '/api/v1/sessions', {
      body: { user: ann },
      headers: headers as Record<string, string>,
    })
    assert.equal(answer.status, status)
  })

test('signing in again gives another token and ends the one before; signing out ends it at once', async () => {
  const first = await signIn()
  const second = await signIn(ann, { cookie: first.cookie, 'x-csrf-token': first.csrf })
  assert.notEqual(second.cookie, first.cookie)
  assert.equal(await who({ cookie: first.cookie }), 'anonymous')
  assert.equal(await who({ cookie: second.cookie }), 'user')
  const out = await request('DELETE', '/api/v1/session', {
    headers: { cookie: second.cookie, 'x-csrf-token': second.csrf },
  })
  assert.equal(out.status, 204)
  assert.match(out.headers.get('set-cookie') ?? '', /^buylink_session=; Path=\/; Max-Age=0/)
  assert.equal(await who({ cookie: second.cookie }), 'anonymous')
})

test('ending all sessions of a user may keep the one that asks', async () => {
  const [one, two] = [await signIn(), await signIn()]
  await sessions.endAllOf(db, { sellerId, userId: ann }, parseCookies(one.cookie)['buylink_session'])
  assert.equal(await who({ cookie: one.cookie }), 'user')
  assert.equal(await who({ cookie: two.cookie }), 'anonymous')
})

test('a session that is used lives on; one that is not ends after 30 days', async () => {
  const { cookie } = await signIn()
  const idle = await signIn()
  clock.advance(20 * 86_400_000)
  const answer = await request('GET', '/api/v1/session', { headers: { cookie } })
  assert.match(answer.headers.get('set-cookie') ?? '', /Max-Age=2592000/)
  clock.advance(20 * 86_400_000)
  assert.equal(await who({ cookie }), 'user')
  assert.equal(await who({ cookie: idle.cookie }), 'anonymous')
  assert.ok((await sessions.removeExpired()) >= 1)
})

test('a user who is gone is signed in nowhere', async () => {
  users.set(bob, { ...place, scopes: new Set(), roles: [], onlyManagerId: null })
  const { cookie } = await signIn(bob)
  users.delete(bob)
  assert.equal(await who({ cookie }), 'anonymous')
})

test('two servers that start together agree on one key; a changed secret makes a new one', async () => {
  const fresh = await testDatabase()
  const both = [createSigningKeys({ db: fresh.db, clock, secret }), createSigningKeys({ db: fresh.db, clock, secret })]
  const [one, two] = await Promise.all(both.map((each) => each.current()))
  assert.equal(one?.id, two?.id)
  assert.equal((await both[0]?.publicKeys())?.keys.length, 1)
  const changed = createSigningKeys({ db: fresh.db, clock, secret: 'another secret of 32 characters..' })
  assert.notEqual((await changed.current()).id, one?.id)
})

test('a sealed secret opens with the same key and purpose alone', () => {
  const seal = createSeal(secret, 'smtp')
  const sealed = seal.seal('password')
  assert.equal(seal.unseal(sealed), 'password')
  assert.notDeepEqual(seal.seal('password'), sealed)
  assert.throws(() => createSeal(secret, 'other').unseal(sealed))
  const altered = Buffer.from(sealed)
  altered[altered.length - 1]! ^= 1
  assert.throws(() => seal.unseal(altered))
})
