import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { breachesOf } from '../torture/check.ts'
import { DELIVERED, INVARIANTS } from '../torture/invariants.ts'
import { openApplication } from './harness/application.ts'
import { testDatabase } from './harness/database.ts'

const database = await testDatabase()
const app = await openApplication(database)
await app.jobs.drain()
const client = new pg.Client({ connectionString: database.connectionString })
await client.connect()
database.beforeClose(() => client.end())

const ALL = [...INVARIANTS, DELIVERED]

/** Names of the invariants that do not hold. */
async function broken(): Promise<string[]> {
  const found: string[] = []
  for (const invariant of ALL) if ((await breachesOf(client, invariant)).length > 0) found.push(invariant.name)
  return found
}

test('all hold of the demonstration', async () => {
  assert.deepEqual(await broken(), [])
})

/** What a crash, a race or a bug could leave behind, and which invariants see it. */
const FAULTS: readonly { readonly fault: string; readonly sql: string; readonly seen: readonly string[] }[] = [
  {
    fault: 'half of a posting is lost',
    sql: 'delete from ledger_entries where position = (select min(position) from ledger_entries)',
    seen: ['a posting sums to zero', 'a balance is the sum of its postings'],
  },
  {
    fault: 'all of a posting but its head is lost',
    sql: 'delete from ledger_entries',
    seen: ['a posting has entries', 'a completed order has its income booked, once'],
  },
  {
    fault: 'a balance moves without a posting',
    sql: `update ledger_accounts set balance_minor = balance_minor + 1 where kind = 'revenue'`,
    seen: ['a balance is the sum of its postings'],
  },
  {
    fault: 'money is spent twice',
    sql: `insert into ledger_accounts (seller_id, id, kind, account_id, currency, balance_minor)
          select seller_id, gen_random_uuid(), 'customer_balance', tenant_id, 'EUR', 100 from accounts limit 1`,
    seen: ['nobody has spent more than there was'],
  },
  {
    fault: 'funds stay held',
    sql: `insert into ledger_accounts (seller_id, id, kind, account_id, currency, balance_minor)
          select seller_id, gen_random_uuid(), 'blocked_funds', tenant_id, 'EUR', -100 from accounts limit 1`,
    seen: ['held funds are what is charged and not closed'],
  },
  {
    fault: 'a receipt is lost',
    sql: 'delete from payment_receipts',
    seen: ['a payment received what its receipts say'],
  },
  {
    fault: 'a receipt is booked twice',
    sql: `insert into ledger_postings select seller_id, gen_random_uuid(), kind, natural_key || '2', account_id, order_id, payment_id, correlation_id, occurred_at
            from ledger_postings where kind = 'receipt'`,
    seen: ['each receipt is booked, once', 'a posting has entries'],
  },
  {
    fault: 'a payment is completed without its money',
    sql: `update payments set received_minor = 0`,
    seen: ['a completed payment is paid, another one is not'],
  },
  {
    fault: 'what was given back is still income',
    sql: `update payments set refunded_minor = total_minor where purpose = 'order'`,
    seen: ['a completed order has its income booked, once'],
  },
  {
    fault: 'a paid order does not go on',
    sql: `update orders set status = 'waiting_for_payment'`,
    seen: ['a completed order is paid, and a paid one goes on'],
  },
  {
    fault: 'a completed order is told of twice',
    sql: `insert into events select seller_id, gen_random_uuid(), type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at, occurred_at
            from events where type = 'order.completed'`,
    seen: ['what became of an order is told, once'],
  },
  {
    fault: 'a completed payment is told to nobody',
    sql: `delete from events where type = 'payment.completed'`,
    seen: ['a completed payment is told, once'],
  },
  {
    fault: 'an order stands without its checkout',
    sql: `update checkouts set status = 'open'`,
    seen: ['a placed checkout has its order, and an order its checkout'],
  },
  {
    fault: 'an order loses a line',
    sql: 'delete from order_lines where net_minor > 0',
    seen: ['an order costs what its lines say'],
  },
  {
    fault: 'an order has no payment',
    sql: 'update payments set order_id = null',
    seen: ['an order has one payment where it costs something'],
  },
  {
    fault: 'a use of a code is counted that is none',
    sql: 'update promo_codes set uses = 3',
    seen: ['a promo code is used no more often than it may be, and says how often it is'],
  },
  {
    fault: 'an order has a code that it has not used, and no line of what came off',
    sql: `update orders set snapshot = snapshot || '{"discount": {"code": "WELCOME", "net_minor": "490"}}'`,
    seen: [
      'a use of a code has its order, and an order with a code its use; what is cancelled has given it back',
      'an order’s discount is its line',
    ],
  },
  {
    fault: 'provisioning never ends',
    sql: `update subscriptions set status = 'activating'`,
    seen: ['nothing is stuck on the way', 'what runs grants what was ordered, and nothing else does'],
  },
  {
    fault: 'the service is asked twice',
    sql: `insert into provisioning_tasks (seller_id, id, order_id, subscription_id, connector, operation, request, status, correlation_id, created_at, updated_at)
          select seller_id, gen_random_uuid(), order_id, subscription_id, connector, operation, request, status, correlation_id, created_at, updated_at
            from provisioning_tasks where order_id is not null`,
    seen: ['the service of an order was asked for once'],
  },
  {
    fault: 'a number is skipped',
    sql: `update orders set number = 'SO000077'`,
    seen: ['documents are numbered without gaps'],
  },
  {
    fault: 'an invoice is lost',
    sql: `insert into invoices select (json_populate_record(i, json_build_object('id', gen_random_uuid(), 'posting_id', gen_random_uuid(),
            'number', 'IN9', 'sequence', 9, 'issued_at', '2000-01-01'))).* from invoices i limit 1;
          delete from invoices where sequence <> 9`,
    seen: ['documents are numbered without gaps', 'income has its document'],
  },
  {
    fault: 'a grant is given twice over',
    sql: 'update quota_grants set units = units * 2',
    seen: ['what runs grants what was ordered, and nothing else does'],
  },
  {
    fault: 'usage is counted twice',
    sql: 'update usages set own = own * 2 where own > 0',
    seen: ['usage is what was reported'],
  },
  {
    fault: 'a report is kept twice',
    sql: `insert into usage_events select seller_id, tenant_id, usage_name, occurred_at + interval '1 ms', key, delta, value, source, event_id, received_at
            from usage_events where source <> 'urn:buylink:migration' limit 1`,
    seen: ['a report is there once'],
  },
  {
    fault: 'an alert does not open',
    sql: 'update alerts set cleared_at = changed_at where cleared_at is null',
    seen: ['alerts are right for the usage'],
  },
  {
    fault: 'an alert stays open',
    sql: 'update usages set own = 0, total = 0',
    seen: ['alerts are right for the usage'],
  },
  {
    fault: 'an event is told to nobody',
    sql: 'update events set relayed_at = null',
    seen: ['no event waits'],
  },
  {
    fault: 'a job is given up',
    sql: `select graphile_worker.add_job('notify', '{}'::json); update graphile_worker._private_jobs set attempts = max_attempts`,
    seen: ['no job has been given up'],
  },
  {
    fault: 'a webhook is forgotten',
    sql: `insert into webhook_endpoints (seller_id, id, url, event_types, secret, created_at, updated_at)
          select seller_id, gen_random_uuid(), 'https://example.com', '{order.completed}', '', '2000-01-01', '2000-01-01' from orders limit 1`,
    seen: ['every webhook is told of every event that it asked for'],
  },
  {
    fault: 'a request never gets its answer',
    sql: `insert into idempotency_keys (caller, key, request_hash, locked_until, created_at) values ('a', 'b', '', 'infinity', '2000-01-01')`,
    seen: ['no request is half kept'],
  },
  {
    fault: 'a mail is lost',
    sql: 'delete from mails',
    seen: ['a mail that was written is there'],
  },
  {
    fault: 'a delivery is given up',
    sql: `update deliveries set status = 'failed'`,
    seen: ['every delivery is complete'],
  },
]

for (const { fault, sql, seen } of FAULTS)
  test(`is seen: ${fault}`, async () => {
    await client.query('begin')
    try {
      // A fault is a fault because nothing in the database forbids it; what does is out of the way here.
      await client.query('set local session_replication_role = replica')
      const results = [await client.query(sql)].flat()
      assert.ok((results.at(-1)?.rowCount ?? 0) > 0, 'the fault is planted')
      const found = await broken()
      for (const name of seen) assert.ok(found.includes(name), `${name}; found: ${found.join(', ')}`)
      assert.ok(found.length > 0)
    } finally {
      await client.query('rollback')
    }
  })

test('every invariant is broken by one of these faults', () => {
  const seen = new Set(FAULTS.flatMap((each) => each.seen))
  assert.deepEqual(
    ALL.map(({ name }) => name).filter((name) => !seen.has(name)),
    [],
  )
})
