import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { openV2, type V2Answer } from '../../test/harness/v2.ts'

const { app, root, operator, programOf, make } = await openV2(await testDatabase())
const partner = await make('partner', root.id)
const customer = await make('customer', partner)
const reseller = await programOf(partner, 'partner_admin')
const stranger = await programOf(await make('partner', root.id), 'partner_admin')
const pathOf = (name: string, tenant = partner) => `/api/v1/usage-types/${tenant}/${name}`
const define = (name: string, body: object, headers: Record<string, string> = {}, by = reseller) =>
  by.send('PUT', pathOf(name), body, headers)
const codeOf = ({ body }: V2Answer) => String(body['code'])
const MAILBOXES = { title: 'Boxes for mail', measurement_unit: 'quantity' }

test('a provider defines a usage, and it is counted, limited and told as any other', async () => {
  const made = await define('mailboxes', MAILBOXES)
  assert.equal(made.status, 200, made.text)
  assert.deepEqual(made.body, { tenant_id: partner, usage_name: 'mailboxes', version: 1, ...MAILBOXES })
  const held = await reseller.send('GET', `/api/v1/usage-types/${customer}`)
  assert.deepEqual(held.body['items'], [made.body])
  const quota = await reseller.send('PUT', `/api/v1/quotas/${customer}/mailboxes`, { base: '5' }, { 'if-match': '"0"' })
  assert.equal(quota.status, 200, quota.text)
  const used = await reseller.send('POST', '/api/v1/usage', {
    specversion: '1.0',
    id: '1',
    source: '/types',
    type: 'usage',
    subject: customer,
    time: app.clock.now().toISOString(),
    data: { usage_name: 'mailboxes', value: 6 },
  })
  assert.equal(used.status, 202, used.text)
  const alerts = await reseller.send('GET', '/api/v1/quota-alerts?usage_name=mailboxes')
  assert.equal((alerts.body['items'] as unknown as object[]).length, 1)
  const buyer = await reseller.send('POST', '/api/2/users', {
    tenant_id: customer,
    login: 'buyer-of-mailboxes',
    contact: { email: 'buyer@mailboxes.example' },
    business_types: ['buyer'],
  })
  const told = await reseller.send('GET', `/api/v1/alerts?user_id=${String(buyer.body['id'])}`)
  assert.match(told.text, /"title":"Boxes for mail quota has been exceeded"/)
  const items = await reseller.send('GET', `/api/2/tenants/${customer}/offering_items?usage_names=mailboxes`)
  assert.match(items.text, /"measurement_unit":"quantity"/)
})

test('its title changes as of a version; its unit stays once it is counted', async () => {
  assert.equal((await define('mailboxes', MAILBOXES)).status, 412, 'it is there already')
  const current = await reseller.send('GET', pathOf('mailboxes'))
  const etag = { 'if-match': current.headers.get('etag') ?? '' }
  const unit = await define('mailboxes', { ...MAILBOXES, measurement_unit: 'bytes' }, etag)
  assert.deepEqual([unit.status, codeOf(unit)], [422, 'unprocessable'])
  const titled = await define('mailboxes', { ...MAILBOXES, title: 'Mail boxes' }, etag)
  assert.deepEqual([titled.status, titled.body['title'], titled.body['version']], [200, 'Mail boxes', 2])
  const answers = await Promise.all(
    ['A', 'B'].map((title) => define('mailboxes', { ...MAILBOXES, title }, { 'if-match': '"2"' })),
  )
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 412])
})

test('what is in use stays; what is not goes', async () => {
  const used = await reseller.send('DELETE', pathOf('mailboxes'), undefined, { 'if-match': '"3"' })
  assert.deepEqual([used.status, codeOf(used)], [422, 'unprocessable'])
  assert.equal((await define('seats', { title: 'Seats', measurement_unit: 'quantity' })).status, 200)
  assert.equal((await reseller.send('DELETE', pathOf('seats'))).status, 428)
  assert.equal((await reseller.send('DELETE', pathOf('seats'), undefined, { 'if-match': '"1"' })).status, 204)
  assert.equal((await reseller.send('GET', pathOf('seats'))).status, 404)
})

test('the usual ones are everybody’s, customers define none, another provider sees and changes nothing', async () => {
  for (const name of ['storage', 'vms', 'Not-a-name']) assert.equal((await define(name, MAILBOXES)).status, 422)
  const bad = [{ title: '' }, { title: 'X', measurement_unit: 'pieces' }, { measurement_unit: 'bytes' }]
  for (const body of bad) assert.equal((await define('x', body)).status, 400)
  assert.equal((await reseller.send('PUT', pathOf('x', customer), MAILBOXES)).status, 422)
  assert.equal((await define('mailboxes', MAILBOXES, {}, stranger)).status, 404)
  for (const path of [pathOf('mailboxes'), `/api/v1/usage-types/${customer}`])
    assert.equal((await stranger.send('GET', path)).status, 404)
  const own = await programOf(customer, 'company_admin')
  assert.equal((await own.send('PUT', pathOf('x'), MAILBOXES)).status, 403)
  assert.equal((await operator.send('GET', pathOf('mailboxes'))).status, 200)
})
