import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import { tenantOf } from '../tenants/index.ts'
import { applyConfiguration, exportConfiguration } from './apply-configuration.ts'

const TAG = 'Configuration'

/** A reseller as one file, there and back. */
export const configurationRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/configuration',
    scope: 'configuration:read',
    tag: TAG,
    summary: 'Write a reseller’s catalogue, prices, stores, brand and managers into one YAML file',
    description:
      'Mail settings and API secrets stay out. Applied to an empty installation, the file gives the same file again.',
    input: z.object({ sellerId: idOf<TenantId>().optional().meta({ description: 'By default your own reseller' }) }),
    output: z.object({ file: z.string() }),
    async handle({ db, actor }, { sellerId }) {
      return { file: await exportConfiguration(db, actor, sellerId ?? tenantOf(actor.sellerId)) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/configuration/applications',
    scope: 'configuration:write',
    tag: TAG,
    summary: 'Apply a reseller’s file, or see what it would change',
    description:
      'All of it or nothing. What the file does not list is left alone. With `expected` (the `digest` of a dry run) the file is applied only if it still changes what was looked at. The reseller is known by its name, and made where there is none.',
    input: z.object({
      file: z.string().max(1_000_000).meta({ description: 'YAML' }),
      dryRun: z.boolean().default(false),
      expected: z.string().max(100).optional(),
    }),
    output: z.object({
      sellerId: Uuid,
      reseller: z.string(),
      isNew: z.boolean(),
      applied: z.boolean(),
      changes: z.array(z.object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
      digest: z.string(),
    }),
    bodyLimit: 2 * 1024 * 1024,
    async handle({ db, clock, actor }, input) {
      const plan = await applyConfiguration(db, clock, actor, input)
      const changes = plan.changes.map(({ path, from, to }) => ({ path, from: from ?? null, to: to ?? null }))
      return { ...plan, changes, applied: !input.dryRun }
    },
  }),
]
