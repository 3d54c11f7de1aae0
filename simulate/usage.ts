import type { UsageReport } from '../src/usage/index.ts'
import { DAY_MS, HOUR_MS } from '../src/kernel/time.ts'
import type { Customer, Step } from './customers.ts'
import type { Standing } from './standing.ts'

const GB = 1_073_741_824n

/** What is used at most, well within and now and then above what is sold. */
const MOST: Readonly<Record<string, bigint>> = { storage: 900n * GB, workstations: 60n, servers: 15n }

export interface Report extends UsageReport {
  readonly customer: string
}

/**
 * What services report of a customer's usage in a step: values and changes, most of them soon, some days later, some for
 * a month that is over; now and then one twice. Their order is nobody's: it is drawn too.
 */
export function reportsOf(customer: Customer, standing: Standing, step: Step): Report[] {
  const runs = standing.subscriptions.filter(({ status }) => status === 'active' || status === 'graced')
  if (runs.length === 0) return []
  const isMetered = runs.some(({ planId }) => planId === customer.reseller.metered.planId)
  const draw = customer.chance('usage', step.index)
  const hours = (step.to.getTime() - step.from.getTime()) / HOUR_MS
  const expected = hours / (isMetered ? 30 : 400)
  const count = Math.floor(expected) + (draw.isWithin(expected % 1) ? 1 : 0)
  const reports: Report[] = []
  for (let index = 0; index < count; index++) {
    const usageName = draw.pick(['storage', 'workstations', 'workstations', 'servers'])
    const most = MOST[usageName] ?? 0n
    const lateness = draw.isWithin(0.04) ? draw.next() * 45 * DAY_MS : draw.isWithin(0.1) ? draw.next() * 3 * DAY_MS : 0
    const at = new Date(Math.floor(step.from.getTime() + draw.next() * hours * HOUR_MS - lateness))
    const share = BigInt(draw.between(0, 1000))
    const change = draw.isWithin(0.75)
      ? { value: (most * share) / 1000n }
      : { delta: ((most * share) / 10_000n) * (draw.isWithin(0.5) ? 1n : -1n) }
    const report: Report = {
      customer: customer.name,
      source: 'urn:simulate',
      eventId: `${customer.name}-${step.index}-${index}`,
      tenantId: standing.id,
      usageName,
      at,
      change,
    }
    reports.push(report)
    if (draw.isWithin(0.08)) reports.push(report)
  }
  return draw.isWithin(0.5) ? reports.reverse() : reports
}
