import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import { v2Route } from '../platform/http/v2.ts'
import { findVisibleClient } from './client-store.ts'
import type { ApiClient } from './schema.ts'
import { ClientV2 } from './v2-client-schema.ts'

/** API clients of the compatible API (facts/acronis-upsell.md §6.2). */
export const clientV2Routes: readonly AnyRoute[] = [
  v2Route({
    method: 'GET',
    path: '/api/2/clients/:clientId',
    scope: 'clients:read',
    tag: 'clients (v2)',
    summary: 'Read an API client',
    description: 'Tells a program its own tenant: `tenant_id` of the client it signed in as.',
    input: z.object({ clientId: z.string().max(64) }),
    output: ClientV2,
    async handle({ db, actor }, { clientId }) {
      const client = await findVisibleClient(db, actor, clientId)
      if (!client) throw new BuylinkError('not_found', 'There is no such client.')
      return presentClient(client)
    },
  }),
]

const presentClient = (client: ApiClient): ClientV2 => ({
  clientId: client.id,
  type: client.type,
  tenantId: client.tenantId,
  tokenEndpointAuthMethod: client.authMethod,
  data: { clientName: client.name },
  roleId: client.roleId,
  scopes: client.scopes === null ? null : [...client.scopes],
  status: client.enabled ? 'enabled' : 'disabled',
  createdAt: client.createdAt,
  createdBy: client.createdBy,
})
