import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { getTenant } from '../tenants/index.ts'
import { assertMayGive, Email, getUserView, RoleId, UserView } from '../users/index.ts'
import type { RegistrationFace } from './face.ts'
import { invite, mailInvitation } from './invite.ts'

const TAG = 'Users'
const name = z.string().trim().max(100).default('')

/** People are invited: nobody chooses a password for somebody else. */
export const invitationRoutes = (face: RegistrationFace): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/users',
    scope: 'users:write',
    tag: TAG,
    summary: 'Invite someone to a tenant by e-mail',
    description:
      'They are mailed a link, good for seven days, to choose a password. Nobody gives a role that may more than they.',
    input: z.object({
      tenantId: idOf<TenantId>().optional().meta({ description: 'An account or a reseller; by default your own' }),
      email: Email,
      firstName: name,
      lastName: name,
      roles: z.array(RoleId).min(1, 'Choose a role').max(5),
      buyer: z.boolean().default(false),
    }),
    output: UserView,
    status: 201,
    async handle({ db, clock, actor }, { tenantId = actor.tenantId, buyer, ...input }) {
      const tenant = await getTenant(db, actor, tenantId)
      assertMayGive(actor, input.roles, tenant.kind)
      const businessTypes = buyer ? ['buyer'] : []
      const user = await invite(db, clock, face, actor, { ...input, tenantId, businessTypes })
      return getUserView(db, actor, user.id)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/users/:userId/invitation',
    scope: 'users:write',
    tag: TAG,
    summary: 'Mail the invitation again to someone who has not taken it up',
    input: z.object({ userId: idOf<UserId>() }),
    output: UserView,
    async handle({ db, clock, actor }, { userId }) {
      const user = await getUserView(db, actor, userId)
      const tenant = await getTenant(db, actor, user.tenantId as TenantId)
      assertMayGive(actor, user.roles, tenant.kind)
      if (user.activated || !user.enabled)
        throw new BuylinkError('unprocessable', 'Only people who are enabled and have no password yet are invited.')
      await mailInvitation(db, clock, face, actor, userId, tenant)
      return user
    },
  }),
]
