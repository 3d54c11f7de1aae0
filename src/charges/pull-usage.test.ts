import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createSampleService } from '../../examples/sample-service/service.ts'
import { type Caller, openApplication, type TestApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { until } from '../../test/harness/visitor.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { pullUsage } from './pull-usage.ts'
import { rateDue } from './rate-due.ts'

const database = await testDatabase()
const { pool } = database
const directory = mkdtempSync(join(tmpdir(), 'pulled-'))
const journal = join(directory, 'usage.jsonl')
let app: TestApplication
let reseller: Caller
let customer: Caller
let subscriptionId = ''
let closing: () => unknown = () => undefined
const errors: unknown[] = []

const USD = (amount: string) => ({ amount, currency: 'USD' })
async function make<Body = { id: string }>(by: Caller, path: string, body: unknown): Promise<Body> {
  const answer = await by.send('POST', path, body)
  assert.ok(answer.status < 300, `${path}: ${answer.text}`)
  return answer.body as unknown as Body
}
const pull = async () => {
  errors.length = 0
  app.clock.advance(60_000)
  const { db, remote, usage } = app.parts
  await pullUsage({ db, clock: app.clock, ask: remote.ask, usage, onError: (error) => errors.push(error) })
}
const connector = async () => {
  const { rows } = await pool.query(
    `select pull_cursor as cursor, pull_failure as failure from connectors where name = 'sample'`,
  )
  return rows[0] as { cursor: string; failure: string }
}
const used = async (): Promise<string> => {
  const { rows } = await pool.query(
    `select u.value::text as value from usages u join subscriptions s on s.tenant_id = u.tenant_id where s.id = $1 and u.usage_name = 'mobiles'`,
    [subscriptionId],
  )
  return rows[0]?.value ?? '0'
}
let below = 0
const usedNow = (own: number): string => String(below + own)
const charged = async (): Promise<string[]> => {
  const { rows } = await pool.query(
    'select status, net_minor::text as net from charges where subscription_id = $1 order by period',
    [subscriptionId],
  )
  return rows.map(({ status, net }) => `${status} ${net}`)
}
/** Somebody looks at the page, at the time of the test. */
const look = (id: string, change: object = { delta: '1' }): void => {
  const time = app.clock.now().toISOString()
  const line = { id, subscription_id: subscriptionId, usage_name: 'mobiles', time, ...change }
  writeFileSync(journal, `${JSON.stringify(line)}\n`, { flag: 'a' })
}

before(async () => {
  app = await openApplication(database)
  reseller = app.caller()
  customer = app.caller()
  await reseller.signIn('anna@northwind.example')
  const { body } = await customer.signIn('dana@contoso.example')
  const account = (body as unknown as { account: { id: string } }).account
  const named = { name: 'sample', pull_minutes: 1 }
  const { secret } = await make<{ secret: string }>(reseller, '/api/v1/connectors', {
    ...named,
    url: 'http://127.0.0.1:1/',
  })
  const server = createSampleService({ secret, directory, counts: 'mobiles' }).listen(0)
  closing = () => server.close()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await make(reseller, '/api/v1/connectors', { ...named, url })
  const products = (await reseller.send('GET', '/api/v1/products')).body as unknown as { items: { id: string }[] }
  const plan = await make<{ id: string; periods: { id: string }[] }>(reseller, '/api/v1/plans', {
    product_id: products.items[0]?.id,
    name: 'Counted by its service',
    status: 'active',
    connector: 'sample',
    billing_type: 'pay_as_you_go_external',
    periods: [{ duration: null }],
    resources: [
      {
        name: 'Servers',
        unit: 'server',
        included: '100',
        minimum: '100',
        limit: '100',
        unit_price: '0.10',
        quota: { usage_name: 'mobiles', per_unit: '1' },
      },
    ],
  })
  await app.parts.catalog.refreshChanged()
  const topup = await make(customer, '/api/v1/payments', { account_id: account.id, amount: USD('1000.00') })
  await make(reseller, `/api/v1/payments/${topup.id}/approve`, {})
  const application = { plan_id: plan.id, plan_period_id: plan.periods[0]?.id }
  const draft = await make<{ id: string; total: unknown }>(customer, '/api/v1/checkouts', {
    account_id: account.id,
    application,
  })
  const terms = { expected_total: draft.total, accept_terms: true, allow_second: true }
  const placed = await make<{ subscription: { id: string } }>(customer, `/api/v1/checkouts/${draft.id}/place`, terms)
  subscriptionId = placed.subscription.id
  const read = () => customer.send('GET', `/api/v1/subscriptions/${subscriptionId}`)
  await until(read, ({ body: it }) => it['status'] === ('active' as never), { what: 'it runs' })
})
after(() => {
  closing()
  rmSync(directory, { recursive: true, force: true })
})

test('a look at the service’s own page is usage that is pulled, once, and the cursor with it', async () => {
  const { port } = new URL((await pool.query(`select url from connectors where name = 'sample'`)).rows[0].url)
  const page = await fetch(`http://127.0.0.1:${port}/${subscriptionId}`)
  assert.match(await page.text(), /Running/)
  assert.match(readFileSync(journal, 'utf8'), new RegExp(subscriptionId))
  // The service lives by the machine's clock, the test by one that stands still.
  writeFileSync(journal, '')
  app.clock.advance(60_000)
  look('none yet', { value: '0' })
  await pull()
  // What those below use counts too; what is told of the same moment as the value does not.
  app.clock.advance(1000)
  below = Number(await used())
  for (const id of ['a', 'b', 'c']) look(id)
  await pull()
  assert.deepEqual([errors, await used(), await connector()], [[], usedNow(3), { cursor: '4', failure: '' }])
})

test('answers that repeat, overlap, or begin anew change nothing, and the charges stay the same', async () => {
  app.clock.advance(2 * HOUR_MS)
  await rateDue(database.db, app.clock, app.parts.catalog)
  const before = await charged()
  assert.deepEqual(before, [`blocked ${(below + 3) * 10 * 2}`])
  for (const cursor of ['0', '1', 'nonsense', '4']) {
    await pool.query(`update connectors set pull_cursor = $1 where name = 'sample'`, [cursor])
    await Promise.all([pull(), pull()])
    await rateDue(database.db, app.clock, app.parts.catalog)
    assert.deepEqual([errors, await used(), await charged(), (await connector()).cursor], [[], usedNow(3), before, '4'])
  }
})

test('more than one answer holds is asked for page by page', async () => {
  for (let count = 0; count < 250; count++) look(`many ${count}`)
  await pull()
  assert.deepEqual([errors, await used(), (await connector()).cursor], [[], usedNow(253), '254'])
})

for (const { name, line, says } of [
  {
    name: 'a stranger’s subscription',
    line: {
      id: 'x',
      subscription_id: '019a0000-0000-7000-8000-000000000000',
      usage_name: 'mobiles',
      time: '2026-03-01T12:00:00Z',
      delta: '1',
    },
    says: /does not serve/,
  },
  {
    name: 'no time',
    line: { id: 'y', subscription_id: '', usage_name: 'mobiles', time: 'soon', delta: '1' },
    says: /no list of usage|time must be/,
  },
])
  test(`an answer that names ${name} is refused whole, and told; mended, nothing of it is lost`, async () => {
    const [whole, count] = [readFileSync(journal, 'utf8'), Number(await used())]
    look(`before ${name}`)
    const good = readFileSync(journal, 'utf8')
    writeFileSync(
      journal,
      `${JSON.stringify({ ...line, subscription_id: line.subscription_id || subscriptionId })}\n`,
      { flag: 'a' },
    )
    await pull()
    assert.equal(errors.length, 1)
    assert.match((await connector()).failure, says)
    assert.equal(await used(), String(count))
    writeFileSync(journal, good)
    await pull()
    assert.deepEqual([errors, await used(), (await connector()).failure], [[], String(count + 1), ''])
    assert.ok(good.length > whole.length)
  })

test('what the service says it costs is told with its answer, once; one that is wrong is named', async () => {
  const time = app.clock.now().toISOString()
  const cost = { subscription_id: subscriptionId, time, currency: 'USD', net_cost: '0.25' }
  const good = readFileSync(journal, 'utf8')
  const write = (line: object) => writeFileSync(journal, `${JSON.stringify(line)}\n`, { flag: 'a' })
  write({ id: 'cost', ...cost })
  await pull()
  await pool.query(`update connectors set pull_cursor = '0' where name = 'sample'`)
  await pull()
  const told = await pool.query('select source, amount::float as amount, net_cost::float as cost from told_amounts')
  assert.deepEqual([errors, told.rows], [[], [{ source: 'connector:sample', amount: 0.25, cost: 0.25 }]])
  for (const [wrong, says] of [
    [{ id: 'in euros', ...cost, currency: 'EUR' }, /in euros: the prices of its plan are in USD/],
    [{ id: 'no number', ...cost, net_cost: 'much' }, /net_cost: Write a decimal/],
  ] as const) {
    write(wrong)
    await pull()
    assert.match((await connector()).failure, says)
    writeFileSync(journal, good)
  }
})

test('a service that is down is asked again when its time comes', async () => {
  await pool.query(`update connectors set url = 'http://127.0.0.1:1/' where name = 'sample'`)
  await pull()
  assert.equal(errors.length, 1)
  assert.notEqual((await connector()).failure, '')
  const listed = (await reseller.send('GET', '/api/v1/connectors')).body as unknown as {
    items: { pull_failure: string }[]
  }
  assert.notEqual(listed.items[0]?.pull_failure, '')
})
