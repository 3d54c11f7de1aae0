import type { Duration, PlanCard, PlanPeriod } from './props.ts'

/** `1-months`, `2-years`, `endless`: the value of `?period=`. */
export const periodKey = (duration: Duration): string => (duration ? `${duration.value}-${duration.unit}` : 'endless')

const DAYS = { days: 1, months: 30, years: 365 } as const
const lengthDays = (duration: Duration): number =>
  duration ? duration.value * DAYS[duration.unit] : Number.POSITIVE_INFINITY

/** The periods a visitor can switch between: those of all plans, without trials, shortest first. */
export function periodChoices(plans: readonly PlanCard[]): Duration[] {
  const byKey = new Map<string, Duration>()
  for (const plan of plans)
    for (const period of plan.periods) if (!period.trial) byKey.set(periodKey(period.duration), period.duration)
  return [...byKey.values()].sort((a, b) => lengthDays(a) - lengthDays(b))
}

/**
 * The period of a plan that the page shows and *Buy now* orders: the one asked for where the plan has it, else the
 * plan's *Buy now* period. Undefined for a plan that has only trials.
 */
export function shownPeriod(plan: PlanCard, wanted: string | null): PlanPeriod | undefined {
  const regular = plan.periods.filter((period) => !period.trial)
  return (
    regular.find((period) => periodKey(period.duration) === wanted) ??
    regular.find((period) => period.id === plan.buyPeriodId) ??
    regular[0]
  )
}
