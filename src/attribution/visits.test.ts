import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import type { StoreId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { createKeyVisitCounter, createManager } from './index.ts'

const { db, pool } = await testDatabase()
const clock = fixedClock()
const seller = await testSeller(db, clock, 'one.example')
const carter = await createManager(db, clock, seller.actor, {
  sellerId: seller.tenant.id,
  name: 'Carter',
  role: 'sales',
  key: 'carter81',
})
const visit = {
  sellerId: seller.tenant.sellerId,
  storeId: seller.storeId as StoreId,
  managerId: carter.id,
  key: 'carter81',
  cookieKey: null,
  address: '192.0.2.1',
  userAgent: 'A browser',
}
const written = async () =>
  (await db.selectFrom('manager_visits').select(['visits']).orderBy('day').execute()).map(({ visits }) => visits)

test('row 62: a visit counts once a browser: by its cookie, else by address and browser within a day', async () => {
  const counter = createKeyVisitCounter(pool, clock)
  counter.count(visit)
  counter.count(visit)
  counter.count({ ...visit, address: '192.0.2.2', cookieKey: 'carter81' })
  counter.count({ ...visit, userAgent: 'Another browser' })
  counter.count({ ...visit, address: '192.0.2.3', cookieKey: 'dana' })
  await counter.flush()
  assert.deepEqual(await written(), [3n])
  clock.advance(DAY_MS)
  counter.count(visit)
  counter.count(visit)
  await counter.flush()
  assert.deepEqual(await written(), [3n, 1n])
})

test('row 62: nothing of a visitor is written: a row is a number', async () => {
  const { rows } = await pool.query('select * from manager_visits limit 1')
  assert.deepEqual(Object.keys(rows[0]).sort(), ['day', 'manager_id', 'manager_key', 'seller_id', 'store_id', 'visits'])
  assert.doesNotMatch(Object.values(rows[0]).join(' '), /192\.0\.2|browser/i)
})

test('what cannot be written now is written with the next flush', async () => {
  let isDown = true
  const flaky = {
    query: (...given: Parameters<typeof pool.query>) =>
      isDown ? Promise.reject(new Error('down')) : pool.query(...given),
  } as unknown as typeof pool
  const counter = createKeyVisitCounter(flaky, clock)
  const before = (await written()).at(-1) ?? 0n
  counter.count({ ...visit, address: '198.51.100.7' })
  await assert.rejects(counter.flush(), /down/)
  isDown = false
  counter.count({ ...visit, address: '198.51.100.8' })
  await counter.flush()
  assert.equal((await written()).at(-1), before + 2n)
})
