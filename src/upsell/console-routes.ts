import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import type { UserTokens } from '../platform/auth/user-tokens.ts'
import { hintChange } from '../platform/changes.ts'
import { transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Instant } from '../platform/http/schemas.ts'
import { getTenant, isSeller } from '../tenants/index.ts'
import { type IsOwnUpgrade, upsellUser } from './facts-view.ts'
import { allowedOrigins, listOrigins, replaceOrigins } from './store.ts'

const Origin = z
  .string()
  .max(300)
  .transform((text) => text.toLowerCase())
  .refine(
    (text) => URL.parse(text)?.origin === text && /^https?:/.test(text),
    'Must be an origin such as https://console.example',
  )
const Origins = z.object({ origins: z.array(z.string()) })

/** What a vendor's console needs to show a reseller's users their alerts. */
export const consoleRoutes = (userTokens: UserTokens, isOwnUpgrade: IsOwnUpgrade): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/user-tokens',
    scope: 'user_tokens:write',
    summary: 'Make a short-lived token with which a console reads one user’s alerts',
    description:
      'For a user at or below the caller’s tenant; good for 15 minutes, for `GET /api/v1/alerts` and its stream alone, and in browsers for pages of the reseller’s console origins alone.',
    input: z.object({ userId: idOf<UserId>() }),
    output: z.object({ token: z.string(), expiresAt: Instant, origins: z.array(z.string()) }),
    status: 201,
    async handle({ db, actor, clock }, { userId }) {
      const user = await upsellUser(db, isOwnUpgrade, userId, actor)
      const origins = await allowedOrigins(db, user.customerId ?? (user.sellerId as string))
      const { sellerId } = user
      return transaction(db, async (tx) => {
        const issued = await userTokens.issue({ sellerId, userId, origins })
        await audit(tx, {
          sellerId,
          action: 'user_token.issue',
          subject: { kind: 'user', id: userId },
          tenantId: user.customerId,
          actor,
          correlationId: actor.correlationId,
          at: clock.now(),
        })
        return { ...issued, origins }
      })
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/console-origins/:tenantId',
    scope: 'user_tokens:write',
    summary: 'Read the origins of consoles that may show alerts of a reseller’s users',
    input: z.object({ tenantId: idOf<TenantId>() }),
    output: Origins,
    async handle({ db, actor }, { tenantId }) {
      await getTenant(db, actor, tenantId)
      return { origins: await listOrigins(db, tenantId) }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/console-origins/:tenantId',
    scope: 'user_tokens:write',
    summary: 'Set the origins of consoles that may show alerts of a reseller’s users',
    description: 'They count for the reseller and those below it. A purchase may lead back to their pages.',
    input: z.object({ tenantId: idOf<TenantId>(), origins: z.array(Origin).max(50).optional() }),
    output: Origins,
    async handle({ db, actor, clock }, { tenantId, origins = [] }) {
      const tenant = await getTenant(db, actor, tenantId)
      if (!isSeller(tenant.kind))
        throw new BuylinkError('unprocessable', 'Only a partner or the root has console origins.')
      const wanted = [...new Set(origins)].sort()
      await transaction(db, async (tx) => {
        const at = clock.now()
        await replaceOrigins(tx, tenantId, wanted, at)
        await audit(tx, {
          sellerId: tenant.sellerId,
          action: 'console_origins.set',
          subject: { kind: 'tenant', id: tenantId },
          tenantId,
          actor,
          correlationId: actor.correlationId,
          at,
          details: { origins: wanted },
        })
        await hintChange(tx, tenant.sellerId)
      })
      return { origins: wanted }
    },
  }),
]
