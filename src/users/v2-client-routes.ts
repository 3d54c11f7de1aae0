import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import { decodeCursor, encodeCursor, idOf } from '../platform/http/schemas.ts'
import { platformError, v2Route } from '../platform/http/v2.ts'
import { findProfile } from '../tenants/index.ts'
import { changeClient, deleteClient } from './change-client.ts'
import { findVisibleClient, listVisibleClients } from './client-store.ts'
import { grantClient } from './grant-client.ts'
import type { ApiClient } from './schema.ts'
import { ClientChangeV2, ClientV2, MadeClientV2, NewClientV2 } from './v2-client-schema.ts'

const TAG = 'clients (v2)'
const ClientPath = z.object({ clientId: z.string().max(64) })

/** API clients of the compatible API (facts/acronis-upsell.md §6.2). */
export const clientV2Routes: readonly AnyRoute[] = [
  v2Route({
    method: 'GET',
    path: '/api/2/clients',
    scope: 'clients:read',
    tag: TAG,
    summary: 'List the API clients of a tenant, the caller’s own unless said otherwise',
    input: z.object({
      tenantId: idOf<TenantId>().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      after: z.string().max(500).optional(),
    }),
    output: z.object({
      items: z.array(ClientV2),
      paging: z.object({ cursors: z.object({ after: z.string().optional() }) }),
    }),
    async handle({ db, actor }, { tenantId = actor.tenantId, limit, after }) {
      if (!(await findProfile(db, actor, tenantId))) throw platformError('tenant_not_found', 'There is no such tenant.')
      const [last] = after === undefined ? [] : decodeCursor(after, z.tuple([z.string()]))
      const rows = await listVisibleClients(db, actor, { tenantId, after: last, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const end = rows.length > limit ? page.at(-1) : undefined
      return { items: page.map(presentClient), paging: { cursors: end ? { after: encodeCursor([end.id]) } : {} } }
    },
  }),
  v2Route({
    method: 'POST',
    path: '/api/2/clients',
    scope: 'clients:write',
    tag: TAG,
    summary: 'Create an API client; its secret is told this once',
    description: 'For the caller’s tenant or one below it, and never with more rights than the caller has.',
    input: NewClientV2,
    output: MadeClientV2,
    status: 201,
    async handle({ db, clock, actor }, { data, tokenEndpointAuthMethod, ...input }) {
      const { client, secret } = await grantClient(db, clock, actor, {
        ...input,
        name: data.clientName,
        authMethod: tokenEndpointAuthMethod,
      })
      return { ...presentClient(client), clientSecret: secret, clientSecretExpiresAt: 0 as const }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/clients/:clientId',
    scope: 'clients:read',
    tag: TAG,
    summary: 'Read an API client',
    description: 'Tells a program its own tenant: `tenant_id` of the client it signed in as.',
    input: ClientPath,
    output: ClientV2,
    async handle({ db, actor }, { clientId }) {
      const client = await findVisibleClient(db, actor, clientId)
      if (!client) throw new BuylinkError('not_found', 'There is no such client.')
      return presentClient(client)
    },
  }),
  v2Route({
    method: 'PUT',
    path: '/api/2/clients/:clientId',
    scope: 'clients:write',
    tag: TAG,
    summary: 'Rename, disable or enable an API client',
    description: 'A disabled one gets no token, and those it has stop working within a second.',
    input: ClientChangeV2,
    output: ClientV2,
    async handle({ db, clock, actor }, { clientId, data, status, tokenEndpointAuthMethod }) {
      return presentClient(
        await changeClient(db, clock, actor, clientId, {
          ...(data && { name: data.clientName }),
          ...(status && { enabled: status === 'enabled' }),
          ...(tokenEndpointAuthMethod && { authMethod: tokenEndpointAuthMethod }),
        }),
      )
    },
  }),
  v2Route({
    method: 'DELETE',
    path: '/api/2/clients/:clientId',
    scope: 'clients:write',
    tag: TAG,
    summary: 'Delete an API client',
    input: ClientPath,
    output: z.void(),
    status: 204,
    handle: ({ db, clock, actor }, { clientId }) => deleteClient(db, clock, actor, clientId),
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
