import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const app = await openApplication(await testDatabase())
const operator = app.caller()
await operator.signIn(SIGN_INS.operator)
type Caller = typeof operator
const PASSWORD = 'a long new password'
type Row = { id: string; name: string; [key: string]: unknown }

const itemsOf = async (caller: Caller, path: string): Promise<Row[]> => {
  const { status, body, text } = await caller.send('GET', path)
  assert.equal(status, 200, text)
  return (body as unknown as { items: Row[] }).items
}

/** A reseller set up by the operator, and its administrator, who has followed the invitation. */
async function setUp(name: string): Promise<{ id: string; caller: Caller; token: string }> {
  const email = `admin@${name.toLowerCase()}.example`
  const body = { name, currency: 'eur', administrator: { email, first_name: 'Ada' } }
  const made = await operator.send('POST', '/api/v1/resellers', body)
  assert.equal(made.status, 201, made.text)
  await app.jobs.drain()
  const mail = (await itemsOf(operator, '/api/v1/mails')).find(({ recipient }) => recipient === email)
  const { body: read } = await operator.send('GET', `/api/v1/mails/${mail?.id}`)
  // There is no store yet: the link leads to the installation's own address, which is another reseller's store as well.
  const token = /http:\/\/localhost:8080\/portal\/reset\?token=([\w-]+)/.exec(String(read['body_text']))?.[1] ?? ''
  const caller = app.caller()
  const set = await caller.send('POST', '/api/v1/password-resets/confirm', { token, password: PASSWORD })
  assert.equal(set.status, 200, set.text)
  return { id: (made.body as unknown as Row).id, caller, token }
}

const [one, two] = [await setUp('Alpha'), await setUp('Beta')]

test('an invitation works once', async () => {
  const again = await app
    .caller()
    .send('POST', '/api/v1/password-resets/confirm', { token: one.token, password: 'another password' })
  assert.equal(again.status, 410)
})

test('who has no store yet signs in and asks for a new password where their mails lead, and at nobody else’s store', async () => {
  const email = 'admin@alpha.example'
  const signIn = (host: string) =>
    app.caller().send('POST', '/api/v1/sessions', { email, password: PASSWORD }, { host })
  assert.equal((await signIn('localhost:8080')).status, 201)
  assert.equal((await signIn('test.activeplatform.com')).status, 401)
  const ask = (host: string) => app.caller().send('POST', '/api/v1/password-resets', { email }, { host })
  for (const host of ['test.activeplatform.com', 'localhost:8080']) assert.equal((await ask(host)).status, 202)
  await app.jobs.drain()
  const mails = (await itemsOf(operator, '/api/v1/mails')).filter(({ recipient }) => recipient === email)
  const { body } = await operator.send('GET', `/api/v1/mails/${mails[0]?.id}`)
  assert.match(String(body['body_text']), /http:\/\/localhost:8080\/client\/reset\?token=/)
})

test('two resellers see nothing of each other', async () => {
  const product = await one.caller.send('POST', '/api/v1/products', { name: 'Mail' })
  assert.equal(product.status, 201, product.text)
  const opened = await one.caller.send('POST', '/api/v1/stores', { name: 'Alpha', domains: ['https://alpha.example'] })
  assert.equal(opened.status, 201, opened.text)
  for (const path of ['products', 'stores', 'tenants', 'categories', 'plans']) {
    assert.deepEqual(await itemsOf(two.caller, `/api/v1/${path}`), [], path)
  }
  const tree = await itemsOf(two.caller, '/api/v1/tenants?query=eta')
  assert.deepEqual(
    tree.map(({ name }) => name),
    ['Beta'],
  )
  const log = await itemsOf(two.caller, '/api/v1/audit-log?limit=200')
  assert.ok(log.length > 0 && log.every(({ tenant }) => (tenant as Row).name === 'Beta'))
  for (const path of [
    `tenants?parent_id=${one.id}`,
    `stores/${(opened.body as unknown as Row).id}`,
    `configuration?seller_id=${one.id}`,
  ])
    assert.equal((await two.caller.send('GET', `/api/v1/${path}`)).status, 404, path)
  const below = await two.caller.send('POST', '/api/v1/resellers', {
    name: 'Mine',
    currency: 'EUR',
    parent_id: one.id,
    administrator: { email: 'x@y.example' },
  })
  assert.equal(below.status, 404)
})

test('the tree is walked a level at a time, with a cursor, and searched as a whole', async () => {
  const level = await operator.send('GET', '/api/v1/tenants?limit=2')
  const first = level.body as unknown as { items: Row[]; next_cursor: string }
  assert.deepEqual(
    first.items.map(({ name, has_children }) => [name, has_children]),
    [
      ['Northwind Cloud', true],
      ['Alpha', false],
    ],
  )
  const rest = await itemsOf(operator, `/api/v1/tenants?limit=2&cursor=${first.next_cursor}`)
  assert.deepEqual(
    rest.map(({ name }) => name),
    ['Beta'],
  )
  const below = await itemsOf(operator, `/api/v1/tenants?parent_id=${first.items[0]?.id}`)
  assert.deepEqual(
    below.map(({ name, kind }) => [name, kind]),
    [['Contoso Dental', 'customer']],
  )
  const [found] = await itemsOf(operator, '/api/v1/tenants?query=contoso')
  assert.ok(found)
  assert.deepEqual(
    (found['above'] as Row[]).map(({ name }) => name),
    ['Operator', 'Northwind Cloud'],
  )
  assert.deepEqual(await itemsOf(operator, '/api/v1/tenants?query=%25'), [])
})

test('what was changed stands in the log, field by field, with who did it', async () => {
  const [product] = await itemsOf(one.caller, '/api/v1/products')
  await one.caller.send('PATCH', `/api/v1/products/${product?.id}`, { summary: 'New' })
  const [entry] = await itemsOf(one.caller, `/api/v1/audit-log?subject_kind=product&subject_id=${product?.id}`)
  assert.ok(entry)
  assert.deepEqual(
    [entry['action'], entry['details'], (entry['actor'] as Row).name],
    ['product.update', { changes: { summary: { from: '', to: 'New' } } }, 'admin@alpha.example'],
  )
  assert.deepEqual(await itemsOf(one.caller, '/api/v1/audit-log?action=plan_'), [])
})

test('a mail address that is none, a currency that is none: nothing is set up', async () => {
  const body = { name: 'Gamma', currency: 'XYZ', administrator: { email: 'nobody' } }
  const refused = await operator.send('POST', '/api/v1/resellers', body)
  assert.equal(refused.status, 400)
  const paths = (refused.body['errors'] as unknown as { path: string }[]).map(({ path }) => path)
  assert.deepEqual(paths.sort(), ['administrator.email', 'currency'])
  assert.deepEqual(await itemsOf(operator, '/api/v1/tenants?query=Gamma'), [])
})
