import { randomUUID } from 'node:crypto'
import type { Caller } from './application.ts'
import type { TestDatabase } from './database.ts'
import type { Post } from './every-post.ts'
import { png } from './png.ts'

/** The POSTs of who looks after it all: failed jobs, trials to review, pages to look at. */
export const operationPosts = (
  database: TestDatabase,
  stage: {
    readonly operator: Caller
    readonly reseller: Caller
    readonly order: () => Promise<{ readonly id: string }>
  },
): Readonly<Record<string, () => Promise<Post>>> => {
  const { operator, reseller, order } = stage
  return {
    '/api/v1/products/{product_id}/screenshots': async () => ({
      by: () => reseller,
      path: '/api/v1/products/1/screenshots',
      body: png(3, 2),
      headers: { 'content-type': 'image/png' },
    }),
    '/api/v1/page-previews': async () => ({
      by: () => reseller,
      path: '/api/v1/page-previews',
      body: { body: '# Hi' },
    }),
    '/api/v1/reviews/{review_id}/decision': async () => {
      const id = randomUUID()
      await database.pool.query(
        `insert into trial_reviews (seller_id, id, order_id, account_id, subscription_id, reasons, created_at)
         select seller_id, $2, id, account_id, subscription_id, '[]', created_at from orders where id = $1`,
        [(await order()).id, id],
      )
      return {
        by: () => reseller,
        path: `/api/v1/reviews/${id}/decision`,
        body: { status: 'approved', reason: 'Well known.' },
      }
    },
    '/api/v1/failed-jobs/{job_id}/retry': async () => {
      const { rows } = await database.pool.query<{ id: string }>(
        `select id::text from graphile_worker.add_job('remove-old-keys', run_at => now() + interval '1 day')`,
      )
      return { by: () => operator, path: `/api/v1/failed-jobs/${rows[0]?.id}/retry`, body: {} }
    },
  }
}
