import type { Pool } from 'pg'
import { HOUR_MS } from '../../src/kernel/time.ts'
import type { Report } from '../usage.ts'
import type { Problem } from './check.ts'

/** A resource of a subscription that is paid for by use, and when it ran, as its events tell it. */
interface Metered {
  readonly id: string
  readonly customer: string
  readonly resourceId: string
  readonly usageName: string
  readonly unitPrice: string
  /** Instants, in turn of starting and stopping. */
  readonly turns: readonly string[]
  readonly ratedUntil: Date | null
  /** Of all its charges, in 10^−12 major units times usage. */
  readonly exact: string
}

const METERED = `
select s.id, t.name as customer, r.id::text as "resourceId", r.usage_name as "usageName", r.unit_price::text as "unitPrice",
       array(select to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from events e
              where e.seller_id = s.seller_id and e.subject_kind = 'subscription' and e.subject_id = s.id::text
                and e.type in ('subscription.activated', 'subscription.stopped', 'subscription.resumed') order by e.occurred_at, e.id) as turns,
       (select rated_until from ratings where seller_id = s.seller_id and subscription_id = s.id) as "ratedUntil",
       (select coalesce(sum(exact), 0)::text from charges c
         where c.seller_id = s.seller_id and c.subscription_id = s.id and c.resource_id = r.id) as exact
  from subscriptions s
  join tenants t on t.id = s.account_id
  join plan_resources r on r.plan_id = s.plan_id and r.usage_name is not null
 where s.billing_type = 'pay_as_you_go_internal' and s.activated_at is not null`

/**
 * Counts anew, from what was reported and from when each service ran, what everything that was consumed comes to, by
 * code that the application has no part in: neither an hour nor a report is lost or doubled, however it was batched.
 */
export async function consumptionProblems(pool: Pool, reports: Iterable<Report>): Promise<Problem[]> {
  const { rows } = await pool.query<Metered>(METERED)
  const byUsage = Map.groupBy(reports, ({ customer, usageName }) => `${customer} ${usageName}`)
  return rows.flatMap((metered) => {
    const usage = usageOver((byUsage.get(`${metered.customer} ${metered.usageName}`) ?? []).slice())
    const price = priceOf(metered.unitPrice)
    let expected = 0n
    for (const end of hourEnds(metered)) expected += usage(end) * price
    if (expected === BigInt(metered.exact)) return []
    return [
      `consumption: ${metered.customer} used ${expected} of ${metered.usageName} (subscription ${metered.id}), charged is ${metered.exact}`,
    ]
  })
}

/** Hours of a subscription by the period that they are on record in, corrections aside. */
const PERIODS = `
select seller.name as seller, r.subscription_id as "subscriptionId", r.period::text, c.period_ends::text as ends,
       to_char(min(r.hour) at time zone 'utc', 'YYYY-MM-DD') as first, to_char(max(r.hour) at time zone 'utc', 'YYYY-MM-DD') as last
  from consumption_records r
  join tenants seller on seller.id = r.seller_id
  join charges c on c.seller_id = r.seller_id and c.subscription_id = r.subscription_id and c.resource_id = r.resource_id and c.period = r.period
 where r.corrects = 0 group by 1, 2, 3, 4`

/** Whether each hour is in the period that its day belongs to, by the billing day of its seller. Days are compared as text. */
export async function periodProblems(pool: Pool, sellers: readonly Seller[]): Promise<Problem[]> {
  const { rows } =
    await pool.query<Record<'seller' | 'subscriptionId' | 'period' | 'ends' | 'first' | 'last', string>>(PERIODS)
  const days = new Map(sellers.map(({ name, billingDay }) => [name, String(billingDay).padStart(2, '0')]))
  return rows.flatMap(({ seller, subscriptionId, period, ends, first, last }) => {
    const day = days.get(seller)
    const [starts, after] = [monthAfter(first, day ?? '', 0), monthAfter(last, day ?? '', 1)]
    if (day !== undefined && starts === period && after === ends) return []
    return [
      `period: hours of ${subscriptionId} from ${first} to ${last} are charged in ${period} to ${ends}, not in ${starts} to ${after}`,
    ]
  })
}

interface Seller {
  readonly name: string
  readonly billingDay: number
}

/** The billing day up to a date, or the one so many months after it. */
function monthAfter(date: string, day: string, months: number): string {
  const [year = 0, month = 0] = date.split('-').map(Number)
  const count = year * 12 + month - 1 - (date.slice(8) < day ? 1 : 0) + months
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}-${day}`
}

/** Exact, in 10^−12 major units. */
function priceOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(12, '0').slice(0, 12))
}

/** When each whole hour of service ended, counted anew from each start. */
function* hourEnds({ turns, ratedUntil }: Metered): Generator<number> {
  const rated = ratedUntil?.getTime() ?? 0
  for (let turn = 0; turn < turns.length; turn += 2) {
    const start = Date.parse(turns[turn] ?? '')
    const stop = Math.min(rated, turns[turn + 1] === undefined ? Infinity : Date.parse(turns[turn + 1] ?? ''))
    for (let end = start + HOUR_MS; end <= stop; end += HOUR_MS) yield end
  }
}

/** What is in use at an instant: the latest value up to it, and the changes after that one. Asked in rising order. */
function usageOver(reports: Report[]): (at: number) => bigint {
  reports.sort((one, other) => one.at.getTime() - other.at.getTime())
  let [next, valueAt, value, changes] = [0, -Infinity, 0n, 0n]
  return (at) => {
    for (; next < reports.length; next++) {
      const report = reports[next]
      if (!report || report.at.getTime() > at) break
      const { change } = report
      const time = report.at.getTime()
      if ('value' in change) {
        value = time === valueAt && value > change.value ? value : change.value
        valueAt = time
        changes = 0n
      } else if (time > valueAt) changes += change.delta
    }
    const sum = value + changes
    return sum > 0n ? sum : 0n
  }
}
