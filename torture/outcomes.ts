import type pg from 'pg'
import { asking } from './quiet.ts'
import type { Outcome, Story } from './stories.ts'
import type { Tally } from './tally.ts'

/**
 * What was acknowledged is in the database: all of it, once, and nothing that nobody asked for.
 *
 * @param others What was done beside the stories.
 */
export const checkOutcomes = (
  address: string,
  ended: ReadonlyMap<Story, Outcome>,
  tally: Tally,
  others: readonly Outcome[] = [],
): Promise<void> =>
  asking(address, async (client) => {
    const outcomes = [...ended.values(), ...others]
    await checkOrders(
      client,
      outcomes.flatMap(({ orders = [] }) => orders),
      tally,
    )
    await checkManagers(
      client,
      outcomes.flatMap(({ managerName }) => managerName ?? []),
      tally,
    )
    await checkUsage(
      client,
      outcomes.flatMap(({ usage = [] }) => usage),
      tally,
    )
    await checkBalances(client, ended, tally)
  })

async function checkOrders(client: pg.Client, told: NonNullable<Outcome['orders']>, tally: Tally): Promise<void> {
  const { rows } = await client.query<{ id: string; number: string; status: string }>(`
    select o.id, o.number, o.status from orders o join users u on u.seller_id = o.seller_id and u.tenant_id = o.account_id
     where u.email like '%@torture.example'`)
  const found = new Map(rows.map((row) => [row.id, row]))
  for (const { id, status } of told) {
    const order = found.get(id)
    if (!order) tally.problem('lost', `order ${id} was acknowledged`)
    else if (order.status !== status) tally.problem('half', `order ${order.number} is ${order.status}, not ${status}`)
    found.delete(id)
  }
  for (const { number } of found.values()) tally.problem('doubled', `order ${number} is nobody's`)
  tally.count('orders', told.length)
}

async function checkManagers(client: pg.Client, names: readonly string[], tally: Tally): Promise<void> {
  const { rows } = await client.query<{ name: string; count: number }>(
    `select name, count(*)::integer as count from managers where name like 'story-%' group by name`,
  )
  const counts = new Map(rows.map(({ name, count }) => [name, count]))
  for (const name of names) {
    const count = counts.get(name) ?? 0
    if (count !== 1) tally.problem(count === 0 ? 'lost' : 'doubled', `manager ${name} is there ${count} times`)
  }
  tally.count('managers', names.length)
}

async function checkUsage(client: pg.Client, told: NonNullable<Outcome['usage']>, tally: Tally): Promise<void> {
  const { rows } = await client.query<{ source: string; event_id: string }>(
    `select source, event_id from usage_events where source like 'urn:torture:%'`,
  )
  const found = new Set(rows.map(({ source, event_id }) => `${source} ${event_id}`))
  const wanted = new Set(told.map(({ source, id }) => `${source} ${id}`))
  for (const event of wanted) if (!found.has(event)) tally.problem('lost', `usage event ${event} was acknowledged`)
  if (found.size !== rows.length) tally.problem('doubled', `${rows.length - found.size} usage events are there twice`)
  for (const event of found) if (!wanted.has(event)) tally.problem('doubled', `usage event ${event} is nobody's`)
  tally.count('usage_events', told.length)
}

async function checkBalances(client: pg.Client, ended: ReadonlyMap<Story, Outcome>, tally: Tally): Promise<void> {
  const expected = new Map<string, bigint>()
  for (const [{ customer }, { balanceMinor = 0n }] of ended)
    expected.set(customer.accountId, (expected.get(customer.accountId) ?? 0n) + balanceMinor)
  const { rows } = await client.query<{ account_id: string; balance: string }>(
    `select account_id, -balance_minor as balance from ledger_accounts where kind = 'customer_balance'`,
  )
  const found = new Map(rows.map(({ account_id, balance }) => [account_id, BigInt(balance)]))
  for (const [accountId, wanted] of expected) {
    const balance = found.get(accountId) ?? 0n
    if (balance !== wanted)
      tally.problem(
        balance < wanted ? 'lost' : 'doubled',
        `account ${accountId} has ${balance} and not ${wanted} minor units`,
      )
  }
  tally.count('balances', expected.size)
}
