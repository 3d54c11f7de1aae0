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
import { openDatabase } from '../platform/db.ts'
import { createUsageIntake } from '../quotas/index.ts'
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
