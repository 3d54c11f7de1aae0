import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGN_INS } from '../demonstration/index.ts'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'

const database = await testDatabase()
const app = await openApplication(database)
const reseller = app.caller()
await reseller.signIn(SIGN_INS.reseller)
const customer = app.caller()
await customer.signIn(SIGN_INS.customer)
const contoso = await database.db
  .selectFrom('tenants')
  .where('name', '=', 'Contoso Dental')
  .select('id')
  .executeTakeFirstOrThrow()

let count = 0
const event = (data: unknown, rest: object = {}) => ({
  specversion: '1.0',
  id: `r-${count++}`,
  source: '/routes',
  type: 'usage',
  subject: contoso.id,
  time: app.clock.now().toISOString(),
  data,
  ...rest,
})
type Items = { readonly items: readonly { readonly id: string; readonly result: string; readonly message: string }[] }
const itemsOf = (body: unknown) => (body as Items).items
const post = (body: unknown, type: string) => reseller.send('POST', '/api/v1/usage', body, { 'content-type': type })
const place = `/api/v1/quotas/${contoso.id}`

test('usage comes as one event, as a batch, and line by line; each has its result', async () => {
  const one = await post(event({ usage_name: 'mailboxes', delta: 5 }), 'application/cloudevents+json')
  assert.equal(one.status, 202)
  assert.deepEqual(
    itemsOf(one.body).map(({ result }) => result),
    ['accepted'],
  )
  const twice = event({ usage_name: 'mailboxes', delta: 1 })
  const batch = await post([twice, twice, { specversion: '1.0' }], 'application/cloudevents-batch+json')
  assert.deepEqual(
    itemsOf(batch.body).map(({ result }) => result),
    ['accepted', 'duplicate', 'refused'],
  )
  const lines = [
    JSON.stringify(event({ usage_name: 'mailboxes', delta: 1 })),
    '',
    '{"specversion":',
    JSON.stringify(twice),
  ]
  const stream = await post(`${lines.join('\n')}\n`, 'application/x-ndjson')
  assert.equal(stream.status, 202)
  assert.deepEqual(
    itemsOf(stream.body).map(({ result }) => result),
    ['accepted', 'refused', 'duplicate'],
  )
  assert.match(itemsOf(stream.body)[1]?.message ?? '', /not valid JSON/)
  const read = await reseller.send('GET', `${place}/mailboxes`)
  assert.equal(read.body['used'], '7')
  assert.equal(read.body['value'], null)
})

test('a single event that is refused answers 400, a foreign tenant as an unknown one, and too many 400', async () => {
  const refused = await post(event({ usage_name: 'mailboxes' }), 'application/json')
  assert.equal(refused.status, 400)
  assert.match(refused.text, /either delta or value/)
  const foreign = await post(
    event({ usage_name: 'vms', delta: 1 }, { subject: '01970000-0000-7000-8000-000000000000' }),
    'application/json',
  )
  assert.match(foreign.text, /no such tenant/)
  const many = await post(
    Array.from({ length: 10_001 }, () => 1),
    'application/json',
  )
  assert.equal(many.status, 400)
  assert.equal((await customer.send('POST', '/api/v1/usage', event({ usage_name: 'vms', delta: 1 }))).status, 403)
})

test('a quota is written by its version, and its grants stay', async () => {
  const read = await reseller.send('GET', `${place}/servers`)
  assert.deepEqual([read.body['base'], read.body['granted'], read.body['value']], ['0', '1', '1'])
  const etag = String(read.headers['etag'])
  assert.equal((await reseller.send('PUT', `${place}/servers`, { base: '4' })).status, 428)
  const written = await reseller.send('PUT', `${place}/servers`, { base: '4', overage: '2' }, { 'if-match': etag })
  assert.equal(written.status, 200, written.text)
  assert.deepEqual(
    [written.body['base'], written.body['granted'], written.body['value'], written.body['overage']],
    ['4', '1', '5', '2'],
  )
  assert.equal((await reseller.send('PUT', `${place}/servers`, { base: '9' }, { 'if-match': etag })).status, 412)
  assert.equal((await customer.send('PUT', `${place}/servers`, { base: '9' }, { 'if-match': etag })).status, 403)
  const list = await customer.send('GET', place)
  assert.ok(
    (list.body['items'] as unknown as readonly { usage_name: string }[]).some(
      ({ usage_name }) => usage_name === 'servers',
    ),
  )
  const fresh = await reseller.send('PUT', `${place}/websites`, { base: '3' }, { 'if-match': '"0"' })
  assert.equal(fresh.status, 200, fresh.text)
})

test('row 31: a hard quota answers 402 with platform code 1022 above value+overage, a soft one never', async () => {
  const check = (units: string) =>
    customer.send('POST', '/api/v1/usage-checks', { tenant_id: contoso.id, usage_name: 'servers', units })
  assert.deepEqual((await check('6')).body, { allowed: true, room: '6' })
  const refused = await check('7')
  assert.equal(refused.status, 402)
  assert.equal(refused.body['code'], 'quota_exceeded')
  assert.equal(refused.body['platform_code'], 1022)
  const soft = await customer.send('POST', '/api/v1/usage-checks', {
    tenant_id: contoso.id,
    usage_name: 'workstations',
    units: '999',
  })
  assert.equal(soft.status, 200)
})

test('history tells the days and when it will run out; too few days are said to be too few', async () => {
  const HOUR = 3_600_000
  const now = app.clock.now().getTime()
  const at = (daysAgo: number): string => new Date(now - daysAgo * 24 * HOUR).toISOString()
  const days = [7, 6, 5, 4, 3, 2, 1, 0]
  const events = days.map((ago) => event({ usage_name: 'projects', value: 80 - ago * 5 }, { time: at(ago) }))
  assert.equal((await post(events.slice(0, 3), 'application/cloudevents-batch+json')).status, 202)
  await reseller.send('PUT', `${place}/projects`, { base: '99' }, { 'if-match': '"0"' })
  const read = async (query: string) => {
    const answer = await customer.send('GET', `/api/v1/tenants/${contoso.id}/usage-history?${query}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.body['items'] as unknown as readonly { usage_name: string; samples: unknown[]; forecast: unknown }[]
  }
  const [early] = await read('usage_name=projects')
  assert.deepEqual(early?.forecast, { kind: 'not_enough_data', days: 3, needed: 7 })
  await post(events.slice(3), 'application/cloudevents-batch+json')
  const [item] = await read('usage_name=projects&days=2')
  assert.deepEqual(item?.samples, [
    { day: at(1).slice(0, 10), value: '75' },
    { day: at(0).slice(0, 10), value: '80' },
  ])
  const day = at(-4).slice(0, 10)
  assert.deepEqual(item?.forecast, { kind: 'runs_out', day, earliest: day, latest: day })
  assert.ok((await read('')).some(({ usage_name }) => usage_name === 'projects'))
  const refused = await customer.send('GET', `/api/v1/tenants/${contoso.id}/usage-history?days=0`)
  assert.equal(refused.status, 400)
  const file = await customer.send('GET', `/api/v1/tenants/${contoso.id}/daily-usage.csv?usage_name=projects&days=2`)
  assert.deepEqual(file.text.replace('\uFEFF', '').trim().split('\r\n'), [
    'day,usage_name,measurement_unit,value,quota',
    `${at(0).slice(0, 10)},projects,quantity,80,99`,
    `${at(1).slice(0, 10)},projects,quantity,75,99`,
  ])
})

test('the history of another tenant is not there', async () => {
  const northwind = await database.db
    .selectFrom('tenants')
    .where('kind', '=', 'partner')
    .select('id')
    .executeTakeFirst()
  for (const way of ['usage-history', 'daily-usage', 'daily-usage.csv']) {
    const answer = await customer.send('GET', `/api/v1/tenants/${northwind?.id}/${way}`)
    assert.equal(answer.status, 404, way)
  }
})

test('millions of lines that are no events are refused in a moment', async () => {
  const began = performance.now()
  const answer = await post('x\n'.repeat(1_000_000), 'application/x-ndjson')
  assert.equal(answer.status, 400)
  assert.ok(performance.now() - began < 10_000)
})
