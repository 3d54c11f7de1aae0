import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { assertDocuments } from '../../test/harness/documents.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { issueMissing } from '../invoices/index.ts'
import type { OrderId, PaymentId, TenantId } from '../kernel/ids.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { cancelOrder, type PlacedOrder, undoChange } from '../orders/index.ts'
import { approvePayment, requestTopup } from '../payments/index.ts'
import { openDatabase } from '../platform/db.ts'
import { finishTakingBack } from './finish-taking-back.ts'
import { refundPayment, type RefundRequest } from './refund-payment.ts'
import { findRefund } from './store.ts'

const database = await testDatabase()
let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(database)
  changes = changesOf(shop)
  await issueMissing(shop.db, shop.clock)
})

const sellerId = () => shop.store.sellerId
const usd = (amountMinor: bigint) => ({ amountMinor, currency: 'USD' })
const idOf = ({ payment }: PlacedOrder): PaymentId => {
  assert.ok(payment)
  return payment.id as PaymentId
}
const refund = (paymentId: PaymentId, request: Partial<RefundRequest> = {}, db = shop.db) =>
  refundPayment(db, shop.clock, shop.operator, {
    sellerId: sellerId(),
    paymentId,
    amount: undefined,
    method: 'balance',
    effect: 'none',
    reason: '',
    expectedVersion: undefined,
    ...request,
  })
const balanceOf = async (id: TenantId) => (await balancesOf(shop.db, sellerId(), [id])).get(id) ?? 0n

/** Books that sum up, documents that agree with them; what the account's say, oldest first. */
async function documentsOf(accountId: TenantId): Promise<string[]> {
  await issueMissing(shop.db, shop.clock)
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
  await assertDocuments(shop.pool)
  const { rows } = await shop.pool.query<{ line: string }>(
    `select kind || ' ' || source || ' ' || net_minor || '+' || tax_minor as line from invoices where account_id = $1 order by id`,
    [accountId],
  )
  return rows.map(({ line }) => line)
}

test('a payment is given back whole, with a credit note, and no second time', async () => {
  const { account, salesOrder } = await changes.running('Whole')
  const { status, amountMinor, number } = await refund(idOf(salesOrder), { reason: 'Ordered twice' })
  assert.deepEqual([status, amountMinor], ['completed', 4900n])
  assert.match(number, /^RF\d{6}$/)
  assert.equal(await balanceOf(account.id), 4900n)
  await assert.rejects(refund(idOf(salesOrder)), { code: 'conflict' })
  assert.deepEqual(await documentsOf(account.id), ['invoice order 4900+0', 'credit_note refund 4900+0'])
})

test('parts never give back more than was paid, and the last one all of the tax', async () => {
  await shop.pool.query(
    `insert into tax_rates (seller_id, country, customer_type, name, rate_basis_points) values ($1, 'DE', '*', 'MwSt', 1900)
     on conflict do nothing`,
    [sellerId()],
  )
  await shop.pool.query('update price_lists set version = version + 1 where seller_id = $1', [sellerId()])
  await shop.catalog.refresh(sellerId())
  const german = await shop.customer('Teile')
  await shop.pool.query(`update accounts set country = 'DE' where tenant_id = $1`, [german.id])
  const { salesOrder } = await changes.order(german, LINK.monthly, 5831n)
  await refund(idOf(salesOrder), { amount: usd(1000n) })
  await assert.rejects(refund(idOf(salesOrder), { amount: usd(4832n) }), { code: 'amount_invalid' })
  await assert.rejects(refund(idOf(salesOrder), { amount: { amountMinor: 1n, currency: 'EUR' } }), {
    code: 'amount_invalid',
  })
  await refund(idOf(salesOrder))
  assert.deepEqual(await documentsOf(german.id), [
    'invoice order 4900+931',
    'credit_note refund 840+160',
    'credit_note refund 4060+771',
  ])
})

test('of many at once only as much goes back as was paid', async () => {
  const { account, salesOrder } = await changes.running('At once')
  const others = Array.from({ length: 4 }, () => openDatabase({ connectionString: database.connectionString }))
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => refund(idOf(salesOrder), { amount: usd(1000n) }, others[n % 4]!.db)),
  )
  await Promise.all(others.map(({ pool }) => pool.end()))
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 4)
  assert.equal(await balanceOf(account.id), 4000n)
  await documentsOf(account.id)
})

test('a refund, and an order that is taken back at the same time, give back once', async () => {
  const { account, subscriptionId } = await changes.running('Race')
  const order = await changes.place(account, await changes.draft(account, subscriptionId, { '9002': 12n }))
  await changes.pay(order)
  await changes.serve(order.id)
  const total = order.total.amountMinor
  await refund(idOf(order), { amount: usd(100n) })
  const undone = await undoChange(shop.db, shop.clock, shop.operator, sellerId(), order.id)
  await Promise.allSettled([changes.serve(undone), refund(idOf(order)), refund(idOf(order))])
  assert.equal(await balanceOf(account.id), total)
  await assert.rejects(refund(idOf(order)), { code: 'conflict' })
  await documentsOf(account.id)
})

test('a change is taken back by the service first; then its money is given back, by transfer', async () => {
  const { account, subscriptionId } = await changes.running('Takes back')
  const order = await changes.place(account, await changes.draft(account, subscriptionId, { '9002': 12n }))
  await changes.pay(order)
  await changes.serve(order.id)
  const { id, status, reversalOrderId } = await refund(idOf(order), { method: 'bank_transfer', effect: 'take_back' })
  assert.equal(status, 'waiting')
  assert.equal(await balanceOf(account.id), 0n)
  await assert.rejects(refund(idOf(order)), { code: 'conflict' })
  await changes.serve(reversalOrderId as OrderId)
  const finish = () => finishTakingBack(shop.db, shop.clock, sellerId(), reversalOrderId as OrderId, true)
  await Promise.all([finish(), finish()])
  await finish()
  assert.equal((await changes.stateOf(subscriptionId)).quantities['9002'], '10')
  assert.deepEqual(
    [(await findRefund(shop.db, sellerId(), id))?.status, await balanceOf(account.id)],
    ['completed', 0n],
  )
  assert.equal((await documentsOf(account.id)).at(-1)?.startsWith('credit_note return '), true)
})

test('a service that does not take it back keeps the money where it is', async () => {
  const { account, subscriptionId } = await changes.running('Refuses')
  const order = await changes.place(account, await changes.draft(account, subscriptionId, { '9002': 11n }))
  await changes.pay(order)
  await changes.serve(order.id)
  const { id, reversalOrderId } = await refund(idOf(order), { effect: 'take_back' })
  await shop.pool.query(`update orders set status = 'provisioning_failed' where id = $1`, [reversalOrderId])
  const reversal = { sellerId: sellerId(), orderId: reversalOrderId as OrderId, reason: 'No', byStaff: true }
  await cancelOrder(shop.db, shop.clock, shop.operator, reversal)
  await finishTakingBack(shop.db, shop.clock, sellerId(), reversalOrderId as OrderId, false)
  assert.equal((await findRefund(shop.db, sellerId(), id))?.status, 'cancelled')
  assert.equal(await balanceOf(account.id), 0n)
})

test('with the money the subscription stops, or nothing happens at all', async () => {
  const { account, salesOrder, subscriptionId } = await changes.running('Stops')
  await refund(idOf(salesOrder), { effect: 'stop', amount: usd(2000n) })
  assert.equal((await changes.stateOf(subscriptionId)).status, 'stopping')
  await changes.serveLife(subscriptionId)
  assert.equal((await changes.stateOf(subscriptionId)).status, 'stopped')
  await shop.pool.query(`update subscriptions set status = 'deleted' where id = $1`, [subscriptionId])
  await assert.rejects(refund(idOf(salesOrder), { effect: 'stop' }), { code: 'conflict' })
  assert.equal(await balanceOf(account.id), 2000n)
})

test('a top-up goes back as far as the balance still has it, with no credit note', async () => {
  const account = await shop.customer('Tops up')
  const { paymentId } = await requestTopup(shop.db, shop.clock, account.actor, {
    accountId: account.id,
    amount: usd(5000n),
    note: '',
  })
  await assert.rejects(refund(paymentId, { method: 'bank_transfer' }), { code: 'conflict' })
  await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), paymentId })
  await assert.rejects(refund(paymentId), { code: 'unprocessable' })
  await assert.rejects(refund(paymentId, { method: 'card' }), { code: 'conflict' })
  await refund(paymentId, { method: 'bank_transfer', amount: usd(3000n) })
  const { amountMinor } = await refund(paymentId, { method: 'bank_transfer' })
  assert.deepEqual([amountMinor, await balanceOf(account.id)], [2000n, 0n])
  assert.deepEqual(await documentsOf(account.id), [])
})

test('what waits is not given back, nor another reseller’s payment, nor by an old version', async () => {
  const { salesOrder } = await changes.running('Versions')
  await assert.rejects(refund(idOf(salesOrder), { expectedVersion: 1n }), { code: 'version_mismatch' })
  await assert.rejects(refund(idOf(salesOrder), { sellerId: shop.operator.sellerId }), { code: 'not_found' })
})
