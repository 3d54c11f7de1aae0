import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { BuylinkError } from '../kernel/errors.ts'

/** Whether the caller is that seller or stands above it. */
export async function isVisibleSeller(db: Db, actor: Principal, sellerId: SellerId): Promise<boolean> {
  try {
    await getTenant(db, actor, tenantOf(sellerId))
    return true
  } catch (error) {
    if (error instanceof BuylinkError && error.code === 'not_found') return false
    throw error
  }
}
