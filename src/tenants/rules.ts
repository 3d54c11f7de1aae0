import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { PricingMode, TenantKind } from './schema.ts'

const CHILDREN: Readonly<Record<TenantKind, readonly TenantKind[]>> = {
  root: ['partner', 'folder', 'customer'],
  partner: ['partner', 'folder', 'customer'],
  folder: ['partner', 'folder', 'customer'],
  customer: ['unit'],
  unit: ['unit'],
}

/** Which kinds may stand below which (facts/acronis-upsell.md §4.1). */
export const mayContain = (parent: TenantKind, child: TenantKind): boolean => CHILDREN[parent].includes(child)

/** Partners and the root keep their own books. */
export const isSeller = (kind: TenantKind): boolean => kind === 'root' || kind === 'partner'

/** The partner or root that a seller is, in the tree. */
export const tenantOf = (sellerId: SellerId): TenantId => sellerId as string

/** A partner or root as the keeper of its books. */
export const sellerOf = (tenantId: TenantId): SellerId => tenantId as string

/** Whether the tenant at `path` is the one at `ancestor` or lies below it (ltree `path <@ ancestor`). */
export const isAtOrBelow = (path: string, ancestor: string): boolean =>
  path === ancestor || path.startsWith(`${ancestor}.`)

/** The same decision as `visibleTo` makes in SQL, for tenants already in memory. */
export const isVisible = (
  tenant: { readonly path: string; readonly accessPath: string },
  actor: { readonly path: string },
): boolean => isAtOrBelow(tenant.path, actor.path) && isAtOrBelow(actor.path, tenant.accessPath)

/**
 * How a tenant is billed at this moment: a trial ends by itself on its day (facts/acronis-upsell.md §4.3), whether or not
 * somebody writes it down then.
 */
export const pricingAt = (
  tenant: { readonly pricingMode: PricingMode; readonly productionStartAt: Date | null },
  now: Date,
): PricingMode =>
  tenant.pricingMode === 'trial' && tenant.productionStartAt !== null && tenant.productionStartAt <= now
    ? 'production'
    : tenant.pricingMode

/** A trial lasts for the rest of its month and one full month: it ends on the first day of the month after. */
export const trialEnd = (from: Date): Date => new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 2, 1))

/**
 * The range of paths at and below one: labels are numbers, and an ltree compares labels byte by byte, so the first path
 * that is not below `1.1001` is `1.10010`. An index in the order of paths reads it from any place on.
 */
export const rangeOf = (path: string): { readonly from: string; readonly before: string } => ({
  from: path,
  before: `${path}0`,
})
