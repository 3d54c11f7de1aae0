import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { idOf } from '../platform/http/schemas.ts'
import { QueryVersion } from '../platform/http/v2.ts'
import { BrandSettings } from './schema.ts'

export const BrandPath = z.object({ tenantId: idOf<TenantId>() })

/** `version` is the tenant's, in the query. */
export const VersionedBrand = BrandPath.extend({
  version: QueryVersion.meta({ description: 'The tenant’s version that was read last' }),
})

/** Some of the 29 options, or a whole body as it was read. */
export const BrandPatch = VersionedBrand.extend(BrandSettings.partial().shape)

export const BrandQuery = BrandPath.extend({
  effective: z
    .enum(['0', '1'])
    .default('0')
    .meta({ description: '1: what applies here, from the nearest branded tenant at or above it' }),
})
