import { BuylinkError, invariant } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { platformError } from '../platform/http/v2.ts'
import { takeNumber } from '../platform/numbers.ts'
import { claimName } from './claim-name.ts'
import { isSeller, mayContain, sellerOf, trialEnd } from './rules.ts'
import type { Tenant, TenantDetails, TenantKind } from './schema.ts'
import { holdParent, insertTenant, standsEnabled } from './store.ts'

export interface NewTenant {
  readonly parentId: TenantId
  readonly kind: Exclude<TenantKind, 'root'>
  readonly name: string
  /** By default the parent's. */
  readonly language?: string
  /** ISO 4217; null or absent: as above it. Sellers keep their books in it. */
  readonly currency?: string | null
  /** false: nobody above sees this tenant or what lies below it. */
  readonly ancestralAccess?: boolean
  readonly enabled?: boolean
  readonly details?: Partial<TenantDetails>
  /** No other tenant below the parent may have this name. */
  readonly uniqueName?: boolean
}

/**
 * Adds a tenant below one that the actor sees. A partner becomes a seller with books of its own from this moment, so
 * its events are its own too; `accounts` gives it what it needs to have customers (`createSeller`).
 * Publishes `tenant.created`.
 *
 * @throws {BuylinkError} `not_found` when there is no such parent; `unprocessable` when such a kind cannot stand there,
 *   with platform code 1003 when the parent is disabled; `conflict`, 1004, when the name is taken.
 */
export async function createTenant(db: Db | Tx, clock: Clock, actor: Principal, input: NewTenant): Promise<Tenant> {
  return transaction(db, async (tx) => {
    const parent = await holdParent(tx, actor, input.parentId)
    if (!parent) throw new BuylinkError('not_found', 'There is no such tenant.')
    if (!mayContain(parent.kind, input.kind))
      throw new BuylinkError('unprocessable', `A ${input.kind} cannot stand below a ${parent.kind}.`)
    if (!(await standsEnabled(tx, parent.path)))
      throw platformError('parent_disabled', 'The parent, or a tenant above it, is disabled.')
    if (input.uniqueName) await claimName(tx, parent.id, input.name)
    const at = clock.now()
    const id = newId<TenantId>(at.getTime())
    const number = await takeNumber(tx, 'tenant')
    const path = `${parent.path}.${number}`
    const tenant: Tenant = {
      id,
      number,
      parentId: parent.id,
      sellerId: isSeller(input.kind) ? sellerOf(id) : parent.sellerId,
      kind: input.kind,
      name: input.name,
      path,
      accessPath: input.ancestralAccess === false ? path : parent.accessPath,
      ancestralAccess: input.ancestralAccess ?? true,
      enabled: input.enabled ?? true,
      language: input.language ?? parent.language,
      currency: input.currency ?? null,
      version: 1n,
      createdAt: at,
      updatedAt: at,
    }
    const trial = input.kind === 'customer' ? ({ pricingMode: 'trial', productionStartAt: trialEnd(at) } as const) : {}
    invariant(await insertTenant(tx, tenant, { ...trial, ...input.details }), 'a new number makes a new path')
    const about = {
      sellerId: tenant.sellerId,
      subject: { kind: 'tenant', id },
      tenantId: id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { kind: tenant.kind, number: String(number), parent_id: parent.id }
    await publish(tx, { ...about, type: 'tenant.created', payload: details })
    await audit(tx, { ...about, action: 'tenant.create', details })
    return tenant
  })
}
