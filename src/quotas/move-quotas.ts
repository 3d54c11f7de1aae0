import type { Tx } from '../platform/db.ts'
import { moveRows } from '../platform/move-rows.ts'
import type { SellerChange } from '../tenants/index.ts'

/** Quotas and alerts go with their tenants to another seller. Grants do not: they are of subscriptions that have ended. */
export async function moveQuotas(tx: Tx, { tenantIds, from, to }: SellerChange): Promise<void> {
  const move = { from, to, column: 'tenant_id', ids: tenantIds }
  for (const table of ['quotas', 'alerts'] as const) await moveRows(tx, table, move)
}
