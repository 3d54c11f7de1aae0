import { z } from 'zod'
import type { Catalog } from '../catalog/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { CorrelationId, SellerId, StoreId, TenantId } from '../kernel/ids.ts'
import { assertMaySpend } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, type RequestFacts, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput } from '../platform/http/list.ts'
import { Amount, idOf, pageInput, Whole } from '../platform/http/schemas.ts'
import { answerRequest } from './answer-request.ts'
import { askProvider } from './ask-provider.ts'
import { makeOffers, type MakeOffersDeps } from './make-offers.ts'
import { OffersView } from './offer-shape.ts'
import { findOffers } from './offers-view.ts'
import { type PlaceOfferDeps, placeOffer } from './place-offer.ts'
import { reassign } from './reassign.ts'
import { listRequests, REQUEST_LISTING, RequestList } from './requests-view.ts'
import { HORIZONS, type HorizonDays } from './schema.ts'
import type { OfferId } from './store.ts'
import { findTimeline, TimelineView } from './timeline-view.ts'

export type OfferRouteDeps = Omit<PlaceOfferDeps, 'db' | 'clock' | 'storeIdOf' | 'catalog'> & {
  readonly catalog: Catalog
  readonly returnHosts: MakeOffersDeps['returnHosts']
  readonly storeFor: (request: RequestFacts, sellerId: SellerId) => StoreId | undefined
}

const OfferKey = z.object({ offerId: idOf<OfferId>() })
const isHorizon = (days: number): days is HorizonDays => (HORIZONS as readonly number[]).includes(days)

async function getOffers(db: Db, actor: Principal, id: OfferId): Promise<OffersView> {
  const offers = await findOffers(db, actor, id)
  if (!offers) throw new BuylinkError('not_found', 'There is no such offer.')
  return offers
}

export const offerRoutes = (deps: OfferRouteDeps): readonly AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/offers',
    scope: 'offers:write',
    summary: 'Ask what ends a shortage',
    description:
      'Today’s truth for a customer and the purchases that end its shortages, the recommended one first, each the smallest that ' +
      'lasts for `horizon_days` by the trend of the last 30. Who asks decides whose quotas are looked at: a signed-in ' +
      'user’s company, or a customer below the API client. Nothing is ordered yet.',
    input: z.object({
      tenantId: idOf<TenantId>().optional().meta({ description: 'A customer; by default the caller’s own' }),
      horizonDays: z
        .int()
        .refine(isHorizon, `Must be one of ${HORIZONS.join(', ')}`)
        .default(90),
      place: z
        .string()
        .regex(/^[A-Za-z0-9_]{1,80}$/)
        .default('api')
        .meta({ description: 'The `origin` of an upsell link, where one led here' }),
      redirectUrl: z.string().max(4096).optional().meta({ description: 'Where to go back to afterwards' }),
      wanted: z
        .array(z.object({ usageName: z.string().max(80), units: Whole }))
        .max(20)
        .default([])
        .meta({ description: 'More that is about to be used' }),
      correlationId: idOf<CorrelationId>().optional().meta({ description: 'By default that of the oldest open alert' }),
    }),
    output: OffersView,
    status: 201,
    handle: async ({ db, clock, actor }, { horizonDays, wanted, ...input }) => {
      const id = await makeOffers({ ...deps, db, clock }, actor, {
        ...input,
        horizonDays: isHorizon(horizonDays) ? horizonDays : 90,
        wanted: new Map(wanted.map(({ usageName, units }) => [usageName, units])),
      })
      return getOffers(db, actor, id)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/offers/:offerId',
    scope: 'offers:read',
    summary: 'Read offers that were made, and what came of them',
    input: OfferKey,
    output: OffersView,
    handle: ({ db, actor }, { offerId }) => getOffers(db, actor, offerId),
  }),
  route({
    method: 'POST',
    path: '/api/v1/offers/:offerId/place',
    scope: 'checkouts:write',
    summary: 'Order one of the offers',
    description:
      'One confirmation: all of its orders are placed, each once, however often this is asked. `expected_total` is the ' +
      '`today` that was shown, else 409 `price_changed`; a higher price a month is agreed to by naming ' +
      '`recurring_after`, else 409 `recurring_not_accepted`.',
    input: OfferKey.extend({
      position: z.int().min(0).default(0),
      expectedTotal: Amount,
      acceptRecurring: Amount.optional(),
      acceptTerms: z.boolean().default(false),
      payFromBalance: z.boolean().default(false),
    }),
    output: OffersView,
    handle: async ({ db, clock, actor, request }, input) => {
      if (input.payFromBalance) assertMaySpend(actor)
      const storeIdOf = (sellerId: SellerId): StoreId => {
        const storeId = deps.storeFor(request, sellerId)
        if (!storeId) throw new BuylinkError('store_not_found', 'This reseller has no store to order from.')
        return storeId
      }
      await placeOffer({ ...deps, db, clock, storeIdOf }, actor, input)
      return getOffers(db, actor, input.offerId)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/timelines/:correlationId',
    scope: 'offers:read',
    summary: 'Read what one thing led to',
    description:
      'From the usage that ran out to the quota that was raised: every event of one correlation id that concerns the ' +
      'caller or whom it sees, in order.',
    input: z.object({ correlationId: idOf<CorrelationId>() }),
    output: TimelineView,
    handle: async ({ db, actor }, { correlationId }) => {
      const timeline = await findTimeline(db, actor, correlationId)
      if (timeline.items.length === 0) throw new BuylinkError('not_found', 'Nothing of this is known.')
      return timeline
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/offers/:offerId/contact',
    scope: 'offers:write',
    summary: 'Hand the offers to the account’s manager',
    input: OfferKey.extend({ message: z.string().trim().max(2000).default('') }),
    output: OffersView,
    handle: async ({ db, clock, actor }, input) => {
      await askProvider({ db, clock }, actor, input)
      return getOffers(db, actor, input.offerId)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/offers/:offerId/reassign',
    scope: 'checkouts:write',
    summary: 'Give a user what only they ran out of, from what the customer has',
    description: 'Where `answer.reassign` says so: for nothing, and once.',
    input: OfferKey,
    output: OffersView,
    handle: async ({ db, clock, actor }, { offerId }) => {
      await reassign({ db, clock }, actor, offerId)
      return getOffers(db, actor, offerId)
    },
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/offer-requests',
      scope: 'offers:answer',
      tag: 'offers',
      summary: 'List whoever asked for a contact, with what they were shown, newest first',
      input: z.object({ ...pageInput, ...sortInput(REQUEST_LISTING), status: z.enum(['open', 'answered']).optional() }),
      output: RequestList,
      handle: ({ db, actor }, wish) => listRequests(db, actor, wish),
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/offers/:offerId/answer',
    scope: 'offers:answer',
    summary: 'Answer whoever asked for a contact',
    description: 'Mailed to the customer’s people, and shown beside the offer. Once.',
    input: OfferKey.extend({ reply: z.string().trim().max(4000).default('') }),
    output: OffersView,
    handle: async ({ db, clock, actor }, input) => {
      await answerRequest({ db, clock }, actor, input)
      return getOffers(db, actor, input.offerId)
    },
  }),
]
