import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { isCurrency } from '../kernel/money.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import { Email } from '../users/index.ts'
import { createReseller } from './create-reseller.ts'
import type { RegistrationFace } from './face.ts'

const name = z.string().trim().min(1, 'Give it a name').max(200)

/** New resellers. */
export const resellerRoutes = (face: RegistrationFace): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/resellers',
    scope: 'tenants:write',
    tag: 'Tenants',
    summary: 'Set up a reseller with its first administrator',
    description:
      'The administrator is mailed an invitation, good for seven days, to choose a password. The currency does not change later.',
    input: z.object({
      name,
      currency: z.string().toUpperCase().refine(isCurrency, 'Use an ISO 4217 code such as EUR'),
      language: z
        .string()
        .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, 'Use a language tag such as en')
        .optional(),
      parentId: idOf<TenantId>().optional().meta({ description: 'The reseller above it; by default your own' }),
      administrator: z.object({
        email: Email,
        firstName: z.string().trim().max(100).default(''),
        lastName: z.string().trim().max(100).default(''),
      }),
    }),
    output: z.object({
      id: Uuid,
      number: z.string(),
      name: z.string(),
      administrator: z.object({ id: Uuid, email: z.string() }),
    }),
    status: 201,
    async handle({ db, clock, actor }, { parentId = actor.tenantId, ...input }) {
      const { tenant, administrator } = await createReseller(db, clock, face, actor, { ...input, parentId })
      return {
        id: tenant.id,
        number: String(tenant.number),
        name: tenant.name,
        administrator: { id: administrator.id, email: administrator.email },
      }
    },
  }),
]
