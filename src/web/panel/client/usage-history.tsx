import { useText } from '../../messages/use-text.ts'
import { usageText } from '../quota.ts'

export interface UsageRecord {
  readonly days: readonly { readonly day: string; readonly value: string }[]
  readonly forecast:
    | { readonly kind: 'not_enough_data' | 'unlimited' | 'reached' | 'not_in_sight' }
    | { readonly kind: 'runs_out'; readonly day: string; readonly earliest: string; readonly latest: string | null }
}

const [WIDTH, HEIGHT] = [600, 80]

/** The daily samples as a line, the same figures as a table behind it, and what they let expect. */
export function UsageHistory({ usageName, record }: { usageName: string; record: UsageRecord }) {
  const text = useText()
  const { t } = text
  const { days } = record
  const amount = (value: string) => usageText(text, usageName, Number(value))
  const date = (day: string) => text.date(`${day}T00:00:00Z`)
  const first = days[0]
  const last = days.at(-1)
  const top = Math.max(1, ...days.map(({ value }) => Number(value)))
  const points = days
    .map(
      ({ value }, at) =>
        `${(at / Math.max(days.length - 1, 1)) * WIDTH},${HEIGHT - (Number(value) / top) * (HEIGHT - 4) - 2}`,
    )
    .join(' ')
  return (
    <>
      <p className="small">{useForecastText(record.forecast, date)}</p>
      {first && last && days.length > 1 ? (
        <details>
          <summary>{t('usage.history')}</summary>
          <svg
            className="usage-chart"
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            role="img"
            aria-label={t('usage.chart', { from: amount(first.value), to: amount(last.value) })}
          >
            <polyline
              points={points}
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('usage.day')}</th>
                <th scope="col">{t('usage.in_use')}</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ day, value }) => (
                <tr key={day}>
                  <td>{date(day)}</td>
                  <td>{amount(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ) : null}
    </>
  )
}

function useForecastText(forecast: UsageRecord['forecast'], date: (day: string) => string): string {
  const { t } = useText()
  if (forecast.kind === 'unlimited') return ''
  if (forecast.kind !== 'runs_out') return t(`usage.forecast_${forecast.kind}`)
  const { day, earliest, latest } = forecast
  const range =
    latest === null
      ? t('usage.forecast_open', { earliest: date(earliest) })
      : t('usage.forecast_range', { earliest: date(earliest), latest: date(latest) })
  return earliest === latest
    ? `${t('usage.forecast_runs_out', { day: date(day) })}.`
    : `${t('usage.forecast_runs_out', { day: date(day) })}, ${range}.`
}
