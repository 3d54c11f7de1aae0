import { sql } from 'kysely'
import type { Tx } from '../platform/db.ts'
import { moveRows } from '../platform/move-rows.ts'
import type { SellerChange } from '../tenants/index.ts'

/** What tenants used, and what it was folded from, goes with them to another seller. */
export async function moveUsage(tx: Tx, { tenantIds, from, to }: SellerChange): Promise<void> {
  const events = await tx
    .selectFrom('usage_events')
    .where('seller_id', '=', from)
    .where('tenant_id', '=', sql<string>`any(${[...tenantIds]}::uuid[])`)
    .select('key')
    .execute()
  // Or the same event, sent again, would be counted again.
  await moveRows(tx, 'usage_event_keys', { from, to, column: 'key', ids: events.map(({ key }) => key) })
  const move = { from, to, column: 'tenant_id', ids: tenantIds }
  for (const table of ['usage_events', 'usages', 'usage_samples'] as const) await moveRows(tx, table, move)
}
