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
