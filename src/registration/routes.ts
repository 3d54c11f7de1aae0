import { z } from 'zod'
import { AccountDetails, AccountView, presentAccount, safeReturnTo } from '../accounts/index.ts'
import { decideTouch, formatTouch, MANAGER_COOKIE, managerCookieOptions, parseTouch } from '../attribution/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, UserId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import { type AnyRoute, type RouteContext, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { changePassword, Email, Password } from '../users/index.ts'
import { registerFully } from './complete.ts'
import { confirmRegistration } from './confirm-registration.ts'
import type { RegistrationFace } from './face.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { presentSession } from './present-session.ts'
import { register } from './register.ts'
import { resellerRoutes } from './reseller-routes.ts'
import { requestPasswordReset, resetPassword } from './reset-password.ts'
import { SessionView } from './schema.ts'
import { noteSignIn, identify } from './sign-in.ts'
import { tellOfSignIn } from './tell-sign-in.ts'

/** Tries a minute for one address, where guessing or mailing is what a stranger would do with more. */
const FEW = 10
/** A language tag as browsers send it; it is kept with the user and goes into pages and mails. */
const Language = z.string().regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/, 'Must be a language tag such as en')
const Token = z.string().max(200)
/** Of an authenticator app, or a recovery code. */
const Code = z.string().max(40)
const CheckMail = z.object({ status: z.literal('check_mail') })
const TAG = 'Session and registration'

type Context = Pick<RouteContext, 'db' | 'clock' | 'request' | 'reply' | 'actor'>

/** Sign-in, registration and passwords (docs: "Session, registration"). */
export function registrationRoutes(face: RegistrationFace): AnyRoute[] {
  const { sessions } = face

  /** The view of somebody who was signed in by this very request, whose actor is still a stranger. */
  async function viewOf(
    { db, request }: Context,
    user: { sellerId: SellerId; id: string },
    csrfToken: string,
  ): Promise<SessionView> {
    const principal = await face.loaders.loadUserPrincipal(user.sellerId, user.id)
    // Someone disabled them between their password and now.
    if (!principal) throw new BuylinkError('invalid_credentials', 'E-mail address or password is wrong.')
    return presentSession(db, face, { kind: 'user', id: user.id, ...principal }, { host: request.host, csrfToken })
  }

  /** The key of the browser that registered goes on in the one that confirmed. */
  function passOnKey({ clock, request, reply }: Context, sellerId: SellerId, kept: string | undefined): void {
    const now = clock.now()
    const sellerPath = face.stores.listOf(sellerId)[0]?.sellerPath
    if (sellerPath === undefined) return
    const touch = decideTouch({
      incoming: parseTouch(kept, now),
      existing: parseTouch(request.cookies[MANAGER_COOKIE], now),
      sellerPath,
      directory: face.managers,
    })
    if (touch !== null) reply.setCookie(MANAGER_COOKIE, formatTouch(touch), managerCookieOptions(touch, now))
  }

  return [
    ...resellerRoutes(face),
    ...invitationRoutes(face),
    route({
      method: 'GET',
      path: '/api/v1/session',
      scope: null,
      tag: TAG,
      summary: 'Read who is signed in, at which store, and what they may',
      input: z.object({}),
      output: SessionView,
      async handle({ db, actor, request }) {
        const visitor = actor.kind === 'anonymous' ? null : actor
        return presentSession(db, face, visitor, { host: request.host, csrfToken: sessions.csrfTokenOf(request) })
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/sessions',
      scope: null,
      tag: TAG,
      summary: 'Sign in',
      description:
        'At a store’s host people of that store and of the resellers above it sign in, elsewhere everyone. Where the password fits people of several stores, the answer is 409 `conflict` with `stores`: repeat with the `seller_id` of one. Where a second factor is in force, it is 401 `second_factor_required`: repeat with `code`.',
      input: z.object({
        email: Email,
        password: Password,
        sellerId: idOf<SellerId>().optional(),
        code: Code.optional(),
      }),
      output: SessionView,
      status: 201,
      limitPerMinute: FEW,
      async handle(context, input) {
        const { db, clock, actor, request } = context
        const user = await identify(db, face, { ...input, host: request.host })
        await face.secondFactors.check(db, clock, { sellerId: user.sellerId, userId: user.id }, input.code)
        const { csrfToken, isKnownBrowser } = await sessions.start(context, {
          sellerId: user.sellerId,
          userId: user.id,
        })
        await noteSignIn(db, clock, face, actor, { ...user, isKnownBrowser })
        return viewOf(context, user, csrfToken)
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/session',
      scope: null,
      tag: TAG,
      summary: 'Sign out',
      input: z.object({}),
      output: z.void(),
      status: 204,
      async handle(context) {
        await sessions.end(context)
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/registrations',
      scope: null,
      tag: TAG,
      summary: 'Begin a quick registration: mail a link that confirms the address',
      description:
        'The answer is the same whether or not the address is known. `return_to` is a path of the control panel (`/client/…`), kept until the link is opened, on whatever device.',
      input: z.object({
        email: Email,
        returnTo: z.string().max(10_000).optional(),
        language: Language.optional(),
      }),
      output: CheckMail,
      status: 202,
      limitPerMinute: FEW,
      async handle({ db, clock, actor, request }, { email, returnTo, language }) {
        await register(db, clock, face, actor, {
          email,
          host: request.host,
          returnTo,
          language: language ?? request.language,
          managerKey: request.cookies[MANAGER_COOKIE],
        })
        return { status: 'check_mail' as const }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/registrations/confirm',
      scope: null,
      tag: TAG,
      summary: 'Confirm the address with the mailed token and sign in',
      description: 'Works once. Used again, or after 48 hours, it answers 410 `token_expired`.',
      input: z.object({ token: Token }),
      output: z.object({ session: SessionView, returnTo: z.string() }),
      limitPerMinute: FEW,
      async handle(context, { token }) {
        const { db, clock, actor, request } = context
        const confirmed = await confirmRegistration(db, clock, face, actor, context, { token, host: request.host })
        const { sellerId, userId, csrfToken } = confirmed
        passOnKey(context, sellerId, confirmed.context.managerKey)
        const session = await viewOf(context, { sellerId, id: userId }, csrfToken)
        return { session, returnTo: safeReturnTo(confirmed.context.returnTo) }
      },
    }),
    route({
      method: 'PUT',
      path: '/api/v1/account/registration',
      scope: 'accounts:write',
      tag: TAG,
      summary: 'Complete the registration of one’s own account, or correct it',
      description:
        'Needed before an order is placed. The first time it accepts the privacy policy where the store has one, may set a password, and credits the account to the manager whose key the customer came with.',
      input: AccountDetails.extend({
        firstName: z.string().trim().max(100),
        lastName: z.string().trim().max(100),
        password: Password.optional(),
        acceptPrivacy: z.boolean(),
      }),
      output: AccountView,
      async handle({ db, clock, actor, request }, { firstName, lastName, password, acceptPrivacy, ...details }) {
        const account = await registerFully(db, clock, face, actor, {
          details,
          firstName,
          lastName,
          password,
          acceptPrivacy,
          touch: parseTouch(request.cookies[MANAGER_COOKIE], clock.now()),
          host: request.host,
          ifMatch: request.ifMatch,
        })
        return presentAccount(db, face.accountFacts, account)
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/password-resets',
      scope: null,
      tag: TAG,
      summary: 'Mail a link for a new password',
      description: 'The answer is the same whether or not the address is known. The link works once, for one hour.',
      input: z.object({ email: Email, returnTo: z.string().max(10_000).optional(), language: Language.optional() }),
      output: CheckMail,
      status: 202,
      limitPerMinute: FEW,
      async handle({ db, clock, actor, request }, { email, returnTo, language }) {
        const input = { email, host: request.host, returnTo, language: language ?? request.language }
        await requestPasswordReset(db, clock, face, actor, input)
        return { status: 'check_mail' as const }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/password-resets/confirm',
      scope: null,
      tag: TAG,
      summary: 'Set a new password with the mailed token and sign in',
      description: 'Ends every other session. A password that is too weak leaves the token as it was.',
      input: z.object({ token: Token, password: Password, code: Code.optional() }),
      output: SessionView,
      limitPerMinute: FEW,
      async handle(context, { token, password, code }) {
        const { db, clock, actor, request } = context
        const input = { token, password, code, host: request.host }
        const {
          sellerId,
          userId,
          csrfToken,
          context: kept,
        } = await resetPassword(db, clock, face, actor, context, input)
        passOnKey(context, sellerId, kept.managerKey)
        return viewOf(context, { sellerId, id: userId }, csrfToken)
      },
    }),
    route({
      method: 'PUT',
      path: '/api/v1/session/password',
      scope: null,
      tag: TAG,
      summary: 'Change one’s own password',
      description: '`current_password` is needed where there is one. Ends every other session.',
      input: z.object({ currentPassword: Password.optional(), password: Password }),
      output: z.void(),
      status: 204,
      limitPerMinute: FEW,
      async handle({ db, clock, actor, request }, input) {
        if (actor.kind !== 'user') throw new BuylinkError('unauthenticated', 'Sign in first.')
        const session = await sessions.find(request)
        const { sellerId, correlationId } = actor
        const userId = actor.id as UserId
        await transaction(db, async (tx) => {
          await changePassword(tx, clock, actor, input)
          await sessions.endAllOf(tx, { sellerId, userId }, session?.token)
          await tellOfSignIn(tx, face, { sellerId, userId, correlationId, at: clock.now() }, 'password_changed')
        })
      },
    }),
  ]
}
