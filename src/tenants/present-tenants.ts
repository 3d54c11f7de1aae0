import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { pricingAt } from './rules.ts'
import type { StoredContact, TenantProfile } from './schema.ts'
import { findRoot, idsOfNumbers } from './store.ts'
import type { ContactV2, TenantV2 } from './v2-schema.ts'

/** Whose brand applies at each tenant; `branding` tells. Those without any enabled brand above them are missing. */
export type BrandOwners = (
  db: Db | Tx,
  tenantIds: readonly TenantId[],
) => Promise<ReadonlyMap<TenantId, { readonly id: TenantId; readonly number: bigint }>>

export interface Presentation {
  readonly brandOwnersOf: BrandOwners
  readonly now: Date
  readonly viewer: { readonly path: string }
  readonly withContacts?: boolean | undefined
  readonly embedPath?: boolean | undefined
}

/** Tenants as API v2 shows them. A brand goes by the id and number of the tenant that it belongs to. */
export async function presentTenants(
  db: Db | Tx,
  tenants: readonly TenantProfile[],
  { brandOwnersOf, now, viewer, withContacts = false, embedPath = false }: Presentation,
): Promise<TenantV2[]> {
  const owners = await brandOwnersOf(
    db,
    tenants.map(({ id }) => id),
  )
  // Where nobody has a brand, the installation's own look applies: the root's.
  const root = tenants.every(({ id }) => owners.has(id)) ? undefined : await findRoot(db)
  const ids = embedPath
    ? await idsOfNumbers(
        db,
        tenants.flatMap(({ path }) => path.split('.')),
      )
    : undefined
  return tenants.map((tenant) => {
    const brand = owners.get(tenant.id) ?? root
    const pricingMode = pricingAt(tenant, now)
    const contact = presentContact(tenant, tenant.contact)
    const billing = tenant.billingContact && presentContact(tenant, tenant.billingContact)
    // Of those above the viewer nobody is told.
    const above = tenant.path.split('.').slice(viewer.path.split('.').length - 1, -1)
    const path = ids && above.toReversed().map((number) => ids.get(number) ?? tenant.id)
    return {
      id: tenant.id,
      version: tenant.version,
      createdAt: tenant.createdAt,
      updatedAt: tenant.updatedAt,
      deletedAt: tenant.deletedAt,
      name: tenant.name,
      customerType: tenant.customerType,
      parentId: tenant.parentId ?? tenant.id,
      kind: tenant.kind,
      contact,
      contacts: withContacts ? [contact, ...(billing ? [billing] : [])] : [],
      enabled: tenant.enabled,
      customerId: tenant.customerId,
      brandId: Number(brand?.number ?? 0n),
      brandUuid: brand?.id ?? tenant.id,
      brandEnabled: owners.get(tenant.id)?.id === tenant.id,
      internalTag: tenant.internalTag,
      language: tenant.language,
      ownerId: tenant.ownerId,
      hasChildren: tenant.hasChildren,
      defaultIdpId: tenant.defaultIdpId,
      updateLock: { enabled: tenant.updateLockedBy !== null, ownerId: tenant.updateLockedBy },
      ancestralAccess: tenant.ancestralAccess,
      mfaStatus: 'disabled',
      pricingMode,
      productionStartDate: tenant.productionStartAt,
      externalOperationStatus: null,
      ...(path && { path }),
    }
  })
}

export async function presentTenant(db: Db | Tx, tenant: TenantProfile, presentation: Presentation): Promise<TenantV2> {
  const [shown] = await presentTenants(db, [tenant], presentation)
  return shown as TenantV2
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function presentContact(tenant: TenantProfile, stored: StoredContact): ContactV2 {
  return {
    id: stored.id ?? tenant.id,
    created_at: tenant.createdAt,
    updated_at: tenant.updatedAt,
    types: [...(stored.types ?? [])],
    email: text(stored['email']),
    address1: text(stored['address1']),
    address2: text(stored['address2']),
    country: text(stored['country']),
    state: text(stored['state']),
    city: text(stored['city']),
    zipcode: text(stored['zipcode']),
    phone: text(stored['phone']),
    firstname: text(stored['firstname']),
    lastname: text(stored['lastname']),
    title: text(stored['title']),
    website: text(stored['website']),
    industry: text(stored['industry']),
    organization_size: text(stored['organization_size']),
    email_confirmed: stored['email_confirmed'] === true,
    aan: text(stored['aan']),
  }
}
