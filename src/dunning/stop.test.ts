import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { changesOf, type Tenant } from '../../test/harness/changes.ts'
import { dunningsOf } from '../../test/harness/dunnings.ts'
import { moveBalance } from '../../test/harness/move-balance.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { rateDue } from '../charges/index.ts'
import { invoiceSubscriber, issueMissing } from '../invoices/index.ts'
import { newId, type PaymentId, type SubscriptionId } from '../kernel/ids.ts'
import { addDays, HOUR_MS } from '../kernel/time.ts'
import { problemsOf } from '../notifications/catalogue.ts'
import { orderJobs, orderSubscribers } from '../orders/index.ts'
import { approvePayment } from '../payments/index.ts'
import { transaction } from '../platform/db.ts'
import { createJobs, type Jobs } from '../platform/jobs.ts'
import { createProvisioningSubscriber } from '../provisioning/index.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { subscriptionSubscriber } from '../subscriptions/index.ts'
import { advanceDunnings } from './advance-dunning.ts'
import { changeSchedule } from './save-schedule.ts'
import { stopUnpaid } from './stop-unpaid.ts'
import { lockDunning } from './store.ts'
import { dunningSubscriber } from './subscriber.ts'

const database = await testDatabase()
let shop: Shop
let jobs: Jobs
let changes: ReturnType<typeof changesOf>
let dunnings: ReturnType<typeof dunningsOf>

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
      subscriptionSubscriber,
      ...orderSubscribers,
      invoiceSubscriber,
      dunningSubscriber,
    ],
  })
  database.beforeClose(() => jobs.stop())
  await jobs.drain()
  await schedule([
    { day: 1, action: 'remind' },
    { day: 3, action: 'stop' },
    { day: 5, action: 'remind' },
  ])
})

const sellerId = () => shop.store.sellerId
const schedule = (steps: Parameters<typeof changeSchedule>[4]) =>
  changeSchedule(shop.db, shop.clock, shop.operator, sellerId(), steps, undefined)
const ask = () =>
  advanceDunnings({
    db: shop.db,
    clock: shop.clock,
    cards: undefined,
    onError: (error) => {
      throw error
    },
  })
/** Lets time do what it asks for, and everybody hear of it. */
async function pass(): Promise<void> {
  const onError = (error: unknown) => assert.ifError(error)
  for (const job of orderJobs({ db: shop.db, clock: shop.clock, catalog: shop.catalog, onError })) await job.run()
  await jobs.drain()
  await ask()
  await jobs.drain()
}
const pay = async (account: Tenant, dunningId?: string) => {
  const dunning = (await dunnings.asked(account)).find(({ id }) => dunningId === undefined || id === dunningId)
  const paymentId = dunning?.paymentId as PaymentId
  await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), paymentId })
}
const lifeOf = async (id: SubscriptionId) => {
  const { rows } = await shop.pool.query('select status, stop_reason from subscriptions where id = $1', [id])
  return `${rows[0].status} ${rows[0].stop_reason ?? ''}`.trim()
}

test('what is not renewed is stopped on the day that the schedule says, told before, and runs again once it is paid', async () => {
  const { account, subscriptionId, ends } = await dunnings.renewing('Pays after the stop')
  const [waiting] = await dunnings.asked(account)
  assert.deepEqual([waiting?.subscription?.id, waiting?.stopsAt], [subscriptionId, addDays(ends, 3)])
  dunnings.at(ends, 1)
  await pass()
  const { rows } = await shop.pool.query<{ payload: Record<string, unknown> }>(
    `select payload from events where type = 'payment.reminded' and tenant_id = $1`,
    [account.id],
  )
  assert.deepEqual(problemsOf('payment.reminded', rows[0]?.payload ?? {}), [])
  assert.equal(rows[0]?.payload['stops_at'], addDays(ends, 3).toISOString())
  assert.equal(await lifeOf(subscriptionId), 'graced')
  dunnings.at(ends, 3)
  await pass()
  assert.deepEqual(await dunnings.story(account), ['running', '1 reminded', '3 stopped', '5 null'])
  assert.equal((await dunnings.asked(account))[0]?.stopsAt, null, 'it stands still')
  assert.equal(await lifeOf(subscriptionId), 'stopped expired')
  dunnings.at(ends, 4)
  await pay(account)
  await jobs.drain()
  assert.equal(await lifeOf(subscriptionId), 'active')
  assert.deepEqual(await dunnings.story(account), ['paid', '1 reminded', '3 stopped'])
  const { rows: terms } = await shop.pool.query('select period_starts_at from subscriptions where id = $1', [
    subscriptionId,
  ])
  assert.deepEqual(terms[0].period_starts_at, addDays(ends, 4), 'the days without service are not paid for')
  await dunnings.books()
})

test('a renewal that is paid while its service is being stopped starts it again', async () => {
  const { account, subscriptionId, ends } = await dunnings.renewing('Pays in the middle')
  dunnings.at(ends, 3)
  await pass()
  // As if the service had not answered to the stop yet.
  await sql`update subscriptions set status = 'stopping' where id = ${subscriptionId}`.execute(shop.db)
  await pay(account)
  await jobs.drain()
  assert.equal(await lifeOf(subscriptionId), 'stopping expired', 'nothing is done meanwhile, and nothing is given up')
  const { rows } = await sql<{ id: string }>`
    select id from events where type = 'provisioning.completed' and payload->>'subscription_id' = ${subscriptionId}
       and payload->>'operation' = 'stop'`.execute(shop.db)
  await sql`update events set relayed_at = null where id = ${rows[0]?.id ?? ''}::uuid`.execute(shop.db)
  await jobs.drain()
  assert.equal(await lifeOf(subscriptionId), 'active')
  await dunnings.books()
})

test('terms that end sooner than the schedule stops end it; a stop after the grace finds nothing to do', async () => {
  await schedule([{ day: 20, action: 'stop' }])
  const { account, subscriptionId, ends } = await dunnings.renewing('Ends by its terms')
  assert.deepEqual((await dunnings.asked(account))[0]?.stopsAt, addDays(ends, 7))
  dunnings.at(ends, 8)
  await pass()
  assert.equal(await lifeOf(subscriptionId), 'stopped expired')
  assert.deepEqual((await dunnings.story(account))[0], 'cancelled')
})

test('a service is stopped for an owed invoice, once, and started again by itself when the last of them is paid', async () => {
  await schedule([{ day: 2, action: 'stop' }])
  shop.clock.set('2027-08-30T20:00:00Z')
  const { account, subscriptionId } = await changes.running('Owes', LINK.topup, 0n)
  const intake = createUsageIntake(shop.db, shop.clock)
  const usage = { source: 'test', tenantId: account.id, usageName: 'servers' }
  await intake.report(shop.operator, [{ ...usage, eventId: 'a', at: shop.clock.now(), change: { value: 100n } }])
  shop.clock.set('2027-09-01T05:00:00Z')
  while ((await rateDue(shop.db, shop.clock, shop.catalog)) > 0);
  await moveBalance(shop, account, -100_000n)
  await issueMissing(shop.db, shop.clock)
  await jobs.drain()
  const [dunning] = await dunnings.asked(account)
  assert.ok(dunning, 'what is owed is asked for')
  assert.deepEqual(dunning.stopsAt, addDays(dunning.dueAt, 2))
  // While the service is being changed it is not stopped.
  await sql`update subscriptions set status = 'updating' where id = ${subscriptionId}`.execute(shop.db)
  dunnings.at(dunning.dueAt, 2)
  await pass()
  assert.deepEqual((await dunnings.asked(account))[0]?.steps.at(-1)?.outcome, null)
  await sql`update subscriptions set status = 'active' where id = ${subscriptionId}`.execute(shop.db)
  shop.clock.advance(11 * 60_000)
  await Promise.all([ask(), ask(), ask()])
  await pass()
  assert.equal(await lifeOf(subscriptionId), 'stopped unpaid')
  assert.deepEqual(
    (await dunnings.asked(account))[0]?.steps.map(({ outcome }) => outcome),
    ['stopped'],
  )
  const again = await transaction(shop.db, async (tx) => {
    const locked = await lockDunning(tx, sellerId(), dunning.id)
    return locked && stopUnpaid(tx, locked, shop.clock.now())
  })
  assert.deepEqual(again, { kind: 'nothing_to_stop' })
  // Another invoice that had stopped it is not paid yet.
  const other = newId()
  await sql`
    insert into dunnings (seller_id, id, subject_kind, subject_id, account_id, stopped_subscription_id, due_at, steps, status, created_at, updated_at)
    select seller_id, ${other}::uuid, 'invoice', ${other}::uuid, account_id, stopped_subscription_id, due_at, steps, 'exhausted', created_at, updated_at
      from dunnings where id = ${dunning.id}::uuid`.execute(shop.db)
  shop.clock.advance(HOUR_MS)
  await moveBalance(shop, account, 200_000n)
  await pay(account, dunning.id)
  await jobs.drain()
  assert.equal((await dunnings.asked(account)).find(({ id }) => id === dunning.id)?.status, 'paid')
  assert.equal(await lifeOf(subscriptionId), 'stopped unpaid', 'the other one keeps it stopped')
  await sql`update dunnings set status = 'paid' where id = ${other}::uuid`.execute(shop.db)
  await sql`update events set relayed_at = null where type = 'subscription.stopped' and subject_id = ${subscriptionId}`.execute(
    shop.db,
  )
  await jobs.drain()
  assert.equal(await lifeOf(subscriptionId), 'active')
  await jobs.drain()
  assert.equal(await lifeOf(subscriptionId), 'active')
  await dunnings.books()
})
