import { sql } from 'kysely'
import { newId, type SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction } from '../platform/db.ts'
import { ownUsageBelow, setPoolUsage, type UsageKey } from '../usage/index.ts'
import { settleAlerts } from './settle-alerts.ts'

/**
 * Brings what partners and folders with a quota use up to date: their own and that of all below them, over the sellers
 * there; alerts follow. A roll-up each minute, since every usage event of every customer would wait for the same row.
 *
 * @returns How many pools changed.
 */
export async function rollUpPools(db: Db, clock: Clock): Promise<number> {
  const { rows: pools } = await sql<UsageKey & { sellerId: SellerId; path: string }>`
    select q.seller_id as "sellerId", q.tenant_id as "tenantId", q.usage_name as "usageName", t.path::text as path
      from quotas q join tenants t on t.id = q.tenant_id
     where t.kind in ('root', 'partner', 'folder') and t.deleted_at is null
     order by q.tenant_id, q.usage_name`.execute(db)
  let changed = 0
  for (const { sellerId, path, ...key } of pools) {
    const below = await ownUsageBelow(db, path, key)
    await transaction(db, async (tx) => {
      const at = clock.now()
      if (!(await setPoolUsage(tx, sellerId, key, below, at))) return
      changed++
      await settleAlerts(tx, sellerId, [key], at, () => newId())
    })
  }
  return changed
}
