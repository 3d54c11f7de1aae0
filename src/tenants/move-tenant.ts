import type { Clock } from '../kernel/time.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { listInBooks, listLockers, lockSubtree, refreshAccessPaths, rehang, setSeller } from './profile-store.ts'
import { isAtOrBelow, isSeller, mayContain, sellerOf } from './rules.ts'
import type { Tenant, TenantKind, TenantProfile } from './schema.ts'
import type { TenantServices } from './tree-needs.ts'
import { holdParent, standsEnabled } from './store.ts'

export interface ShapeContext {
  readonly clock: Clock
  readonly actor: Principal
  readonly services: TenantServices
}

/**
 * Hangs a claimed tenant, and all below it, under another parent (facts/acronis-upsell.md §4.1).
 *
 * @throws {BuylinkError} Platform codes 1005: no such parent; 1007: it lies below the tenant; 1008: within a customer;
 *   1013: it is disabled; 1014: what the tenant sells is not offered there; 1027: such a kind cannot stand there, or its
 *   seller would change while money or services are open; 1032: who locked the tenant is not above the new place.
 */
export async function moveTenant(
  tx: Tx,
  { clock, actor, services }: ShapeContext,
  tenant: TenantProfile,
  parentId: TenantId,
): Promise<Tenant> {
  const context = { id: String(tenant.number) }
  if (tenant.kind === 'root') throw platformError('business_rules', 'The root stays where it is.', context)
  if (tenant.id === actor.tenantId) throw platformError('business_rules', 'You cannot move your own tenant.', context)
  const parent = await holdParent(tx, actor, parentId)
  if (!parent) throw platformError('tenant_not_found', 'There is no such parent tenant.')
  if (isAtOrBelow(parent.path, tenant.path))
    throw platformError('move_under_child', 'A tenant cannot stand below itself or its own children.', context)
  if (tenant.kind === 'unit' || parent.kind === 'customer' || parent.kind === 'unit')
    throw platformError('move_within_customer', 'Nothing moves into, out of or within a customer.', context)
  if (!mayContain(parent.kind, tenant.kind))
    throw platformError('business_rules', `A ${tenant.kind} cannot stand below a ${parent.kind}.`, context)
  if (!(await standsEnabled(tx, parent.path)))
    throw platformError('move_under_disabled', 'The new parent, or a tenant above it, is disabled.', context)

  await lockSubtree(tx, tenant.path)
  for (const locker of await listLockers(tx, tenant.path))
    if (!isAtOrBelow(locker.path, tenant.path) && !isAtOrBelow(parent.path, locker.path))
      throw platformError('not_below_locker', 'Who locked the tenant is not above the new place.', context)
  await services.assertOffersAt(tx, tenant.path, parent.path)
  const from = tenant.sellerId
  const to = isSeller(tenant.kind) ? from : parent.sellerId
  if (from !== to) {
    const tenantIds = await listInBooks(tx, tenant.path, from)
    await services.changeSeller(tx, { tenantIds, from, to, at: clock.now(), actor })
    await setSeller(tx, tenantIds, to)
  }
  const path = await rehang(tx, tenant, parent)
  await refreshAccessPaths(tx, path)
  return parent
}

/**
 * Makes a folder of a partner, or a partner of a folder: whose books its customers are in changes with it.
 *
 * @throws {BuylinkError} Platform code 1027 for every other change, and while money or services are open.
 */
export async function changeKind(
  tx: Tx,
  { clock, actor, services }: ShapeContext,
  tenant: TenantProfile,
  kind: TenantKind,
  parent: Tenant,
): Promise<void> {
  const isOpen = (each: TenantKind) => each === 'partner' || each === 'folder'
  if (!isOpen(kind) || !isOpen(tenant.kind))
    throw platformError('business_rules', 'Only a partner can become a folder, and a folder a partner.', {
      id: String(tenant.number),
    })
  await lockSubtree(tx, tenant.path)
  const from = tenant.sellerId
  const to = kind === 'partner' ? sellerOf(tenant.id) : parent.sellerId
  const tenantIds = await listInBooks(tx, tenant.path, from)
  if (kind === 'partner') await services.becomeSeller(tx, clock, to)
  await services.changeSeller(tx, { tenantIds, from, to, at: clock.now(), actor, isDissolved: kind === 'folder' })
  // Both at once: who is a partner and whose books those are is one condition of the table.
  await setSeller(tx, tenantIds, to, { id: tenant.id, kind })
}
