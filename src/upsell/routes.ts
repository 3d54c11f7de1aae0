import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { withCsv } from '../platform/http/csv.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import { editionsDecisionFor } from './editions-view.ts'
import { explainUpsell } from './explain.ts'
import { type IsOwnUpgrade, upsellUser } from './facts-view.ts'
import { type ReadUser } from './read-user.ts'
import { FIGURES_BY, readFigures, UpsellFigures } from './figures-view.ts'
import { AlertList, AlertQuery, listAlerts } from './list-alerts-view.ts'
import { presentAlerts, UserAlerts } from './present-alerts.ts'
import { type ShownCounter, shownIn } from './shown.ts'

/** The page of a click: an http(s) address with a host, without credentials. Where it may lead back to is decided later. */
export const RedirectUrl = z
  .string()
  .max(2000)
  .refine((text) => {
    const url = URL.parse(text)
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  }, 'Must be an http or https URL without credentials')

/** Whose alerts: the caller's own, or those of a user below a caller who reads other people's. */
export function subjectOf(actor: Principal, userId: UserId | undefined): UserId {
  if (userId !== undefined) return userId
  if (actor.forUserId !== undefined) return actor.forUserId
  if (actor.kind !== 'user')
    throw new BuylinkError('invalid_request', 'user_id: Say whose alerts.', {
      problems: [{ path: 'user_id', code: 'required', message: 'Say whose alerts' }],
    })
  return actor.id
}

/** Others' alerts are for those who administer them; an own place in the tree is not enough. */
export function assertMayRead(actor: Principal, userId: UserId): void {
  if (actor.forUserId !== undefined && actor.forUserId !== userId)
    throw new BuylinkError('not_found', 'There is no such user.')
  const isOwn = actor.kind === 'user' && actor.id === userId
  if (!isOwn && actor.kind === 'user' && !actor.scopes.has('accounts:read'))
    throw new BuylinkError('not_found', 'There is no such user.')
}

/** A console's token is for one user's own alerts, whatever else its user may read. */
function assertNoUserToken(actor: Principal): void {
  if (actor.forUserId !== undefined)
    throw new BuylinkError('forbidden', 'A user token reads GET /api/v1/alerts and its stream alone.')
}

export const upsellRoutes = (
  isOwnUpgrade: IsOwnUpgrade,
  readUser: ReadUser,
  shown: Pick<ShownCounter, 'note'>,
): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/alerts',
    scope: 'alerts:read',
    summary: 'Read a user’s alerts with what they may do about them',
    description:
      'Today’s truth: what ran out or soon will have, of the customer and of the user’s own, the usage of the menu header, and with `editions=true` the next higher edition where it is promoted. `redirect_url` is the page that shows it; it goes into the links. `user_id` is the caller, unless someone above asks for a user below.',
    input: z.object({
      userId: idOf<UserId>().optional(),
      redirectUrl: RedirectUrl.optional(),
      editions: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: '`true`: also the next higher edition' }),
    }),
    output: UserAlerts,
    async handle({ db, actor }, { userId, redirectUrl, editions }) {
      const subject = subjectOf(actor, userId)
      assertMayRead(actor, subject)
      const user = await readUser(subject, actor)
      // Asked for by few, so that what every console and header reads stays one round trip.
      const edition = editions === 'true' ? await editionsDecisionFor(db, user) : null
      const alerts = presentAlerts(user, edition, redirectUrl ?? null)
      // Whoever asks for somebody else is shown nothing.
      const isOwn = actor.forUserId !== undefined || (actor.kind === 'user' && actor.id === subject)
      if (isOwn) shown.note(user.sellerId, shownIn(alerts))
      return alerts
    },
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/quota-alerts',
      scope: 'alerts:read',
      tag: 'alerts',
      summary: 'List alerts of the tenants at and below the caller, newest first',
      input: AlertQuery,
      output: AlertList,
      async handle({ db, actor }, query) {
        assertNoUserToken(actor)
        return listAlerts(db, actor, query)
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/upsell-explanations/:userId',
    scope: 'alerts:read',
    tag: 'alerts',
    summary: 'Say why a user sees what they see, in each place, with the link',
    input: z.object({ userId: idOf<UserId>(), redirectUrl: RedirectUrl.optional() }),
    output: z.object({
      userId: Uuid,
      tenantId: Uuid.nullable(),
      isBuyer: z.boolean(),
      isCompanyAdministrator: z.boolean(),
      isBranded: z.boolean(),
      buyUrl: z.string().nullable(),
      places: z.array(
        z.object({
          place: z.string(),
          shows: z.enum(['nothing', 'buy_now', 'contact']),
          why: z.string(),
          url: z.string().nullable(),
        }),
      ),
    }),
    async handle({ db, actor }, { userId, redirectUrl }) {
      assertNoUserToken(actor)
      assertMayRead(actor, userId)
      const user = await upsellUser(db, isOwnUpgrade, userId, actor)
      const { customerId: tenantId, isBuyer, isCompanyAdministrator, isBranded, buyUrl } = user
      const places = explainUpsell(user, await editionsDecisionFor(db, user), redirectUrl ?? null)
      return { userId, tenantId, isBuyer, isCompanyAdministrator, isBranded, buyUrl, places }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/upsell-figures',
    scope: 'figures:read',
    tag: 'alerts',
    summary: 'Read how the upsell does: shown, clicked, ordered, paid, raised',
    description:
      'Of the caller’s own seller and those below. Days in UTC, both within; an offer counts on the day it was made, with ' +
      'all that came of it since.',
    input: z.object({ from: z.iso.date(), until: z.iso.date(), by: z.enum(FIGURES_BY).default('place') }),
    output: UpsellFigures,
    handle: ({ db, actor }, { by, ...span }) => readFigures(db, actor, span, by),
  }),
]
