import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { platformError, QueryVersion, v2Route } from '../platform/http/v2.ts'
import { findProfile, type TenantServices, writtenContact } from '../tenants/index.ts'
import { pricingAt } from '../tenants/rules.ts'
import { changeUser } from './change-user.ts'
import { createUser } from './create-user.ts'
import { deleteUser } from './delete-user.ts'
import { presentPolicy, presentUsers } from './present-users.ts'
import { findVisibleUser, isLoginFree, listPolicies } from './profile-store.ts'
import { loginProblem } from './rules.ts'
import type { UserProfile } from './schema.ts'
import { setPolicies } from './set-policies.ts'
import { AccessPolicyInput, AccessPolicyV2, MeV2, NewUserV2, UserChangeV2, UserV2 } from './v2-user-schema.ts'

const TAG = 'users (v2)'
const UserPath = z.object({ userId: idOf<UserId>() })
const Policies = z.object({ items: z.array(AccessPolicyV2) })

/** Users of the compatible API (facts/acronis-upsell.md §7). */
export const userV2Routes = ({ brandOwnersOf }: Pick<TenantServices, 'brandOwnersOf'>): readonly AnyRoute[] => [
  v2Route({
    method: 'POST',
    path: '/api/2/users',
    scope: 'users:write',
    tag: TAG,
    summary: 'Create a user',
    description:
      'Answers 200, as the documents have it. In a customer or unit the user gets a personal tenant. Roles are given with `PUT …/access_policies`; without a password, the user signs in by a mailed link.',
    input: NewUserV2,
    output: UserV2,
    async handle({ db, clock, actor }, input) {
      const { contact = {}, ...words } = input
      const login = words.login?.trim() ?? contact.email
      const problem = login === undefined ? 'is missing' : loginProblem(login)
      if (login === undefined || problem !== undefined) throw platformError('invalid_login', `The login ${problem}.`)
      const email = contact.email || (login.includes('@') ? login : '')
      if (!z.email().safeParse(email).success) {
        const problems = [{ path: 'contact.email', code: 'required', message: 'Must be an e-mail address' }]
        throw new BuylinkError('invalid_request', 'contact.email: Must be an e-mail address.', { problems })
      }
      const made = await createUser(db, clock, actor, {
        tenantId: words.tenantId,
        login,
        exactLogin: true,
        email,
        roles: [],
        firstName: contact.firstname ?? '',
        lastName: contact.lastname ?? '',
        phone: contact.phone ?? '',
        notifications: words.notifications ?? ['quota', 'reports', 'backup_daily_report'],
        ...(words.language !== undefined && { language: words.language }),
        ...(words.businessTypes && { businessTypes: words.businessTypes }),
        details: {
          enabled: words.enabled ?? true,
          externalId: words.externalId ?? null,
          idpId: words.idpId ?? null,
          disableAfter: words.disableAfter ?? null,
          contact: restOf(contact),
        },
      })
      return one(db, await findVisibleUser(db, actor, made.id))
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/users/me',
    scope: 'session:read',
    tag: TAG,
    summary: 'Read the signed-in user',
    input: z.object({}),
    output: MeV2,
    async handle({ db, actor, clock }) {
      const user = await findVisibleUser(db, actor, actor.id as UserId)
      const tenant = user && (await findProfile(db, actor, user.tenantId))
      if (!tenant) throw noUser()
      const brand = (await brandOwnersOf(db, [tenant.id])).get(tenant.id)
      return {
        ...(await one(db, user)),
        tenantKind: tenant.kind,
        tenantPricingModel: pricingAt(tenant, clock.now()),
        brandId: brand?.id ?? null,
        loginTotpTime: null,
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/users/check_login',
    scope: 'users:read',
    tag: TAG,
    summary: 'Ask whether a login is free',
    description: '204: it is; 409: somebody has it; 406: it is none.',
    input: z.object({ username: z.string().max(1000) }),
    output: z.void(),
    status: 204,
    async handle({ db }, { username }) {
      const login = username.trim()
      const problem = loginProblem(login)
      if (problem !== undefined) throw new BuylinkError('not_acceptable', `The login ${problem}.`)
      if (!(await isLoginFree(db, login))) throw new BuylinkError('conflict', 'Somebody has this login.')
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/users/:userId',
    scope: 'users:read',
    tag: TAG,
    summary: 'Read a user',
    input: UserPath,
    output: UserV2,
    handle: async ({ db, actor }, { userId }) => one(db, await findVisibleUser(db, actor, userId)),
  }),
  v2Route({
    method: 'PUT',
    path: '/api/2/users/:userId',
    scope: 'users:write',
    tag: TAG,
    summary: 'Change a user; `business_types: ["buyer"]` makes a buyer',
    description: 'What is absent stays as it is. Another `version` than the present one is refused (409, code 1001).',
    input: UserChangeV2,
    output: UserV2,
    async handle({ db, clock, actor }, { userId, contact, ...words }) {
      if (contact?.email === '') throw new BuylinkError('invalid_request', 'contact.email: A user has an address.')
      const changed = await changeUser(db, clock, actor, {
        ...words,
        id: userId,
        ...(contact && {
          email: contact.email,
          firstName: contact.firstname,
          lastName: contact.lastname,
          phone: contact.phone,
          contact: restOf(contact),
        }),
      })
      return one(db, changed)
    },
  }),
  v2Route({
    method: 'DELETE',
    path: '/api/2/users/:userId',
    scope: 'users:write',
    tag: TAG,
    summary: 'Delete a disabled user',
    input: UserPath.extend({ version: QueryVersion }),
    output: z.void(),
    status: 204,
    handle: ({ db, clock, actor }, { userId, version }) => deleteUser(db, clock, actor, { id: userId, version }),
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/users/:userId/access_policies',
    scope: 'users:read',
    tag: TAG,
    summary: 'Read which roles a user holds',
    input: UserPath,
    output: Policies,
    async handle({ db, actor }, { userId }) {
      const user = await findVisibleUser(db, actor, userId)
      if (!user) throw noUser()
      return { items: (await listPolicies(db, [user])).map(presentPolicy) }
    },
  }),
  v2Route({
    method: 'PUT',
    path: '/api/2/users/:userId/access_policies',
    scope: 'users:write',
    tag: TAG,
    summary: 'Replace the roles of a user',
    description:
      'The whole list; what is not in it is taken away. Nobody gives a role that may more than they may themselves.',
    input: UserPath.extend({ items: z.array(AccessPolicyInput).max(50) }),
    output: Policies,
    async handle({ db, clock, actor }, { userId, items }) {
      if (items.some(({ trusteeId }) => trusteeId !== undefined && trusteeId !== userId))
        throw platformError('business_rules', 'Each trustee_id must be the user of the path.')
      return { items: (await setPolicies(db, clock, actor, userId, items)).map(presentPolicy) }
    },
  }),
]

const noUser = () => new BuylinkError('not_found', 'There is no such user.')

async function one(db: Parameters<typeof presentUsers>[0], user: UserProfile | undefined): Promise<UserV2> {
  if (!user) throw noUser()
  const [shown] = await presentUsers(db, [user])
  return shown as UserV2
}

/** What of a contact has no column of its own. */
function restOf(contact: Parameters<typeof writtenContact>[0]): Record<string, unknown> {
  const { email: _email, firstname: _first, lastname: _last, phone: _phone, ...rest } = writtenContact(contact)
  return rest
}
