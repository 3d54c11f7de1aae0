import { type RawBuilder, sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { ManagerViewer } from '../attribution/index.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, listing, type PageWish, readPage } from '../platform/http/list.ts'
import { visibleTo } from '../tenants/index.ts'
import { type Range, type Step, stepsOf } from './rules.ts'

/** What one manager's links and work led to. Amounts are minor units, one entry a currency. */
export interface Figures {
  /** Browsers that came by a key: bots and repeats left out. */
  readonly visits: number
  /** Accounts linked to the manager. */
  readonly accounts: number
  /** Orders credited to the manager that are not cancelled, and those of them that are paid. */
  readonly orders: number
  readonly paidOrders: number
  readonly amounts: readonly {
    readonly currency: string
    /** What the books hold of credited orders: with tax, and without. */
    readonly paidMinor: bigint
    readonly netMinor: bigint
    readonly rewardMinor: bigint
  }[]
}

/** `start`: its first UTC day, which may lie before the range. */
export interface StepFigures extends Figures {
  readonly start: string
}

export interface ManagerFigures extends Figures {
  readonly manager: {
    readonly id: ManagerId
    readonly name: string
    readonly key: string | null
    readonly isPartner: boolean
  }
}

interface Row {
  readonly managerId: ManagerId
  readonly day: string
  readonly visits: string
  readonly accounts: string
  readonly orders: string
  readonly paidOrders: string
  readonly currency: string | null
  readonly paidMinor: string
  readonly netMinor: string
  readonly rewardMinor: string
}

/**
 * Facts of credited managers, one row a manager, day, kind and currency. Money is the books': postings of credited
 * orders by their day, so that what is returned later counts against the day it is returned. A reviewed read over the
 * sellers below a manager's own.
 */
const facts = (managerIds: readonly ManagerId[] | RawBuilder<unknown>, { from, until }: Range, by: Step = 'day') => {
  const mine = Array.isArray(managerIds) ? sql`any(${managerIds}::uuid[])` : sql`any(array(${managerIds}))`
  const end = new Date(until.getTime() + 86_400_000)
  const day = (column: string) =>
    sql`to_char(date_trunc(${sql.lit(by)}, ${sql.ref(column)} at time zone 'UTC'), 'YYYY-MM-DD')`
  return sql<Row>`
    select v.manager_id as "managerId", to_char(date_trunc(${sql.lit(by)}, v.day::timestamp), 'YYYY-MM-DD') as day, sum(v.visits) as visits, 0 as accounts, 0 as orders,
           0 as "paidOrders", null as currency, 0 as "paidMinor", 0 as "netMinor", 0 as "rewardMinor"
      from manager_visits v where v.manager_id = ${mine} and v.day >= ${from}::date and v.day < ${end}::date group by 1, 2
    union all
    select l.manager_id, ${day('l.occurred_at')}, 0, count(*), 0, 0, null, 0, 0, 0
      from attributions l
     where l.manager_id = ${mine} and l.outcome = 'linked' and l.occurred_at >= ${from} and l.occurred_at < ${end} group by 1, 2
    union all
    select o.manager_id, ${day('o.created_at')}, 0, 0, count(*), count(*) filter (where (
             select -sum(e.amount_minor) from ledger_postings p
               join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
               join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
              where p.seller_id = o.seller_id and p.order_id = o.id and a.kind = 'revenue') > 0), null, 0, 0, 0
      from orders o
     where o.manager_id = ${mine} and o.status <> 'cancelled' and o.created_at >= ${from} and o.created_at < ${end} group by 1, 2
    union all
    select o.manager_id, ${day('p.occurred_at')}, 0, 0, 0, 0, e.currency, -sum(e.amount_minor),
           -coalesce(sum(e.amount_minor) filter (where a.kind = 'revenue'), 0), 0
      from orders o
      join ledger_postings p on p.seller_id = o.seller_id and p.order_id = o.id
      join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
      join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
     where o.manager_id = ${mine} and a.kind in ('revenue', 'tax') and p.occurred_at >= ${from} and p.occurred_at < ${end}
     group by 1, 2, e.currency
    union all
    select w.manager_id, ${day('w.occurred_at')}, 0, 0, 0, 0, w.currency, 0, 0, sum(w.reward_minor)
      from referral_rewards w
     where w.manager_id = ${mine} and w.occurred_at >= ${from} and w.occurred_at < ${end} group by 1, 2, w.currency
    order by 2`
}

/** The figures of one manager, in all and step by step, those on which nothing happened included. */
export async function figuresOf(
  db: Db,
  managerId: ManagerId,
  range: Range,
  by: Step = 'day',
): Promise<{ readonly total: Figures; readonly steps: readonly StepFigures[] }> {
  const { rows } = await facts([managerId], range, by).execute(db)
  const found = Map.groupBy(rows, ({ day }) => day)
  const steps = stepsOf(range, by).map((start) => ({ start, ...sumOf(found.get(start) ?? []) }))
  return { total: sumOf(rows), steps }
}

export const FIGURES_LISTING = listing(
  'oldest',
  {
    name: byText('name'),
    key: byText('key'),
    visits: byNumber('visits'),
    accounts: byNumber('accounts'),
    orders: byNumber('orders'),
    paid_net: byNumber('netMinor'),
    reward: byNumber('rewardMinor'),
  },
  { search: ['name', 'key'] },
)

/** What is sorted by figures is counted whole before it is cut into pages; amounts by the highest one of any currency. */
const withFigures = (ids: RawBuilder<unknown>, range: Range) => sql`
  select "managerId", sum(visits) as visits, sum(accounts) as accounts, sum(orders) as orders,
         max("netMinor") as "netMinor", max("rewardMinor") as "rewardMinor"
    from (select "managerId", currency, sum(visits) as visits, sum(accounts) as accounts, sum(orders) as orders,
                 sum("netMinor") as "netMinor", sum("rewardMinor") as "rewardMinor"
            from (${facts(ids, range)}) each_day group by 1, 2) each_currency
   group by 1`

/** The figures of the managers that the caller sees, a page of them; sales alone sees their own. */
export async function listFigures(
  db: Db,
  viewer: ManagerViewer,
  range: Range,
  { isPartner, ...wish }: PageWish & { readonly isPartner?: boolean | undefined },
): Promise<{ readonly items: ManagerFigures[]; readonly nextCursor: string | null }> {
  const seen = sql`
      from managers m join tenants s on s.id = m.seller_id
     where ${visibleTo(viewer, 's')} and m.deleted_at is null
       and (${viewer.onlyManagerId}::uuid is null or m.id = ${viewer.onlyManagerId}::uuid)
       and (${isPartner ?? null}::boolean is null or m.is_partner = ${isPartner ?? null}::boolean)`
  const columns = sql`m.id, m.name, m.key, m.is_partner as "isPartner"`
  const managers = /^-?(name|key)?$/.test(wish.sort ?? '')
    ? sql`select ${columns} ${seen}`
    : sql`select m.*, coalesce(visits, 0) as visits, coalesce(accounts, 0) as accounts, coalesce(orders, 0) as orders,
                 coalesce("netMinor", 0) as "netMinor", coalesce("rewardMinor", 0) as "rewardMinor"
            from (select ${columns} ${seen}) m
            left join (${withFigures(sql`select m.id ${seen}`, range)}) f on f."managerId" = m.id`
  const page = await readPage<ManagerFigures['manager']>(db, managers, FIGURES_LISTING, wish)
  const { rows } = await facts(
    page.items.map(({ id }) => id),
    range,
  ).execute(db)
  const byManager = Map.groupBy(rows, ({ managerId }) => managerId)
  const items = page.items.map(({ id, name, key, isPartner }) => ({
    manager: { id, name, key, isPartner },
    ...sumOf(byManager.get(id) ?? []),
  }))
  return { items, nextCursor: page.nextCursor }
}

function sumOf(rows: readonly Row[]): Figures {
  const count = (field: 'visits' | 'accounts' | 'orders' | 'paidOrders') =>
    rows.reduce((sum, row) => sum + Number(row[field]), 0)
  const money = Map.groupBy(
    rows.filter(({ currency }) => currency !== null),
    ({ currency }) => currency ?? '',
  )
  const minor = (own: readonly Row[], field: 'paidMinor' | 'netMinor' | 'rewardMinor') =>
    own.reduce((sum, row) => sum + BigInt(row[field]), 0n)
  return {
    visits: count('visits'),
    accounts: count('accounts'),
    orders: count('orders'),
    paidOrders: count('paidOrders'),
    amounts: [...money]
      .map(([currency, own]) => ({
        currency,
        paidMinor: minor(own, 'paidMinor'),
        netMinor: minor(own, 'netMinor'),
        rewardMinor: minor(own, 'rewardMinor'),
      }))
      .toSorted((one, other) => one.currency.localeCompare(other.currency)),
  }
}
