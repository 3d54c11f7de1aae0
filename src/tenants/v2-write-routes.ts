import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import { idOf, Version } from '../platform/http/schemas.ts'
import { platformError, QueryVersion, v2Route } from '../platform/http/v2.ts'
import { changePricing } from './change-pricing.ts'
import { changeTenant } from './change-tenant.ts'
import { mergeContact } from './contact.ts'
import { deleteTenants, restoreTenant } from './delete-tenant.ts'
import { presentTenant } from './present-tenants.ts'
import { findProfile } from './profile-store.ts'
import { pricingAt } from './rules.ts'
import type { TenantProfile } from './schema.ts'
import type { TenantServices } from './tree-needs.ts'
import { NewTenantV2, PricingV2, TenantChangeV2, TenantV2, writtenContact } from './v2-schema.ts'

const TAG = 'tenants (v2)'
const TenantPath = z.object({ tenantId: idOf<TenantId>() })

/** Changing tenants in the compatible API (facts/acronis-upsell.md §4.3): each write raises the version by exactly one. */
export const tenantV2WriteRoutes = (services: TenantServices): AnyRoute[] => {
  const shown = (context: { db: Parameters<typeof presentTenant>[0]; clock: { now(): Date } }, tenant: TenantProfile) =>
    // As seen from the tenant itself: its writer may just have been shut out of it.
    presentTenant(context.db, tenant, {
      brandOwnersOf: services.brandOwnersOf,
      now: context.clock.now(),
      viewer: tenant,
    })

  return [
    v2Route({
      method: 'POST',
      path: '/api/2/tenants',
      scope: 'tenants:write',
      tag: TAG,
      summary: 'Create a tenant',
      description:
        'A customer gets a payer account and begins in `trial`; a partner keeps its own books from the start. Units stand below customers and units, everything else below the root, partners and folders.',
      input: NewTenantV2,
      output: TenantV2,
      status: 201,
      async handle(context, { updateLock, contact, companyBillingContact, ...input }) {
        const { db, clock, actor } = context
        const tenant = await transaction(db, async (tx) => {
          const { customerType, customerId, internalTag, defaultIdpId, ...rest } = input
          const made = await services.foundTenant(tx, clock, actor, {
            kind: rest.kind,
            parentId: rest.parentId,
            name: rest.name,
            uniqueName: true,
            ...(rest.language !== undefined && { language: rest.language }),
            ...(rest.enabled !== undefined && { enabled: rest.enabled }),
            ...(rest.ancestralAccess !== undefined && { ancestralAccess: barrier(rest.kind, rest.ancestralAccess) }),
            details: {
              ...(customerType !== undefined && { customerType }),
              ...(customerId !== undefined && { customerId }),
              ...(internalTag !== undefined && { internalTag }),
              ...(defaultIdpId !== undefined && { defaultIdpId }),
              ...(updateLock?.enabled && { updateLockedBy: actor.tenantId }),
              contact: mergeContact({}, writtenContact(contact ?? {})),
              ...(companyBillingContact && {
                billingContact: { ...writtenContact(companyBillingContact), types: ['company_billing'], id: newId() },
              }),
            },
          })
          return (await findProfile(tx, made, made.id)) as TenantProfile
        })
        return shown(context, tenant)
      },
    }),
    v2Route({
      method: 'PUT',
      path: '/api/2/tenants/:tenantId',
      scope: 'tenants:write',
      tag: TAG,
      summary: 'Change a tenant: its words, its place, its kind, whether it is enabled',
      description: 'What is absent stays as it is. Another `version` than the present one is refused (409, code 1001).',
      input: TenantChangeV2,
      output: TenantV2,
      async handle(context, { tenantId, updateLock, contact, brandId: _deprecated, ...input }) {
        const changed = await changeTenant(context.db, context.clock, context.actor, services, {
          ...input,
          id: tenantId,
          ...(contact && { contact: writtenContact(contact) }),
          ...(updateLock && { updateLock: updateLock.enabled }),
        })
        return shown(context, changed)
      },
    }),
    v2Route({
      method: 'DELETE',
      path: '/api/2/tenants/:tenantId',
      scope: 'tenants:write',
      tag: TAG,
      summary: 'Delete a disabled tenant and all below it',
      input: TenantPath.extend({ version: QueryVersion }),
      output: z.void(),
      status: 204,
      handle: ({ db, clock, actor }, { tenantId, version }) =>
        deleteTenants(db, clock, actor, services, [{ id: tenantId, version }]),
    }),
    v2Route({
      method: 'POST',
      path: '/api/2/tenants/batch/delete',
      scope: 'tenants:write',
      tag: TAG,
      summary: 'Delete several disabled tenants, all or none',
      input: z.object({
        items: z
          .array(z.object({ id: idOf<TenantId>(), version: Version }))
          .min(1)
          .max(100),
      }),
      output: z.void(),
      status: 204,
      handle: ({ db, clock, actor }, { items }) => deleteTenants(db, clock, actor, services, items),
    }),
    v2Route({
      method: 'POST',
      path: '/api/2/tenants/:tenantId/restore',
      scope: 'tenants:write',
      tag: TAG,
      summary: 'Bring back a deleted tenant, with what was deleted together with it',
      input: TenantPath,
      output: TenantV2,
      handle: async (context, { tenantId }) =>
        shown(context, await restoreTenant(context.db, context.clock, context.actor, tenantId)),
    }),
    v2Route({
      method: 'GET',
      path: '/api/2/tenants/:tenantId/pricing',
      scope: 'tenants:read',
      tag: TAG,
      summary: 'Read how a tenant is billed',
      input: TenantPath,
      output: PricingV2,
      async handle({ db, clock, actor }, { tenantId }) {
        const tenant = await findProfile(db, actor, tenantId)
        if (!tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
        return pricingOf(tenant, clock.now())
      },
    }),
    v2Route({
      method: 'PUT',
      path: '/api/2/tenants/:tenantId/pricing',
      scope: 'tenants:write',
      tag: TAG,
      summary: 'Change how a tenant is billed; a trial ends once and for all',
      input: TenantPath.extend(PricingV2.partial().shape).extend({ version: PricingV2.shape.version }),
      output: PricingV2,
      async handle({ db, clock, actor }, { tenantId, ...write }) {
        return pricingOf(await changePricing(db, clock, actor, { ...write, id: tenantId }), clock.now())
      },
    }),
  ]
}

const pricingOf = (tenant: TenantProfile, now: Date): z.output<typeof PricingV2> => ({
  mode: pricingAt(tenant, now),
  currency: tenant.pricingCurrency as z.output<typeof PricingV2>['currency'],
  version: tenant.pricingVersion,
  productionStartDate: tenant.productionStartAt,
})

function barrier(kind: string, ancestralAccess: boolean): boolean {
  if (kind === 'unit' && !ancestralAccess)
    throw new BuylinkError('unprocessable', 'A unit cannot shut out those above it.')
  return ancestralAccess
}
