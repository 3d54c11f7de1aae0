import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { platformError, QueryFlag, v2Route } from '../platform/http/v2.ts'
import { type BrandOwners, presentTenant } from './present-tenants.ts'
import { findProfile } from './profile-store.ts'
import { TenantV2 } from './v2-schema.ts'

/** What of the capabilities above `tenants` its routes need. */
export interface TenantServices {
  readonly brandOwnersOf: BrandOwners
}

/** Tenants of the compatible API (facts/acronis-upsell.md §4.3). */
export const tenantV2Routes = (services: TenantServices): AnyRoute[] => [
  v2Route({
    method: 'GET',
    path: '/api/2/tenants/:tenantId',
    scope: 'tenants:read',
    tag: 'tenants (v2)',
    summary: 'Read a tenant',
    input: z.object({
      tenantId: idOf<TenantId>(),
      allowDeleted: QueryFlag.optional(),
      embedPath: QueryFlag.optional(),
      withContacts: QueryFlag.optional(),
    }),
    output: TenantV2,
    async handle({ db, clock, actor }, { tenantId, allowDeleted, embedPath, withContacts }) {
      const tenant = await findProfile(db, actor, tenantId, allowDeleted)
      if (!tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
      return presentTenant(db, tenant, { ...services, now: clock.now(), viewer: actor, embedPath, withContacts })
    },
  }),
]
