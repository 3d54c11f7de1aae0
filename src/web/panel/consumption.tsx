import type { WireMoney } from '../../kernel/money.ts'
import { Lines } from '../design/lines.tsx'
import { Money, When } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'

export interface ConsumptionData {
  readonly ratedUntil: string | null
  readonly periods: readonly {
    readonly period: string
    readonly ends: string
    readonly status: 'blocked' | 'closed'
    readonly total: WireMoney
    readonly charges: readonly { readonly resourceId: string; readonly name: string; readonly net: WireMoney }[]
  }[]
}

/** What pay as you go has cost: the open period item by item, those before it by their totals. */
export function Consumption({ consumption }: { consumption: ConsumptionData }) {
  const text = useText()
  const { t } = text
  const { periods, ratedUntil } = consumption
  const [latest, ...earlier] = periods
  const dayOf = (day: string, later = 0): string =>
    text.date(new Date(Date.parse(`${day}T00:00:00Z`) + later * 86_400_000).toISOString())
  const days = ({ period, ends }: { readonly period: string; readonly ends: string }) => ({
    from: dayOf(period),
    to: dayOf(ends, -1),
  })
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
              label:
                latest.status === 'blocked'
                  ? t('consumption.so_far', { date: dayOf(latest.period) })
                  : t('consumption.month', days(latest)),
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
          items={earlier.map((each) => ({
            key: each.period,
            label: t('consumption.month', days(each)),
            value: <Money value={each.total} code />,
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
