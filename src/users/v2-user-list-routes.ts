import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import { decodeCursor, encodeCursor, idOf, Instant, Uuid } from '../platform/http/schemas.ts'
import { platformError, QueryFlag, QueryUuids, v2Route } from '../platform/http/v2.ts'
import { findProfile } from '../tenants/index.ts'
import { rangeOf } from '../tenants/rules.ts'
import { presentUsers } from './present-users.ts'
import { listVisibleUsers } from './profile-store.ts'
import { searchTree } from './search-view.ts'
import { atUserLevel, ListedUserV2, UserV2 } from './v2-user-schema.ts'

const TAG = 'users (v2)'
const Level = z.enum(['stamps', 'basic', 'full'])
const After = z.string().max(50_000).optional()
const Paging = z.object({ cursors: z.object({ after: z.string().optional() }) })
const Ids = z.string().refine((text) => text.split(',').every((id) => Uuid.safeParse(id).success))
/** The whole question and where it ended: how, ids, level, whether with roles, the last user. */
const Place = z.tuple([z.enum(['uuids', 'subtree']), Ids, Level, z.boolean(), Uuid])

/** Lists of users in the compatible API, and the search over tenants and users. */
export const userV2ListRoutes: readonly AnyRoute[] = [
  v2Route({
    method: 'GET',
    path: '/api/2/users',
    scope: 'users:read',
    tag: TAG,
    summary: 'List users by ids, or of a subtree',
    description:
      'Give one of `uuids` and `subtree_root_tenant_id`. Ids that nobody knows, or that are not the caller’s to see, are just not in the list.',
    input: z.object({
      uuids: QueryUuids.optional(),
      subtreeRootTenantId: idOf<TenantId>().optional(),
      lod: Level.default('full'),
      withAccessPolicies: QueryFlag.default(false),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      after: After,
    }),
    output: z.object({ timestamp: Instant, items: z.array(ListedUserV2), paging: Paging }),
    async handle({ db, clock, actor }, input) {
      const place = input.after === undefined ? undefined : decodeCursor(input.after, Place)
      const [by, ids, lod, withPolicies] = place ?? questionOf(input)
      const tenant = by === 'subtree' ? await findProfile(db, actor, ids) : undefined
      if (by === 'subtree' && !tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
      const rows = await listVisibleUsers(db, actor, {
        ...(by === 'uuids' && { ids: ids.split(',') }),
        ...(tenant && { range: rangeOf(tenant.path) }),
        after: place?.[4],
        limit: input.limit + 1,
      })
      const page = rows.slice(0, input.limit)
      const last = rows.length > input.limit ? page.at(-1) : undefined
      const shown = await presentUsers(db, page, withPolicies)
      return {
        timestamp: clock.now(),
        items: shown.map((user) => atUserLevel(user, lod)),
        paging: { cursors: last ? { after: encode([by, ids, lod, withPolicies, last.id]) } : {} },
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/tenants/:tenantId/users',
    scope: 'users:read',
    tag: TAG,
    summary: 'List the users of a tenant: their ids, or all of them with `include_details`',
    input: z.object({
      tenantId: idOf<TenantId>(),
      includeDetails: QueryFlag.default(false),
      withAccessPolicies: QueryFlag.default(false),
      limit: z.coerce.number().int().min(1).max(1000).default(1000),
      after: After,
    }),
    output: z.object({ items: z.array(z.union([Uuid, UserV2])), paging: Paging }),
    async handle({ db, actor }, { tenantId, includeDetails, withAccessPolicies, limit, after }) {
      if (!(await findProfile(db, actor, tenantId))) throw platformError('tenant_not_found', 'There is no such tenant.')
      const [last] = after === undefined ? [] : decodeCursor(after, z.tuple([Uuid]))
      const rows = await listVisibleUsers(db, actor, { tenantId, after: last, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const end = rows.length > limit ? page.at(-1) : undefined
      return {
        items: includeDetails ? await presentUsers(db, page, withAccessPolicies) : page.map(({ id }) => id),
        paging: { cursors: end ? { after: encodeCursor([end.id]) } : {} },
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/search',
    scope: 'tenants:read',
    tag: 'search (v2)',
    summary: 'Find tenants and users whose words begin with the given ones',
    description:
      'In names of tenants, logins and names of people, at and below a tenant. Users only for who may read them.',
    input: z.object({
      tenant: idOf<TenantId>(),
      text: z.string().trim().min(3).max(200),
      limit: z.coerce.number().int().min(1).max(300).default(10),
    }),
    output: z.object({
      items: z.array(
        z.object({
          objType: z.enum(['tenant', 'user']),
          id: Uuid,
          parentId: Uuid,
          path: z.array(Uuid).meta({ description: 'Tenants above it that the caller sees, the nearest first' }),
          kind: z.string().optional(),
          login: z.string().optional(),
          name: z.string(),
          firstName: z.string().optional(),
          lastName: z.string().optional(),
        }),
      ),
    }),
    async handle({ db, actor }, { tenant, text, limit }) {
      const root = await findProfile(db, actor, tenant)
      if (!root) throw platformError('tenant_not_found', 'There is no such tenant.')
      return { items: await searchTree(db, actor, root, { text, limit, withUsers: actor.scopes.has('users:read') }) }
    },
  }),
]

type Question = readonly ['uuids' | 'subtree', string, z.output<typeof Level>, boolean]

const encode = (place: readonly [...Question, string]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

function questionOf(input: {
  readonly uuids?: readonly string[] | undefined
  readonly subtreeRootTenantId?: string | undefined
  readonly lod: z.output<typeof Level>
  readonly withAccessPolicies: boolean
}): Question {
  const { uuids, subtreeRootTenantId, lod, withAccessPolicies } = input
  if ((uuids === undefined) === (subtreeRootTenantId === undefined))
    throw new BuylinkError('invalid_request', 'Give one of uuids and subtree_root_tenant_id.')
  return uuids
    ? ['uuids', uuids.join(','), lod, withAccessPolicies]
    : ['subtree', subtreeRootTenantId ?? '', lod, withAccessPolicies]
}
