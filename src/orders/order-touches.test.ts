import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing } from '../../test/harness/shop.ts'
import { createManager, listAttributions } from '../attribution/index.ts'
import { quotasOf } from '../quotas/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { createCheckout } from './create-checkout.ts'
import { placeOrder } from './place-order.ts'

const shop = await openShop(await testDatabase())
const { db, clock, managers, store } = shop
const deps = { ...shop, quotasOf, termsUrlOf: () => null }
const sellerId = store.sellerId as string as TenantId
const make = (key: string, change: object = {}) =>
  createManager(db, clock, shop.operator, { sellerId, name: key, role: 'sales', key, ...change })
const dana = await make('dana')

type Customer = Awaited<ReturnType<typeof shop.customer>>
const checkOut = ({ id, actor }: Customer, link: string, cookieKey: string | null = null) =>
  createCheckout(deps, actor, { accountId: id, storeId: store.storeId, link, cookieKey, idempotencyKey: null })
const place = async ({ actor }: Customer, checkoutId: Awaited<ReturnType<typeof checkOut>>) =>
  placeOrder(deps, actor, { ...placing(checkoutId, 4900n), allowSecond: true })
const creditedTo = async (orderId: string) =>
  (
    await db
      .selectFrom('orders')
      .where('seller_id', '=', store.sellerId)
      .where('id', '=', orderId)
      .select('manager_id')
      .executeTakeFirst()
  )?.manager_id ?? null
const lines = async ({ id }: Customer) =>
  (await listAttributions(db, store.sellerId, id)).map(({ outcome, refusal, channel, managerKey }) =>
    [outcome, refusal, channel, managerKey].filter((part) => part !== null).join(' '),
  )
await managers.refresh()
const cookie = () => `dana~s~${Math.floor(clock.now().getTime() / 1000 - 86_400).toString(36)}`

test('each order with a key tells how it came and what it led to', async () => {
  const customer = await shop.customer('Told')
  const first = await place(customer, await checkOut(customer, LINK.monthly, cookie()))
  await place(customer, await checkOut(customer, `${LINK.monthly}&manager_key=carter81`, cookie()))
  const third = await place(customer, await checkOut(customer, LINK.monthly))
  assert.deepEqual(await lines(customer), ['linked store_page dana', 'refused already_linked buy_link carter81'])
  const [line] = await listAttributions(db, store.sellerId, customer.id)
  assert.equal(line?.orderId, first.id)
  assert.equal(line?.touchedAt?.toISOString(), new Date(clock.now().getTime() - 86_400_000).toISOString())
  // Without a key it is the account's manager who is credited.
  assert.equal(await creditedTo(third.id), dana.id)
})

test('an order that comes with a key of nobody is placed all the same', async () => {
  const customer = await shop.customer('Nobody’s')
  const order = await place(customer, await checkOut(customer, `${LINK.monthly}&manager_key=nobody`))
  assert.equal(await creditedTo(order.id), null)
  assert.deepEqual(await lines(customer), ['refused no_manager buy_link nobody'])
})

test('whoever orders by their own key is credited with nothing', async () => {
  const customer = await shop.customer('Partner')
  await make('self', { isPartner: true, accountId: customer.id })
  await managers.refresh()
  const order = await place(customer, await checkOut(customer, `${LINK.monthly}&manager_key=self`))
  assert.equal(await creditedTo(order.id), null)
  assert.deepEqual(await lines(customer), ['refused self_referral buy_link self'])
})

test('of two orders at once with two keys one links the account, and both are credited alike', async () => {
  const customer = await shop.customer('Twice')
  const [one, two] = [
    await checkOut(customer, `${LINK.monthly}&manager_key=carter81`),
    await checkOut(customer, `${LINK.monthly}&manager_key=dana`),
  ]
  const orders = await Promise.all([place(customer, one), place(customer, two)])
  const credited = await Promise.all(orders.map(({ id }) => creditedTo(id)))
  assert.equal(new Set(credited).size, 1)
  const told = await lines(customer)
  assert.equal(told.filter((line) => line.startsWith('linked')).length, 1)
  assert.equal(told.filter((line) => line.startsWith('refused already_linked')).length, 1)
})
