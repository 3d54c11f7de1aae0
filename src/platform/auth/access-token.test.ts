import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { fixedClock } from '../../../test/harness/clock.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { testServer } from '../../../test/harness/http.ts'
import { newId, type SellerId, type TenantId, type UserId } from '../../kernel/ids.ts'
import { route } from '../http/route.ts'
import { createAccessTokens } from './access-token.ts'
import { createAuthenticate } from './authenticate.ts'
import type { ClientPrincipal } from './principals.ts'
import { createRevokedTokens } from './revoked-tokens.ts'
import { authRoutes } from './routes.ts'
import { createSessions } from './sessions.ts'
import { createSigningKeys } from './signing-keys.ts'
import { sha256 } from './tokens.ts'
import { createUserTokens } from './user-tokens.ts'

const database = await testDatabase()
const { db, pool } = database
const clock = fixedClock('2026-03-01T12:00:00Z')
const secret = 'a secret of at least 32 characters.'
const publicUrl = 'http://localhost:8080'

const place = {
  tenantId: newId<TenantId>(),
  tenantNumber: 1n,
  role: 'root_admin',
  sellerId: newId<SellerId>(),
  path: '1',
}
let client: ClientPrincipal = {
  ...place,
  scopes: new Set(['things:read', 'things:write']),
  secretHash: sha256('s3cret:x'),
  enabled: true,
}
const loaders = {
  loadUserPrincipal: async () => undefined,
  loadClient: async (id: string) => (id === 'shop' ? client : undefined),
}
const keys = createSigningKeys({ db, clock, secret })
const revoked = createRevokedTokens({ pool, clock })
const accessTokens = createAccessTokens({ keys, clock, issuer: publicUrl, revoked })
const sessions = createSessions({ db, pool, clock, secret })
const { request } = await testServer(database, {
  clock,
  authenticate: createAuthenticate({ loaders, sessions, accessTokens, clock }),
  routes: [
    ...authRoutes({ keys, accessTokens, loaders, clock, publicUrl }),
    route({
      method: 'GET',
      path: '/api/v1/session',
      scope: null,
      summary: 'Who',
      input: z.object({}),
      output: z.object({ scopes: z.array(z.string()) }),
      handle: async ({ actor }) => ({ scopes: actor.kind === 'anonymous' ? [] : [...actor.scopes] }),
    }),
  ],
})

const basic = (id: string, password: string) => `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`
const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  request('POST', '/api/2/idp/token', {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
const grant = { grant_type: 'client_credentials' }

test('gives a token for id and secret, by Basic or by form, that third parties can verify', async () => {
  const answer = await form({ ...grant, totp_code: 'ignored' }, { authorization: basic('shop', 's3cret:x') })
  assert.equal(answer.status, 200)
  const { access_token: token, id_token: idToken, ...rest } = answer.body as unknown as Record<string, string>
  assert.deepEqual(rest, {
    token_type: 'bearer',
    expires_in: 7200,
    expires_on: clock.now().getTime() / 1000 + 7200,
    scope: 'things:read things:write',
  })
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal((await form({ ...grant, client_id: 'shop', client_secret: 's3cret:x' })).status, 200)

  const jwks = (await request('GET', '/api/2/idp/jwks')).body as unknown as Parameters<typeof createLocalJWKSet>[0]
  assert.equal(jwks.keys.length, 1)
  assert.equal(jwks.keys[0]?.['d'], undefined)
  const { payload, protectedHeader } = await jwtVerify(token ?? '', createLocalJWKSet(jwks), {
    issuer: publicUrl,
    currentDate: clock.now(),
  })
  assert.equal(protectedHeader.alg, 'RS256')
  const issuedAt = clock.now().getTime() / 1000
  const { jti, ...claims } = payload
  assert.match(String(jti), /^[0-9a-f-]{36}$/)
  assert.deepEqual(claims, {
    iss: publicUrl,
    sub: 'shop',
    aud: `${publicUrl}/api`,
    iat: issuedAt,
    exp: issuedAt + 7200,
    ver: '2',
    client_id: 'shop',
    sub_type: 'api_client',
    owner_tuid: place.tenantId,
    scope: [{ tid: '1', tuid: place.tenantId, role: 'root_admin' }],
    scp: ['things:read', 'things:write'],
  })
  const about = await jwtVerify(idToken ?? '', createLocalJWKSet(jwks), { audience: 'shop', currentDate: clock.now() })
  assert.equal(about.payload['owner_tuid'], place.tenantId)
  const opened = await request('GET', '/api/v1/session', { headers: { authorization: `Bearer ${idToken ?? ''}` } })
  assert.equal(opened.status, 401)
  const discovery = (await request('GET', '/.well-known/openid-configuration')).body as unknown as Record<
    string,
    string
  >
  assert.equal(discovery['jwks_uri'], `${publicUrl}/api/2/idp/jwks`)
})

for (const { name, fields, headers, status, error } of [
  {
    name: 'a wrong secret',
    fields: grant,
    headers: { authorization: basic('shop', 'no') },
    status: 401,
    error: 'invalid_client',
  },
  {
    name: 'an unknown client',
    fields: grant,
    headers: { authorization: basic('nobody', 'no') },
    status: 401,
    error: 'invalid_client',
  },
  { name: 'no credentials', fields: grant, headers: {}, status: 401, error: 'invalid_client' },
  {
    name: 'another scheme',
    fields: grant,
    headers: { authorization: 'Basic !' },
    status: 401,
    error: 'invalid_client',
  },
  {
    name: 'another grant',
    fields: { grant_type: 'password' },
    headers: { authorization: basic('shop', 's3cret:x') },
    status: 400,
    error: 'unsupported_grant_type',
  },
  {
    name: 'no grant',
    fields: {},
    headers: { authorization: basic('shop', 's3cret:x') },
    status: 400,
    error: 'invalid_request',
  },
  {
    name: 'a scope it may not have',
    fields: { ...grant, scope: 'root' },
    headers: { authorization: basic('shop', 's3cret:x') },
    status: 400,
    error: 'invalid_scope',
  },
])
  test(`the token endpoint refuses ${name} in OAuth’s own words`, async () => {
    const answer = await form(fields as Record<string, string>, headers as Record<string, string>)
    assert.equal(answer.status, status)
    assert.equal(answer.body?.['error'], error)
    assert.equal(typeof answer.body?.['error_description'], 'string')
    if (status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic/)
  })

test('a token names its client and scopes, until it expires, the client is disabled or loses a scope', async () => {
  const { token } = await accessTokens.issue('shop', place, ['things:read', 'things:write'])
  const headers = { authorization: `Bearer ${token}` }
  const answer = await request('GET', '/api/v1/session', { headers })
  assert.deepEqual(answer.body?.['scopes'], ['things:read', 'things:write'])
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1100))
  client = { ...client, scopes: new Set(['things:read']) }
  await pause()
  assert.deepEqual((await request('GET', '/api/v1/session', { headers })).body?.['scopes'], ['things:read'])
  client = { ...client, enabled: false }
  await pause()
  assert.equal((await request('GET', '/api/v1/session', { headers })).status, 401)
  client = { ...client, enabled: true }
  await pause()
  clock.advance(7_201_000)
  const expired = await request('GET', '/api/v1/session', { headers })
  assert.equal(expired.status, 401)
  assert.match(String(expired.body?.['detail']), /expired/)
})

const post = (path: string, fields: Record<string, string>, authorization: string) =>
  request('POST', `/api/2/idp/${path}`, {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
  })
const asShop = basic('shop', 's3cret:x')

test('a token that is given back opens nothing any more, on another server either', async () => {
  const { token } = await accessTokens.issue('shop', place, ['things:read'])
  const other = createAccessTokens({ keys, clock, issuer: publicUrl, revoked: createRevokedTokens({ pool, clock }) })
  assert.equal((await other.verify(token)).clientId, 'shop')
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await request('GET', '/api/v1/session', { headers })).status, 200)
  assert.equal((await post('revoke_token', { token }, asShop)).status, 200)
  const refused = await request('GET', '/api/v1/session', { headers })
  assert.equal(refused.status, 401)
  assert.equal(refused.body?.['code'], 'unauthenticated')
  await new Promise((resolve) => setTimeout(resolve, 1100))
  await assert.rejects(other.verify(token), { code: 'unauthenticated' })
  assert.equal((await post('revoke_token', { token }, asShop)).status, 200)
  assert.deepEqual((await post('introspect_token', { token }, asShop)).body, { active: false })

  const { token: own } = await accessTokens.issue('shop', place, ['things:read'])
  assert.equal((await post('revoke_token', { token: own }, `Bearer ${own}`)).status, 200)
  await assert.rejects(accessTokens.verify(own), { code: 'unauthenticated' })
  assert.equal(await revoked.removeExpired(), 0)
  clock.advance(7_201_000)
  assert.equal(await revoked.removeExpired(), 2)
})

test('row 36: token errors use `{error, error_description}`; what is no token is given back already', async () => {
  const { token } = await accessTokens.issue('else', place, ['things:read'])
  for (const { fields, authorization, status, error } of [
    { fields: {}, authorization: asShop, status: 400, error: 'invalid_request' },
    {
      fields: { token: 'x', token_type_hint: 'refresh_token' },
      authorization: asShop,
      status: 400,
      error: 'unsupported_token_type',
    },
    { fields: { token: 'x' }, authorization: basic('shop', 'wrong'), status: 401, error: 'invalid_client' },
    { fields: { token }, authorization: asShop, status: 400, error: 'invalid_request' },
  ]) {
    const answer = await post('revoke_token', fields as Record<string, string>, authorization)
    assert.equal(answer.status, status, answer.text)
    assert.deepEqual(Object.keys(answer.body ?? {}), ['error', 'error_description'])
    assert.equal(answer.body?.['error'], error)
  }
  assert.equal((await accessTokens.verify(token)).clientId, 'else')
  assert.equal((await post('revoke_token', { token: 'nonsense' }, asShop)).status, 200)
})

test('introspection tells what a good token says, and nothing of another', async () => {
  const { token } = await accessTokens.issue('shop', place, ['things:read'])
  const { body } = await post('introspect_token', { token }, asShop)
  const said = body as unknown as Record<string, unknown>
  assert.equal(said['active'], true)
  assert.equal(said['client_id'], 'shop')
  assert.deepEqual(said['scope'], [{ tid: '1', tuid: place.tenantId, role: 'root_admin' }])
  const { token: elsewhere } = await accessTokens.issue('nobody', place, ['things:read'])
  for (const bad of ['nonsense', `${token}x`, elsewhere])
    assert.deepEqual((await post('introspect_token', { token: bad }, asShop)).body, { active: false })
  assert.equal((await post('introspect_token', { token }, basic('shop', 'no'))).status, 401)
})

test('refuses tokens that others made', async () => {
  const { token } = await accessTokens.issue('shop', place, ['things:read'])
  const [head = '', body = '', signature = ''] = token.split('.')
  const { id } = await keys.current()
  const symmetric = await new SignJWT({ scope: 'things:read' })
    .setProtectedHeader({ alg: 'HS256', kid: id })
    .setSubject('shop')
    .sign(Buffer.alloc(32))
  const forged = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), scope: 'root' }),
  ).toString('base64url')
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
  for (const bad of [`${head}.${forged}.${signature}`, symmetric, none, 'x', `${token}x`]) {
    const answer = await request('GET', '/api/v1/session', { headers: { authorization: `Bearer ${bad}` } })
    assert.equal(answer.status, 401)
    assert.equal(answer.body?.['code'], 'unauthenticated')
  }
})

test('a user token that was good once is refused when it is altered, and when it has expired', async () => {
  const userTokens = createUserTokens({ keys, clock, issuer: publicUrl })
  const claims = { sellerId: place.sellerId, userId: newId<UserId>(), origins: ['https://console.example'] }
  const { token, expiresAt } = await userTokens.issue(claims)
  for (const time of ['checked', 'remembered']) {
    const { expiresAt: until, ...said } = await userTokens.verify(token)
    assert.deepEqual([said, until], [claims, expiresAt], time)
    assert.equal(userTokens.isOne(token), true, time)
  }
  await assert.rejects(userTokens.verify(`${token}x`), { code: 'unauthenticated' })
  const { token: access } = await accessTokens.issue('shop', place, ['things:read'])
  assert.equal(userTokens.isOne(access), false)
  await assert.rejects(userTokens.verify(access), { code: 'unauthenticated' })
  clock.advance(900_000)
  await assert.rejects(userTokens.verify(token), { code: 'unauthenticated' })
})
