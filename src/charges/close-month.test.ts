import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { assertDocuments } from '../../test/harness/documents.ts'
import { killedAt } from '../../test/harness/killed-at.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { issueMissing } from '../invoices/index.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { verifyLedger } from '../ledger/index.ts'
import { saveAccountClass } from '../accounts/index.ts'
import { openDatabase } from '../platform/db.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { consumptionOf } from './consumption-view.ts'
import { rateDue } from './index.ts'

const database = await testDatabase()
let shop: Shop
before(async () => {
  shop = await openShop(database)
})

const countOf = async (what: string): Promise<number> =>
  (await shop.pool.query<{ count: number }>(`select count(*)::integer as count from ${what}`)).rows[0]?.count ?? 0

test('a server that dies as it closes the billing day has closed nothing; the next one closes it once, with one invoice', async () => {
  shop.clock.set('2026-03-31T20:00:00Z')
  const { account, subscriptionId } = await changesOf(shop).running('Month end', LINK.topup, 0n)
  const report = { source: 'test', eventId: 'u', tenantId: account.id, usageName: 'servers', at: shop.clock.now() }
  await createUsageIntake(shop.db, shop.clock).report(shop.operator, [{ ...report, change: { value: 10n } }])
  shop.clock.advance(3 * HOUR_MS)
  await rateDue(shop.db, shop.clock, shop.catalog)
  shop.clock.advance(3 * HOUR_MS)
  await killedAt('usage.closed', database.connectionString, {
    at: shop.clock.now(),
    imports: { 'charges/index.ts': 'rateDue', 'catalog/index.ts': 'createCatalog' },
    work: 'await rateDue(db, clock, createCatalog(pool))',
  })
  const closed = `charges where subscription_id = '${subscriptionId}' and status = 'closed'`
  const posted = `ledger_postings where natural_key = 'usage_charged:${subscriptionId}:2026-03-01'`
  assert.deepEqual([await countOf(closed), await countOf(posted)], [0, 0])
  // Three hours that were rated before it, of March: 3 × 10 × 0.015.
  const { rows } = await shop.pool.query('select net_minor from charges where subscription_id = $1', [subscriptionId])
  assert.deepEqual(rows, [{ net_minor: 45n }])

  for (let again = 0; again < 2; again++) {
    await rateDue(shop.db, shop.clock, shop.catalog)
    await issueMissing(shop.db, shop.clock)
  }
  assert.deepEqual([await countOf(closed), await countOf(posted)], [1, 1])
  const { rows: invoices } = await shop.pool.query('select total_minor from invoices where subscription_id = $1', [
    subscriptionId,
  ])
  assert.deepEqual(invoices, [{ total_minor: 60n }])
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
  await assertDocuments(shop.pool)
})

test('the billing day is the UTC one, wherever the server and its database stand', async () => {
  const { rows: names } = await shop.pool.query<{ name: string }>('select current_database() as name')
  await shop.pool.query(`alter database ${names[0]?.name} set timezone = 'America/New_York'`)
  // Of connections from now on.
  const { db, pool } = openDatabase({ connectionString: database.connectionString })
  const ownZone = process.env['TZ']
  try {
    process.env['TZ'] = 'America/New_York'
    assert.equal((await pool.query('show timezone')).rows[0]?.TimeZone, 'America/New_York')
    shop.clock.set('2026-05-31T21:30:00Z')
    const { account, subscriptionId } = await changesOf(shop).running('Far away', LINK.topup, 0n)
    const report = { source: 'test', eventId: 'z', tenantId: account.id, usageName: 'servers', at: shop.clock.now() }
    await createUsageIntake(db, shop.clock).report(shop.operator, [{ ...report, change: { value: 10n } }])
    // In New York it is still May.
    shop.clock.set('2026-06-01T02:00:00Z')
    await rateDue(db, shop.clock, shop.catalog)
    const { rows } = await pool.query(
      `select period::text || ' ' || status || ' ' || net_minor as line from charges where subscription_id = $1 order by 1`,
      [subscriptionId],
    )
    // Hours from 21:30, 22:30 and 23:30 are May's, the one from 00:30 is June's.
    assert.deepEqual(
      rows.map(({ line }) => line),
      ['2026-05-01 closed 45', '2026-06-01 blocked 15'],
    )
  } finally {
    if (ownZone === undefined) delete process.env['TZ']
    else process.env['TZ'] = ownZone
    await pool.end()
  }
})

test('a billing day of its own closes on it; changed, the open period keeps its end, and late usage finds its hour', async () => {
  const setDay = (billingDay: number) =>
    saveAccountClass(shop.db, shop.clock, shop.operator, shop.store.sellerId, { billingDay })
  shop.clock.set('2026-07-14T20:00:00Z')
  await setDay(15)
  const { account, subscriptionId } = await changesOf(shop).running('Own day', LINK.topup, 0n)
  const intake = createUsageIntake(shop.db, shop.clock)
  const report = { source: 'test', tenantId: account.id, usageName: 'servers' }
  await intake.report(shop.operator, [{ ...report, eventId: 'd1', at: shop.clock.now(), change: { value: 10n } }])
  const rate = async (at: string) => {
    shop.clock.set(at)
    await rateDue(shop.db, shop.clock, shop.catalog)
    await issueMissing(shop.db, shop.clock)
    const { rows } = await shop.pool.query<{ line: string }>(
      `select period::text || '/' || period_ends::text || ' ' || status || ' ' || net_minor as line from charges where subscription_id = $1 order by period`,
      [subscriptionId],
    )
    return rows.map(({ line }) => line)
  }
  // Hours from 20:00 to 23:00 are of the period that ends; those from 0:00 on of the next one.
  assert.deepEqual(await rate('2026-07-15T02:00:00Z'), [
    '2026-06-15/2026-07-15 closed 60',
    '2026-07-15/2026-08-15 blocked 30',
  ])
  shop.clock.advance(HOUR_MS / 6)
  await intake.report(shop.operator, [{ ...report, eventId: 'd2', at: shop.clock.now(), change: { value: 0n } }])
  await setDay(28)
  // Told late: ten servers more in an hour of the period that is closed.
  await intake.report(shop.operator, [
    { ...report, eventId: 'l1', at: new Date('2026-07-14T22:30:00Z'), change: { value: 20n } },
    { ...report, eventId: 'l2', at: new Date('2026-07-14T23:30:00Z'), change: { value: 10n } },
  ])
  assert.deepEqual(await rate('2026-08-14T23:30:00Z'), [
    '2026-06-15/2026-07-15 closed 60',
    '2026-07-15/2026-08-15 blocked 45',
  ])
  shop.clock.set('2026-08-15T00:10:00Z')
  await intake.report(shop.operator, [{ ...report, eventId: 'd3', at: shop.clock.now(), change: { value: 10n } }])
  const lines = await rate('2026-08-15T03:00:00Z')
  assert.deepEqual(lines.at(-1), '2026-08-15/2026-08-28 blocked 45')
  assert.equal((await rate('2026-08-28T02:00:00Z')).at(-1)?.slice(0, 29), '2026-08-28/2026-09-28 blocked')
  const { rows: invoiced } = await shop.pool.query<{ line: string }>(
    `select period_starts::text || '/' || period_ends::text as line from invoices where subscription_id = $1 order by id`,
    [subscriptionId],
  )
  assert.deepEqual(
    invoiced.map(({ line }) => line),
    ['2026-06-15/2026-07-15', '2026-07-15/2026-08-15', '2026-08-15/2026-08-28'],
  )
  const { periods } = (await consumptionOf(shop.db, account.actor, subscriptionId)) ?? { periods: [] }
  assert.deepEqual(periods.map(({ period, ends }) => `${period} ${ends}`)[1], '2026-08-15 2026-08-28')
  await setDay(1)
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
  await assertDocuments(shop.pool)
})
