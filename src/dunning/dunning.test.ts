import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { changesOf, type Tenant } from '../../test/harness/changes.ts'
import { dunningsOf } from '../../test/harness/dunnings.ts'
import { moveBalance } from '../../test/harness/move-balance.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { startStripe, VISA } from '../../test/harness/stripe.ts'
import { cardSubscriber, createStripeGateway } from '../cards/index.ts'
import { openCardSetup, settleCardSetup } from '../cards/open-card-setup.ts'
import { openSetupsOf } from '../cards/setup-store.ts'
import { rateDue } from '../charges/index.ts'
import { getAccount } from '../accounts/index.ts'
import { invoiceSubscriber, issueMissing } from '../invoices/index.ts'
import { type PaymentId } from '../kernel/ids.ts'
import { DAY_MS, HOUR_MS } from '../kernel/time.ts'
import { problemsOf } from '../notifications/catalogue.ts'
import { orderJobs, orderSubscribers } from '../orders/index.ts'
import { approvePayment } from '../payments/index.ts'
import { createJobs, type Jobs } from '../platform/jobs.ts'
import { createProvisioningSubscriber } from '../provisioning/index.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { advanceDunnings } from './advance-dunning.ts'
import { dunningSubscriber } from './subscriber.ts'
import { changeSchedule } from './save-schedule.ts'

const database = await testDatabase()
const stripe = await startStripe()
const cards = await createStripeGateway(stripe)
let shop: Shop
let jobs: Jobs
let changes: ReturnType<typeof changesOf>
let dunnings: ReturnType<typeof dunningsOf>
const errors: unknown[] = []

before(async () => {
  shop = await openShop(database)
  changes = changesOf(shop)
  dunnings = dunningsOf(shop, pass)
  await sql`update subscriptions set due_at = null`.execute(shop.db)
  jobs = createJobs({
    connectionString: database.connectionString,
    db: shop.db,
    pool: shop.pool,
    clock: shop.clock,
    log: pino({ level: 'silent' }),
    subscribers: [
      createProvisioningSubscriber(shop.connectors),
      ...orderSubscribers,
      invoiceSubscriber,
      dunningSubscriber,
      cardSubscriber(cards),
    ],
  })
  database.beforeClose(() => jobs.stop())
  await jobs.drain()
})
beforeEach(() => {
  errors.length = 0
  stripe.isDown = false
})

const sellerId = () => shop.store.sellerId
const onError = (error: unknown) => void errors.push(error)
const ask = (gateway: typeof cards | undefined = cards) =>
  advanceDunnings({ db: shop.db, clock: shop.clock, cards: gateway, onError })
/** Lets time do what it asks for, and everybody hear of it. */
async function pass(): Promise<void> {
  for (const job of orderJobs({ db: shop.db, clock: shop.clock, catalog: shop.catalog, onError })) await job.run()
  await jobs.drain()
  await ask()
  await jobs.drain()
}
async function keep({ id, actor }: Tenant, card = VISA) {
  stripe.card = { ...card, fingerprint: `fp_${id}` }
  const account = await getAccount(shop.db, actor, id)
  const agreedBy = { kind: 'user', id: 'test' } as const
  const { url } = await openCardSetup(shop.db, shop.clock, cards, { account, returnUrl: 'http://shop.test/', agreedBy })
  stripe.pay(url.split('/').at(-1) ?? '')
  for (const setup of await openSetupsOf(shop.db, sellerId(), id))
    await settleCardSetup(shop.db, shop.clock, cards, setup)
  await jobs.drain()
  return stripe.card
}
const paymentOf = async (account: Tenant) => (await dunnings.asked(account))[0]?.paymentId as PaymentId
const receiptsOf = async (id: string) =>
  (await shop.pool.query('select from payment_receipts where payment_id = $1', [id])).rowCount
const eventsOf = async (type: string, account: Tenant) => {
  const { rows } = await shop.pool.query<{ payload: Record<string, unknown> }>(
    'select payload from events where type = $1 and tenant_id = $2',
    [type, account.id],
  )
  for (const { payload } of rows) assert.deepEqual(problemsOf(type, payload), [])
  return rows.length
}
const statusOf = async (id: string) =>
  (await shop.pool.query('select status from subscriptions where id = $1', [id])).rows[0].status

test('a renewal is charged to the kept card on its day, once, however many ask', async () => {
  const { account, subscriptionId, ends } = await dunnings.renewing('Card on file')
  await keep(account)
  assert.deepEqual(await dunnings.story(account), ['running', '0 null', '3 null', '7 null', '14 null'])
  await pass()
  assert.deepEqual((await dunnings.story(account))[1], '0 null', 'not before its day')
  dunnings.at(ends, 0)
  await Promise.all(Array.from({ length: 5 }, () => ask()))
  await pass()
  assert.deepEqual(await dunnings.story(account), ['paid', '0 paid'])
  const payment = await paymentOf(account)
  assert.equal(await receiptsOf(payment), 1)
  assert.equal(await statusOf(subscriptionId), 'active')
  assert.equal(await eventsOf('payment.completed', account), 2)
  await dunnings.books()
})

test('the balance pays before the card', async () => {
  const { account, ends } = await dunnings.renewing('Has money')
  await keep(account)
  await moveBalance(shop, account, 10_000n)
  dunnings.at(ends, 0)
  await pass()
  assert.deepEqual(await dunnings.story(account), ['paid', '0 paid_from_balance'])
  assert.equal(await receiptsOf(await paymentOf(account)), 0)
  await dunnings.books()
})

test('what a bank refuses is tried again on later days, told each time, until it is paid otherwise', async () => {
  const { account, subscriptionId, ends } = await dunnings.renewing('Refused')
  const card = await keep(account)
  card.bank = 'declines'
  dunnings.at(ends, 0)
  await pass()
  assert.deepEqual((await dunnings.story(account)).slice(0, 3), ['running', '0 declined', '3 null'])
  assert.equal(await statusOf(subscriptionId), 'graced')
  card.bank = 'wants_holder'
  dunnings.at(ends, 3)
  await pass()
  await pass()
  assert.deepEqual((await dunnings.story(account)).slice(0, 3), ['running', '0 declined', '3 needs_payer'])
  assert.equal(await eventsOf('payment.card_refused', account), 2)
  const paymentId = await paymentOf(account)
  await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), paymentId })
  await jobs.drain()
  assert.deepEqual(await dunnings.story(account), ['paid', '0 declined', '3 needs_payer'])
  card.bank = 'takes'
  dunnings.at(ends, 7)
  await pass()
  assert.equal(await receiptsOf(paymentId), 1, 'paid is paid')
  assert.equal(await statusOf(subscriptionId), 'active')
  await dunnings.books()
})

for (const [word, decision, outcome] of [
  ['takes it', 'succeeded', 'paid'],
  ['refuses', 'requires_payment_method', 'declined'],
] as const)
  test(`a charge that a bank thinks about is seen to its end though it is paid otherwise meanwhile: the bank ${word}`, async () => {
    const { account, ends } = await dunnings.renewing(`Thinks and ${word}`)
    const card = await keep(account)
    card.bank = 'thinks'
    dunnings.at(ends, 0)
    await pass()
    const paymentId = await paymentOf(account)
    await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), paymentId })
    await jobs.drain()
    assert.deepEqual(await dunnings.story(account), ['paid', '0 started'])
    assert.equal((await dunnings.asked(account))[0]?.nextAt, null, 'nothing more is planned')
    const intent = [...stripe.intents.values()].find(({ status }) => status === 'processing')
    stripe.decide(intent?.id ?? '', decision)
    shop.clock.advance(11 * 60_000)
    await pass()
    await pass()
    assert.deepEqual(await dunnings.story(account), ['paid', `0 ${outcome}`])
    assert.equal(await receiptsOf(paymentId), outcome === 'paid' ? 2 : 1)
    await dunnings.books()
  })

test('without a card its people are reminded; when its terms end it, nobody is asked any more', async () => {
  const { account, subscriptionId, ends } = await dunnings.renewing('No card')
  for (const day of [0, 3]) {
    dunnings.at(ends, day)
    await pass()
  }
  assert.deepEqual((await dunnings.story(account)).slice(0, 3), ['running', '0 reminded', '3 reminded'])
  assert.equal(await eventsOf('payment.reminded', account), 2)
  dunnings.at(ends, 8)
  await pass()
  assert.deepEqual(await statusOf(subscriptionId), 'stopping')
  assert.equal((await dunnings.story(account))[0], 'cancelled')
  dunnings.at(ends, 30)
  await pass()
  assert.equal(await eventsOf('payment.reminded', account), 2)
})

test('while the gateway is down a step waits, and is then taken once; after days, one for all that were missed', async () => {
  const { account, ends } = await dunnings.renewing('Gateway down')
  await keep(account)
  stripe.isDown = true
  dunnings.at(ends, 0)
  await ask()
  assert.ok(errors.length > 0, 'told to who looks after it')
  assert.deepEqual((await dunnings.story(account)).slice(0, 2), ['running', '0 started'])
  stripe.isDown = false
  shop.clock.advance(11 * 60_000)
  await pass()
  assert.deepEqual(await dunnings.story(account), ['paid', '0 paid'])
  const other = await dunnings.renewing('Server down')
  dunnings.at(other.ends, 5)
  await ask()
  assert.deepEqual((await dunnings.story(other.account)).slice(0, 4), ['running', '0 skipped', '3 reminded', '7 null'])
})

test('an owed invoice is asked for from its due date; paid by card, it is paid and nothing is left to pay', async () => {
  shop.clock.set('2026-08-31T20:00:00Z')
  const { account } = await changes.running('Owes', LINK.topup, 0n)
  const usage = { source: 'test', eventId: 'owes', tenantId: account.id, usageName: 'servers' }
  const intake = createUsageIntake(shop.db, shop.clock)
  await intake.report(shop.operator, [{ ...usage, at: shop.clock.now(), change: { value: 100n } }])
  shop.clock.advance(5 * HOUR_MS)
  await rateDue(shop.db, shop.clock, shop.catalog)
  await moveBalance(shop, account, -100_000n)
  await issueMissing(shop.db, shop.clock)
  await jobs.drain()
  const dueAt = (await dunnings.asked(account))[0]?.dueAt
  assert.ok(dueAt, 'what is owed is asked for')
  assert.equal((await dunnings.asked(account))[0]?.paymentId, null)
  const card = await keep(account)
  card.bank = 'declines'
  shop.clock.set(dueAt.toISOString())
  await pass()
  assert.deepEqual((await dunnings.story(account)).slice(0, 3), ['running', '0 declined', '3 null'])
  const first = await paymentOf(account)
  // Meanwhile a part of it was paid: another amount is owed.
  await moveBalance(shop, account, 100n)
  await issueMissing(shop.db, shop.clock)
  card.bank = 'takes'
  dunnings.at(dueAt, 3)
  await pass()
  assert.equal((await dunnings.story(account))[0], 'paid')
  const open = await shop.pool.query(
    `select from payments where account_id = $1 and status in ('waiting_for_payment', 'processing')`,
    [account.id],
  )
  assert.equal(open.rowCount, 0)
  assert.ok(first)
  await dunnings.books()
})

test('a schedule is the seller’s own, holds for what comes, and is refused where it makes no sense', async () => {
  const change = (steps: Parameters<typeof changeSchedule>[4], version?: bigint) =>
    changeSchedule(shop.db, shop.clock, shop.operator, sellerId(), steps, version)
  await assert.rejects(
    change([
      { day: 3, action: 'charge' },
      { day: 3, action: 'remind' },
    ]),
    { code: 'unprocessable' },
  )
  await change([{ day: 1, action: 'remind' }])
  await assert.rejects(change([], 7n), { code: 'version_mismatch' })
  shop.clock.set('2026-12-01T10:00:00Z')
  const { account, ends } = await dunnings.renewing('Own schedule')
  assert.deepEqual(await dunnings.story(account), ['running', '1 null'])
  dunnings.at(ends, 1)
  await pass()
  assert.deepEqual(await dunnings.story(account), ['exhausted', '1 reminded'])
  assert.equal(await eventsOf('dunning.exhausted', account), 1)
  const stranger = await shop.customer('Stranger')
  assert.deepEqual(await dunnings.asked(stranger), [])
})

test('what is done late leaves a day until the next step, however often it is looked at', async () => {
  const steps = [
    { day: 1, action: 'charge' },
    { day: 2, action: 'remind' },
  ] as const
  await changeSchedule(shop.db, shop.clock, shop.operator, sellerId(), steps, undefined)
  const { account, ends } = await dunnings.renewing('Late')
  const card = await keep(account)
  card.bank = 'declines'
  dunnings.at(ends, 2.5)
  for (const batch of [200, 1]) await advanceDunnings({ db: shop.db, clock: shop.clock, cards, onError, batch })
  assert.deepEqual(await dunnings.story(account), ['running', '1 declined', '2 null'])
  shop.clock.advance(DAY_MS)
  await pass()
  assert.deepEqual(await dunnings.story(account), ['exhausted', '1 declined', '2 reminded'])
})
