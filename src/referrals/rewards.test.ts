import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing } from '../../test/harness/shop.ts'
import { createManager, relinkAccount } from '../attribution/index.ts'
import type { OrderId, TenantId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { cancelOrder, createCheckout, placeOrder, startPaidOrder } from '../orders/index.ts'
import { approvePayment } from '../payments/index.ts'
import { quotasOf } from '../quotas/index.ts'
import { figuresOf, settleOpenRewards, settleRewards } from './index.ts'
import { changePartner, createPartner } from './save-partner.ts'
import { changeProgram, createProgram } from './save-program.ts'
import { listFigures } from './figures-view.ts'

const database = await testDatabase()
const shop = await openShop(database)
const { db, pool, clock, managers, store, operator } = shop
const { sellerId } = store
const deps = { ...shop, quotasOf, termsUrlOf: () => null }
const seller = sellerId as string as TenantId
const programId = await createProgram(db, clock, operator, { sellerId: seller, name: 'Friends', basisPoints: 1000 })
const partner = async (key: string, terms: object = {}) => {
  const id = await createPartner(db, clock, operator, { name: key, key, programId, ...terms })
  await managers.refresh()
  return id
}

/** An order of 49.00 by a key, not paid yet. */
async function order(customer: Awaited<ReturnType<typeof shop.customer>>, key: string | null): Promise<OrderId> {
  const link = key === null ? LINK.monthly : `${LINK.monthly}&manager_key=${key}`
  const request = { accountId: customer.id, storeId: store.storeId, link, cookieKey: null, idempotencyKey: null }
  const checkout = await createCheckout(deps, customer.actor, request)
  const placed = await placeOrder(deps, customer.actor, { ...placing(checkout, 4900n), allowSecond: true })
  return placed.id
}
async function pay(orderId: OrderId): Promise<void> {
  const { id } = await db
    .selectFrom('payments')
    .where('seller_id', '=', sellerId)
    .where('order_id', '=', orderId)
    .select('id')
    .executeTakeFirstOrThrow()
  await approvePayment(db, clock, operator, { sellerId, paymentId: id })
  await startPaidOrder(db, clock, sellerId, orderId)
}
const settle = (orderId: OrderId) => settleRewards(db, clock, sellerId, orderId)
/** Staff cancel what could not be provisioned: the money goes back. */
async function returnMoney(orderId: OrderId): Promise<void> {
  await pool.query(`update orders set status = 'provisioning_failed' where id = $1`, [orderId])
  await pool.query(
    `update subscriptions set status = 'installation_failed' where id = (select subscription_id from orders where id = $1)`,
    [orderId],
  )
  await cancelOrder(db, clock, operator, { sellerId, orderId, reason: 'Sold out', byStaff: true })
}
const always = () => ({ from: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-12-31T00:00:00Z') })
const total = async (managerId: string) => {
  const { visits: _visits, ...figures } = (await figuresOf(db, managerId, always())).total
  return figures
}
const amounts = (netMinor: bigint, reward: bigint) => [
  { currency: 'USD', paidMinor: netMinor, netMinor, rewardMinor: reward },
]

test('a paid order earns once, however often and at once it is told of', async () => {
  const id = await partner('once')
  const paid = await order(await shop.customer('Once'), 'once')
  await settle(paid)
  assert.deepEqual(await total(id), { accounts: 1, orders: 1, paidOrders: 0, amounts: [] })
  await pay(paid)
  await Promise.all([settle(paid), settle(paid), settle(paid)])
  await settle(paid)
  assert.deepEqual(await total(id), { accounts: 1, orders: 1, paidOrders: 1, amounts: amounts(4900n, 490n) })
  const events = await db
    .selectFrom('events')
    .where('seller_id', '=', sellerId)
    .where('subject_id', '=', id)
    .where('type', '=', 'referral.reward_changed')
    .select('payload')
    .execute()
  assert.deepEqual(
    events.map(({ payload }) => payload['change']),
    ['4.90'],
  )
})

test('row 60: what is returned is taken back, and the books and the report agree', async () => {
  const id = await partner('back', { basisPoints: 333 })
  const customer = await shop.customer('Back')
  const [kept, returned] = [await order(customer, 'back'), await order(customer, null)]
  for (const each of [kept, returned]) {
    await pay(each)
    await settle(each)
  }
  assert.deepEqual((await total(id)).amounts, amounts(9800n, 326n))
  clock.advance(DAY_MS)
  await returnMoney(returned)
  await settle(returned)
  await settle(returned)
  assert.deepEqual(await total(id), { accounts: 1, orders: 1, paidOrders: 1, amounts: amounts(4900n, 163n) })
  const { steps } = await figuresOf(db, id, always())
  assert.deepEqual(steps.find(({ start }) => start === '2026-03-02')?.amounts, amounts(-4900n, -163n))
})

test('row 60: the first purchase alone earns where the programme says so, also when two are settled at once', async () => {
  const id = await partner('first', { appliesTo: 'first' })
  const customer = await shop.customer('First')
  const orders = [await order(customer, 'first'), await order(customer, 'first'), await order(customer, null)]
  for (const each of orders) await pay(each)
  await Promise.all(orders.map(settle))
  assert.deepEqual((await total(id)).amounts, amounts(14_700n, 490n))
})

test('row 60: terms are those of the first payment: changed later, they change what comes', async () => {
  const id = await partner('terms', { basisPoints: 2000 })
  const customer = await shop.customer('Terms')
  const [before, after] = [await order(customer, 'terms'), await order(customer, 'terms')]
  await pay(before)
  await settle(before)
  await changePartner(db, clock, operator, { id, basisPoints: null })
  await pay(after)
  await settle(after)
  assert.deepEqual((await total(id)).amounts, amounts(9800n, 980n + 490n))
  await returnMoney(before)
  await settle(before)
  assert.deepEqual((await total(id)).amounts, amounts(4900n, 490n))
})

test('row 49: one’s own order earns nothing, not even when staff find out later', async () => {
  const customer = await shop.customer('Own')
  const id = await partner('own')
  const paid = await order(customer, 'own')
  await pool.query('update managers set account_id = $2 where id = $1', [id, customer.id])
  await pay(paid)
  await settle(paid)
  assert.deepEqual((await total(id)).amounts, amounts(4900n, 0n))
})

test('a programme that is over pays no more, and staff who sell earn no reward', async () => {
  const until = new Date(clock.now().getTime() + DAY_MS)
  const over = await createProgram(db, clock, operator, {
    sellerId: seller,
    name: 'Short',
    basisPoints: 500,
    validUntil: until,
  })
  const id = await partner('late', { programId: over })
  clock.advance(2 * DAY_MS)
  const paid = await order(await shop.customer('Late'), 'late')
  await pay(paid)
  await settle(paid)
  assert.deepEqual((await total(id)).amounts, amounts(4900n, 0n))
  await assert.rejects(changeProgram(db, clock, operator, { id: over, validUntil: new Date(0) }), {
    code: 'unprocessable',
  })
  const staffs = await order(await shop.customer('Staff’s'), 'carter81')
  await pay(staffs)
  await settle(staffs)
  const carter = managers.findByKey('carter81')?.id ?? ''
  assert.deepEqual((await total(carter)).amounts, amounts(4900n, 0n))
})

test('what no event told of is settled by the hour', async () => {
  const id = await partner('quiet')
  const paid = await order(await shop.customer('Quiet'), 'quiet')
  await pay(paid)
  await settleOpenRewards(db, clock)
  await settleOpenRewards(db, clock)
  assert.deepEqual((await total(id)).amounts, amounts(4900n, 490n))
})

test('an account that staff link to a partner earns them from then on, what came before stays', async () => {
  const id = await partner('moved')
  const customer = await shop.customer('Moved')
  const earlier = await order(customer, 'carter81')
  await relinkAccount(db, clock, operator, { accountId: customer.id, managerId: id, reason: 'Came by Moved' })
  const later = await order(customer, null)
  for (const each of [earlier, later]) {
    await pay(each)
    await settle(each)
  }
  assert.deepEqual(await total(id), { accounts: 1, orders: 1, paidOrders: 1, amounts: amounts(4900n, 490n) })
})

test('row 63: every figure is the direct sum of the orders and the books', async () => {
  const { rows } = await pool.query<{ id: string; orders: string; net: string; reward: string }>(`
    select m.id, (select count(*) from orders o where o.manager_id = m.id and o.status <> 'cancelled') as orders,
           (select coalesce(sum(case when o.status = 'cancelled' then 0 else o.net_minor end), 0) from orders o
             where o.manager_id = m.id and exists (select from payments p where p.order_id = o.id and p.status = 'completed')) as net,
           (select coalesce(sum(w.reward_minor), 0) from referral_rewards w where w.manager_id = m.id) as reward
      from managers m where m.key is not null`)
  const { items: figures } = await listFigures(db, { path: operator.path, onlyManagerId: null }, always(), {
    limit: 100,
  })
  assert.ok(figures.length >= 9)
  for (const {
    manager,
    orders,
    amounts: [sum],
  } of figures.filter(({ manager: { key } }) => key !== null)) {
    const direct = rows.find(({ id }) => id === manager.id)
    assert.deepEqual(
      [manager.key, orders, sum?.netMinor ?? 0n, sum?.rewardMinor ?? 0n],
      [manager.key, Number(direct?.orders), BigInt(direct?.net ?? 0), BigInt(direct?.reward ?? 0)],
    )
  }
})

test('two resellers see nothing of each other’s figures, sales only their own', async () => {
  const mine = await createManager(db, clock, operator, { sellerId: seller, name: 'M', role: 'sales' })
  const seen = async (viewer: { path: string; onlyManagerId: string | null }) =>
    (await listFigures(db, viewer, always(), { limit: 100 })).items.map(({ manager }) => manager.id)
  assert.deepEqual(await seen({ path: store.sellerPath, onlyManagerId: mine.id }), [mine.id])
  assert.deepEqual(await seen({ path: `${store.sellerPath}.999999`, onlyManagerId: null }), [])
})
