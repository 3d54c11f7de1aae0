import assert from 'node:assert/strict'
import { request as rawRequest } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { testDatabase } from '../../../test/harness/database.ts'
import { testPrincipal, testServer } from '../../../test/harness/http.ts'
import { BuylinkError } from '../../kernel/errors.ts'
import { route } from './route.ts'
import { Amount, Instant, NumericId, pageInput, pageOf, Uuid, Version } from './schemas.ts'

const database = await testDatabase()
const id = '01970000-0000-7000-8000-000000000001'
const Thing = z.object({ id: Uuid, shownName: z.string(), price: Amount, madeAt: Instant, version: Version })
const thing = {
  id,
  shownName: 'A',
  price: { amountMinor: 4900n, currency: 'USD' },
  madeAt: new Date('2026-03-01T00:00:00Z'),
  version: 7n,
}
const started = Promise.withResolvers<void>()

const routes = [
  route({
    method: 'GET',
    path: '/api/v1/things',
    scope: null,
    summary: 'List',
    input: z.object({ ...pageInput, planId: NumericId.optional(), status: z.array(z.string()).optional() }),
    output: pageOf(Thing),
    handle: async (_context, input) => {
      assert.equal(typeof input.limit, 'number')
      return { items: [{ ...thing, shownName: JSON.stringify(input) }], nextCursor: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/things/:thingId',
    scope: 'things:read',
    summary: 'Read',
    input: z.object({ thingId: Uuid }),
    output: Thing,
    handle: async () => thing,
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/things/:thingId',
    scope: 'things:write',
    summary: 'Change',
    input: z.object({ thingId: Uuid, price: Amount, shownName: z.string().optional() }),
    output: Thing,
    handle: async ({ request }, input) => {
      if (request.ifMatch !== undefined && request.ifMatch !== thing.version)
        throw new BuylinkError('version_mismatch', 'Changed meanwhile.')
      return { ...thing, price: input.price, shownName: input.shownName ?? thing.shownName }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/things/:thingId',
    scope: null,
    summary: 'Remove',
    status: 204,
    input: z.object({ thingId: Uuid }),
    output: z.undefined(),
    handle: async () => undefined,
  }),
  route({
    method: 'POST',
    path: '/api/v1/things',
    scope: null,
    summary: 'Make',
    status: 201,
    input: z.object({ mode: z.string() }),
    output: z.object({ ok: z.boolean() }),
    handle: async ({ pool, reply }, { mode }) => {
      if (mode === 'price') {
        throw new BuylinkError('price_changed', 'Another price now.', {
          extra: { currentTotal: { amountMinor: 100n, currency: 'EUR' } },
        })
      }
      if (mode === 'bug') throw new TypeError('secret detail of a bug')
      if (mode === 'nul') await pool.query('select $1::text', ['a\0b'])
      if (mode === 'wrong') return { ok: 'yes' as unknown as boolean }
      if (mode === 'slow') {
        started.resolve()
        await sleep(200)
      }
      reply.setCookie('seen', 'a b')
      reply.header('Location', '/api/v1/things/1')
      return { ok: true }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/brand',
    scope: null,
    summary: 'Query on a write',
    query: ['version'],
    input: z.object({ version: z.coerce.number(), name: z.string() }),
    output: z.object({ said: z.string() }),
    handle: async (_context, input) => ({ said: `${input.name} ${input.version}` }),
  }),
]

let scopes = ['things:read', 'things:write']
const { request, origin, server } = await testServer(database, {
  routes,
  actor: () => testPrincipal({ kind: 'api_client', scopes: new Set(scopes) }),
  frontDoor: (req, res) => {
    if (!req.url?.startsWith('/external_dispatcher/')) return false
    res.writeHead(302, { location: '/' }).end()
    return true
  },
  pages: {
    plugin: async (app) => void app.get('/', async (_request, reply) => reply.type('text/html').send('<p>Home</p>')),
  },
})

test('speaks snake_case, money and instants of the wire, and says the version as ETag', async () => {
  const answer = await request('GET', `/api/v1/things/${id.toUpperCase()}`)
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, {
    id,
    shown_name: 'A',
    price: { amount: '49.00', currency: 'USD' },
    made_at: '2026-03-01T00:00:00.000Z',
    version: 7,
  })
  assert.equal(answer.headers.get('etag'), '"7"')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  assert.match(answer.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal((await request('GET', `/api/v1/things/${id}`, { headers: { 'if-none-match': '"7"' } })).status, 304)
})

test('answers a path that cannot exist as what does not exist', async () => {
  const answer = await request('GET', '/api/v1/things/nonsense')
  assert.equal(answer.status, 404)
  assert.equal(answer.body?.['code'], 'not_found')
})

test('names every problem of a body at once, by the names of the wire', async () => {
  const answer = await request('PATCH', `/api/v1/things/${id}`, {
    body: { shownName: 'x', price: { amount: '1.999', currency: 'USD' }, thing_id: 'other' },
  })
  assert.equal(answer.status, 400)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(answer.body?.['type'], '/problems/invalid_request')
  const paths = (answer.body?.['errors'] as { path: string }[] | undefined)?.map(({ path }) => path).sort()
  assert.deepEqual(paths, ['body.thing_id', 'price.amount', 'shownName'])
})

test('refuses query parameters that do not exist or come twice; takes lists, numbers and defaults', async () => {
  assert.equal((await request('GET', '/api/v1/things?planId=5')).status, 400)
  assert.equal((await request('GET', '/api/v1/things?plan_id=5&plan_id=6')).status, 400)
  assert.equal((await request('GET', '/api/v1/things?limit=201')).status, 400)
  const answer = await request('GET', '/api/v1/things?plan_id=5&status=open')
  const [item] = (answer.body?.['items'] ?? []) as { shown_name: string }[]
  assert.deepEqual(JSON.parse(item?.shown_name ?? ''), { limit: 50, planId: '5', status: ['open'] })
})

test('takes named fields of a write from the query', async () => {
  assert.deepEqual((await request('PUT', '/api/v1/brand?version=3', { body: { name: 'N' } })).body, { said: 'N 3' })
  assert.equal((await request('PUT', '/api/v1/brand?version=3&name=N', { body: {} })).status, 400)
})

test('compares If-Match and refuses one that is no version', async () => {
  const body = { price: { amount: '1', currency: 'USD' } }
  const patch = (ifMatch: string) =>
    request('PATCH', `/api/v1/things/${id}`, { body, headers: { 'if-match': ifMatch } })
  assert.equal((await patch('"7"')).status, 200)
  assert.equal((await patch('"6"')).status, 412)
  assert.equal((await patch('7')).status, 400)
  assert.equal((await patch('*')).status, 200)
})

test('answers 204 without a body', async () => {
  const answer = await request('DELETE', `/api/v1/things/${id}`)
  assert.equal(answer.status, 204)
  assert.equal(answer.text, '')
})

for (const { name, body, headers, status, code, says } of [
  { name: 'broken JSON', body: '{"mode": "x",\n "b" 1}', status: 400, code: 'malformed', says: /line 2, column 6/ },
  {
    name: 'JSON that ends early',
    body: '{"mode"',
    status: 400,
    code: 'malformed',
    says: /line 1, column 8|ends too early/,
  },
  { name: 'a list for a body', body: '[1]', status: 400, code: 'invalid_request', says: /JSON object/ },
  { name: 'no body', body: '', status: 400, code: 'invalid_request', says: /mode: Is required/ },
  {
    name: 'another media type',
    body: 'mode=x',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported_media_type',
    says: /application\/json/,
  },
  {
    name: 'a form where none is taken',
    body: 'mode=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported_media_type',
    says: /json/,
  },
  {
    name: 'too much',
    body: JSON.stringify({ mode: 'x'.repeat(1_100_000) }),
    status: 413,
    code: 'payload_too_large',
    says: /too large/,
  },
  { name: 'a NUL character', body: '{"mode": "a\\u0000b"}', status: 400, code: 'malformed', says: /NUL/ },
  { name: 'half a character', body: '{"mode": "\\ud800 a"}', status: 400, code: 'malformed', says: /surrogate/ },
  {
    name: 'a prototype',
    body: '{"__proto__": {"mode": "x"}, "mode": "y"}',
    status: 400,
    code: 'invalid_request',
    says: /body/,
  },
  {
    name: 'a character the database cannot hold',
    body: '{"mode": "nul"}',
    status: 400,
    code: 'invalid_request',
    says: /stored/,
  },
])
  test(`a fault of the client is never a 500: ${name}`, async () => {
    const answer = await request('POST', '/api/v1/things', {
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    assert.equal(answer.status, status)
    assert.equal(answer.body?.['code'], code)
    assert.match(String(answer.body?.['detail']), says)
  })

test('tells an address that does not exist from a method that does not', async () => {
  assert.equal((await request('GET', '/api/v1/nothing')).body?.['code'], 'not_found')
  const answer = await request('PUT', '/api/v1/things')
  assert.equal(answer.status, 405)
  assert.equal(answer.headers.get('allow'), 'GET, HEAD, POST')
  assert.equal(answer.body?.['code'], 'method_not_allowed')
  assert.equal((await request('GET', '/api/v1/%ZZ')).status, 400)
})

test('writes what an error adds in wire form', async () => {
  const answer = await request('POST', '/api/v1/things', { body: { mode: 'price' } })
  assert.equal(answer.status, 409)
  assert.deepEqual(answer.body?.['current_total'], { amount: '1.00', currency: 'EUR' })
})

test('a bug answers 500 with the request id and no detail; an output that breaks its schema is a bug', async () => {
  const answer = await request('POST', '/api/v1/things', { body: { mode: 'bug' } })
  assert.equal(answer.status, 500)
  assert.equal(answer.body?.['request_id'], answer.headers.get('x-request-id'))
  assert.doesNotMatch(answer.text, /secret detail/)
  assert.equal((await request('POST', '/api/v1/things', { body: { mode: 'wrong' } })).status, 500)
})

test('sets cookies that scripts cannot read, and headers', async () => {
  const answer = await request('POST', '/api/v1/things', { body: { mode: 'x' } })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers.get('set-cookie'), 'seen=a%20b; Path=/; HttpOnly; SameSite=Lax')
  assert.equal(answer.headers.get('location'), '/api/v1/things/1')
})

test('needs the scope of a route: 403 with another one, 401 for strangers', async () => {
  scopes = []
  const answer = await request('GET', `/api/v1/things/${id}`)
  scopes = ['things:read', 'things:write']
  assert.equal(answer.status, 403)
  assert.match(String(answer.body?.['detail']), /things:read/)
  const strangers = await testServer(database, { routes })
  const refused = await strangers.request('GET', `/api/v1/things/${id}`)
  assert.equal(refused.status, 401)
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer')
})

test('takes up the trace of the caller', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const answer = await request('GET', '/api/v1/things', { headers: { traceparent } })
  assert.match(
    answer.headers.get('traceparent') ?? '',
    /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/,
  )
})

test('says alive, ready and its figures', async () => {
  assert.equal((await request('GET', '/healthz')).status, 200)
  assert.deepEqual((await request('GET', '/readyz')).body, { status: 'ready' })
  const { text } = await request('GET', '/metrics')
  assert.match(
    text,
    /buylink_http_request_seconds_count\{method="GET",route="\/api\/v1\/things\/:thingId",status="200"\}/,
  )
  assert.match(text, /process_cpu_seconds_total/)
})

test('the front door goes first; pages get headers against foreign scripts', async () => {
  const answer = await request('GET', '/external_dispatcher/settle?x=1')
  assert.equal(answer.status, 302)
  assert.match((await request('GET', '/metrics')).text, /buylink_dispatcher_requests_total 1/)
  const page = await request('GET', '/')
  assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'; style-src 'self';/)
  assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /unsafe/)
  assert.equal(page.headers.get('strict-transport-security'), null)
  assert.equal((await request('GET', '/nowhere')).status, 404)
})

test('refuses a Host header that is none, and bytes that are no HTTP', async () => {
  const status = await new Promise((resolve, reject) => {
    rawRequest(`${origin}/api/v1/things`, { headers: { host: 'evil.example/<script>' } }, (response) =>
      resolve(response.statusCode),
    )
      .on('error', reject)
      .end()
  })
  assert.equal(status, 400)
  const { port } = new URL(origin)
  const raw = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => resolve(text))
  })
  assert.match(raw, /^HTTP\/1\.1 400 /)
})

test('lets requests under way finish when it stops', async () => {
  const slow = request('POST', '/api/v1/things', { body: { mode: 'slow' } })
  await started.promise
  const closed = server.close()
  assert.equal((await slow).status, 201)
  await closed
  await assert.rejects(request('GET', '/healthz'))
})
