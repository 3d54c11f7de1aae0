import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { rateDue } from '../charges/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { statementAsCsv, statementAsJsonLines } from './export-statement.ts'
import { accountStatement } from './statement-view.ts'
import { issueMissing } from './subscribers.ts'

const database = await testDatabase()
let shop: Shop
let account: { readonly id: TenantId }
let stranger: Awaited<ReturnType<Shop['customer']>>

/** A monthly plan, then pay as you go with 1,000.00, ten servers of it used over the end of March. */
before(async () => {
  shop = await openShop(database)
  const changes = changesOf(shop)
  const running = await changes.running('Statements & Co')
  account = running.account
  await issueMissing(shop.db, shop.clock)
  stranger = await shop.customer('Stranger')
  shop.clock.set('2026-03-31T20:00:00Z')
  await changes.order(running.account, LINK.topup, 0n)
  const usage = { source: 'test', eventId: 'u', tenantId: account.id, usageName: 'servers', at: shop.clock.now() }
  await createUsageIntake(shop.db, shop.clock).report(shop.operator, [{ ...usage, change: { value: 10n } }])
  shop.clock.advance(6 * HOUR_MS)
  await rateDue(shop.db, shop.clock, shop.catalog)
  await issueMissing(shop.db, shop.clock)
})

const day = (text: string) => new Date(`${text}T00:00:00Z`)
const statementOf = (from: string, until: string) =>
  accountStatement(shop.db, shop.clock, shop.operator, { accountId: account.id, from: day(from), until: day(until) })

test('a statement has what was paid, ordered and charged, each with its document; hours that only hold funds are no lines', async () => {
  const march = await statementOf('2026-03-01', '2026-03-31')
  assert.deepEqual(
    march.items.map(({ kind, amount, balance, title }) => [kind, amount.amountMinor, balance.amountMinor, title]),
    [
      ['receipt', 4900n, 4900n, 'Backup Business'],
      ['order_booked', -4900n, 0n, 'Backup Business'],
      ['receipt', 100_000n, 100_000n, 'Backup Pay as you go'],
    ],
  )
  assert.match(march.items[1]?.invoice?.number ?? '', /^IN\d{6}$/)
  assert.deepEqual([march.opening.amountMinor, march.closing.amountMinor], [0n, 100_000n])
  const april = await statementOf('2026-04-01', '2026-04-30')
  assert.deepEqual(
    april.items.map(({ kind, amount, title }) => [kind, amount.amountMinor, title]),
    [['usage_charged', -60n, 'Backup Pay as you go']],
  )
  assert.match(april.items[0]?.invoice?.number ?? '', /^IN\d{6}$/)
  assert.deepEqual([april.opening.amountMinor, april.closing.amountMinor], [100_000n, 99_940n])
  const { available, held, unapplied } = april.parts
  assert.deepEqual(
    [available, held, unapplied].map(({ amountMinor }) => amountMinor),
    [99_910n, 30n, 0n],
  )
})

test('whatever the period, its lines lead from its opening to its closing balance, and to the ledger in the end', async () => {
  const { rows } = await sql<{ minor: bigint }>`
    select -sum(balance_minor)::bigint as minor from ledger_accounts
     where account_id = ${account.id} and kind in ('customer_balance', 'blocked_funds', 'unapplied_cash')`.execute(
    shop.db,
  )
  const dates = fc.integer({ min: 0, max: 70 }).map((days) => new Date(Date.UTC(2026, 1, 20 + days)))
  await fc.assert(
    fc.asyncProperty(dates, dates, async (one, other) => {
      const [from, until] = one <= other ? [one, other] : [other, one]
      const read = (range: { from: Date; until: Date }) =>
        accountStatement(shop.db, shop.clock, shop.operator, { accountId: account.id, ...range })
      const [earlier, statement, later] = [
        await read({ from: day('2026-01-01'), until: new Date(from.getTime() - 24 * HOUR_MS) }),
        await read({ from, until }),
        await read({ from: new Date(until.getTime() + 24 * HOUR_MS), until: day('2027-01-01') }),
      ]
      const sum = statement.items.reduce((total, { amount }) => total + amount.amountMinor, 0n)
      assert.equal(statement.opening.amountMinor + sum, statement.closing.amountMinor)
      assert.equal(
        statement.items.at(-1)?.balance.amountMinor ?? statement.opening.amountMinor,
        statement.closing.amountMinor,
      )
      assert.equal(earlier.closing.amountMinor, statement.opening.amountMinor)
      assert.equal(later.opening.amountMinor, statement.closing.amountMinor)
      assert.equal(later.closing.amountMinor, rows[0]?.minor)
      const { available, held, unapplied } = statement.parts
      assert.equal(available.amountMinor + held.amountMinor + unapplied.amountMinor, statement.closing.amountMinor)
    }),
    { numRuns: 15 },
  )
})

test('as CSV and as JSON Lines it is the same statement', async () => {
  const statement = await statementOf('2026-03-01', '2026-04-30')
  const rows = statementAsCsv(statement).trim().split('\r\n')
  assert.equal(rows.length, statement.items.length + 3)
  assert.deepEqual([rows[1]?.split(',').at(-1), rows.at(-1)?.split(',').at(-1)], ['0.00', '999.40'])
  const [head, ...lines] = statementAsJsonLines(statement)
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each))
  assert.deepEqual(head.closing, { amount: '999.40', currency: 'USD' })
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    statement.items.map(({ kind }) => kind),
  )
})

test('nobody else sees it, and a period does not end before it begins', async () => {
  const asked = { accountId: account.id, from: day('2026-03-01'), until: day('2026-03-31') }
  await assert.rejects(accountStatement(shop.db, shop.clock, stranger.actor, asked), { code: 'not_found' })
  await assert.rejects(statementOf('2026-03-02', '2026-03-01'), { code: 'unprocessable' })
})
