import { useEffect, useState } from 'react'
import type { WireMoney } from '../../../kernel/money.ts'
import { SelectField } from '../../design/field.tsx'
import { Lines } from '../../design/lines.tsx'
import { Money } from '../../design/values.tsx'
import { periodName } from '../../messages/periods.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import type { EditedPlan } from './types.ts'

interface Preview {
  readonly lines: readonly { readonly description: string; readonly quantity: string; readonly net: WireMoney }[]
  readonly total: WireMoney
  readonly monthly: WireMoney | null
}

/** What an order of the plan costs as it was last saved, by the rule that orders are charged by. */
export function PlanPreview({ plan }: { plan: EditedPlan }) {
  const text = useText()
  const { t } = text
  const [periodId, setPeriodId] = useState(plan.periods[0]?.id ?? '')
  const [preview, setPreview] = useState<Preview | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the plan has other prices.
  useEffect(() => {
    if (periodId === '') return
    const gone = new AbortController()
    call<Preview>(`/plans/${plan.id}/previews`, { method: 'POST', body: { periodId }, signal: gone.signal }).then(
      setPreview,
      () => undefined,
    )
    return () => gone.abort()
  }, [plan.id, plan.version, periodId])
  if (plan.periods.length === 0) return null
  return (
    <section className="card stack" aria-labelledby="preview">
      <h2 id="preview">{t('plan_preview.title')}</h2>
      <p className="muted">{t('plan_preview.lead')}</p>
      <SelectField
        label={t('plan_preview.period')}
        name="preview_period"
        value={periodId}
        onChange={(event) => setPeriodId(event.target.value)}
        options={plan.periods.map((period) => ({
          value: period.id ?? '',
          label: period.trial
            ? `${periodName(text, period.duration)} (${t('period.trial')})`
            : periodName(text, period.duration),
        }))}
      />
      {preview ? (
        <Lines
          items={[
            ...preview.lines.map((line, index) => ({
              key: String(index),
              label: `${line.quantity} × ${line.description}`,
              value: <Money value={line.net} />,
            })),
            { key: 'total', label: t('plan_preview.total'), value: <Money value={preview.total} code />, total: true },
          ]}
        />
      ) : null}
    </section>
  )
}
