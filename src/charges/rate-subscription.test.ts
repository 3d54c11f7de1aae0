import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { newId, type SubscriptionId, type TenantId } from '../kernel/ids.ts'
import { verifyLedger } from '../ledger/index.ts'
import { createUsageIntake, type UsageIntake } from '../quotas/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { transaction } from '../platform/db.ts'
import { askOperation } from '../subscriptions/index.ts'
import { findMetered } from './metered-view.ts'
import { rateDue, rateSubscription } from './index.ts'

let shop: Shop
let intake: UsageIntake
let events = 0
before(async () => {
  shop = await openShop(await testDatabase())
  intake = createUsageIntake(shop.db, shop.clock)
})

const GB = 1_073_741_824n
const hours = (count: number) => count * HOUR_MS

/** Pay as you go with 1,000.00 topped up, running since now. */
async function running(name: string) {
  const { account, subscriptionId } = await changesOf(shop).running(name, LINK.topup, 0n)
  return { account, id: subscriptionId, startedAt: shop.clock.now() }
}
const use = (
  tenantId: TenantId,
  usageName: string,
  change: { value: bigint } | { delta: bigint },
  at = shop.clock.now(),
) => intake.report(shop.operator, [{ source: 'test', eventId: String(++events), tenantId, usageName, at, change }])

async function rate(id: SubscriptionId): Promise<number> {
  const subscription = await findMetered(shop.db, shop.store.sellerId, id)
  assert.ok(subscription)
  return rateSubscription(shop.db, shop.clock, shop.catalog, subscription)
}

async function moneyOf(accountId: TenantId): Promise<{ balance: bigint; blocked: bigint }> {
  const { rows } = await shop.pool.query<{ kind: string; minor: bigint }>(
    'select kind, -balance_minor as minor from ledger_accounts where account_id = $1',
    [accountId],
  )
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.minor ?? 0n
  return { balance: of('customer_balance'), blocked: of('blocked_funds') }
}
async function chargesOf(id: SubscriptionId): Promise<string[]> {
  const { rows } = await shop.pool.query<{ line: string }>(
    `select period || ' ' || resource_id || ' ' || status || ' ' || net_minor as line from charges where subscription_id = $1 order by 1`,
    [id],
  )
  return rows.map(({ line }) => line)
}

test('the first usage is charged an hour after activation, for what is in force then, and holds funds', async () => {
  const { account, id } = await running('First hour')
  await use(account.id, 'servers', { value: 5n })
  await use(account.id, 'storage', { value: 1000n * GB })
  shop.clock.advance(hours(1) - 1)
  assert.equal(await rate(id), 0)
  shop.clock.advance(1)
  assert.equal(await rate(id), 1)
  // 5 × 0.015 and 1,000 × 0.00006, each rounded.
  assert.deepEqual(await chargesOf(id), ['2026-03-01 9021 blocked 6', '2026-03-01 9023 blocked 8'])
  assert.deepEqual(await moneyOf(account.id), { balance: 99_986n, blocked: 14n })
})

test('rated again, at once or later, an hour is charged once', async () => {
  const { account, id } = await running('Again')
  await use(account.id, 'servers', { value: 20n })
  shop.clock.advance(hours(3))
  await Promise.all(Array.from({ length: 8 }, () => rate(id)))
  await rate(id)
  assert.deepEqual(await moneyOf(account.id), { balance: 99_910n, blocked: 90n })
})

test('usage that came late is rated into its hour while the month is open', async () => {
  const { account, id, startedAt } = await running('Late')
  shop.clock.advance(hours(4))
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 0n)
  // In force from the middle of the second hour on: three hours.
  await use(account.id, 'servers', { value: 20n }, new Date(startedAt.getTime() + hours(1.5)))
  shop.clock.advance(60_000)
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 90n)
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 90n)
})

test('however usage arrives and whenever it is rated, the charges of the month are the same', async () => {
  const [once, often] = [await running('Once'), await running('Often')]
  const usage = Array.from({ length: 30 }, (_, index) => ({
    at: new Date(once.startedAt.getTime() + index * 1_300_000),
    delta: BigInt((index * 7) % 5),
  }))
  const endsAt = shop.clock.now().getTime() + hours(12)
  for (const { at, delta } of [...usage].reverse()) await use(once.account.id, 'workstations', { delta }, at)
  while (shop.clock.now().getTime() < endsAt) {
    const reached = usage.filter(({ at }) => at <= shop.clock.now())
    for (const { at, delta } of reached) await use(often.account.id, 'workstations', { delta }, at)
    usage.splice(0, reached.length)
    await rate(often.id)
    shop.clock.advance(hours(1))
  }
  for (const { id } of [once, often]) await rate(id)
  assert.deepEqual(await moneyOf(often.account.id), await moneyOf(once.account.id))
  assert.deepEqual(await chargesOf(often.id), await chargesOf(once.id))
  assert.ok((await moneyOf(once.account.id)).blocked > 0n)
})

/** What is reported: when after the start, what of, and by how much it grows. */
const Reported = fc.record({
  minutes: fc.nat(6 * 60),
  usageName: fc.constantFrom('storage', 'workstations', 'mobiles'),
  delta: fc.bigInt({ min: 0n, max: 40n }),
})
const Usage = fc.array(Reported, { minLength: 1, maxLength: 12 })

test('the same events twice, in any order and in batches of any size, give the same charges to the cent', async () => {
  let round = 0
  let blocked = 0n
  const any = Usage.chain((usage) =>
    fc.record({
      usage: fc.constant(usage),
      again: fc.shuffledSubarray([...usage.keys(), ...usage.keys()], { minLength: usage.length * 2 }),
      size: fc.integer({ min: 1, max: 9 }),
    }),
  )
  const property = fc.asyncProperty(any, async ({ usage, again, size }) => {
    round++
    const [plain, mixed] = [await running(`Plain ${round}`), await running(`Mixed ${round}`)]
    const reportOf =
      ({ account, startedAt }: typeof plain) =>
      (index: number) => {
        const { minutes, usageName, delta } = usage[index]!
        const at = new Date(startedAt.getTime() + minutes * 60_000)
        const change = { delta: usageName === 'storage' ? delta * GB : delta }
        return {
          source: `round ${round}`,
          eventId: `${account.id} ${index}`,
          tenantId: account.id,
          usageName,
          at,
          change,
        }
      }
    shop.clock.advance(hours(7))
    await intake.report(shop.operator, [...usage.keys()].map(reportOf(plain)))
    await rate(plain.id)
    for (let from = 0; from < again.length; from += size) {
      await intake.report(shop.operator, again.slice(from, from + size).map(reportOf(mixed)))
      await rate(mixed.id)
    }
    assert.deepEqual(await chargesOf(mixed.id), await chargesOf(plain.id))
    assert.deepEqual(await moneyOf(mixed.account.id), await moneyOf(plain.account.id))
    blocked += (await moneyOf(plain.account.id)).blocked
  })
  await fc.assert(property, { numRuns: 8 })
  assert.ok(blocked > 0n)
})

test('a month that has ended becomes income, and what comes late for it is a correction in the next one', async () => {
  const { account, id, startedAt } = await running('Month end')
  await use(account.id, 'servers', { value: 10n })
  shop.clock.set('2026-04-01T03:00:00Z')
  while ((await rate(id)) > 0);
  const ofMarch = (await chargesOf(id)).find((line) => line.startsWith('2026-03-01'))
  assert.match(ofMarch ?? '', /closed/)
  const before = await moneyOf(account.id)
  // The hour after the start, once: 10 fewer servers.
  await use(account.id, 'servers', { value: 0n }, new Date(startedAt.getTime() + hours(0.5)))
  await use(account.id, 'servers', { value: 10n }, new Date(startedAt.getTime() + hours(1.5)))
  await rate(id)
  const after = await moneyOf(account.id)
  assert.equal(after.balance + after.blocked, before.balance + before.blocked)
  assert.equal(after.blocked, before.blocked - 15n)
  assert.equal(
    (await chargesOf(id)).find((line) => line.startsWith('2026-03-01')),
    ofMarch,
  )
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('what runs is rated by itself, several hours of a server that was down included', async () => {
  const { account, id } = await running('By itself')
  await use(account.id, 'servers', { value: 2n })
  shop.clock.advance(hours(5))
  assert.ok((await rateDue(shop.db, shop.clock, shop.catalog)) >= 1)
  const { rows } = await shop.pool.query(
    'select count(*)::int as hours from consumption_records where subscription_id = $1',
    [id],
  )
  assert.deepEqual(rows, [{ hours: 5 }])
})

/** The service stops or runs again, now. */
async function turn(id: SubscriptionId, operation: 'stop' | 'resume'): Promise<void> {
  const { sellerId } = shop.store
  const cause = { actor: systemLabel('test'), correlationId: newId<string>(), at: shop.clock.now() }
  assert.ok(await transaction(shop.db, (tx) => askOperation(tx, { sellerId, id }, operation, cause)))
  await changesOf(shop).serveLife(id)
}

test('time without service costs nothing, and late usage does not make it cost anything', async () => {
  shop.clock.set('2026-05-01T12:00:00Z')
  const { account, id, startedAt } = await running('Pauses')
  const at = (count: number) => new Date(startedAt.getTime() + hours(count))
  shop.clock.set(at(2.25).toISOString())
  await turn(id, 'stop')
  shop.clock.set(at(10.75).toISOString())
  await turn(id, 'resume')
  // The rest of an hour before the stop is nobody's; after it hours are counted anew: 2 and 3 of them.
  shop.clock.set(at(14).toISOString())
  assert.equal(await rate(id), 5)
  assert.equal((await moneyOf(account.id)).blocked, 0n)
  await use(account.id, 'servers', { value: 20n }, at(0.5))
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 150n)
  await use(account.id, 'servers', { value: 10n }, at(11))
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 105n)
})

test('what stands still at the end of a month no longer holds funds for it', async () => {
  shop.clock.set('2026-05-31T10:00:00Z')
  const { account, id } = await running('Stands still')
  await use(account.id, 'servers', { value: 20n })
  shop.clock.set('2026-05-31T13:30:00Z')
  await turn(id, 'stop')
  await rateDue(shop.db, shop.clock, shop.catalog)
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 90n)
  shop.clock.set('2026-06-01T00:01:00Z')
  for (let time = 0; time < 2; time++) await rateDue(shop.db, shop.clock, shop.catalog, 1)
  assert.deepEqual(await moneyOf(account.id), { balance: 99_910n, blocked: 0n })
  assert.deepEqual(await chargesOf(id), ['2026-05-01 9023 closed 90'])
})

test('stopped again at the instant it ran again, it stands still', async () => {
  shop.clock.set('2026-07-01T12:00:00Z')
  const { account, id } = await running('Flaps')
  await use(account.id, 'servers', { value: 20n })
  shop.clock.advance(hours(1))
  for (const operation of ['stop', 'resume', 'stop'] as const) await turn(id, operation)
  shop.clock.advance(hours(5))
  await rate(id)
  assert.equal((await moneyOf(account.id)).blocked, 30n)
})
