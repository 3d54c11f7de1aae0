import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { newId, type PaymentId, type TenantId } from '../kernel/ids.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { requestTopup } from '../payments/index.ts'
import { transaction } from '../platform/db.ts'
import { bookTogether, createBookingQueue, type PaidSession, roundsOf } from './book-paid-sessions.ts'
import type { CardSession } from './schema.ts'
import { insertSession } from './store.ts'

const TEN = 1_000n
let shop: Shop
before(async () => {
  shop = await openShop(await testDatabase())
})

const seller = () => shop.store.sellerId

/** A top-up of an account, and a page on which it is being paid. */
async function topupOf(account: Awaited<ReturnType<Shop['customer']>>): Promise<PaymentId> {
  const amount = { amountMinor: TEN, currency: 'USD' }
  return (await requestTopup(shop.db, shop.clock, account.actor, { accountId: account.id, amount, note: '' })).paymentId
}

async function paidPage(paymentId: PaymentId, reference: string, amountMinor = TEN): Promise<PaidSession> {
  const at = shop.clock.now()
  const gatewayId = `cs_${newId()}`
  const session: CardSession = {
    sellerId: seller(),
    id: newId(),
    paymentId,
    gatewayId,
    url: null,
    status: 'open',
    amountMinor: TEN,
    currency: 'USD',
    returnUrl: 'https://shop.example',
    agreedBy: null,
    expiresAt: new Date(at.getTime() + 60_000),
  }
  await transaction(shop.db, (tx) => insertSession(tx, session, at))
  const truth = { id: gatewayId, url: null, status: 'complete', isPaid: true, currency: 'USD' } as const
  return { session, truth: { ...truth, amountMinor, paymentReference: reference }, card: undefined, at }
}

const balanceOf = async (id: TenantId) => (await balancesOf(shop.db, seller(), [id])).get(id) ?? 0n
const statusOf = async (id: string) =>
  (await shop.pool.query('select status from card_sessions where id = $1', [id])).rows[0].status
const eventsOf = async (id: PaymentId) =>
  (await shop.pool.query('select type from events where subject_id = $1 order by id', [id])).rows.map(
    ({ type }) => type,
  )

test('many pages that are paid at once are each booked once, told as often as they may be, by several servers', async () => {
  const accounts = await Promise.all(['Ada', 'Bea', 'Cem'].map((name) => shop.customer(name)))
  const pages = []
  for (const account of accounts)
    for (let n = 0; n < 10; n++) pages.push(await paidPage(await topupOf(account), `pi_${account.id}_${n}`))
  const servers = [createBookingQueue(shop.db), createBookingQueue(shop.db)]
  await Promise.all(
    [...pages, ...pages.toReversed()].map((page, n) => {
      const queue = servers[n % servers.length]
      assert.ok(queue)
      return bookTogether(queue, page)
    }),
  )
  for (const { id } of accounts) assert.equal(await balanceOf(id), 10n * TEN)
  for (const { session } of pages) {
    assert.equal(await statusOf(session.id), 'paid')
    assert.deepEqual(await eventsOf(session.paymentId), ['payment.requested', 'payment.received', 'payment.completed'])
  }
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('of two pages of one payment the second is too much, and credited', async () => {
  const account = await shop.customer('Dee')
  const paymentId = await topupOf(account)
  const pages = [await paidPage(paymentId, 'pi_first'), await paidPage(paymentId, 'pi_second')]
  const queue = createBookingQueue(shop.db)
  await Promise.all(pages.map((page) => bookTogether(queue, page)))
  assert.equal(await balanceOf(account.id), 2n * TEN)
  assert.deepEqual(await eventsOf(paymentId), [
    'payment.requested',
    'payment.received',
    'payment.completed',
    'payment.received',
  ])
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('one that cannot be booked keeps back none of those beside it', async () => {
  const account = await shop.customer('Eva')
  const [first, wrong, last] = [
    await paidPage(await topupOf(account), 'pi_good'),
    await paidPage(await topupOf(account), 'pi_wrong', 2n ** 63n),
    await paidPage(await topupOf(account), 'pi_too'),
  ]
  const queue = createBookingQueue(shop.db)
  const outcomes = await Promise.allSettled([first, wrong, last].map((page) => bookTogether(queue, page)))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(await balanceOf(account.id), 2n * TEN)
  assert.equal(await statusOf(wrong.session.id), 'open')
})

test('a payment is once in a round, and none is left out', () => {
  const page = (paymentId: string, id: string) => ({ session: { paymentId, id } }) as unknown as PaidSession
  const rounds = roundsOf([page('a', '1'), page('b', '2'), page('a', '3'), page('c', '4'), page('a', '5')])
  assert.deepEqual(
    rounds.map((round) => round.map(({ session }) => session.id)),
    [['1', '2', '4'], ['3'], ['5']],
  )
})
