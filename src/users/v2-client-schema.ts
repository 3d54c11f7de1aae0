import { z } from 'zod'
import { Instant, Uuid } from '../platform/http/schemas.ts'
import { RoleId } from './schema.ts'

/** An API client as API v2 has it (facts/acronis-upsell.md §6.2). Its secret is told once, when it is made. */
export const ClientV2 = z.object({
  clientId: z.string(),
  type: z.enum(['api_client', 'managed_client']),
  tenantId: Uuid.meta({ description: 'The tenant its token gives access to' }),
  tokenEndpointAuthMethod: z.enum(['client_secret_basic', 'client_secret_post']),
  data: z.object({ clientName: z.string() }),
  roleId: RoleId.meta({ description: 'What it may, as of a person with this role at its tenant' }),
  scopes: z
    .array(z.string())
    .nullable()
    .meta({ description: 'What of that it is narrowed to; null: nothing is left out' }),
  status: z.enum(['enabled', 'disabled']),
  createdAt: Instant,
  createdBy: z.string(),
})
export type ClientV2 = z.output<typeof ClientV2>
