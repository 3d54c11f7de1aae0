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

/** What a person is asked: may it go on? */
export const reviewRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/reviews',
      scope: 'reviews:read',
      tag: TAG,
      summary: 'List what a person is asked to decide about, newest first',
      description:
        'What a credit hold would stop, where the account class leaves that to a person. And a trial where a user’s address is of a throw-away mailbox, or another account with the same VAT number, phone, company and postcode or mailbox has tried the product. Both run meanwhile.',
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
    summary: 'Approve, so that it goes on, or refuse, so that it is stopped',
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
