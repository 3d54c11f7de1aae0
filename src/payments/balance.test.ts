import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import type { PaymentId, TenantId } from '../kernel/ids.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { createCheckout, placeOrder, startPaidOrder } from '../orders/index.ts'
import type { Principal } from '../platform/actor.ts'
import { approvePayment } from './approve-payment.ts'
import { payFromBalance } from './pay-from-balance.ts'
import { findPaymentView, listPayments } from './payment-view.ts'
import { requestTopup } from './request-topup.ts'
import { accountStatement } from './statement-view.ts'

let shop: Shop
before(async () => {
  shop = await openShop(await testDatabase())
})

const usd = (amountMinor: bigint) => ({ amountMinor, currency: 'USD' })
const seller = () => shop.store.sellerId

const balanceOf = async (id: TenantId) => (await balancesOf(shop.db, seller(), [id])).get(id) ?? 0n

async function topUp(account: { id: TenantId; actor: Principal }, amountMinor: bigint): Promise<PaymentId> {
  const { paymentId } = await requestTopup(shop.db, shop.clock, account.actor, {
    accountId: account.id,
    amount: usd(amountMinor),
    note: 'For next month',
  })
  return paymentId
}
const approve = (paymentId: PaymentId) =>
  approvePayment(shop.db, shop.clock, shop.operator, { sellerId: seller(), paymentId })

async function customerWith(name: string, amountMinor: bigint) {
  const account = await shop.customer(name)
  if (amountMinor > 0n) await approve(await topUp(account, amountMinor))
  return account
}

async function orderMonthly(account: { id: TenantId; actor: Principal }) {
  const checkoutId = await createCheckout(shop, account.actor, {
    accountId: account.id,
    storeId: shop.store.storeId,
    link: LINK.monthly,
    cookieKey: null,
    idempotencyKey: null,
  })
  const placed = await placeOrder({ ...shop, termsUrlOf: () => null }, account.actor, {
    ...placing(checkoutId, 4900n),
    allowSecond: true,
  })
  assert.ok(placed.payment)
  return { orderId: placed.id, paymentId: placed.payment.id }
}
const payFrom = (account: { actor: Principal }, paymentId: PaymentId) =>
  payFromBalance(shop.db, shop.clock, account.actor, { sellerId: seller(), paymentId })

test('a top-up waits with a number of its own and credits the balance once it has arrived', async () => {
  const account = await shop.customer('Tops up')
  const paymentId = await topUp(account, 2500n)
  const waiting = await findPaymentView(shop.db, account.actor, paymentId)
  assert.match(waiting?.number ?? '', /^PM\d{6}$/)
  assert.deepEqual(
    [waiting?.purpose, waiting?.status, waiting?.description, waiting?.expiresAt],
    ['top_up', 'waiting_for_payment', 'For next month', null],
  )
  assert.equal(await balanceOf(account.id), 0n)
  await approve(paymentId)
  await approve(paymentId)
  assert.equal(await balanceOf(account.id), 2500n)
})

test('numbers have no gap when many ask at once', async () => {
  const account = await shop.customer('Many at once')
  const ids = await Promise.all(Array.from({ length: 20 }, () => topUp(account, 100n)))
  const { items } = await listPayments(shop.db, account.actor, { limit: 50 })
  assert.equal(items.length, ids.length)
  const numbers = items.map(({ number }) => Number(number.slice(2))).sort((a, b) => a - b)
  assert.deepEqual(
    numbers,
    Array.from({ length: 20 }, (_, index) => numbers[0]! + index),
  )
})

for (const { name, amount, code } of [
  { name: 'nothing', amount: usd(0n), code: 'amount_invalid' },
  { name: 'less than nothing', amount: usd(-5n), code: 'amount_invalid' },
  { name: 'another currency', amount: { amountMinor: 100n, currency: 'EUR' }, code: 'amount_invalid' },
  { name: 'more than twelve digits', amount: usd(10n ** 14n), code: 'amount_invalid' },
])
  test(`a top-up of ${name} is refused`, async () => {
    const account = await shop.customer(`Refused: ${name}`)
    await assert.rejects(
      requestTopup(shop.db, shop.clock, account.actor, { accountId: account.id, amount, note: '' }),
      {
        code,
      },
    )
  })

test('nobody tops up an account that is not theirs to see', async () => {
  const [one, other] = [await shop.customer('One'), await shop.customer('Other')]
  await assert.rejects(
    requestTopup(shop.db, shop.clock, one.actor, { accountId: other.id, amount: usd(100n), note: '' }),
    { code: 'not_found' },
  )
})

test('an order is paid from the balance, starts, and is not paid twice', async () => {
  const account = await customerWith('Pays from balance', 10_000n)
  const { orderId, paymentId } = await orderMonthly(account)
  await Promise.all(Array.from({ length: 10 }, () => payFrom(account, paymentId)))
  assert.equal(await balanceOf(account.id), 5100n)
  await startPaidOrder(shop.db, shop.clock, seller(), orderId)
  const paid = await findPaymentView(shop.db, account.actor, paymentId)
  assert.deepEqual([paid?.status, paid?.received.amountMinor], ['paid_from_balance', 4900n])
  const { rows } = await shop.pool.query('select status from orders where id = $1', [orderId])
  assert.deepEqual(rows, [{ status: 'provisioning' }])
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('of two orders at once a balance pays only as many as it covers', async () => {
  const account = await customerWith('Two orders', 5000n)
  const orders = [await orderMonthly(account), await orderMonthly(account)]
  const results = await Promise.allSettled(orders.map(({ paymentId }) => payFrom(account, paymentId)))
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  assert.equal(await balanceOf(account.id), 100n)
})

test('a balance that is too low is told, and nothing happens', async () => {
  const account = await customerWith('Too low', 4899n)
  const { paymentId } = await orderMonthly(account)
  await assert.rejects(payFrom(account, paymentId), {
    code: 'balance_too_low',
    extra: { balance: usd(4899n) },
  })
  assert.equal(await balanceOf(account.id), 4899n)
})

test('what has arrived in parts is left to the order, the balance pays the rest', async () => {
  const account = await customerWith('In parts', 3000n)
  const { paymentId } = await orderMonthly(account)
  await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: seller(), paymentId, amount: usd(2000n) })
  await payFrom(account, paymentId)
  assert.equal(await balanceOf(account.id), 100n)
})

test('a top-up is not paid from the balance it fills', async () => {
  const account = await customerWith('Circular', 5000n)
  await assert.rejects(payFrom(account, await topUp(account, 1000n)), { code: 'unprocessable' })
})

test('the statement tells each change with the balance it left, page by page', async () => {
  const account = await customerWith('Statement', 10_000n)
  const { paymentId } = await orderMonthly(account)
  await payFrom(account, paymentId)
  const read = (limit: number, cursor?: string) =>
    accountStatement(shop.db, account.actor, { accountId: account.id, limit, cursor })
  const whole = await read(50)
  assert.deepEqual(
    whole.items.map(({ kind, amount, balanceAfter }) => [kind, amount.amountMinor, balanceAfter.amountMinor]),
    [
      ['paid_from_balance', -4900n, 5100n],
      ['payment_applied', 10_000n, 10_000n],
    ],
  )
  assert.deepEqual([whole.balance, whole.blocked], [usd(5100n), usd(0n)])
  const first = await read(1)
  assert.ok(first.nextCursor)
  assert.deepEqual((await read(1, first.nextCursor)).items, whole.items.slice(1))
})

test('nobody reads the statement of an account that is not theirs to see', async () => {
  const [one, other] = [await shop.customer('Reader'), await shop.customer('Read')]
  await assert.rejects(accountStatement(shop.db, one.actor, { accountId: other.id, limit: 50 }), { code: 'not_found' })
})
