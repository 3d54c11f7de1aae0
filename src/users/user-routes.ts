import { z } from 'zod'
import type { TenantId, UserId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { searchInput, sortInput } from '../platform/http/list.ts'
import { idOf, pageInput, pageOf } from '../platform/http/schemas.ts'
import { getTenant } from '../tenants/index.ts'
import { manageUser } from './manage-user.ts'
import { pageOfUsers, USER_LISTING } from './profile-store.ts'
import { RoleId } from './schema.ts'
import { getUserView, UserView, viewUsers } from './user-view.ts'

const TAG = 'Users'
const Key = z.object({ userId: idOf<UserId>() })
const name = z.string().trim().max(100).optional()

/** The people of a tenant. Inviting them is `registration`'s, which mails. */
export const userRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/users',
      scope: 'users:read',
      tag: TAG,
      summary: 'List the people of a tenant, in the order they came',
      input: z.object({
        ...pageInput,
        ...sortInput(USER_LISTING),
        ...searchInput,
        tenantId: idOf<TenantId>().optional().meta({ description: 'An account or a reseller; by default your own' }),
      }),
      output: pageOf(UserView),
      async handle({ db, actor }, { tenantId = actor.tenantId, ...wish }) {
        await getTenant(db, actor, tenantId)
        const page = await pageOfUsers(db, actor, tenantId, wish)
        return { items: await viewUsers(db, page.items), nextCursor: page.nextCursor }
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/users/:userId',
    scope: 'users:read',
    tag: TAG,
    summary: 'Read one person',
    input: Key,
    output: UserView,
    handle: ({ db, actor }, { userId }) => getUserView(db, actor, userId),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/users/:userId',
    scope: 'users:write',
    tag: TAG,
    summary: 'Change someone’s roles, right to the upsell, name; disable or enable them',
    description:
      'What is absent stays. Nobody gives a right they lack, changes somebody who may more, or takes the last administrator away. Who is disabled is signed out at once.',
    input: Key.extend({
      roles: z.array(RoleId).min(1, 'Choose a role').max(5).optional(),
      buyer: z.boolean().optional(),
      enabled: z.boolean().optional(),
      firstName: name,
      lastName: name,
    }),
    output: UserView,
    async handle({ db, clock, actor, request }, { userId, ...change }) {
      await manageUser(db, clock, actor, { ...change, id: userId, ifMatch: request.ifMatch })
      return getUserView(db, actor, userId)
    },
  }),
]
