import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid, Version } from '../platform/http/schemas.ts'
import { deleteUsageType, getUsageType, type IsInUse, listUsageTypes, putUsageType } from './usage-types.ts'

const Unit = z.enum(['bytes', 'quantity']).meta({
  description: 'Bytes are almost reached from 80 % of a quota and reached at all of it; counts are exceeded above it',
})
const View = z.object({
  tenantId: Uuid.meta({ description: 'Who defined it' }),
  usageName: z.string(),
  title: z.string(),
  measurementUnit: Unit,
  version: Version,
})
const Place = { tenantId: idOf<TenantId>(), usageName: z.string().max(64) }
const about = { tag: 'usage types' } as const

/** Usages that a provider counts beside `storage`, `workstations`, `servers`, `vms` and `mobiles`. */
export const usageTypeRoutes = (isInUse: IsInUse): readonly AnyRoute[] => [
  route({
    ...about,
    method: 'GET',
    path: '/api/v1/usage-types/:tenantId',
    scope: 'quotas:read',
    summary: 'List the usages that providers at or above a tenant have defined',
    input: z.object({ tenantId: Place.tenantId }),
    output: z.object({ items: z.array(View) }),
    handle: async ({ db, actor }, { tenantId }) => ({ items: await listUsageTypes(db, actor, tenantId) }),
  }),
  route({
    ...about,
    method: 'GET',
    path: '/api/v1/usage-types/:tenantId/:usageName',
    scope: 'quotas:read',
    summary: 'Read a usage that a provider has defined',
    input: z.object(Place),
    output: View,
    handle: ({ db, actor }, key) => getUsageType(db, actor, key),
  }),
  route({
    ...about,
    method: 'PUT',
    path: '/api/v1/usage-types/:tenantId/:usageName',
    scope: 'quotas:write',
    summary: 'Define a usage beside the usual ones, for a provider and those below it',
    description:
      'What is left out stays; a new one needs a `title` and counts things unless it says `bytes`. Quotas, usage, alerts and offers take it as any other. A change needs `If-Match` with the version that was read; the unit stays once anything is counted or limited.',
    input: z.object({
      ...Place,
      title: z.string().trim().min(1).max(100).optional(),
      measurementUnit: Unit.optional(),
    }),
    output: View,
    handle: ({ db, clock, actor, request }, input) =>
      putUsageType(db, clock, actor, isInUse, { ...input, ifVersion: request.ifMatch }),
  }),
  route({
    ...about,
    method: 'DELETE',
    path: '/api/v1/usage-types/:tenantId/:usageName',
    scope: 'quotas:write',
    summary: 'Take a usage away that nobody counts or limits',
    input: z.object(Place),
    output: z.object({}),
    status: 204,
    async handle({ db, clock, actor, request }, key) {
      await deleteUsageType(db, clock, actor, isInUse, { ...key, ifVersion: request.ifMatch })
      return {}
    },
  }),
]
