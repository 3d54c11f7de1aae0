import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, updateTenant } from '../tenants/index.ts'
import { DEFAULT_SETTINGS, mayHaveBrand } from './rules.ts'
import type { BrandSettings } from './schema.ts'
import { findSettings, saveEnabled } from './store.ts'

export interface NewBrand {
  readonly tenantId: TenantId
  /** What differs from the options stored before, else from the defaults. */
  readonly settings?: Partial<BrandSettings>
}

/**
 * Gives a tenant and all below it a look of its own, and the Buy URL in it. Raises the tenant's version by one.
 * Publishes `brand.updated`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: customers and units have no brand.
 */
export async function enableBrand(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  input: NewBrand,
): Promise<BrandSettings> {
  return transaction(db, async (tx) => {
    const tenant = await getTenant(tx, actor, input.tenantId)
    if (!mayHaveBrand(tenant.kind)) throw new BuylinkError('unprocessable', `A ${tenant.kind} has no brand of its own.`)
    const at = clock.now()
    // The version first: its row lock makes writers of one brand wait for each other.
    await updateTenant(tx, tenant.id, at, {})
    const settings = { ...DEFAULT_SETTINGS, ...(await findSettings(tx, tenant.id)), ...input.settings }
    await saveEnabled(tx, tenant.id, settings, at)
    const about = {
      sellerId: tenant.sellerId,
      subject: { kind: 'tenant', id: tenant.id },
      tenantId: tenant.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { enabled: true, fields: Object.keys(input.settings ?? {}) }
    await publish(tx, { ...about, type: 'brand.updated', payload: details })
    await audit(tx, { ...about, action: 'brand.enable', details })
    await hintChange(tx, tenant.sellerId)
    return settings
  })
}
