import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Sessions } from '../platform/auth/sessions.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Instant } from '../platform/http/schemas.ts'
import { findVisibleUser } from './profile-store.ts'
import { Password } from './schema.ts'
import type { SecondFactors } from './second-factors.ts'

const TAG = 'Session and registration'
/** Guesses a minute for one address. */
const FEW = 10
const Code = z.string().trim().min(1, 'Enter the code').max(40)
const State = z.object({
  confirmedAt: Instant.nullable().meta({ description: 'Since when it is asked for; null: it is not' }),
  recoveryCodesLeft: z.int().nonnegative(),
})

/** A second factor beside the password: one-time codes of an authenticator app (RFC 6238). */
export const secondFactorRoutes = (factors: SecondFactors, sessions: Sessions): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/session/second-factor',
    scope: null,
    tag: TAG,
    summary: 'Read whether one’s own sign-in asks for a code',
    input: z.object({}),
    output: State,
    async handle({ db, actor }) {
      if (actor.kind !== 'user') throw new BuylinkError('unauthenticated', 'Sign in first.')
      return factors.stateOf(db, { sellerId: actor.sellerId, userId: actor.id as UserId })
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/session/second-factor',
    scope: null,
    tag: TAG,
    summary: 'Begin to set up one’s own second factor',
    description:
      'Answers a secret for an authenticator app, as text and as `otpauth://` address for a QR code. Nothing is asked for before a code confirms it; begun again, the former secret is worth nothing.',
    input: z.object({ password: Password }),
    output: z.object({ secret: z.string(), url: z.string() }),
    status: 201,
    limitPerMinute: FEW,
    async handle({ db, clock, actor }, { password }) {
      if (actor.kind !== 'user') throw new BuylinkError('unauthenticated', 'Sign in first.')
      return factors.begin(db, clock, actor, password)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/session/second-factor/confirm',
    scope: null,
    tag: TAG,
    summary: 'Put one’s own second factor in force with a first code',
    description:
      'Answers ten recovery codes, shown this once; each signs in once without the app. Every other session ends.',
    input: z.object({ code: Code }),
    output: z.object({ recoveryCodes: z.array(z.string()) }),
    limitPerMinute: FEW,
    async handle({ db, clock, actor, request }, { code }) {
      if (actor.kind !== 'user') throw new BuylinkError('unauthenticated', 'Sign in first.')
      const recoveryCodes = await factors.confirm(db, clock, actor, code)
      const session = await sessions.find(request)
      await sessions.endAllOf(db, { sellerId: actor.sellerId, userId: actor.id }, session?.token)
      return { recoveryCodes }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/session/second-factor/remove',
    scope: null,
    tag: TAG,
    summary: 'Sign in without a second factor from now on',
    input: z.object({ code: Code }),
    output: z.void(),
    status: 204,
    limitPerMinute: FEW,
    async handle({ db, clock, actor }, { code }) {
      if (actor.kind !== 'user') throw new BuylinkError('unauthenticated', 'Sign in first.')
      await factors.remove(db, clock, actor, code)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/users/:userId/second-factor',
    scope: 'users:read',
    tag: 'Users',
    summary: 'Read whether somebody’s sign-in asks for a code',
    input: z.object({ userId: idOf<UserId>() }),
    output: State,
    async handle({ db, actor }, { userId }) {
      const user = await findVisibleUser(db, actor, userId)
      if (!user) throw new BuylinkError('not_found', 'There is no such user.')
      return factors.stateOf(db, { sellerId: user.sellerId, userId })
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/users/:userId/second-factor',
    scope: 'users:write',
    tag: 'Users',
    summary: 'Take away the second factor of somebody who has lost it',
    description: 'Be sure that it is them who ask. They sign in with their password alone until they set up another.',
    input: z.object({ userId: idOf<UserId>() }),
    output: z.void(),
    status: 204,
    handle: ({ db, clock, actor }, { userId }) => factors.reset(db, clock, actor, userId),
  }),
]
