import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { setRecurringFee } from '../catalog/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { verifyLedger } from '../ledger/index.ts'
import type { Principal } from '../platform/actor.ts'
import { transaction } from '../platform/db.ts'
import { createCheckout } from './create-checkout.ts'
import { placeOrder } from './place-order.ts'

let shop: Shop
before(async () => {
  shop = await openShop(await testDatabase())
})

const deps = () => ({ ...shop, termsUrlOf: () => null })

const draft = (account: { id: TenantId; actor: Principal }, link: string, cookieKey: string | null = null) =>
  createCheckout(shop, account.actor, {
    accountId: account.id,
    storeId: shop.store.storeId,
    link,
    cookieKey,
    idempotencyKey: null,
  })

const count = async (table: string, accountId: TenantId): Promise<number> => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from ${sql.table(table)} where account_id = ${accountId}`.execute(shop.db)
  return rows[0]!.n
}

test('a hundred placings of one checkout at once give one order, one payment, one subscription and one answer', async () => {
  const account = await shop.customer('Fabrikam')
  const checkout = await draft(account, LINK.monthly)
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => placeOrder(deps(), account.actor, placing(checkout, 4900n))),
  )
  for (const answer of answers) assert.deepEqual(answer, answers[0])
  assert.equal(await count('orders', account.id), 1)
  assert.equal(await count('payments', account.id), 1)
  assert.equal(await count('subscriptions', account.id), 1)
  assert.equal(answers[0]?.payment?.total.amountMinor, 4900n)
})

test('two clicks on one checkout in the very same batch give one order and one answer', async () => {
  const account = await shop.customer('Double click')
  const checkout = await draft(account, LINK.monthly)
  // Warm memories and connections, so that nothing comes between the two.
  await placeOrder(deps(), account.actor, placing(await draft(account, LINK.payAsYouGo), 0n))
  const [one, other] = await Promise.all([1, 2].map(() => placeOrder(deps(), account.actor, placing(checkout, 4900n))))
  assert.deepEqual(one, other)
  assert.equal(await count('orders', account.id), 2)
})

test('staff of a reseller above places a checkout too, and gets the same answer again', async () => {
  const account = await shop.customer('Placed from above')
  const checkout = await draft(account, LINK.monthly)
  const placed = await placeOrder(deps(), shop.operator, placing(checkout, 4900n))
  assert.deepEqual(await placeOrder(deps(), account.actor, placing(checkout, 4900n)), placed)
})

test('a hundred checkouts placed at once have document numbers without gaps', async () => {
  const accounts = await Promise.all(Array.from({ length: 20 }, (_, index) => shop.customer(`Many ${index}`)))
  const checkouts = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const account = accounts[index % 20]!
      return { account, id: await draft(account, LINK.monthly) }
    }),
  )
  await Promise.all(
    checkouts.map(({ account, id }) => placeOrder(deps(), account.actor, { ...placing(id, 4900n), allowSecond: true })),
  )
  const { rows } = await sql<{ orders: string[]; payments: string[] }>`
    select (select array_agg(number order by number) from orders where seller_id = ${shop.store.sellerId}) as orders,
           (select array_agg(number order by number) from payments where seller_id = ${shop.store.sellerId}) as payments`.execute(
    shop.db,
  )
  const numbered = (prefix: string, amount: number) =>
    Array.from({ length: amount }, (_, index) => `${prefix}${String(index + 1).padStart(6, '0')}`)
  assert.deepEqual(rows[0]?.orders, numbered('SO', rows[0]!.orders.length))
  assert.deepEqual(rows[0]?.payments, numbered('PM', rows[0]!.payments.length))
  assert.ok(rows[0]!.orders.length >= 100)
})

test('a trial is free, starts at once, and is given once for a product', async () => {
  const account = await shop.customer('Trial and error')
  const first = await draft(account, LINK.trial)
  const second = await draft(account, LINK.trial)
  const placed = await placeOrder(deps(), account.actor, placing(first, 0n))
  assert.equal(placed.payment, null)
  await assert.rejects(placeOrder(deps(), account.actor, { ...placing(second, 0n), allowSecond: true }), {
    code: 'trial_used',
  })
  assert.equal(await count('orders', account.id), 1)
})

test('two trials placed at the same moment give one', async () => {
  const account = await shop.customer('Twice at once')
  const checkouts = await Promise.all([draft(account, LINK.trial), draft(account, LINK.trial)])
  const results = await Promise.allSettled(
    checkouts.map((checkout) => placeOrder(deps(), account.actor, { ...placing(checkout, 0n), allowSecond: true })),
  )
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('a top-up makes an order of 0 that waits for a payment of 1000.00', async () => {
  const account = await shop.customer('Top-up')
  const placed = await placeOrder(deps(), account.actor, placing(await draft(account, LINK.topup), 0n))
  assert.equal(placed.total.amountMinor, 0n)
  assert.deepEqual(placed.payment && { purpose: placed.payment.purpose, total: placed.payment.total }, {
    purpose: 'top_up',
    total: { amountMinor: 100000n, currency: 'USD' },
  })
})

test('another price than the one shown is refused with the price of today', async () => {
  const account = await shop.customer('Price watcher')
  const checkout = await draft(account, LINK.monthly)
  await assert.rejects(placeOrder(deps(), account.actor, placing(checkout, 4800n)), {
    code: 'price_changed',
    extra: { currentTotal: { amount: '49.00', currency: 'USD' } },
  })
})

test('an order priced from a catalogue that changed meanwhile is priced again, never written at the old price', async () => {
  const account = await shop.customer('Old price')
  const checkout = await draft(account, LINK.monthly)
  const stale = { ...shop.catalog, get: shop.catalog.get }
  const before = await shop.catalog.get(shop.store.sellerId)
  await transaction(shop.db, (tx) => setRecurringFee(tx, shop.store.sellerId, '1840', 5100n, shop.clock.now()))
  await assert.rejects(
    placeOrder({ ...deps(), catalog: { ...stale, get: async () => before } }, account.actor, placing(checkout, 4900n)),
    { code: 'price_changed' },
  )
  await transaction(shop.db, (tx) => setRecurringFee(tx, shop.store.sellerId, '1840', 4900n, shop.clock.now()))
  await shop.catalog.refresh(shop.store.sellerId)
})

test('a second subscription of a plan is asked about once', async () => {
  const account = await shop.customer('Second')
  await placeOrder(deps(), account.actor, placing(await draft(account, LINK.monthly), 4900n))
  const second = await draft(account, LINK.monthly)
  await assert.rejects(placeOrder(deps(), account.actor, placing(second, 4900n)), {
    code: 'second_subscription',
    extra: { mayConfirm: true },
  })
  await placeOrder(deps(), account.actor, { ...placing(second, 4900n), allowSecond: true })
  assert.equal(await count('subscriptions', account.id), 2)
})

test('an order links its account to the manager of its key, once and for good', async () => {
  const account = await shop.customer('Linked')
  await placeOrder(deps(), account.actor, placing(await draft(account, LINK.payAsYouGo, 'carter81'), 0n))
  const { rows } = await sql<{ key: string; reasons: string[]; events: number }>`
    select m.key, (select array_agg(reason) from attributions where account_id = a.tenant_id) as reasons,
           (select count(*)::int from events where type = 'account.manager_changed' and subject_id = a.tenant_id::text) as events
      from accounts a join managers m on m.id = a.manager_id where a.tenant_id = ${account.id}`.execute(shop.db)
  assert.deepEqual(rows, [{ key: 'carter81', reasons: ['order'], events: 1 }])
})

test('a key that differs in case links nobody and blocks nothing', async () => {
  const account = await shop.customer('Wrong case')
  await placeOrder(deps(), account.actor, placing(await draft(account, LINK.payAsYouGo, 'Carter81'), 0n))
  const { rows } = await sql<{
    manager_id: string | null
  }>`select manager_id from accounts where tenant_id = ${account.id}`.execute(shop.db)
  assert.equal(rows[0]?.manager_id, null)
})

test('nobody sees or places the checkout of another account', async () => {
  const [mine, theirs] = await Promise.all([shop.customer('Mine'), shop.customer('Theirs')])
  const checkout = await draft(mine, LINK.monthly)
  await assert.rejects(placeOrder(deps(), theirs.actor, placing(checkout, 4900n)), { code: 'not_found' })
})

test('a draft older than 30 days is not placed', async () => {
  const account = await shop.customer('Late')
  const checkout = await draft(account, LINK.monthly)
  shop.clock.advance(31 * 86_400_000)
  await assert.rejects(placeOrder(deps(), account.actor, placing(checkout, 4900n)), { code: 'checkout_expired' })
})

test('the books of the whole installation are in order afterwards', async () => {
  const verification = await verifyLedger(shop.db, shop.operator.path)
  assert.deepEqual(verification.problems, [])
  assert.ok(verification.checked.postings > 0n)
})
