import { z } from 'zod'
import type { ManagerId } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput } from '../platform/http/list.ts'
import { idOf, Instant, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { findUserByEmail } from '../users/index.ts'
import { AccountAttribution, accountAttribution } from './account-attribution-view.ts'
import { changeManager, deleteManager } from './change-manager.ts'
import { createManager } from './create-manager.ts'
import { getManagerView, listManagerViews, MANAGER_LISTING } from './manager-view.ts'
import { relinkAccount } from './relink-account.ts'
import { ManagerRole, ManagerView } from './schema.ts'

const TAG = 'Managers'
const text = (most: number) => z.string().trim().max(most)
const Flag = z.enum(['true', 'false']).transform((word) => word === 'true')

/** Absent fields stay as they are, or are empty in a new one. */
const fields = {
  name: text(200).optional(),
  email: text(254).optional(),
  phone: text(50).optional(),
  key: z
    .string()
    .max(200)
    .nullable()
    .optional()
    .meta({
      description: 'Case-sensitive, unique in the installation; once given, never anybody else’s',
      examples: ['carter81'],
    }),
  role: ManagerRole.optional(),
  active: z.boolean().optional(),
  userId: idOf<UserId>().nullable().optional(),
  userEmail: text(254).nullable().optional().meta({ description: 'In place of `user_id`: the user’s e-mail address' }),
  supervisorId: Uuid.nullable().optional(),
  accountId: idOf<TenantId>().nullable().optional(),
}

/** The user named by id or by address; undefined: not named at all. */
async function userOf(
  db: Db,
  sellerId: SellerId,
  { userId, userEmail }: { userId?: UserId | null | undefined; userEmail?: string | null | undefined },
): Promise<UserId | null | undefined> {
  if (userEmail === undefined) return userId
  if (userEmail === null || userEmail === '') return null
  const user = await findUserByEmail(db, sellerId, userEmail.toLowerCase())
  if (user) return user.id
  const message = 'Nobody of this reseller has this e-mail address.'
  throw new BuylinkError('unprocessable', message, { problems: [{ path: 'user_email', code: 'invalid', message }] })
}

const Key = z.object({ managerId: Uuid })
const AccountKey = z.object({ accountId: idOf<TenantId>() })

export const managerRoutes = (): AnyRoute[] => [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/managers',
      scope: 'managers:read',
      tag: TAG,
      summary: 'List managers with their keys',
      description:
        'Managers of the caller’s reseller and of those below it; a sales manager reads only their own. `query` matches a part of name, e-mail address or key.',
      input: z.object({
        ...pageInput,
        ...sortInput(MANAGER_LISTING),
        query: z.string().max(200).optional(),
        active: Flag.optional(),
        isPartner: Flag.optional(),
      }),
      output: pageOf(ManagerView),
      handle: ({ db, actor }, filter) => listManagerViews(db, actor, filter),
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/managers',
    scope: 'managers:write',
    tag: TAG,
    summary: 'Add a manager',
    input: z.object({
      ...fields,
      role: ManagerRole.default('sales'),
      isPartner: z.boolean().optional(),
      sellerId: idOf<TenantId>().optional().meta({ description: 'By default the caller’s own reseller' }),
    }),
    output: ManagerView,
    status: 201,
    async handle({ db, clock, actor }, { name = '', sellerId, ...input }) {
      const home = sellerId ?? tenantOf(actor.sellerId)
      const { sellerId: seller } = await getTenant(db, actor, home)
      const userId = await userOf(db, seller, input)
      const manager = await createManager(db, clock, actor, { ...input, userId, name, sellerId: home })
      return getManagerView(db, actor, manager.id)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/managers/:managerId',
    scope: 'managers:read',
    tag: TAG,
    summary: 'Read one manager',
    input: Key,
    output: ManagerView,
    handle: ({ db, actor }, { managerId }) => getManagerView(db, actor, managerId),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/managers/:managerId',
    scope: 'managers:write',
    tag: TAG,
    summary: 'Change a manager',
    description:
      'What is absent stays. Accounts and orders credited so far stay credited; an inactive manager, another role or a key taken back counts for what comes from now on.',
    input: Key.extend(fields),
    output: ManagerView,
    async handle({ db, clock, actor, request }, { managerId, ...change }) {
      const { sellerId } = await getManagerView(db, actor, managerId)
      const userId = await userOf(db, sellerId as SellerId, change)
      await changeManager(db, clock, actor, { ...change, userId, id: managerId, ifMatch: request.ifMatch })
      return getManagerView(db, actor, managerId)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/managers/:managerId',
    scope: 'managers:write',
    tag: TAG,
    summary: 'Delete a manager',
    description: 'Accounts and orders keep them by name. The key is never given to anybody else.',
    input: Key,
    output: z.void(),
    status: 204,
    async handle({ db, clock, actor, request }, { managerId }) {
      await deleteManager(db, clock, actor, { id: managerId as ManagerId, ifMatch: request.ifMatch })
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/accounts/:accountId/attribution',
    scope: 'managers:read',
    tag: TAG,
    summary: 'Tell why an account is credited to whom',
    description:
      'What every touch led to, the newest first, and who is credited; with `at` as of that moment. Visits that met no registration and no order leave no line.',
    input: AccountKey.extend({ at: Instant.optional() }),
    output: AccountAttribution,
    handle: ({ db, clock, actor }, { accountId, at }) => accountAttribution(db, actor, accountId, at ?? clock.now()),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/accounts/:accountId/manager',
    scope: 'accounts:write',
    tag: TAG,
    summary: 'Link an account to another manager, or to none',
    description:
      'For the provider’s staff, with a reason that stays in the history. What was ordered until now stays credited as it was.',
    input: AccountKey.extend({
      managerId: Uuid.nullable().default(null),
      reason: text(500).default(''),
    }),
    output: AccountAttribution,
    async handle({ db, clock, actor, request }, input) {
      await relinkAccount(db, clock, actor, { ...input, ifMatch: request.ifMatch })
      return accountAttribution(db, actor, input.accountId, clock.now())
    },
  }),
]
