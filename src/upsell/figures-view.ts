import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Amount } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'

export const FIGURES_BY = ['place', 'item', 'reseller', 'day'] as const
export type FiguresBy = (typeof FIGURES_BY)[number]

const Counts = {
  shown: z.int().meta({ description: 'Links to buy: one for each day, alert and place' }),
  clicked: z.int().meta({ description: 'Times that somebody came and was told what ends it' }),
  ordered: z.int().meta({ description: 'Of these, those that became orders' }),
  paid: z.int().meta({ description: 'Of these, those whose orders are all paid' }),
  raised: z.int().meta({ description: 'Of these, those whose quotas are raised' }),
  amounts: z
    .array(z.object({ orders: z.int(), ordered: Amount, paid: Amount }))
    .meta({ description: 'What their orders come to, tax included, by currency' }),
}
const Line = z.object({ key: z.string(), label: z.string(), ...Counts })
/** The upsell from what was shown to what was raised. */
export const UpsellFigures = z.object({ total: z.object(Counts), lines: z.array(Line) })
export type UpsellFigures = z.output<typeof UpsellFigures>

interface Span {
  /** Days, UTC, both within. */
  readonly from: string
  readonly until: string
}

/** Places whose links are counted when they are shown; elsewhere who asks is who is shown. */
const LINKED = sql`(place ilike 'alert_on_%' or place in ('email_notification', 'mc_usage_info'))`

const BY: Readonly<Record<FiguresBy, { readonly shown: RawBuilder<string>; readonly offers: RawBuilder<string> }>> = {
  place: { shown: sql`x.place`, offers: sql`f.place` },
  item: { shown: sql`x.usage_name`, offers: sql`i.usage_name` },
  reseller: { shown: sql`x.seller_id::text`, offers: sql`f.seller_id::text` },
  day: { shown: sql`x.day::text`, offers: sql`(f.created_at at time zone 'utc')::date::text` },
}

/** A seller's own and those of sellers below, as far as the reader sees them. */
const sellersOf = (actor: Principal): RawBuilder<SellerId> => sql`
  select ${actor.sellerId}::uuid union
  select t.id from tenants t where t.kind = 'partner' and t.path <@ ${actor.path}::ltree and ${visibleTo(actor, 't')}`

/**
 * Shown, clicked, ordered, paid, raised, by place, item, reseller or day. What was clicked and all that follows is read
 * from the offers and their very orders, so it reconciles with them; an offer about several items is in the line of
 * each, and in the total once.
 */
export async function readFigures(db: Db, actor: Principal, span: Span, by: FiguresBy): Promise<UpsellFigures> {
  const [lines, [total]] = await Promise.all([read(db, actor, span, by), read(db, actor, span, null)])
  const names =
    by === 'reseller'
      ? await namesOf(
          db,
          lines.map(({ key }) => key),
        )
      : new Map<string, string>()
  return {
    total: withoutKey(total ?? NOTHING),
    lines: lines.map((line) => ({ ...line, label: names.get(line.key) ?? line.key })),
  }
}

const NOTHING = { key: '', shown: 0, clicked: 0, ordered: 0, paid: 0, raised: 0, amounts: [] }
const withoutKey = ({ key: _key, ...counts }: Found): z.output<z.ZodObject<typeof Counts>> => counts

interface Found {
  readonly key: string
  readonly shown: number
  readonly clicked: number
  readonly ordered: number
  readonly paid: number
  readonly raised: number
  readonly amounts: z.output<typeof UpsellFigures>['total']['amounts']
}

async function read(db: Db, actor: Principal, { from, until }: Span, by: FiguresBy | null): Promise<Found[]> {
  const key = by === null ? { shown: sql`''`, offers: sql`''` } : BY[by]
  const { rows } = await sql<
    Omit<Found, 'amounts'> & { amounts: { currency: string; orders: number; ordered: string; paid: string }[] }
  >`
    with sellers as (${sellersOf(actor)}),
    made as (
      select ${key.offers} as key, f.seller_id, f.id, f.raised_at, (not ${LINKED}) as is_shown
        from offers f
        ${by === 'item' ? sql`cross join unnest(f.usage_names) as i (usage_name)` : sql``}
       where f.seller_id in (select * from sellers)
         and f.created_at >= ${from}::date at time zone 'utc' and f.created_at < (${until}::date + 1) at time zone 'utc'
    ),
    came as (
      select m.*, o.orders, o.paid
        from made m
        left join lateral (
          select count(*)::int as orders, count(*) filter (where o.status in ('provisioning', 'provisioning_failed', 'completed'))::int as paid
            from offer_orders x join orders o on o.seller_id = x.seller_id and o.id = x.order_id
           where x.seller_id = m.seller_id and x.offer_id = m.id) o on true
    ),
    counted as (
      select key, count(*) filter (where is_shown)::int as shown, count(*)::int as clicked, count(*) filter (where orders > 0)::int as ordered,
             count(*) filter (where orders > 0 and paid = orders)::int as paid, count(*) filter (where raised_at is not null)::int as raised
        from came group by key
    ),
    shown as (
      select ${key.shown} as key, count(*)::int as shown from upsell_shown x
       where x.seller_id in (select * from sellers) and x.day between ${from}::date and ${until}::date group by 1
    ),
    money as (
      select m.key, o.currency, count(*)::int as orders, sum(o.total_minor)::text as ordered,
             coalesce(sum(o.total_minor) filter (where o.status in ('provisioning', 'provisioning_failed', 'completed')), 0)::text as paid
        from made m
        join offer_orders x on x.seller_id = m.seller_id and x.offer_id = m.id
        join orders o on o.seller_id = x.seller_id and o.id = x.order_id
       group by m.key, o.currency
    )
    select coalesce(c.key, s.key) as key, coalesce(c.shown, 0) + coalesce(s.shown, 0) as shown, coalesce(c.clicked, 0) as clicked,
           coalesce(c.ordered, 0) as ordered, coalesce(c.paid, 0) as paid, coalesce(c.raised, 0) as raised,
           (select coalesce(jsonb_agg(jsonb_build_object('currency', y.currency, 'orders', y.orders, 'ordered', y.ordered, 'paid', y.paid) order by y.currency), '[]')
              from money y where y.key = coalesce(c.key, s.key)) as amounts
      from counted c full join shown s on s.key = c.key
     order by ${by === 'day' ? sql`1` : sql`clicked desc, shown desc, 1`} limit 400`.execute(db)
  return rows.map(({ amounts, ...row }) => ({
    ...row,
    amounts: amounts.map(({ currency, orders, ordered, paid }) => ({
      orders,
      ordered: { amountMinor: BigInt(ordered), currency },
      paid: { amountMinor: BigInt(paid), currency },
    })),
  }))
}

async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from tenants where id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
