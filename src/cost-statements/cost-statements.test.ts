import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { killedAt } from '../../test/harness/killed-at.ts'
import { resellerShop } from '../../test/harness/reseller-shop.ts'
import { actorAt } from '../../test/harness/sellers.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { createSeller } from '../accounts/index.ts'
import { saveDelegation } from '../catalog/delegate.ts'
import { rateDue } from '../charges/index.ts'
import { HOUR_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { openDatabase } from '../platform/db.ts'
import { createUsageIntake } from '../quotas/index.ts'
import type { Tenant } from '../tenants/index.ts'
import { statementAsCsv, statementAsJsonLines } from './export-statement.ts'
import { issueStatements } from './issue-statements.ts'
import { getStatement, listStatements, runningCosts } from './statements-view.ts'

const database = await testDatabase()
let shop: Shop
let middle: Tenant
let lower: Tenant
let buyer: Principal

/** Northwind lets Middle sell its plans for a fifth more, and Middle lets Lower for half as much again. */
before(async () => {
  shop = await openShop(database)
  const sellerBelow = (parentId: Tenant['id'], name: string) =>
    createSeller(shop.db, shop.clock, shop.operator, { parentId, name, currency: 'USD' })
  middle = await sellerBelow(shop.store.sellerId as unknown as Tenant['id'], 'Middle')
  lower = await sellerBelow(middle.id, 'Lower')
  for (const planId of ['425', '569'])
    for (const [sellerId, markupBasisPoints] of [
      [middle.id, 2000],
      [lower.id, 5000],
    ] as const)
      await saveDelegation(shop.db, shop.clock, shop.operator, {
        planId,
        sellerId,
        markupBasisPoints,
        exchangeRate: '1',
      })
  const sales = changesOf(await resellerShop(shop, lower))
  buyer = (await sales.running('Buys by the month', LINK.monthly, 8820n)).account.actor
  shop.clock.set('2026-03-31T20:00:00Z')
  const { account } = await sales.running('Buys by the hour', LINK.topup, 0n)
  const usage = { source: 'test', eventId: 'u', tenantId: account.id, usageName: 'servers', at: shop.clock.now() }
  await createUsageIntake(shop.db, shop.clock).report(shop.operator, [{ ...usage, change: { value: 10n } }])
  shop.clock.advance(6 * HOUR_MS)
  await rateDue(shop.db, shop.clock, shop.catalog)
})

const statementsOf = async (actor = shop.operator) => {
  const { items } = await listStatements(shop.db, actor, { limit: 50 })
  return Promise.all(items.map(({ id }) => getStatement(shop.db, actor, id)))
}
const shown = (statements: Awaited<ReturnType<typeof statementsOf>>) =>
  statements
    .map(({ number, period, supplier, reseller, sales, cost }) =>
      [supplier.name, reseller.name, period, number, sales.amountMinor, cost.amountMinor].join(' '),
    )
    .sort()

test('before a month is over it is shown as it runs, at each level', async () => {
  const { items } = await runningCosts(shop.db, shop.clock, shop.operator)
  assert.deepEqual(
    items
      .map(({ reseller, supplier, sales, cost, count }) => [
        reseller.name,
        supplier.name,
        sales.amountMinor,
        cost.amountMinor,
        count,
      ])
      .sort(),
    [
      // 58.80 and 4 hours × 10 × 0.018; and what Middle pays for the same: 49.00 and 4 × 10 × 0.015.
      ['Lower', 'Middle', 8820n + 108n, 5880n + 72n, 2],
      ['Middle', 'Northwind Cloud', 0n, 4900n + 60n, 2],
    ],
  )
})

test('a server that dies while it states a month has stated nothing, and has used up no number', async () => {
  shop.clock.set('2026-05-01T00:00:00Z')
  await killedAt('cost_statement.issued', database.connectionString, {
    at: shop.clock.now(),
    imports: { 'cost-statements/index.ts': 'issueStatements' },
    work: 'await issueStatements(db, clock)',
  })
  assert.deepEqual(await statementsOf(), [])
})

test('issued by many at once, each sale stands on one statement a level, and numbers have no gap', async () => {
  shop.clock.set('2026-05-01T00:00:00Z')
  const others = Array.from({ length: 3 }, () => openDatabase({ connectionString: database.connectionString }))
  const issued = await Promise.all(others.map(({ db }) => issueStatements(db, shop.clock)))
  await Promise.all(others.map(({ pool }) => pool.end()))
  assert.equal(
    issued.reduce((sum, count) => sum + count, 0),
    4,
  )
  assert.equal(await issueStatements(shop.db, shop.clock), 0)
  assert.deepEqual(shown(await statementsOf()), [
    'Middle Lower 2026-03-01 CS000001 8820 5880',
    'Middle Lower 2026-04-01 CS000002 108 72',
    'Northwind Cloud Middle 2026-03-01 CS000001 0 4900',
    'Northwind Cloud Middle 2026-04-01 CS000002 0 60',
  ])
})

test('what a statement says was sold is the income in the books of who sold it', async () => {
  const { rows } = await sql<{ minor: bigint }>`
    select -balance_minor as minor from ledger_accounts where seller_id = ${lower.sellerId} and kind = 'revenue'`.execute(
    shop.db,
  )
  const lines = (await statementsOf()).filter(({ reseller }) => reseller.id === lower.id).flatMap((each) => each.lines)
  assert.equal(
    lines.reduce((sum, { sale }) => sum + sale.amountMinor, 0n),
    rows[0]?.minor,
  )
  const { items } = await runningCosts(shop.db, shop.clock, shop.operator)
  assert.deepEqual(items, [])
})

test('prices that change later change no statement and no sale that was made before', async () => {
  const change = { planId: '425', sellerId: lower.id, markupBasisPoints: 5000, exchangeRate: '2' }
  await saveDelegation(shop.db, shop.clock, shop.operator, change)
  await shop.catalog.refresh(lower.sellerId)
  assert.equal(
    (await statementsOf()).find(({ number, reseller }) => number === 'CS000001' && reseller.id === lower.id)?.cost
      .amountMinor,
    5880n,
  )
})

test('a statement is the same as CSV and as JSON Lines', async () => {
  const [statement] = await statementsOf()
  assert.ok(statement)
  const rows = statementAsCsv(statement).trim().split('\r\n')
  assert.equal(rows.length, statement.lines.length + 1)
  const [head, ...lines] = statementAsJsonLines(statement)
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each))
  assert.equal(head.number, statement.number)
  assert.equal(lines.length, statement.lines.length)
})

test('a reseller sees its own and those below it; others and customers see none', async () => {
  assert.equal((await statementsOf(actorAt(middle))).length, 4)
  assert.deepEqual(
    new Set((await statementsOf(actorAt(lower))).map(({ reseller }) => reseller.name)),
    new Set(['Lower']),
  )
  const stranger = await createSeller(shop.db, shop.clock, shop.operator, {
    parentId: shop.operator.tenantId,
    name: 'Stranger',
    currency: 'USD',
  })
  for (const actor of [actorAt(stranger), buyer]) {
    assert.deepEqual(await statementsOf(actor), [])
    assert.deepEqual((await runningCosts(shop.db, shop.clock, actor)).items, [])
  }
  const [one] = await statementsOf()
  await assert.rejects(getStatement(shop.db, actorAt(stranger), one?.id ?? ''), { code: 'not_found' })
})
