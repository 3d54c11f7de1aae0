import { DAY_MS } from '../kernel/time.ts'
import type { DailyUsage } from '../usage/schema.ts'
import type { MeasurementUnit } from './schema.ts'

/** The trend is that of so many days, today among them. */
export const TREND_DAYS = 30
/** Reports of fewer days than this give no forecast (spec/upsell.md: "not enough data" instead of a guess). */
export const FEWEST_DAYS = 7
/** A month's trend says nothing of what lies beyond. */
const HORIZON_DAYS = 730n
/** Nine of ten slopes that are true lie between the two that bound the range. */
const Z_90 = 1.645

export type Forecast =
  | { readonly kind: 'unlimited' }
  /** It has run out already. */
  | { readonly kind: 'out' }
  | { readonly kind: 'not_enough_data'; readonly days: number; readonly needed: number }
  /** Flat, falling, or so slow that it lies beyond two years. */
  | { readonly kind: 'not_at_this_rate' }
  | {
      readonly kind: 'runs_out'
      /** `2026-03-01`, UTC, as all days here. */
      readonly day: string
      readonly earliest: string
      /** null: at the slowest pace the spread allows, not within two years. */
      readonly latest: string | null
    }

export interface ForecastFacts {
  readonly unit: MeasurementUnit
  /** The soft quota; null: unlimited. */
  readonly value: bigint | null
  /** What is used now. */
  readonly used: bigint
  /** `2026-03-01`, UTC. */
  readonly today: string
  /** Days that something was reported for, in order; older ones than the trend looks at may be among them. */
  readonly samples: readonly DailyUsage[]
}

/**
 * The day a quota runs out: from what is used now, onward at the median of the slopes between any two of the last 30
 * days (Theil-Sen, so that single odd days do not move it). The range is Sen's 90 % interval of that slope. Whole
 * numbers all along: units of any size give the same day.
 */
export function forecastOf({ unit, value, used, today, samples }: ForecastFacts): Forecast {
  if (value === null) return { kind: 'unlimited' }
  // Bytes have run out at the value, counts with the first above it, as in `stateOf`.
  const room = (unit === 'bytes' ? value : value + 1n) - used
  if (room <= 0n && used > 0n) return { kind: 'out' }
  const now = dayNumber(today)
  const recent = samples
    .map((sample) => ({ at: dayNumber(sample.day), value: sample.value }))
    .filter(({ at }) => at > now - TREND_DAYS && at <= now)
  if (recent.length < FEWEST_DAYS) return { kind: 'not_enough_data', days: recent.length, needed: FEWEST_DAYS }
  const slopes = slopesOf(recent)
  const { low, middle, high } = ranksOf(recent.length, slopes.length)
  const dayAt = (rank: number): string | null => {
    const slope = slopes[rank]
    const days = slope && daysUntil(room, slope)
    return days === undefined || days > HORIZON_DAYS ? null : dayName(now + Number(days))
  }
  const day = dayAt(middle)
  if (day === null) return { kind: 'not_at_this_rate' }
  return { kind: 'runs_out', day, earliest: dayAt(high) ?? day, latest: dayAt(low) }
}

/** Units in days. */
interface Slope {
  readonly units: bigint
  readonly days: bigint
}

function slopesOf(points: readonly { readonly at: number; readonly value: bigint }[]): Slope[] {
  const slopes = points.flatMap((from, index) =>
    points.slice(index + 1).map((to): Slope => ({ units: to.value - from.value, days: BigInt(to.at - from.at) })),
  )
  return slopes.sort((a, b) => {
    const difference = a.units * b.days - b.units * a.days
    return difference < 0n ? -1 : difference > 0n ? 1 : 0
  })
}

/** Where median and interval stand among the sorted slopes (P. K. Sen, 1968; of two middle ones the slower). */
function ranksOf(points: number, slopes: number): { low: number; middle: number; high: number } {
  const spread = Z_90 * Math.sqrt((points * (points - 1) * (2 * points + 5)) / 18)
  return {
    low: Math.max(0, Math.floor((slopes - spread) / 2)),
    middle: Math.floor((slopes - 1) / 2),
    high: Math.min(slopes - 1, Math.ceil((slopes + spread) / 2)),
  }
}

/** Whole days, begun ones counted; undefined where it never happens. */
const daysUntil = (room: bigint, { units, days }: Slope): bigint | undefined =>
  units <= 0n ? undefined : (room * days + units - 1n) / units

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS
const dayName = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)
