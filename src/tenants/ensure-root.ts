import { invariant } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { sellerOf } from './rules.ts'
import type { Tenant } from './schema.ts'
import { findRoot, insertTenant } from './store.ts'
import { systemActor } from './system-actor.ts'

const ROOT_NUMBER = 1n

/**
 * The operator's tenant, made on the first start. Two servers that start at once agree on one: its path is unique.
 *
 * @param input Name and ISO 4217 currency of a root that has to be made; an existing one stays as it is.
 */
export async function ensureRoot(
  db: Db | Tx,
  clock: Clock,
  input: { readonly name?: string; readonly currency?: string } = {},
): Promise<Tenant> {
  return transaction(db, async (tx) => {
    const existing = await findRoot(tx)
    if (existing) return existing
    const at = clock.now()
    const id = newId<TenantId>(at.getTime())
    const path = String(ROOT_NUMBER)
    const root: Tenant = {
      id,
      number: ROOT_NUMBER,
      parentId: null,
      sellerId: sellerOf(id),
      kind: 'root',
      name: input.name ?? 'Operator',
      path,
      accessPath: path,
      ancestralAccess: true,
      enabled: true,
      language: 'en',
      currency: input.currency ?? 'USD',
      version: 1n,
      createdAt: at,
      updatedAt: at,
    }
    if (await insertTenant(tx, root)) {
      const actor = systemActor(root.sellerId, id, path, 'start')
      const subject = { kind: 'tenant', id }
      const about = { sellerId: root.sellerId, subject, tenantId: id, actor, correlationId: actor.correlationId, at }
      await audit(tx, { ...about, action: 'tenant.create', details: { kind: 'root', number: path } })
    }
    const made = await findRoot(tx)
    invariant(made, 'a root that cannot be inserted is there already')
    return made
  })
}
