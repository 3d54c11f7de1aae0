import { DAY_MS } from '../kernel/time.ts'
import type { DailyUsage } from '../usage/schema.ts'

export type Forecast =
  | { readonly kind: 'not_enough_data' }
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'reached' }
  /** Usage does not grow, or so slowly that it takes more than two years. */
  | { readonly kind: 'not_in_sight' }
  | {
      readonly kind: 'runs_out'
      /** `2026-05-12`, UTC. `latest` is null where usage may as well not grow at all. */
      readonly day: string
      readonly earliest: string
      readonly latest: string | null
    }

/** Trend of so many days back; fewer than the least, or a shorter stretch, are no trend. */
const WINDOW_DAYS = 30
const LEAST_DAYS = 7
const HORIZON_DAYS = 730

/**
 * The day a quota will run out, if usage goes on as in the last 30 days: a straight line through the daily samples (least
 * squares). The range is that of lines whose growth lies within two standard errors. No guess where there is no trend.
 *
 * @param value The soft quota; null: unlimited.
 */
export function forecast(samples: readonly DailyUsage[], value: bigint | null, today: string): Forecast {
  if (value === null) return { kind: 'unlimited' }
  const end = dayNumber(today)
  const points = samples
    .map(({ day, value: used }) => ({ x: dayNumber(day) - end, y: Number(used) }))
    .filter(({ x }) => x <= 0 && x > -WINDOW_DAYS)
  const last = points.at(-1)
  const first = points[0]
  if (!first || !last || points.length < LEAST_DAYS || last.x - first.x < LEAST_DAYS - 1)
    return { kind: 'not_enough_data' }
  const left = Number(value) - last.y
  if (left <= 0) return { kind: 'reached' }
  const { slope, error } = line(points)
  const daysAt = (growth: number): number | null => (growth <= 0 || left / growth > HORIZON_DAYS ? null : left / growth)
  const days = daysAt(slope)
  if (days === null) return { kind: 'not_in_sight' }
  const earliest = daysAt(slope + 2 * error) ?? days
  const latest = daysAt(slope - 2 * error)
  const from = last.x
  const dayAt = (count: number): string => dayText(end + from + Math.ceil(count))
  return {
    kind: 'runs_out',
    day: dayAt(days),
    earliest: dayAt(earliest),
    latest: latest === null ? null : dayAt(latest),
  }
}

function line(points: readonly { readonly x: number; readonly y: number }[]): { slope: number; error: number } {
  const count = points.length
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / count
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)]
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread
  const rest = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  return { slope, error: Math.sqrt(rest / (count - 2) / spread) }
}

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS
const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)
