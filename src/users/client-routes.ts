import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { searchInput, sortInput } from '../platform/http/list.ts'
import { idOf, Instant, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { getTenant } from '../tenants/index.ts'
import { changeClient, deleteClient } from './change-client.ts'
import { CLIENT_LISTING, findVisibleClient, pageOfClients } from './client-store.ts'
import { grantClient } from './grant-client.ts'
import { type ApiClient, RoleId } from './schema.ts'

const TAG = 'API clients'
const Key = z.object({ clientId: z.string().max(64) })
const name = z.string().trim().min(1, 'Give it a name').max(200)

const ClientView = z.object({
  id: z.string(),
  tenantId: Uuid,
  name: z.string(),
  role: RoleId,
  scopes: z.array(z.string()).nullable().meta({ description: 'What of the role it is narrowed to; null: all of it' }),
  enabled: z.boolean(),
  createdAt: Instant,
})
type ClientView = z.output<typeof ClientView>

const viewClient = ({ id, tenantId, name, roleId, scopes, enabled, createdAt }: ApiClient): ClientView => ({
  id,
  tenantId,
  name,
  role: roleId,
  scopes: scopes === null ? null : [...scopes],
  enabled,
  createdAt,
})

/** Programs that call the API for a tenant. */
export const clientRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/clients',
      scope: 'clients:read',
      tag: TAG,
      summary: 'List the API clients of a tenant',
      input: z.object({
        ...pageInput,
        ...sortInput(CLIENT_LISTING),
        ...searchInput,
        tenantId: idOf<TenantId>().optional().meta({ description: 'By default your own' }),
      }),
      output: pageOf(ClientView),
      async handle({ db, actor }, { tenantId = actor.tenantId, ...wish }) {
        await getTenant(db, actor, tenantId)
        const page = await pageOfClients(db, actor, tenantId, wish)
        return { items: page.items.map(viewClient), nextCursor: page.nextCursor }
      },
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/clients',
    scope: 'clients:write',
    tag: TAG,
    summary: 'Create an API client; its secret is told this once',
    description: 'Never with more rights than you have: what your role lacks of the wanted one is left out.',
    input: z.object({
      tenantId: idOf<TenantId>().optional().meta({ description: 'By default your own' }),
      name,
      role: RoleId.optional().meta({ description: 'By default that of the tenant’s administrator' }),
      scopes: z.array(z.string().max(100)).min(1).max(200).optional(),
    }),
    output: ClientView.extend({ secret: z.string().meta({ description: 'Told this once' }) }),
    status: 201,
    async handle({ db, clock, actor }, { tenantId = actor.tenantId, role: roleId, ...input }) {
      const { client, secret } = await grantClient(db, clock, actor, {
        ...input,
        tenantId,
        roleId,
        type: 'api_client',
        authMethod: 'client_secret_basic',
      })
      return { ...viewClient(client), secret }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/clients/:clientId',
    scope: 'clients:read',
    tag: TAG,
    summary: 'Read an API client',
    input: Key,
    output: ClientView,
    async handle({ db, actor }, { clientId }) {
      const client = await findVisibleClient(db, actor, clientId)
      if (!client) throw new BuylinkError('not_found', 'There is no such client.')
      return viewClient(client)
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/clients/:clientId',
    scope: 'clients:write',
    tag: TAG,
    summary: 'Rename, disable or enable an API client',
    description: 'A disabled one gets no token, and those it has stop working within a second.',
    input: Key.extend({ name: name.optional(), enabled: z.boolean().optional() }),
    output: ClientView,
    async handle({ db, clock, actor }, { clientId, name: given, enabled }) {
      const change = { ...(given !== undefined && { name: given }), ...(enabled !== undefined && { enabled }) }
      return viewClient(await changeClient(db, clock, actor, clientId, change))
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/clients/:clientId',
    scope: 'clients:write',
    tag: TAG,
    summary: 'Delete an API client',
    input: Key,
    output: z.void(),
    status: 204,
    handle: ({ db, clock, actor }, { clientId }) => deleteClient(db, clock, actor, clientId),
  }),
]
