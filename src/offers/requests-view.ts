import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { Instant, pageOf, Uuid } from '../platform/http/schemas.ts'
import { AnswerView } from './offer-shape.ts'

/** Somebody who would rather be called, or may not buy, with what they were shown. */
export const RequestView = z.object({
  id: Uuid.meta({ description: 'Of the offers that were shown' }),
  account: z.object({ id: Uuid, name: z.string() }),
  by: z.object({ name: z.string(), email: z.string() }).nullable().meta({ description: 'Null: a program, or gone' }),
  answer: AnswerView,
  question: z.string(),
  askedAt: Instant,
  reply: z.string(),
  answeredAt: Instant.nullable(),
  answeredBy: z.string().nullable(),
  isOrdered: z.boolean().meta({ description: 'One of the offers was ordered since' }),
})
export const REQUEST_LISTING = listing('newest', {
  asked_at: byTime('askedAt'),
  customer: byText(sql`x.account ->> 'name'`),
})
export const RequestList = pageOf(RequestView)

interface Row {
  readonly id: string
  readonly account: { readonly id: string; readonly name: string }
  readonly by: { readonly name: string; readonly email: string } | null
  readonly answer: z.input<typeof AnswerView>
  readonly question: string
  readonly askedAt: Date
  readonly reply: string
  readonly answeredAt: Date | null
  readonly answeredBy: string | null
  readonly isOrdered: boolean
}

/** Of a seller's accounts, as far as the caller sees them. */
export async function listRequests(
  db: Db,
  actor: Principal,
  { status, ...wish }: PageWish & { readonly status?: 'open' | 'answered' | undefined },
): Promise<z.output<typeof RequestList>> {
  const rows = sql`
    select f.id, jsonb_build_object('id', t.id, 'name', t.name) as account, f.answer, f.question, f.asked_at as "askedAt", f.reply,
           f.answered_at as "answeredAt", f.status = 'placed' as "isOrdered",
           case when u.id is not null then jsonb_build_object('name', trim(u.first_name || ' ' || u.last_name), 'email', u.email) end as by,
           (select nullif(trim(w.first_name || ' ' || w.last_name), '') from users w where w.id = f.answered_by and w.seller_id = f.seller_id) as "answeredBy"
      from offers f
      join accounts a on a.seller_id = f.seller_id and a.tenant_id = f.account_id
      join tenants t on t.id = f.account_id
      left join users u on u.seller_id = f.seller_id and u.id = f.user_id
     where f.asked_at is not null and f.seller_id = ${actor.sellerId} and ${accountVisibleTo(actor)}
       and (${status ?? null}::text is null or (f.answered_at is null) = (${status ?? null} = 'open'))`
  const { items, nextCursor } = await readPage<Row>(db, rows, REQUEST_LISTING, wish)
  return { items: items.map((row) => ({ ...row, answer: z.decode(AnswerView, row.answer) })), nextCursor }
}
