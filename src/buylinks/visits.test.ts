import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { type Asked, type FrontDoor, openFrontDoor } from '../../test/harness/front-door.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { LINK } from '../../test/harness/shop.ts'
import type { StoreId } from '../kernel/ids.ts'
import { createVisitCounter, type Visit } from './visits.ts'

let door: FrontDoor
before(async () => {
  door = await openFrontDoor(await testDatabase())
})

describe('a visit', () => {
  const visited = async (query: string, asked: Asked = {}) => {
    door.counted.length = 0
    await door.ask(query, asked)
    return door.counted.map(({ planId, managerKey }) => `${planId} ${managerKey}`)
  }
  test('is counted once a click, for the plan and the store', async () => {
    door.counted.length = 0
    await door.ask(LINK.monthly)
    await door.ask(LINK.monthly)
    const visit = {
      sellerId: door.shop.store.sellerId,
      storeId: door.shop.store.storeId,
      planId: '425',
      managerKey: '',
    }
    assert.deepEqual(door.counted, [visit, visit])
  })
  for (const [key, cookie, counts] of [
    ['carter81', undefined, 'carter81'],
    [null, 'carter81', 'carter81'],
    ['above.key-1', 'carter81', 'above.key-1'],
    ['nobody', 'carter81', 'carter81'],
    ['Carter81', undefined, ''],
    ['gone', 'gone', ''],
    [null, 'nobody', ''],
  ] as const)
    test(`with the key ${key} and the cookie ${cookie} counts for ${counts || 'nobody'}`, async () => {
      const query = key === null ? LINK.monthly : `${LINK.monthly}&manager_key=${key}`
      const headers: Record<string, string> = cookie === undefined ? {} : { cookie: `buylink_manager=${cookie}` }
      assert.deepEqual(await visited(query, { headers }), [`425 ${counts}`])
    })
  for (const headers of [
    { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
    { 'user-agent': 'facebookexternalhit/1.1' },
    { 'user-agent': 'WhatsApp/2.23.20.0' },
    { 'user-agent': 'BarracudaSentinel' },
    { 'user-agent': 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)' },
    { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
    { 'user-agent': '' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ])
    test(`is not one: ${JSON.stringify(headers)}`, async () => {
      assert.deepEqual(await visited(LINK.monthly, { headers: headers as unknown as Record<string, string> }), [])
      assert.equal(
        (await door.ask(LINK.monthly, { headers: headers as unknown as Record<string, string> })).status,
        302,
      )
    })
})

describe('the counter of visits', () => {
  const visit = (rest: Partial<Visit> = {}): Visit => ({
    sellerId: door.shop.store.sellerId,
    storeId: door.shop.store.storeId,
    planId: '425',
    managerKey: '',
    ...rest,
  })
  const written = async () => {
    const { rows } = await door.shop.pool.query(
      'select seller_id, day, plan_id, manager_key, visits from link_visits order by day, plan_id, manager_key',
    )
    return rows.map((row) => `${row.day} ${row.plan_id} ${row.manager_key} ${row.visits}`)
  }
  test('writes sums by day, plan and key, and adds to what is there', async () => {
    const counter = createVisitCounter(door.shop.pool, door.shop.clock)
    await counter.flush()
    assert.deepEqual(await written(), [])
    for (let time = 0; time < 3; time++) counter.count(visit())
    counter.count(visit({ managerKey: 'carter81' }))
    door.shop.clock.advance(12 * 3_600_000)
    counter.count(visit())
    await counter.flush()
    await counter.flush()
    counter.count(visit({ planId: '426' }))
    counter.count(visit())
    await counter.flush()
    assert.deepEqual(await written(), [
      '2026-03-01 425  3',
      '2026-03-01 425 carter81 1',
      '2026-03-02 425  2',
      '2026-03-02 426  1',
    ])
  })
  test('loses nothing while the database fails, nor what belongs to another reseller', async () => {
    const { tenant, storeId } = await testSeller(door.shop.db, door.shop.clock, 'second.example.com')
    let fails: (seller: unknown) => boolean = () => true
    const pool = {
      query: async (text: string, values: unknown[]) => {
        if (fails(values[0])) throw new Error('down')
        return door.shop.pool.query(text, values)
      },
    } as unknown as typeof door.shop.pool // What the counter uses of it.
    const counter = createVisitCounter(pool, door.shop.clock)
    counter.count(visit({ planId: '1' }))
    counter.count(visit({ planId: '1', sellerId: tenant.sellerId, storeId: storeId as StoreId }))
    await assert.rejects(counter.flush(), /down/)
    counter.count(visit({ planId: '1' }))
    fails = (seller) => seller === door.shop.store.sellerId
    await assert.rejects(counter.flush(), /down/)
    assert.deepEqual(
      (await written()).filter((row) => row.includes(' 1  ')),
      ['2026-03-02 1  1'],
    )
    fails = () => false
    await counter.flush()
    assert.deepEqual((await written()).filter((row) => row.includes(' 1  ')).sort(), [
      '2026-03-02 1  1',
      '2026-03-02 1  2',
    ])
  })
  test('takes what comes while it writes', async () => {
    const counter = createVisitCounter(door.shop.pool, door.shop.clock)
    counter.count(visit({ planId: '2' }))
    const writing = counter.flush()
    counter.count(visit({ planId: '2' }))
    await writing
    await counter.flush()
    assert.ok((await written()).includes('2026-03-02 2  2'))
  })
  test('has a bound, also while the database fails', async () => {
    let rows = 0
    let isUp = false
    const pool = {
      query: async (_text: string, values: [unknown, string]) => {
        if (!isUp) throw new Error('down')
        rows = (JSON.parse(values[1]) as unknown[]).length
      },
    } as unknown as typeof door.shop.pool // What the counter uses of it.
    const counter = createVisitCounter(pool, door.shop.clock)
    for (let round = 0; round < 3; round++) {
      for (let plan = 0; plan < 40_000; plan++) counter.count(visit({ planId: `${round}${plan}` }))
      await assert.rejects(counter.flush())
    }
    isUp = true
    await counter.flush()
    assert.equal(rows, 50_000)
  })
})

test('a click changes nothing in the database but the visits that are written later', async () => {
  const visits = createVisitCounter(door.shop.pool, door.shop.clock)
  const own = await door.open({ visits })
  const tables = (
    await door.shop.pool.query(`select table_schema || '.' || table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`)
  ).rows.map((row) => row.name as string)
  const contents = async () =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async (name) => {
          const { rows } = await door.shop.pool.query(
            `select count(*) as rows, md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t`,
          )
          return [name, rows[0]] as const
        }),
      ),
    )
  const earlier = await contents()
  assert.ok(tables.length > 30)
  for (const link of Object.values(LINK))
    for (const more of ['&manager_key=carter81', '&x=%', '&shopping_cart_items[][type]=topup'])
      for (const method of ['GET', 'HEAD', 'POST']) await own.ask(link + more, { method })
  assert.deepEqual(await contents(), earlier)
  await visits.flush()
  const { 'public.link_visits': written, ...later } = await contents()
  const { 'public.link_visits': empty, ...before } = earlier
  assert.deepEqual(later, before)
  assert.notDeepEqual(written, empty)
})
