import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { openMailbox } from '../../test/harness/mailbox.ts'
import { codeOf, openV2 } from '../../test/harness/v2.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { newId } from '../kernel/ids.ts'

const database = await testDatabase()
const { app, operator, programOf } = await openV2(database)
const login = { user: 'northwind', password: 'hunter2' }
const server = await openMailbox({ login })

const anna = await database.db
  .selectFrom('users')
  .where('email', '=', SIGN_INS.reseller)
  .select(['id', 'tenant_id'])
  .executeTakeFirstOrThrow()
const dana = await database.db
  .selectFrom('users')
  .where('email', '=', SIGN_INS.customer)
  .select(['id', 'tenant_id'])
  .executeTakeFirstOrThrow()
const reseller = await programOf(anna.tenant_id, 'partner_admin')
const brandPath = `/api/2/tenants/${anna.tenant_id}/brand`
const tryMail = (userId: string, body: object = {}, by = reseller) =>
  by.send('POST', `/api/2/users/${userId}/email/test_branding`, body)
const putBrand = async (options: object) => {
  const { version } = (await reseller.send('GET', `/api/2/tenants/${anna.tenant_id}`)).body
  const answer = await reseller.send('PUT', `${brandPath}?version=${String(version)}`, options)
  assert.equal(answer.status, 200, answer.text)
}

test('a test mail goes out at once through the stored settings, in the brand’s name', async () => {
  await putBrand({
    smtp_server: '127.0.0.1',
    smtp_port: server.port,
    smtp_user: login.user,
    smtp_password: login.password,
    smtp_reply_address: 'help@northwind.example',
  })
  const answer = await tryMail(anna.id)
  assert.equal(answer.status, 204, answer.text)
  const mail = await server.newestTo(SIGN_INS.reseller)
  assert.deepEqual(mail.from, { name: 'Northwind Cloud', address: 'help@northwind.example' })
  assert.match(mail.subject ?? '', /Test mail of Northwind Cloud/)
})

test('bad settings are code 1025, an internal address where that is forbidden 1024', async () => {
  const wrong = await tryMail(anna.id, { smtp_password: 'wrong' })
  assert.equal(wrong.status, 400)
  assert.equal(codeOf(wrong), 1025)
  assert.match(wrong.text, /Wrong user or password/)
  assert.equal(codeOf(await tryMail(anna.id, { smtp_server: '' })), 1025)
  assert.equal(codeOf(await tryMail(anna.id, { smtp_server: 'nowhere.invalid' })), 1025)
  const strict = await openV2(await testDatabase(), {
    config: { publicUrl: 'http://localhost:8080', trustProxy: [], smtpUrl: undefined, allowInternal: false },
  })
  const people = await strict.operator.send('GET', '/api/2/applications')
  assert.equal(people.status, 200)
  const { operator: root } = strict
  const caller = strict.app.caller()
  await caller.signIn(SIGN_INS.operator)
  const me = (await caller.send('GET', '/api/v1/session')).body as unknown as { user: { id: string } }
  const before = server.count()
  const forbidden = await tryMail(me.user.id, { smtp_server: '127.0.0.1', smtp_port: server.port }, root)
  assert.equal(forbidden.status, 400, forbidden.text)
  assert.equal(codeOf(forbidden), 1024)
  assert.equal(server.count(), before)
})

test('the stored password goes to no other server than the one it was stored for', async () => {
  const thief = await openMailbox({ login: { user: login.user, password: 'anything else' } })
  const answer = await tryMail(anna.id, { smtp_port: thief.port })
  assert.equal(codeOf(answer), 1025)
  assert.equal(thief.count(), 0)
})

test('customers have no brand to try, unknown and foreign users are not found', async () => {
  const customer = await tryMail(dana.id)
  assert.equal(customer.status, 400)
  assert.equal(codeOf(customer), 1027)
  assert.equal((await tryMail(newId())).status, 404)
  const me = await database.db
    .selectFrom('users')
    .where('email', '=', SIGN_INS.operator)
    .select('id')
    .executeTakeFirstOrThrow()
  assert.equal((await tryMail(me.id)).status, 404)
  assert.notEqual((await tryMail(me.id, {}, operator)).status, 404)
})

test('the portal’s own API: read with an ETag, change with If-Match, try the mail server', async () => {
  const caller = app.caller()
  await caller.signIn(SIGN_INS.reseller)
  const path = `/api/v1/brands/${anna.tenant_id}`
  const read = await caller.send('GET', path)
  assert.equal(read.status, 200, read.text)
  const etag = String(read.headers['etag'])
  assert.equal((await caller.send('PUT', path, { options: { company_name: 'N' } })).status, 428)
  const written = await caller.send(
    'PUT',
    path,
    { options: { company_name: 'N', upsell_url: 'mailto:sales@northwind.example' } },
    { 'if-match': etag },
  )
  assert.equal(written.status, 200, written.text)
  assert.equal(Number(written.body['version']), Number(read.body['version']) + 1)
  assert.deepEqual(written.body['buy_url'], { url: null, problem: 'credentials' })
  const stale = await caller.send('PUT', path, { enabled: false }, { 'if-match': etag })
  assert.equal(stale.status, 412)
  const sent = await caller.send('POST', `${path}/test-mails`, {})
  assert.equal(sent.status, 200, sent.text)
  assert.equal(sent.body['sent_to'], SIGN_INS.reseller)
  const refused = await caller.send('POST', `${path}/test-mails`, { options: { smtp_password: 'wrong' } })
  assert.equal(refused.body['platform_code'], 1025)
  const customer = app.caller()
  await customer.signIn(SIGN_INS.customer)
  assert.equal((await customer.send('GET', path)).status, 404)
  assert.equal((await customer.send('PUT', path, { enabled: true }, { 'if-match': '"1"' })).status, 403)
})

test('a changed brand shows in store pages at once', async () => {
  const visitor = app.caller()
  const css = async () => (await visitor.send('GET', '/brand.css')).text
  const before = await css()
  await putBrand({ color: 'aa0055', service_name: 'Northwind Vault' })
  for (let waitedMs = 0; (await css()) === before && waitedMs < 5_000; waitedMs += 50)
    await new Promise((resolve) => setTimeout(resolve, 50))
  assert.notEqual(await css(), before)
  assert.match((await visitor.send('GET', '/')).text, /Northwind Vault/)
})
