import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { withCsv } from '../platform/http/csv.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Uuid } from '../platform/http/schemas.ts'
import { decideReview } from './decide-review.ts'
import { findReview, listReviews, ReviewList, ReviewQuery, ReviewView } from './review-view.ts'

const TAG = 'Reviews'

async function getReview(db: Db, actor: Principal, id: string) {
  const review = await findReview(db, actor, id)
  if (!review) throw new BuylinkError('not_found', 'There is no such review.')
  return review
}

/** Trials that are marked for a person to look at. */
export const reviewRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/reviews',
      scope: 'reviews:read',
      tag: TAG,
      summary: 'List trials that were marked for review, newest first',
      description:
        'A trial is marked where a user’s address is of a throw-away mailbox, or another account with the same VAT number, phone, company and postcode or mailbox has tried the product. It runs meanwhile.',
      input: ReviewQuery,
      output: ReviewList,
      handle: ({ db, actor }, query) => listReviews(db, actor, query),
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/reviews/:reviewId/decision',
    scope: 'reviews:write',
    tag: TAG,
    summary: 'Approve a trial, or refuse it with a reason: then it is stopped',
    input: z.object({
      reviewId: Uuid,
      status: z.enum(['approved', 'refused']),
      reason: z.string().trim().min(1, 'Say why').max(500),
    }),
    output: ReviewView,
    async handle({ db, clock, actor }, { reviewId, status, reason }) {
      const { sellerId, id } = await getReview(db, actor, reviewId)
      await decideReview(db, clock, actor, { sellerId, id, status, reason })
      const { sellerId: _, ...review } = await getReview(db, actor, reviewId)
      return review
    },
  }),
]
