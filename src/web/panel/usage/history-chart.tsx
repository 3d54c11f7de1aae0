import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { query } from '../api.ts'
import { amountText } from './amounts.ts'
import { dayText } from '../day.ts'
import type { UsageItem } from './types.ts'

const WIDTH = 300
const HEIGHT = 60
const DAY_MS = 86_400_000

/** What was used day by day, with the quota as a dashed line; the figures stand in a table one can open. */
export function HistoryChart({ item, name, days }: { item: UsageItem; name: string; days: number }) {
  const text = useText()
  const { t } = text
  const { samples, value, measurementUnit: unit, tenantId, usageName } = item
  const [first] = samples
  const last = samples.at(-1)
  if (!first || !last) return <p className="small muted">{t('quota.no_history', { days })}</p>
  const limit = value === null ? null : Number(value)
  const top = Math.max(1, limit ?? 0, ...samples.map((sample) => Number(sample.value))) * 1.05
  const start = Date.parse(first.day)
  const span = Math.max(DAY_MS, Date.parse(last.day) - start)
  const y = (amount: number): string => (HEIGHT - (amount / top) * HEIGHT).toFixed(2)
  const points = samples.map(
    (sample) => `${(((Date.parse(sample.day) - start) / span) * WIDTH).toFixed(2)},${y(Number(sample.value))}`,
  )
  // A single day is drawn as a level.
  const isOneDay = points.length === 1
  const line = isOneDay ? [...points, `${WIDTH},${y(Number(first.value))}`] : points
  const file = `/api/v1/tenants/${tenantId}/daily-usage.csv${query({ usage_name: usageName, days: String(days) })}`
  const label = t('quota.history_of', { name, days })
  return (
    <figure className="usage-history">
      <figcaption className="small muted">
        {t('quota.history', { days })} {limit === null ? null : t('quota.limit_line')}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <polygon className="usage-area" points={`0,${HEIGHT} ${line.join(' ')} ${WIDTH},${HEIGHT}`} />
        <polyline className="usage-line" points={line.join(' ')} />
        {limit === null ? null : <line className="usage-limit" x1="0" x2={WIDTH} y1={y(limit)} y2={y(limit)} />}
      </svg>
      <div className={`chart-ends small muted${isOneDay ? ' chart-alone' : ''}`} aria-hidden="true">
        <span>{isOneDay ? t('quota.one_day', { day: dayText(text, first.day) }) : dayText(text, first.day)}</span>
        {isOneDay ? null : <span>{dayText(text, last.day)}</span>}
      </div>
      <details>
        <summary className="small">{t('quota.table', { name })}</summary>
        <Table
          caption={label}
          rows={samples.toReversed()}
          rowKey={(sample) => sample.day}
          columns={[
            { key: 'day', label: t('quota.day'), cell: (sample) => dayText(text, sample.day) },
            {
              key: 'used',
              label: t('quota.used'),
              number: true,
              cell: (sample) => amountText(text, unit, BigInt(sample.value)),
            },
          ]}
        />
        <p>
          <a className="button" href={file} download>
            {t('list.csv')}
          </a>
        </p>
      </details>
    </figure>
  )
}
