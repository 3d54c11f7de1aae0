import type { Client } from 'pg'
import { sqlIdOf } from './data.ts'

/** Of each usage of each tenant: ten rows of what was reported in all, so ten million of a million tenants. */
const NAMES = ['storage', 'vms']
const EVENTS_EACH = 5
const PART = 100_000

/**
 * Gives every account quotas, usage and the events it was folded from, with the keys that tell doubles. Written in the
 * order of the primary keys, which is many times faster; keys of real events lie anywhere between these.
 *
 * @param accountsEach Accounts of each seller, which are numbered through.
 */
export async function writeUsage(client: Client, accounts: number, accountsEach: number): Promise<void> {
  const seller = sqlIdOf('seller', `a / ${accountsEach}`)
  const account = sqlIdOf('account', 'a')
  for (let first = 0; first < accounts; first += PART) {
    const from = `generate_series(${first}, ${Math.min(first + PART, accounts) - 1}) as a, unnest($1::text[]) with ordinality as u (name, nth)`
    const events = `${from}, generate_series(0, ${EVENTS_EACH - 1}) as e`
    const key = `lpad(to_hex((a * ${NAMES.length} + nth - 1) * ${EVENTS_EACH} + e), 32, '0')::uuid`
    for (const statement of [
      `insert into quotas (seller_id, tenant_id, usage_name, base, updated_at) select ${seller}, ${account}, name, 1000000000000, now() from ${from}`,
      `insert into usages (seller_id, tenant_id, usage_name, own, total, value_at, updated_at)
       select ${seller}, ${account}, name, 1000, 1000, now() - interval '1 day', now() - interval '1 day' from ${from}`,
      `insert into usage_events (seller_id, tenant_id, usage_name, occurred_at, key, value, source, event_id, received_at)
       select ${seller}, ${account}, name, date_trunc('day', now()) - (${EVENTS_EACH} - e) * interval '1 day', ${key}, 1000, '/grown', e::text, now() from ${events}`,
      `insert into usage_event_keys (seller_id, key, received_at) select ${seller}, ${key}, now() from ${events}`,
    ])
      await client.query(statement, [NAMES])
  }
}
