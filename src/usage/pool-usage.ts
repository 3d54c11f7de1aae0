import type { SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { dayOf } from './rules.ts'
import type { UsageKey } from './schema.ts'
import { lockUsages, writeSamples, writeUsages } from './store.ts'

/**
 * Sets what a pool uses: its own and what those below it do.
 *
 * @returns false where nothing has changed. Else the usage stays locked until the transaction ends.
 */
export async function setPoolUsage(
  tx: Tx,
  sellerId: SellerId,
  key: UsageKey,
  below: bigint,
  at: Date,
): Promise<boolean> {
  const [row] = await lockUsages(tx, sellerId, [key])
  if (!row || row.total === row.own + below) return false
  const total = row.own + below
  await writeUsages(tx, sellerId, [{ ...row, total, updatedAt: at }])
  await writeSamples(tx, sellerId, [{ ...key, day: dayOf(at), at, add: null, total }])
  return true
}
