import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { DAY_MS } from '../kernel/time.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { approvePayment } from '../payments/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { findTaskOfOrder } from '../provisioning/index.ts'
import { MAX_ATTEMPTS, provision } from '../provisioning/provision.ts'
import { quotasOf } from '../quotas/index.ts'
import { failOrder } from './advance-order.ts'
import {
  cancelOrder,
  completeOrder,
  createCheckout,
  expireOrders,
  type PlacedOrder,
  placeOrder,
  startPaidOrder,
} from './index.ts'
import { retryOrder } from './retry-order.ts'

let shop: Shop
before(async () => {
  shop = await openShop(await testDatabase())
})

async function order(name: string, link: string, amountMinor: bigint) {
  const account = await shop.customer(name)
  const checkoutId = await createCheckout(shop, account.actor, {
    accountId: account.id,
    storeId: shop.store.storeId,
    link,
    cookieKey: null,
    idempotencyKey: null,
  })
  const placed = await placeOrder({ ...shop, termsUrlOf: () => null }, account.actor, placing(checkoutId, amountMinor))
  return { account, placed, sellerId: shop.store.sellerId }
}

const approve = (placed: PlacedOrder, amountMinor?: bigint, reference?: string) => {
  assert.ok(placed.payment)
  return approvePayment(shop.db, shop.clock, shop.operator, {
    sellerId: shop.store.sellerId,
    paymentId: placed.payment.id,
    ...(amountMinor === undefined ? {} : { amount: { amountMinor, currency: 'USD' } }),
    ...(reference === undefined ? {} : { reference }),
  })
}

const statusOf = async (placed: PlacedOrder) => {
  const { rows } = await sql<{ order: string; payment: string | null; subscription: string }>`
    select o.status as order, p.status as payment, s.status as subscription
      from orders o join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
      left join payments p on p.seller_id = o.seller_id and p.order_id = o.id
     where o.id = ${placed.id}`.execute(shop.db)
  return rows[0]
}

const events = async (type: string, subject: string): Promise<number> => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from events where type = ${type} and subject_id = ${subject}`.execute(shop.db)
  return rows[0]!.n
}

const start = (placed: PlacedOrder) => startPaidOrder(shop.db, shop.clock, shop.store.sellerId, placed.id)

async function provisionAndComplete(placed: PlacedOrder) {
  const task = await findTaskOfOrder(shop.db, shop.store.sellerId, placed.id)
  assert.ok(task)
  await provision(shop.db, shop.clock, shop.connectors, shop.store.sellerId, task.id)
  await completeOrder(shop.db, shop.clock, shop.store.sellerId, placed.id)
}

const balance = async (accountId: string): Promise<bigint> =>
  (await balancesOf(shop.db, shop.store.sellerId, [accountId])).get(accountId) ?? 0n

test('a paid order becomes an active subscription whose quotas are granted', async () => {
  const { account, placed, sellerId } = await order('Paid', LINK.monthly, 4900n)
  assert.deepEqual(await statusOf(placed), {
    order: 'waiting_for_payment',
    payment: 'waiting_for_payment',
    subscription: 'ordered',
  })
  await approve(placed)
  await start(placed)
  assert.deepEqual(await statusOf(placed), { order: 'provisioning', payment: 'completed', subscription: 'installing' })
  await provisionAndComplete(placed)
  assert.deepEqual(await statusOf(placed), { order: 'completed', payment: 'completed', subscription: 'active' })
  const quotas = await quotasOf(shop.db, sellerId, account.id)
  assert.equal(quotas.find((quota) => quota.usageName === 'storage')?.value, 500n * 1_073_741_824n)
  assert.equal(await balance(account.id), 0n)
})

test('every step asked for again changes nothing', async () => {
  const { placed } = await order('Again', LINK.monthly, 4900n)
  for (let time = 0; time < 3; time++) {
    await approve(placed)
    await start(placed)
  }
  for (let time = 0; time < 3; time++) await provisionAndComplete(placed)
  await start(placed)
  assert.deepEqual(await statusOf(placed), { order: 'completed', payment: 'completed', subscription: 'active' })
  assert.equal(await events('order.completed', placed.id), 1)
  assert.equal(await events('provisioning.requested', placed.id), 1)
})

test('two approvals at once settle once', async () => {
  const { account, placed } = await order('Two approvals', LINK.monthly, 4900n)
  await Promise.all(Array.from({ length: 10 }, () => approve(placed)))
  assert.equal(await events('payment.completed', placed.payment!.id), 1)
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from payment_receipts where payment_id = ${placed.payment!.id}`.execute(shop.db)
  assert.equal(rows[0]?.n, 1)
  assert.equal(await balance(account.id), 0n)
})

test('too little keeps the payment waiting, the rest completes it, and the same bank reference counts once', async () => {
  const { placed } = await order('In parts', LINK.monthly, 4900n)
  await approve(placed, 2000n, 'statement 1')
  await approve(placed, 2000n, 'statement 1')
  assert.equal((await statusOf(placed))?.payment, 'waiting_for_payment')
  await assert.rejects(approve(placed, 1900n, 'statement 1'), { code: 'conflict' })
  await approve(placed, 2900n, 'statement 2')
  assert.equal((await statusOf(placed))?.payment, 'completed')
})

test('a part that is approved again under the same request key or version counts once, another one counts too', async () => {
  const { placed } = await order('In parts, repeated', LINK.monthly, 4900n)
  const approvePart = (rest: { requestKey?: string; expectedVersion?: bigint }) =>
    approvePayment(shop.db, shop.clock, shop.operator, {
      sellerId: shop.store.sellerId,
      paymentId: placed.payment!.id,
      amount: { amountMinor: 1000n, currency: 'USD' },
      ...rest,
    })
  const received = async () => {
    const { rows } = await sql<{ received: bigint }>`
      select received_minor as received from payments where id = ${placed.payment!.id}`.execute(shop.db)
    return rows[0]?.received
  }
  for (let time = 0; time < 3; time++) await approvePart({ requestKey: 'one' })
  assert.equal(await received(), 1000n)
  await approvePart({ requestKey: 'two' })
  assert.equal(await received(), 2000n)
  const { rows } = await sql<{
    version: bigint
  }>`select version from payments where id = ${placed.payment!.id}`.execute(shop.db)
  for (let time = 0; time < 3; time++) await approvePart({ expectedVersion: rows[0]!.version })
  assert.equal(await received(), 3000n)
})

test('too much is credited to the balance', async () => {
  const { account, placed } = await order('Generous', LINK.monthly, 4900n)
  await approve(placed, 6000n, 'too much')
  await start(placed)
  assert.equal(await balance(account.id), 1100n)
})

test('a slip that would fill the books to the brim is refused, and the payment goes on', async () => {
  const { placed } = await order('slip', LINK.monthly, 4900n)
  for (const amountMinor of [0n, -1n, 100_000_000_000_000n, 2n ** 63n - 1n])
    await assert.rejects(approve(placed, amountMinor, `slip ${amountMinor}`), { code: 'amount_invalid' })
  await approve(placed)
  assert.equal((await statusOf(placed))?.payment, 'completed')
})

test('a top-up is the balance’s, and provisioning starts only when it completes', async () => {
  const { account, placed } = await order('Top-up first', LINK.topup, 0n)
  assert.equal(await findTaskOfOrder(shop.db, shop.store.sellerId, placed.id), undefined)
  await approve(placed, 40000n, 'a part')
  await start(placed)
  assert.equal((await statusOf(placed))?.order, 'waiting_for_payment')
  await approve(placed, 60000n, 'the rest')
  await start(placed)
  await provisionAndComplete(placed)
  assert.equal((await statusOf(placed))?.subscription, 'active')
  assert.equal(await balance(account.id), 100000n)
})

test('a cancelled order cancels its payment and gives back what had arrived', async () => {
  const { account, placed, sellerId } = await order('Changed their mind', LINK.monthly, 4900n)
  await approve(placed, 1000n, 'too early')
  await cancelOrder(shop.db, shop.clock, account.actor, {
    sellerId,
    orderId: placed.id,
    reason: 'test',
    byStaff: false,
  })
  assert.deepEqual(await statusOf(placed), { order: 'cancelled', payment: 'cancelled', subscription: 'cancelled' })
  assert.equal(await balance(account.id), 1000n)
  await assert.rejects(approve(placed), { code: 'conflict' })
})

test('a paid order cannot be cancelled', async () => {
  const { account, placed, sellerId } = await order('Too late', LINK.monthly, 4900n)
  await approve(placed)
  await assert.rejects(
    cancelOrder(shop.db, shop.clock, account.actor, { sellerId, orderId: placed.id, reason: 'test', byStaff: false }),
    {
      code: 'conflict',
    },
  )
})

test('an approval and a cancellation at the same moment end in one of the two, with the money where it belongs', async () => {
  for (let round = 0; round < 10; round++) {
    const { account, placed, sellerId } = await order(`Race ${round}`, LINK.monthly, 4900n)
    await Promise.allSettled([
      approve(placed),
      cancelOrder(shop.db, shop.clock, account.actor, { sellerId, orderId: placed.id, reason: 'race', byStaff: false }),
    ])
    await start(placed)
    const status = await statusOf(placed)
    if (status?.payment === 'completed') assert.equal(status.order, 'provisioning')
    else assert.deepEqual(status, { order: 'cancelled', payment: 'cancelled', subscription: 'cancelled' })
    assert.equal(await balance(account.id), 0n)
  }
})

test('what the service refuses can be retried under the same key, or cancelled with the money returned', async () => {
  const keys: string[] = []
  shop.connectors.set('builtin', {
    name: 'builtin',
    perform: async ({ id }) => {
      keys.push(id)
      return keys.length === 1 ? { kind: 'refused', message: 'No room left.' } : { kind: 'done' }
    },
  })
  const { account, placed, sellerId } = await order('Refused', LINK.monthly, 4900n)
  await approve(placed)
  await start(placed)
  const task = await findTaskOfOrder(shop.db, sellerId, placed.id)
  await provision(shop.db, shop.clock, shop.connectors, sellerId, task!.id)
  await failOrder(shop.db, shop.clock, sellerId, placed.id, 'No room left.')
  assert.deepEqual(await statusOf(placed), {
    order: 'provisioning_failed',
    payment: 'completed',
    subscription: 'installation_failed',
  })

  await retryOrder(shop.db, shop.clock, shop.operator, sellerId, placed.id)
  await provisionAndComplete(placed)
  assert.equal((await statusOf(placed))?.subscription, 'active')
  assert.deepEqual(keys, [task!.id, task!.id])

  const other = await order('Refused for good', LINK.monthly, 4900n)
  await approve(other.placed)
  await start(other.placed)
  await failOrder(shop.db, shop.clock, sellerId, other.placed.id, 'No room left.')
  await cancelOrder(shop.db, shop.clock, shop.operator, {
    sellerId,
    orderId: other.placed.id,
    reason: 'Cannot be provided.',
    byStaff: true,
  })
  assert.equal(await balance(other.account.id), 4900n)
  assert.equal(await balance(account.id), 0n)
})

test('a service that cannot be reached is tried again, and given up in the end', async () => {
  shop.connectors.set('builtin', {
    name: 'builtin',
    perform: async () => {
      throw new Error('connection refused')
    },
  })
  const { placed, sellerId } = await order('Unreachable', LINK.payAsYouGo, 0n)
  const task = await findTaskOfOrder(shop.db, sellerId, placed.id)
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
    await assert.rejects(provision(shop.db, shop.clock, shop.connectors, sellerId, task!.id), /connection refused/)
  }
  await provision(shop.db, shop.clock, shop.connectors, sellerId, task!.id)
  assert.equal((await findTaskOfOrder(shop.db, sellerId, placed.id))?.status, 'failed')
  assert.equal(await events('provisioning.failed', placed.id), 1)
})

test('an order that is not paid in time is cancelled with its payment', async () => {
  const { placed } = await order('Forgotten', LINK.monthly, 4900n)
  shop.clock.advance(7 * DAY_MS + 1)
  await expireOrders(shop.db, shop.clock, systemLabel('test'))
  assert.deepEqual(await statusOf(placed), { order: 'cancelled', payment: 'cancelled', subscription: 'cancelled' })
})

for (const { name, link, amountMinor, pays, after } of [
  { name: 'is paid on its last day', link: LINK.monthly, amountMinor: 4900n, pays: true, after: 'completed' },
  { name: 'costs nothing', link: LINK.payAsYouGo, amountMinor: 0n, pays: false, after: null },
])
  test(`an order that ${name} is not cancelled for being unpaid`, async () => {
    const { placed } = await order(`Unpaid, but ${name}`, link, amountMinor)
    shop.clock.advance(7 * DAY_MS - 1)
    if (pays) await approve(placed)
    shop.clock.advance(30 * DAY_MS)
    await expireOrders(shop.db, shop.clock, systemLabel('test'))
    const status = await statusOf(placed)
    assert.equal(status?.payment, after)
    assert.notEqual(status?.order, 'cancelled')
    assert.notEqual(status?.subscription, 'cancelled')
  })

test('an order is not cancelled a moment before its time is over, and then is, once', async () => {
  const { placed } = await order('To the moment', LINK.monthly, 4900n)
  shop.clock.advance(7 * DAY_MS - 1)
  await expireOrders(shop.db, shop.clock, systemLabel('test'))
  assert.equal((await statusOf(placed))?.order, 'waiting_for_payment')
  shop.clock.advance(1)
  for (const _ of [1, 2]) await expireOrders(shop.db, shop.clock, systemLabel('test'))
  assert.equal((await statusOf(placed))?.order, 'cancelled')
  assert.equal(await events('order.cancelled', placed.id), 1)
})

test('the books are in order afterwards', async () => {
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('verification finds a posting, a balance and a currency that are wrong', async () => {
  await sql`update ledger_accounts set balance_minor = balance_minor + 1 where kind = 'revenue'`.execute(shop.db)
  await sql`update ledger_entries set amount_minor = amount_minor + 5 where (seller_id, posting_id, position) in
            (select seller_id, posting_id, position from ledger_entries order by posting_id limit 1)`.execute(shop.db)
  const { ok, problems } = await verifyLedger(shop.db, shop.operator.path)
  assert.equal(ok, false)
  assert.ok(problems.some(({ code }) => code === 'posting_unbalanced'))
  assert.ok(problems.some(({ code }) => code === 'balance_wrong'))
})
