import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byText, byTime, readPage, searchInput, sortInput, listing } from '../platform/http/list.ts'
import { Instant, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { ReviewKind, ReviewReason, ReviewStatus } from './schema.ts'

export const ReviewView = z.object({
  id: Uuid,
  kind: ReviewKind,
  status: ReviewStatus,
  reasons: z.array(ReviewReason),
  account: z.object({ id: Uuid, name: z.string() }),
  order: z.object({ id: Uuid, number: z.string() }).nullable().meta({ description: 'Of a trial' }),
  subscription: z.object({ id: Uuid, name: z.string() }),
  createdAt: Instant,
  decidedBy: z.string().nullable(),
  decidedReason: z.string(),
  decidedAt: Instant.nullable(),
})
export const ReviewList = pageOf(ReviewView)
const LISTING = listing(
  'newest',
  {
    created_at: byTime('createdAt'),
    customer: byText(sql`x.account ->> 'name'`),
    status: byText('status'),
  },
  { search: [sql`x.account ->> 'name'`] },
)
export const ReviewQuery = z.object({
  ...pageInput,
  ...sortInput(LISTING),
  ...searchInput,
  status: ReviewStatus.optional(),
})

type Row = z.output<typeof ReviewView> & { readonly sellerId: SellerId }

const REVIEWS = sql`
  select r.seller_id as "sellerId", r.id, r.kind, r.status, r.reasons, jsonb_build_object('id', t.id, 'name', t.name) as account,
         case when o.id is not null then jsonb_build_object('id', o.id, 'number', o.number) end as "order",
         jsonb_build_object('id', s.id, 'name', s.name) as subscription, r.created_at as "createdAt",
         coalesce((select u.email from users u where u.seller_id = r.seller_id and u.id::text = r.decided_by), r.decided_by) as "decidedBy", r.decided_reason as "decidedReason", r.decided_at as "decidedAt"
    from trial_reviews r
    join tenants t on t.id = r.account_id
    join accounts a on a.seller_id = r.seller_id and a.tenant_id = r.account_id
    left join orders o on o.seller_id = r.seller_id and o.id = r.order_id
    join subscriptions s on s.seller_id = r.seller_id and s.id = r.subscription_id`

/** Reviews of accounts the caller sees; a reviewed read over the sellers of a subtree. */
export async function listReviews(
  db: Db,
  actor: Principal,
  { status, ...wish }: z.output<typeof ReviewQuery>,
): Promise<z.output<typeof ReviewList>> {
  const rows = sql`
    ${REVIEWS} where ${accountVisibleTo(actor)} and (${status ?? null}::text is null or r.status = ${status ?? null})`
  const page = await readPage<Row>(db, rows, LISTING, wish)
  return { items: page.items.map(({ sellerId: _, ...review }) => review), nextCursor: page.nextCursor }
}

export async function findReview(db: Db, actor: Principal, id: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`${REVIEWS} where r.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  return rows[0]
}
