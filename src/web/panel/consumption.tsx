import type { WireMoney } from '../../kernel/money.ts'
import { Lines } from '../design/lines.tsx'
import { Money, When } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'

export interface ConsumptionData {
  readonly ratedUntil: string | null
  readonly periods: readonly {
    readonly period: string
    readonly status: 'blocked' | 'closed'
    readonly total: WireMoney
    readonly charges: readonly { readonly resourceId: string; readonly name: string; readonly net: WireMoney }[]
  }[]
}

/** What pay as you go has cost: the open month item by item, the months before it by their totals. */
export function Consumption({ consumption }: { consumption: ConsumptionData }) {
  const text = useText()
  const { t } = text
  const { periods, ratedUntil } = consumption
  const [latest, ...earlier] = periods
  const month = (period: string): string => text.date(`${period}T00:00:00Z`)
  return (
    <section className="card stack" aria-labelledby="consumption">
      <h2 id="consumption">{t('consumption.title')}</h2>
      {latest ? (
        <Lines
          items={[
            ...latest.charges.map(({ resourceId, name, net }) => ({
              key: resourceId,
              label: name,
              value: <Money value={net} code />,
            })),
            {
              key: 'total',
              label: t(latest.status === 'blocked' ? 'consumption.so_far' : 'consumption.month', {
                date: month(latest.period),
              }),
              value: <Money value={latest.total} code />,
              total: true,
            },
          ]}
        />
      ) : (
        <p className="muted">{t('consumption.none')}</p>
      )}
      {earlier.length > 0 ? (
        <Lines
          items={earlier.map(({ period, total }) => ({
            key: period,
            label: t('consumption.month', { date: month(period) }),
            value: <Money value={total} code />,
          }))}
        />
      ) : null}
      {ratedUntil ? (
        <p className="small muted">
          {t('consumption.until')} <When at={ratedUntil} />
        </p>
      ) : null}
    </section>
  )
}
