import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing } from '../../test/harness/shop.ts'
import { cancelOrder, createCheckout, placeOrder } from '../orders/index.ts'
import { EVENT_NAMES, EVENT_TYPES, INTERNAL_EVENTS, problemsOf } from './catalogue.ts'
import { webhookDocs } from './webhook-docs.ts'

const root = join(import.meta.dirname, '../..')

/** Types that the sources publish; of `tenant.${word}d` the pattern. */
function published(source: string): RegExp[] {
  if (!/\b(publish|eventRow)\(|: NewEvent\b/.test(source)) return []
  return [...source.matchAll(/\btype: (?:'([a-z_]+\.[a-z_]+)'|`([^`]+)`)/g)].map(([, name, template = '']) => {
    const pattern = name ?? template.replace(/\$\{[^}]*\}/g, '*')
    return new RegExp(`^${pattern.replace('.', '\\.').replaceAll('*', '[a-z_]+')}$`)
  })
}

test('every event that the sources publish is in the catalogue', () => {
  const known = [...EVENT_NAMES, ...INTERNAL_EVENTS]
  const files = globSync('src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] })
  const types = files.flatMap((file) =>
    published(readFileSync(join(root, file), 'utf8')).map((type) => ({ file, type })),
  )
  assert.ok(types.length > 20, 'the sources are read')
  const missing = types.filter(({ type }) => !known.some((name) => type.test(name)))
  assert.deepEqual(
    missing.map(({ file, type }) => `${file}: ${type.source}`),
    [],
  )
})

test('a type that is not in the catalogue would be found', () => {
  const [type] = published("publish(tx, { type: 'order.forgotten' })")
  assert.ok(type && !EVENT_NAMES.some((name) => type.test(name)))
  assert.deepEqual(problemsOf('order.forgotten', {}), ['order.forgotten is not in the catalogue'])
})

for (const name of EVENT_NAMES)
  test(`the example of ${name} is as its schema says`, () =>
    assert.deepEqual(problemsOf(name, EVENT_TYPES[name].example), []))

test('a payload that is not as the catalogue says is found', () => {
  const { order_id: _gone, ...rest } = EVENT_TYPES['order.placed'].example
  assert.match(problemsOf('order.placed', rest).join(), /order\.placed order_id/)
  assert.match(problemsOf('account.updated', { ...EVENT_TYPES['account.updated'].example, more: 1 }).join(), /more/)
})

test('what a store’s life publishes is as the catalogue says', async () => {
  const database = await testDatabase()
  const shop = await openShop(database)
  const { id, actor } = await shop.customer('Ada')
  const link = { accountId: id, storeId: shop.store.storeId, link: LINK.monthly, cookieKey: null, idempotencyKey: null }
  const checkoutId = await createCheckout(shop, actor, link)
  const placed = await placeOrder({ ...shop, termsUrlOf: () => null }, actor, placing(checkoutId, 4900n))
  const order = { sellerId: shop.store.sellerId, orderId: placed.id, reason: 'Ordered by mistake', byStaff: true }
  await cancelOrder(shop.db, shop.clock, actor, order)
  const { rows } = await database.pool.query<{ type: string; payload: unknown }>('select type, payload from events')
  assert.deepEqual(
    rows.flatMap(({ type, payload }) => problemsOf(type, payload)),
    [],
  )
  const types = new Set(rows.map(({ type }) => type))
  for (const type of [
    'account.created',
    'order.placed',
    'order.cancelled',
    'payment.completed',
    'subscription.activated',
  ])
    assert.ok(types.has(type), `${type} happened`)
})

test('row 58: OpenAPI has every event with its payload', () => {
  const docs = new Map(webhookDocs().map((doc) => [doc.type, doc]))
  assert.deepEqual([...docs.keys()], EVENT_NAMES)
  assert.match(JSON.stringify(docs.get('order.placed')?.body), /"plan_period_id"/)
})
