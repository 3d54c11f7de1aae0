import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { newId } from '../../src/kernel/ids.ts'
import { type Caller, openApplication } from '../harness/application.ts'
import { testDatabase } from '../harness/database.ts'
import { patient as patientOf } from '../harness/patient.ts'

const app = await openApplication(await testDatabase())
const patient = (): Caller => patientOf(app.caller())
const stranger = patient()

interface Operation {
  readonly method: string
  readonly path: string
  readonly operationId: string
  readonly security?: readonly unknown[]
  readonly requestBody?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

const document = (await stranger.send('GET', '/openapi.json')).body as unknown as {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>
}
const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => /^(get|post|put|patch|delete)$/.test(method))
    .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
)
const isPublic = (operation: Operation): boolean =>
  !operation.security ||
  operation.security.length === 0 ||
  operation.security.some((each) => Object.keys(each as object).length === 0)
const at = (path: string, id: string): string => path.replaceAll(/\{\w+\}/g, id)
/** Of something that is not there: what the catalogue sells has numbers. */
const unknown = (path: string): string => at(path.replaceAll(/\{(plan|product|category)_id\}/g, '999999999'), newId())
/** A picture, not JSON. */
const takesPicture = ({ requestBody }: Operation): boolean =>
  'image/png' in ((requestBody as { content?: object } | undefined)?.content ?? {})
const name = (operation: Operation): string => `${operation.method} ${operation.path}`

const reseller = patient()
await reseller.signIn(SIGN_INS.reseller)
const customer = patient()
await customer.signIn(SIGN_INS.customer)
const finance = patient()
await finance.signIn(SIGN_INS.buyer)

test('the document is OpenAPI 3.1 and lists what this line needs', () => {
  assert.match(document.openapi, /^3\.1\./)
  const listed = new Set(operations.map(name))
  for (const needed of [
    'POST /api/v1/registrations',
    'POST /api/v1/checkouts',
    'POST /api/v1/checkouts/{checkout_id}/place',
    'POST /api/v1/payments/{payment_id}/approve',
    'POST /api/v1/orders/{order_id}/retry',
    'POST /api/v1/buy-links/explain',
    'GET /api/v1/ledger/verification',
    'POST /api/2/idp/token',
  ]) {
    assert.ok(listed.has(needed), `${needed} is not among ${[...listed].join(', ')}`)
  }
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
})

for (const operation of operations) {
  const isV1 = operation.path.startsWith('/api/v1/')
  if (isV1 && !isPublic(operation)) {
    test(`${name(operation)}: a stranger is asked to sign in`, async () => {
      const answer = await stranger.send(
        operation.method,
        unknown(operation.path),
        operation.requestBody ? {} : undefined,
        takesPicture(operation) ? { 'content-type': 'image/png' } : {},
      )
      assert.equal(answer.status, 401, answer.text)
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
      assert.equal(answer.body['code'], 'unauthenticated')
    })
  }
  if (isV1 && operation.requestBody && !takesPicture(operation)) {
    test(`${name(operation)}: a key nobody knows is refused by name, broken JSON too`, async () => {
      const caller = operation.path.includes('/account/') || operation.path.includes('session') ? customer : reseller
      const surprised = await caller.send(operation.method, unknown(operation.path), { surprise: 1 })
      assert.equal(surprised.status, 400, surprised.text)
      assert.match(surprised.text, /surprise/)
      const broken = await caller.send(operation.method, unknown(operation.path), '{"a": 1,}')
      assert.equal(broken.status, 400, broken.text)
    })
  }
  if (isV1 && operation.path.includes('{')) {
    test(`${name(operation)}: what does not exist is not found, what is no id is refused`, async () => {
      const body = operation.requestBody ? bodyFor(operation) : undefined
      const type = takesPicture(operation) ? { 'content-type': 'image/png' } : {}
      const missing = await reseller.send(operation.method, unknown(operation.path), body, type)
      assert.ok(missing.status === 404 || missing.status === 403, `${missing.status} ${missing.text}`)
      const malformed = await reseller.send(operation.method, at(operation.path, "1'%20or%201=1"), body, type)
      assert.ok([400, 403, 404].includes(malformed.status), `${malformed.status} ${malformed.text}`)
    })
  }
}

/** The least that an operation takes. */
function bodyFor({ path }: Operation): unknown {
  if (path.endsWith('/hold')) return { held: true, reason: 'Tried' }
  if (path.endsWith('/decision')) return { status: 'approved', reason: 'Tried' }
  if (path.endsWith('/price-changes')) return { effective_at: '2100-01-01T00:00:00Z' }
  if (path.endsWith('/plan-order')) return { plan_ids: [] }
  if (path.endsWith('/codes')) return { code: 'TRIED' }
  if (path.endsWith('/test-clock')) return { now: '2100-01-01T00:00:00Z' }
  return path.endsWith('/place') ? { expected_total: { amount: '49.00', currency: 'USD' } } : {}
}

test('another customer’s objects answer exactly as ones that do not exist', async () => {
  const order = (await customer.send('GET', '/api/v1/orders')).body['items']?.[0] as unknown as Record<
    string,
    Record<string, string>
  >
  const ids = {
    orders: order['id'],
    payments: order['payment']?.['id'],
    subscriptions: order['subscription']?.['id'],
    accounts: order['account']?.['id'],
  }
  const other = patient()
  await register(other, 'other@example.com')
  for (const [kind, id] of Object.entries(ids)) {
    assert.equal((await customer.send('GET', `/api/v1/${kind}/${String(id)}`)).status, 200, kind)
    const foreign = await other.send('GET', `/api/v1/${kind}/${String(id)}`)
    const unknown = await other.send('GET', `/api/v1/${kind}/${newId()}`)
    assert.deepEqual(withoutId(foreign.body), withoutId(unknown.body))
    assert.equal(foreign.status, 404)
  }
  for (const kind of ['orders', 'payments', 'subscriptions']) {
    assert.deepEqual((await other.send('GET', `/api/v1/${kind}`)).body['items'], [])
  }
  for (const [method, path] of [
    ['POST', `/api/v1/orders/${String(ids.orders)}/cancel`],
    ['POST', `/api/v1/payments/${String(ids.payments)}/cancel`],
  ] as const) {
    assert.equal((await other.send(method, path, {})).status, 404, path)
  }
})

test('a role that may not is told so, and nothing happens', async () => {
  for (const path of ['/api/v1/ledger/verification', '/api/v1/mails', '/api/v1/plans']) {
    const answer = await finance.send('GET', path)
    assert.equal(answer.status, 403, path)
    assert.equal(answer.body['code'], 'forbidden')
  }
  const payment = (await customer.send('GET', '/api/v1/payments')).body['items']?.[0] as unknown as { id: string }
  assert.equal((await customer.send('POST', `/api/v1/payments/${payment.id}/approve`, {})).status, 403)
})

test('a change without the page’s token, or from another site, is refused', async () => {
  const page = patient()
  await page.signIn(SIGN_INS.customer)
  const forged = await page.send('DELETE', '/api/v1/session', undefined, { 'x-csrf-token': 'forged' })
  assert.equal(forged.status, 403)
  const elsewhere = await page.send(
    'POST',
    '/api/v1/checkouts',
    {},
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  )
  assert.equal(elsewhere.status, 403)
})

test('every answer of the API forbids caching and sniffing, every page inline script', async () => {
  const api = await stranger.send('GET', '/api/v1/session')
  assert.equal(api.headers['cache-control'], 'no-store')
  assert.equal(api.headers['x-content-type-options'], 'nosniff')
  for (const path of ['/', '/product/backup', '/client', '/portal', '/nothing']) {
    const page = await stranger.send('GET', path)
    const policy = String(page.headers['content-security-policy'])
    assert.match(policy, /script-src 'self'/, path)
    assert.doesNotMatch(policy, /unsafe-inline/, path)
    assert.doesNotMatch(page.text, /<[^>]+\sstyle=|<script(?![^>]*(src=|application\/ld\+json))/, path)
  }
})

test('a POST repeated under its Idempotency-Key gives the same answer once', async () => {
  const link =
    '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'
  const key = { 'idempotency-key': 'walk-1' }
  const first = await customer.send('POST', '/api/v1/checkouts', { link }, key)
  const second = await customer.send('POST', '/api/v1/checkouts', { link }, key)
  assert.equal(first.status, 201)
  assert.deepEqual(second.body, first.body)
  const other = await customer.send('POST', '/api/v1/checkouts', { link: `${link}&lang=en` }, key)
  assert.equal(other.status, 409)
  assert.equal(other.body['code'], 'idempotency_conflict')
})

const withoutId = ({ request_id: _id, ...rest }: Record<string, unknown>): unknown => rest

async function register(caller: ReturnType<typeof app.caller>, email: string): Promise<void> {
  await caller.send('POST', '/api/v1/registrations', { email })
  await app.jobs.drain()
  const operator = patient()
  await operator.signIn(SIGN_INS.operator)
  const mails = (await operator.send('GET', '/api/v1/mails')).body['items'] as unknown as {
    id: string
    recipient: string
  }[]
  const mail = mails.find((each) => each.recipient === email)
  assert.ok(mail)
  const { body_text } = (await operator.send('GET', `/api/v1/mails/${mail.id}`)).body as unknown as {
    body_text: string
  }
  const token = /token=([\w-]+)/.exec(body_text)?.[1]
  assert.equal((await caller.send('POST', '/api/v1/registrations/confirm', { token })).status, 200)
}

test('the operator orders on behalf of a customer below a reseller, and the order says who placed it', async () => {
  const operator = patient()
  await operator.signIn(SIGN_INS.operator)
  const accounts = (await operator.send('GET', '/api/v1/accounts?query=Contoso')).body['items'] as unknown as {
    id: string
  }[]
  const application = { plan_id: '425', plan_period_id: '1841', resources: [{ id: '9001', quantity: '7' }] }
  const checkout = await operator.send('POST', '/api/v1/checkouts', { application, account_id: accounts[0]?.id })
  assert.equal(checkout.status, 201, checkout.text)
  const { id, total } = checkout.body as unknown as { id: string; total: { amount: string } }
  // 45.00 and two more units of storage at 4.00, twelve months.
  assert.equal(total.amount, '636.00')
  const placed = await operator.send('POST', `/api/v1/checkouts/${id}/place`, {
    expected_total: total,
    allow_second: true,
  })
  assert.equal(placed.status, 200, placed.text)
  assert.equal(
    (await customer.send('GET', `/api/v1/orders/${(placed.body as unknown as { id: string }).id}`)).status,
    200,
  )
})

test('who approved a payment is told to staff, not to the customer', async () => {
  const payment = (await customer.send('GET', '/api/v1/payments?status=completed')).body['items']?.[0] as unknown as {
    id: string
  }
  const approvers = async (caller: typeof customer) =>
    (
      (await caller.send('GET', `/api/v1/payments/${payment.id}`)).body['receipts'] as unknown as {
        approved_by: string | null
      }[]
    ).map(({ approved_by }) => approved_by)
  assert.deepEqual(await approvers(customer), [null])
  assert.deepEqual(await approvers(reseller), ['demonstration'])
})

test('a sales manager sees nothing of an account that is not attributed to them', async () => {
  const sales = patient()
  await sales.signIn(SIGN_INS.sales)
  for (const kind of ['orders', 'payments', 'subscriptions', 'accounts']) {
    const { items } = (await reseller.send('GET', `/api/v1/${kind}?limit=200`)).body as unknown as {
      items: { id: string; account?: { name: string }; name?: string }[]
    }
    const foreign = items.find((item) => (item.account?.name ?? item.name) === 'Contoso Dental')
    assert.ok(foreign, kind)
    assert.equal((await sales.send('GET', `/api/v1/${kind}/${foreign.id}`)).status, 404, kind)
    const own = (await sales.send('GET', `/api/v1/${kind}?limit=200`)).body['items'] as unknown as { id: string }[]
    assert.ok(!own.some(({ id }) => id === foreign.id), kind)
  }
})
