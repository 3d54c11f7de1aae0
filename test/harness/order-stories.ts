import pg from 'pg'
import { until } from './visitor.ts'

/** Everything that the tables say of one order: what must be there once and nothing else. */
export interface OrderStory {
  readonly checkout: string
  readonly order: string
  readonly subscription: string
  readonly payments: readonly string[]
  /** Minor units. */
  readonly receipts: readonly string[]
  /** `kind amount` of each entry. */
  readonly ledger: readonly string[]
  readonly tasks: readonly string[]
  /** `usage units` of what the subscription grants. */
  readonly grants: readonly string[]
  readonly events: readonly string[]
  readonly audit: readonly string[]
}

/** Of an order of Backup Business by the month, placed and not paid. */
export const WAITING: OrderStory = {
  checkout: 'placed',
  order: 'waiting_for_payment',
  subscription: 'ordered',
  payments: ['waiting_for_payment'],
  receipts: [],
  ledger: [],
  tasks: [],
  grants: [],
  events: ['order.placed'],
  audit: ['order.place'],
}

/** The same, paid and provisioned. */
export const FINISHED: OrderStory = {
  checkout: 'placed',
  order: 'completed',
  subscription: 'active',
  payments: ['completed'],
  receipts: ['4900'],
  ledger: ['bank_clearing 4900', 'revenue -4900', 'unapplied_cash -4900', 'unapplied_cash 4900'],
  tasks: ['done'],
  grants: ['mobiles 0', 'servers 1', `storage ${500n * 1_073_741_824n}`, 'vms 2', 'workstations 10'],
  events: [
    'order.completed',
    'order.placed',
    'payment.completed',
    'payment.received',
    'provisioning.completed',
    'provisioning.requested',
    'subscription.activated',
  ],
  audit: ['order.place', 'payment.approve'],
}

const STORIES = `
select o.id, json_build_object(
  'checkout', (select c.status from checkouts c where c.id = o.checkout_id and c.order_id = o.id),
  'order', o.status,
  'subscription', (select s.status from subscriptions s where s.id = o.subscription_id),
  'payments', array(select p.status from payments p where p.order_id = o.id or p.subscription_id = o.subscription_id),
  'receipts', array(select r.amount_minor::text from payment_receipts r join payments p on p.id = r.payment_id where p.order_id = o.id order by r.id),
  'ledger', array(select a.kind || ' ' || e.amount_minor from ledger_postings l
                    join ledger_entries e on e.posting_id = l.id join ledger_accounts a on a.id = e.ledger_account_id
                   where l.order_id = o.id order by 1),
  'tasks', array(select t.status from provisioning_tasks t where t.order_id = o.id),
  'grants', array(select g.usage_name || ' ' || g.units from quota_grants g where g.subscription_id = o.subscription_id order by 1),
  'events', array(select e.type from events e where e.subject_id in (select o.id::text union select o.subscription_id::text
                    union select p.id::text from payments p where p.order_id = o.id) order by 1),
  'audit', array(select l.action from audit_log l where l.subject_id in (select o.id::text union select o.subscription_id::text
                    union select p.id::text from payments p where p.order_id = o.id) order by 1)
) as story from orders o order by o.id`

/** What belongs to no order, and documents whose numbers have a gap: must be 0. */
const STRAYS = `
select (select count(*) from subscriptions s where not exists (select from orders o where o.subscription_id = s.id))
     + (select count(*) from payments p where not exists (select from orders o where o.id = p.order_id))
     + (select count(*) from checkouts c where c.status = 'placed' and not exists (select from orders o where o.id = c.order_id))
     + (select count(*) from quota_grants g where not exists (select from subscriptions s where s.id = g.subscription_id))
     + (select abs(count(*) - max(substring(number from 3)::integer)) from orders)
     + (select abs(count(*) - max(substring(number from 3)::integer)) from payments) as strays`

const PENDING = `
select 'event ' || type || ' of ' || occurred_at as waits from events where relayed_at is null
union all
select concat_ws(', ', t.identifier, 'tried ' || j.attempts || ' times', 'due ' || j.run_at, 'held since ' || j.locked_at,
                 'lane held since ' || q.locked_at, left(j.last_error, 300))
  from graphile_worker._private_jobs j
  join graphile_worker._private_tasks t on t.id = j.task_id
  left join graphile_worker._private_job_queues q on q.id = j.job_queue_id`

/** Waits until no event and no job waits: as long as a job takes that fails four times. */
export async function untilQuiet(database: pg.Client | pg.Pool): Promise<void> {
  const pending = async () => (await database.query<{ waits: string }>(PENDING)).rows.map(({ waits }) => waits)
  await until(pending, ({ length }) => length === 0, { what: 'quiet: jobs or events are left', timeoutMs: 150_000 })
}

/** The same. @param address Of the database. */
export async function quiet(address: string): Promise<void> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    await untilQuiet(client)
  } finally {
    await client.end()
  }
}

/**
 * Waits until no event and no job waits, then tells the story of each order by its id, and counts what belongs to none.
 *
 * @param address Of the database.
 */
export async function tellStories(address: string): Promise<{ orders: Map<string, OrderStory>; strays: number }> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    await untilQuiet(client)
    const { rows } = await client.query<{ id: string; story: OrderStory }>(STORIES)
    const { rows: strays } = await client.query<{ strays: string }>(STRAYS)
    return { orders: new Map(rows.map(({ id, story }) => [id, story])), strays: Number(strays[0]?.strays) }
  } finally {
    await client.end()
  }
}
