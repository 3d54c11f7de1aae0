import { Lines } from '../../design/lines.tsx'
import { Money } from '../../design/values.tsx'
import { periodName, periodSpan } from '../../messages/periods.ts'
import { useText } from '../../messages/use-text.ts'
import type { Explained } from './explain.ts'

/** What the link orders, in two lines: plan and period, and what is due today. */
export function LinkPreview({ explained: { product, plan, period, total, topup } }: { explained: Explained }) {
  const text = useText()
  const due = topup ?? total
  if (!plan) return null
  return (
    <div className="slip-shadow">
      <div className="slip">
        <p className="eyebrow">{product?.name ?? text.t('preview.title')}</p>
        <p className="preview-name">
          {plan.name}
          {period ? (
            <span className="quiet">
              {' · '}
              {period.trial
                ? text.t('trial.of', { span: periodSpan(text, period.duration) })
                : periodName(text, period.duration)}
            </span>
          ) : null}
        </p>
        {due ? (
          <Lines items={[{ key: 'due', label: text.t('preview.today'), value: <Money value={due} code /> }]} />
        ) : null}
      </div>
    </div>
  )
}
