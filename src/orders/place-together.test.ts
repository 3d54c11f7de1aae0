import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Client } from 'pg'
import { firstAccountOf, idOf, type Sellers, writeCheckouts, writeSellers } from '../../bench/data.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { until } from '../../test/harness/visitor.ts'
import type { CheckoutId, SellerId, TenantId } from '../kernel/ids.ts'
import { verifyLedger } from '../ledger/index.ts'
import type { Principal } from '../platform/actor.ts'
import { systemActor } from '../tenants/index.ts'
import { createPlacingQueue, type PlacingQueue, placeOrder } from './place-order.ts'

/** What `writeCheckouts` of the benchmarks asks for. */
const TOTAL = 5_700n
const COUNT = 8
const EACH = 6
const sellers: Sellers = { count: COUNT, plansEach: 2, accountsOf: () => 3 }

let shop: Shop
let client: Client
let actors: readonly Principal[]
let next = 0

before(async () => {
  const database = await testDatabase()
  shop = await openShop(database)
  client = new Client({ connectionString: database.connectionString })
  await client.connect()
  database.beforeClose(() => client.end())
  await writeSellers(client, sellers)
  const { rows } = await client.query<{ id: string; path: string }>(
    'select id, path from tenants where id = any($1) order by id',
    [Array.from({ length: COUNT }, (_, n) => idOf('seller', n))],
  )
  actors = rows.map(({ id, path }) => systemActor(id as SellerId, id as TenantId, path, 'test'))
})

const deps = (queue: PlacingQueue = shop.queue) => ({ ...shop, queue, termsUrlOf: () => null })

/** Checkouts, `each` of every seller, the sellers taking turns. */
async function draftAll(each = EACH): Promise<{ id: CheckoutId; actor: Principal }[]> {
  const from = next
  next += each * COUNT
  const whose = { firstSeller: 0, sellers: COUNT, accountsEach: 3, firstAccount: firstAccountOf(sellers, 0) }
  await writeCheckouts(client, { kind: 'checkout', first: from, count: each * COUNT, plansEach: 2, ...whose })
  return Array.from({ length: each * COUNT }, (_, index) => {
    const actor = actors[(from + index) % COUNT]
    assert.ok(actor)
    return { id: idOf('checkout', from + index) as CheckoutId, actor }
  })
}

const place = ({ id, actor }: { id: CheckoutId; actor: Principal }, queue?: PlacingQueue) =>
  placeOrder(deps(queue), actor, { ...placing(id, TOTAL), allowSecond: true })

const numbersOf = async (table: 'orders' | 'payments' | 'subscriptions', sellerId: string): Promise<number[]> =>
  (
    await client.query<{ n: number }>(
      `select substring(number::text from '\\d+')::integer as n from ${table} where seller_id = $1 order by 1`,
      [sellerId],
    )
  ).rows.map(({ n }) => n)

test('orders of several sellers, placed at once by two servers, are each at their own seller and numbered there without gaps', async () => {
  const queues = [createPlacingQueue(shop.pool), createPlacingQueue(shop.pool)]
  const checkouts = await draftAll()
  const placed = await Promise.all(checkouts.map((checkout, n) => place(checkout, queues[n % 2])))
  assert.equal(new Set(placed.map(({ id }) => id)).size, COUNT * EACH)
  const wanted = Array.from({ length: EACH }, (_, n) => n + 1)
  for (const { sellerId } of actors)
    for (const table of ['orders', 'payments', 'subscriptions'] as const)
      assert.deepEqual(await numbersOf(table, sellerId), wanted, table)
  for (const [n, { id, number }] of placed.entries()) {
    const { rows } = await client.query(
      `select o.seller_id, o.number, o.total_minor, (select count(*)::integer from order_lines l where l.seller_id = o.seller_id and l.order_id = o.id) as lines,
              (select array_agg(distinct e.seller_id::text) from events e where e.subject_id = o.id::text) as tellers from orders o where o.id = $1`,
      [id],
    )
    const sellerId = checkouts[n]?.actor.sellerId
    assert.deepEqual(rows, [{ seller_id: sellerId, number, total_minor: '5700', lines: 2, tellers: [sellerId] }])
  }
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('while somebody holds one seller’s numbers, the others’ orders go on', async () => {
  const [first, ...others] = await draftAll(1)
  assert.ok(first)
  await client.query('begin')
  await client.query(`select from counters where seller_id = $1 for update`, [first.actor.sellerId])
  const blocked = place(first)
  // Whoever shares a run with the one that waits, waits with it; who comes later does not.
  const waiting = async () =>
    (
      await shop.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
    ).rowCount
  await until(waiting, (count) => count === 1, { what: 'the order waits for the lock' })
  let hasWaited = true
  void blocked.then(() => (hasWaited = false))
  await Promise.all(others.map((checkout) => place(checkout)))
  assert.ok(hasWaited)
  await client.query('commit')
  await blocked
})

test('a seller whose orders cannot be written fails alone', async () => {
  const checkouts = await draftAll(1)
  const name = { sellerId: actors[0]?.sellerId, name: 'order' }
  const [{ value }] = (
    await client.query('select value from counters where seller_id = $1 and name = $2', [name.sellerId, name.name])
  ).rows as [{ value: string }]
  const setTo = (to: string) =>
    client.query('update counters set value = $3 where seller_id = $1 and name = $2', [name.sellerId, name.name, to])
  await setTo('9223372036854775807')
  const results = await Promise.allSettled(checkouts.map((checkout) => place(checkout)))
  await setTo(value)
  assert.deepEqual(
    results.map(({ status }) => status),
    checkouts.map(({ actor }) => (actor === actors[0] ? 'rejected' : 'fulfilled')),
  )
})
