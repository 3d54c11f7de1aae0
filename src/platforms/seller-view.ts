import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { SCOPES } from '../users/index.ts'

/** The system acting for a seller: what its administrator might do. */
export async function actorAt(db: Db, sellerId: SellerId): Promise<Principal> {
  const id = tenantOf(sellerId)
  const { rows } = await sql<{ path: string }>`select path from tenants where id = ${id}`.execute(db)
  const path = rows[0]?.path
  invariant(path, 'a seller is a tenant')
  return { ...systemActor(sellerId, id, path, 'platforms'), scopes: new Set(SCOPES) }
}
