import { type ReactNode, useId } from 'react'
import { Badge } from '../../design/badge.tsx'
import { useText } from '../../messages/use-text.ts'
import { usageLabel } from '../usage-name.ts'
import { amountText } from './amounts.ts'
import { forecastText } from './forecast-text.ts'
import { HistoryChart } from './history-chart.tsx'
import type { UsageItem } from './types.ts'

const TONES = { fine: 'ok', almost_reached: 'warn', reached: 'bad', exceeded: 'bad' } as const

/** One thing that is counted: how much of it is used, how it stands, how it came to that and where it leads. */
export function UsageCard({
  item,
  days,
  level,
  children,
}: {
  item: UsageItem
  days: number
  level: 2 | 3
  children?: ReactNode
}) {
  const Heading = `h${level}` as const
  const text = useText()
  const { t } = text
  const id = useId()
  const name = usageLabel(text, item.usageName)
  const amount = (units: bigint): string => amountText(text, item.measurementUnit, units)
  const used = BigInt(item.used ?? 0)
  const value = item.value === null ? null : BigInt(item.value)
  const forecast = forecastText(text, item.forecast)
  const tone = TONES[item.state]
  // A count that is used to the last one is fine, but nothing of it is left.
  const word = item.state !== 'fine' || value === null || used < value ? item.state : value === 0n ? 'none' : 'full'
  return (
    <section className="card stack usage-card" aria-labelledby={id}>
      <div className="cluster spread">
        <Heading id={id} className="usage-name">
          {name}
        </Heading>
        {value === null ? (
          <Badge>{t('quota.state_unlimited')}</Badge>
        ) : (
          <Badge tone={word === 'none' ? undefined : tone}>{t(`quota.state_${word}`)}</Badge>
        )}
      </div>
      <p className="cluster spread">
        <strong>
          {item.used === null
            ? t('quota.never')
            : value === null
              ? amount(used)
              : t('usage.of', { used: amount(used), value: amount(value) })}
        </strong>
        {value === null ? null : (
          <span className="small muted">
            {used > value
              ? t('quota.over', { over: amount(used - value) })
              : t('quota.left', { left: amount(value - used) })}
          </span>
        )}
      </p>
      {value === null ? null : (
        <progress
          className={`meter ${tone === 'ok' ? '' : `tone-${tone}`}`}
          aria-label={name}
          value={Number(used < value ? used : value)}
          max={Math.max(Number(value), 1)}
        />
      )}
      {value !== null && item.overage !== null ? (
        <p className="small">{t('quota.hard', { limit: amount(value + BigInt(item.overage)) })}</p>
      ) : null}
      {forecast === null ? null : <p>{forecast}</p>}
      <HistoryChart item={item} name={name} days={days} />
      {children}
    </section>
  )
}
