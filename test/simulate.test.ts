import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardProblems } from '../simulate/checks/cards.ts'
import { periodProblems } from '../simulate/checks/consumption.ts'
import { RESELLERS } from '../simulate/stores.ts'
import { prove } from '../simulate/checks/check.ts'
import { readOptions } from '../simulate/options.ts'
import { PROOFS, type Simulation, simulate } from '../simulate/simulate.ts'
import { testDatabase, type TestDatabase } from './harness/database.ts'

const YEAR = { seed: 40, accounts: 5, days: 44, batch: 64, crashEvery: 0 }

async function live(options: Partial<typeof YEAR> = {}): Promise<Simulation & { readonly database: TestDatabase }> {
  const database = await testDatabase()
  return { ...(await simulate(database.connectionString, { ...YEAR, ...options })), database }
}

test('weeks of chance leave books in order; however they are batched and cut off, the same ones', async () => {
  const { summary, problems } = await live()
  assert.deepEqual(problems, [])
  for (const name of [
    'postings order_booked',
    'postings usage_blocked',
    'orders renewal completed',
    'card charges paid',
    'dunning steps charge reminded',
  ])
    assert.ok((summary.counts[name] ?? 0) > 0, `something is to be proved: ${name}`)
  const oneByOne = await live({ batch: 1 })
  assert.deepEqual(oneByOne.problems, [])
  assert.deepEqual(oneByOne.summary, summary)
  const cutOff = await live({ batch: 5, crashEvery: 7 })
  assert.ok(cutOff.crashes > 10)
  assert.deepEqual(cutOff.problems, [])
  assert.deepEqual(cutOff.summary, summary)
  await seesFaults(cutOff.database)
  const others = RESELLERS.map((reseller) => ({ ...reseller, billingDay: reseller.billingDay + 1 }))
  assert.ok((await periodProblems(cutOff.database.pool, others)).length > 0, 'another billing day is seen')
  const [invented] = await cardProblems(cutOff.database.pool, [])
  assert.match(invented ?? '', /which the bank does not know/)
  const [lost] = await cardProblems(cutOff.database.pool, [{ reference: 'pi_lost', amountMinor: 1n, currency: 'EUR' }])
  assert.match(lost ?? '', /the bank took 1 EUR \(pi_lost\), booked is nothing/)
})

/** Each fault goes into a transaction that is taken back, so that they do not hide each other. */
async function seesFaults({ pool }: TestDatabase): Promise<void> {
  for (const [fault, proof] of [
    ['update ledger_entries set amount_minor = amount_minor * 2 where position = 0', 'every posting sums to zero'],
    ['delete from ledger_entries', 'every posting has entries'],
    ['update ledger_accounts set balance_minor = balance_minor + 1', 'every balance equals its postings'],
    [`update charges set net_minor = net_minor + 1 where status = 'blocked'`, 'what is held is what was consumed'],
    ['update order_lines set net_minor = net_minor + 1', 'every order equals its lines'],
    ['update invoice_lines set net_minor = net_minor + 1', 'every invoice equals its lines'],
    ['delete from invoice_lines; delete from invoices', 'every income has its document'],
    ['update consumption_records set quantity = quantity * 2', 'every charge is the sum of its records'],
    ['update quota_grants set units = units + 1', 'every subscription grants its quota'],
    ['update card_charges set amount_minor = amount_minor + 1', 'every charge to a card that was paid is one receipt'],
    [`update card_charges set status = 'pending'`, 'every charge to a card that was paid is one receipt'],
    [`update dunning_steps set outcome = 'started'`, 'no dunning stands half way'],
    [
      `update dunnings set status = 'running', next_at = '2100-01-01'`,
      'what is paid or cancelled is not asked for any more',
    ],
    ['update events set relayed_at = null', 'every event was heard'],
    [`update provisioning_tasks set status = 'pending'`, 'every task was carried out'],
  ] as const) {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query(fault)
      const problems = await prove(client, PROOFS)
      assert.ok(
        problems.some((problem) => problem.startsWith(proof)),
        `${fault}: seen by ${proof}`,
      )
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
}

test('an option that is none is refused in a sentence', () => {
  assert.deepEqual(readOptions(['--seed', '3', '--batch', '1']), {
    seed: 3,
    accounts: 1000,
    days: 365,
    batch: 1,
    crashEvery: 0,
  })
  assert.throws(() => readOptions(['--days', '0']), /--days is a whole number from 1/)
  assert.throws(() => readOptions(['--day', '1']))
})
