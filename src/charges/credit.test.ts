import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { changesOf, type Tenant } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { verifyLedger } from '../ledger/index.ts'
import { approvePayment, requestTopup } from '../payments/index.ts'
import { createUsageIntake, type UsageIntake } from '../quotas/index.ts'
import { decideReview } from '../reviews/decide-review.ts'
import { listReviews } from '../reviews/review-view.ts'
import { rateDue, reviewCredit } from './index.ts'
import { findMetered } from './metered-view.ts'
import { rateSubscription } from './rate-subscription.ts'

let shop: Shop
let intake: UsageIntake
before(async () => {
  shop = await openShop(await testDatabase())
  intake = createUsageIntake(shop.db, shop.clock)
})

async function running(name: string, link: string) {
  const { account, subscriptionId } = await changesOf(shop).running(name, link, 0n)
  const change = { value: 20n }
  const report = {
    source: 'credit',
    eventId: name,
    tenantId: account.id,
    usageName: 'servers',
    at: shop.clock.now(),
    change,
  }
  await intake.report(shop.operator, [report])
  return { account, id: subscriptionId }
}
async function hour(): Promise<void> {
  shop.clock.advance(HOUR_MS)
  await rateDue(shop.db, shop.clock, shop.catalog)
}
async function stateOf(account: Tenant, id: SubscriptionId): Promise<string> {
  const { rows } = await shop.pool.query(
    `select a.status || ', ' || s.status as state from accounts a, subscriptions s where a.tenant_id = $1 and s.id = $2`,
    [account.id, id],
  )
  return rows[0].state
}
async function topUp({ id, actor }: Tenant, amountMinor: bigint): Promise<void> {
  const amount = { amountMinor, currency: 'USD' }
  const { sellerId, paymentId } = await requestTopup(shop.db, shop.clock, actor, { accountId: id, amount, note: '' })
  await approvePayment(shop.db, shop.clock, shop.operator, { sellerId, paymentId })
  await reviewCredit(shop.db, shop.clock, sellerId, id)
}
const eventsOf = async ({ id }: Tenant): Promise<string[]> => {
  const { rows } = await shop.pool.query(
    `select type from events where subject_kind = 'account' and subject_id = $1 and type like any (array['account.credit%', 'balance.%']) order by id`,
    [id],
  )
  return rows.map(({ type }) => type)
}

test('without the top-up of the link, a prepaid subscription stops after its first hour', async () => {
  const { account, id } = await running('Without', LINK.payAsYouGo)
  assert.equal(await stateOf(account, id), 'active, active')
  await hour()
  assert.equal(await stateOf(account, id), 'credit_hold, stopping')
  await changesOf(shop).serveLife(id)
  assert.equal(await stateOf(account, id), 'credit_hold, stopped')
})

test('the hold is in the transaction of the hour that brought it: no crash comes between them', async () => {
  const { account, id } = await running('One breath', LINK.payAsYouGo)
  shop.clock.advance(HOUR_MS)
  const metered = await findMetered(shop.db, account.actor.sellerId, id)
  assert.ok(metered)
  assert.equal(await rateSubscription(shop.db, shop.clock, shop.catalog, metered), 1)
  assert.equal(await stateOf(account, id), 'credit_hold, stopping')
})

test('on hold one may order what is paid first, but neither try something nor change what runs', async () => {
  const changes = changesOf(shop)
  const monthly = await changes.running('Held', LINK.monthly)
  const { account } = monthly
  const { subscriptionId: id } = await changes.order(account, LINK.payAsYouGo, 0n)
  const report = { source: 'credit', eventId: 'held', tenantId: account.id, usageName: 'servers', at: shop.clock.now() }
  await intake.report(shop.operator, [{ ...report, change: { value: 20n } }])
  await hour()
  await changes.serveLife(id)
  assert.equal(await stateOf(account, id), 'credit_hold, stopped')
  // What is paid for its period already runs on.
  assert.equal(await stateOf(account, monthly.subscriptionId), 'credit_hold, active')
  await assert.rejects(changes.order(account, LINK.trial, 0n), { code: 'forbidden', message: /credit hold/ })
  const draft = await changes.draft(account, monthly.subscriptionId, { '9001': 7n })
  await assert.rejects(changes.place(account, draft), { code: 'forbidden', message: /credit hold/ })
  await topUp(account, 5000n)
  await changes.serveLife(id)
  assert.equal(await stateOf(account, id), 'active, active')
  assert.ok((await changes.place(account, draft)).payment)
})

test('with it, it runs', async () => {
  const { account, id } = await running('With', LINK.topup)
  for (let count = 0; count < 3; count++) await hour()
  assert.equal(await stateOf(account, id), 'active, active')
})

test('a top-up that covers what is owed brings everything back by itself, one that does not changes nothing', async () => {
  const { account, id } = await running('Comes back', LINK.payAsYouGo)
  await hour()
  await changesOf(shop).serveLife(id)
  // 20 servers at 0.015: 30 cents an hour.
  await topUp(account, 29n)
  assert.equal(await stateOf(account, id), 'credit_hold, stopped')
  await topUp(account, 1n)
  assert.equal(await stateOf(account, id), 'active, activating')
  await changesOf(shop).serveLife(id)
  assert.equal(await stateOf(account, id), 'active, active')
  assert.deepEqual(await eventsOf(account), ['account.credit_hold', 'balance.low', 'account.credit_hold_ended'])
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('money that arrives while a service is being stopped starts it again when it has stopped', async () => {
  const { account, id } = await running('Overtaken', LINK.payAsYouGo)
  await hour()
  await topUp(account, 10_000n)
  assert.equal(await stateOf(account, id), 'active, stopping')
  await changesOf(shop).serveLife(id)
  await reviewCredit(shop.db, shop.clock, shop.store.sellerId, account.id)
  assert.equal(await stateOf(account, id), 'active, activating')
})

test('a balance that lasts less than three days is told once, with the hours that are left', async () => {
  const { account } = await running('Low', LINK.payAsYouGo)
  await topUp(account, 3000n)
  for (let count = 0; count < 40; count++) await hour()
  const { rows } = await shop.pool.query(
    `select payload->>'hours_left' as left from events where type = 'balance.low' and subject_id = $1`,
    [account.id],
  )
  // 30.00 lasts 100 hours at 0.30; after 29 of them there are 71.
  assert.deepEqual(rows, [{ left: '71' }])
})

test('looked at by many at once, a hold is begun once', async () => {
  const { account } = await running('At once', LINK.payAsYouGo)
  await hour()
  await Promise.all(
    Array.from({ length: 10 }, () => reviewCredit(shop.db, shop.clock, shop.store.sellerId, account.id)),
  )
  assert.deepEqual(
    (await eventsOf(account)).filter((type) => type === 'account.credit_hold'),
    ['account.credit_hold'],
  )
})

test('accounts of different classes come on hold each at its own hour', async () => {
  const starts = shop.clock.now()
  const classOf = async (name: string, thresholdMinor: bigint, subzeroDays: number, topup = 0n) => {
    const { account } = await running(name, LINK.payAsYouGo)
    if (topup > 0n) await topUp(account, topup)
    const { rows } = await shop.pool.query(
      `insert into account_classes (seller_id, id, name, is_default, hold_threshold_minor, subzero_period_days)
       values ($1, gen_random_uuid(), $2, false, $3, $4) returning id`,
      [shop.store.sellerId, name, thresholdMinor, subzeroDays],
    )
    await shop.pool.query('update accounts set account_class_id = $2 where tenant_id = $1', [account.id, rows[0].id])
    return account
  }
  // Each uses 30 cents an hour.
  const hours = new Map([
    [await classOf('No debt', 0n, 0), 1],
    [await classOf('Money at hand', 100n, 0, 300n), 7],
    [await classOf('Two dollars, for ever', -200n, -1), 7],
    [await classOf('Much, for a day', -100_000n, 1), 25],
    [await classOf('Six dollars, for a day', -600n, 1), 21],
    [await classOf('Much, for ever', -100_000n, -1), undefined],
  ])
  for (let count = 0; count < 26; count++) await hour()
  for (const [account, expected] of hours) {
    const { rows } = await shop.pool.query(
      `select t.name, e.occurred_at as at from tenants t left join events e on e.subject_id = t.id::text and e.type = 'account.credit_hold' where t.id = $1`,
      [account.id],
    )
    assert.equal(rows.length, 1)
    const [{ name, at }] = rows
    assert.equal(at === null ? undefined : (at.getTime() - starts.getTime()) / HOUR_MS, expected, name)
  }
})

describe('where a person decides what a credit hold stops', () => {
  const manual = async (name: string) => {
    const { account, id } = await running(name, LINK.payAsYouGo)
    await shop.pool.query(
      `with made as (insert into account_classes (seller_id, id, name, is_default, stop_type)
                     values ($1, gen_random_uuid(), $3, false, 'manual') returning id)
       update accounts set account_class_id = (select id from made) where tenant_id = $2`,
      [shop.store.sellerId, account.id, name],
    )
    const asked = async () =>
      (await listReviews(shop.db, shop.operator, { limit: 50 })).items.filter((each) => each.account.id === account.id)
    const decide = async (status: 'approved' | 'refused') => {
      const [review] = await asked()
      assert.ok(review)
      const decision = { sellerId: shop.store.sellerId, id: review.id, status, reason: 'Spoke to them.' }
      await decideReview(shop.db, shop.clock, shop.operator, decision)
    }
    return { account, id, asked, decide }
  }
  test('it runs on and is asked about once; refused it stops, and money brings it back', async () => {
    const { account, id, asked, decide } = await manual('Asked about')
    await hour()
    await hour()
    assert.equal(await stateOf(account, id), 'credit_hold, active')
    const [review, ...more] = await asked()
    assert.deepEqual([review?.kind, review?.status, review?.order, more], ['credit_hold', 'open', null, []])
    assert.deepEqual(review?.reasons, [{ code: 'credit_hold', detail: '-0.30 USD' }])
    for (let time = 0; time < 2; time++) await decide('refused')
    assert.equal(await stateOf(account, id), 'credit_hold, stopping')
    await assert.rejects(decide('approved'), { code: 'conflict', message: /decided otherwise/ })
    await changesOf(shop).serveLife(id)
    await topUp(account, 60n)
    await changesOf(shop).serveLife(id)
    assert.equal(await stateOf(account, id), 'active, active')
    // The next hold is another question.
    await hour()
    assert.deepEqual(
      (await asked()).map(({ status }) => status),
      ['open', 'refused'],
    )
  })
  test('left running it is asked about no more in this hold; money that comes first withdraws the question', async () => {
    const { account, id, asked, decide } = await manual('Trusted')
    await hour()
    await decide('approved')
    await hour()
    assert.equal(await stateOf(account, id), 'credit_hold, active')
    assert.equal((await asked()).length, 1)
    await topUp(account, 60n)
    assert.equal(await stateOf(account, id), 'active, active')
    await hour()
    await topUp(account, 30n)
    assert.deepEqual(
      (await asked()).map(({ status }) => status),
      ['withdrawn', 'approved'],
    )
    await assert.rejects(decide('refused'), { code: 'conflict', message: /left its credit hold/ })
    assert.equal(await stateOf(account, id), 'active, active')
  })
  test('looked at by many at once it is asked about once', async () => {
    const { account, asked } = await manual('Many look')
    shop.clock.advance(HOUR_MS)
    await Promise.all(Array.from({ length: 5 }, () => rateDue(shop.db, shop.clock, shop.catalog)))
    await Promise.all(
      Array.from({ length: 10 }, () => reviewCredit(shop.db, shop.clock, shop.store.sellerId, account.id)),
    )
    assert.equal((await asked()).length, 1)
  })
})
