import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { idOf, Instant, Uuid } from '../platform/http/schemas.ts'
import { RoleId } from './schema.ts'

const Type = z.enum(['api_client', 'managed_client'])
const AuthMethod = z.enum(['client_secret_basic', 'client_secret_post'])
const Data = z.object({ clientName: z.string().trim().min(1).max(200) })

/** An API client as API v2 has it (facts/acronis-upsell.md §6.2). Its secret is told once, when it is made. */
export const ClientV2 = z.object({
  clientId: z.string(),
  type: Type,
  tenantId: Uuid.meta({ description: 'The tenant its token gives access to' }),
  tokenEndpointAuthMethod: AuthMethod,
  data: Data,
  roleId: RoleId.meta({ description: 'What it may, as a person with this role at its tenant' }),
  scopes: z
    .array(z.string())
    .nullable()
    .meta({ description: 'What of that it is narrowed to; null: nothing is left out' }),
  status: z.enum(['enabled', 'disabled']),
  createdAt: Instant,
  createdBy: z.string(),
})
export type ClientV2 = z.output<typeof ClientV2>

export const MadeClientV2 = ClientV2.extend({
  clientSecret: z.string().meta({ description: 'Told this once' }),
  clientSecretExpiresAt: z.literal(0),
})

export const NewClientV2 = z.object({
  type: Type.default('api_client'),
  tenantId: idOf<TenantId>(),
  tokenEndpointAuthMethod: AuthMethod.default('client_secret_basic'),
  data: Data,
  roleId: RoleId.optional().meta({ description: 'By default that of the tenant’s administrator' }),
  scopes: z.array(z.string().max(100)).min(1).max(200).optional(),
})

export const ClientChangeV2 = z.object({
  clientId: z.string().max(64),
  tokenEndpointAuthMethod: AuthMethod.optional(),
  data: Data.optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
})
