import type { ReactNode } from 'react'
import { Lines } from '../../design/lines.tsx'
import { Money, When } from '../../design/values.tsx'
import { periodName, periodSpan } from '../../messages/periods.ts'
import { useText } from '../../messages/use-text.ts'
import { lineNote } from '../line-note.ts'
import { isZero } from '../money.ts'
import type { Checkout } from '../types.ts'

/** The slip beside a checkout, in sight while one scrolls. */
export function Summary({
  checkout,
  busy = false,
  children,
}: {
  checkout: Checkout
  busy?: boolean
  children?: ReactNode
}) {
  const { t } = useText()
  return (
    <aside className="aside" aria-label={t('summary.title')}>
      <Slip checkout={checkout} busy={busy}>
        {children}
      </Slip>
    </aside>
  )
}

/** What is bought, line by line, what is due today and what comes later. */
export function Slip({
  checkout,
  busy = false,
  children,
}: {
  checkout: Checkout
  busy?: boolean
  children?: ReactNode
}) {
  const text = useText()
  const { t } = text
  const period = checkout.periods.find((candidate) => candidate.id === checkout.planPeriodId)
  return (
    <div className="slip-shadow">
      <div className="slip stack" aria-busy={busy}>
        <div>
          <p className="eyebrow">{checkout.product.name}</p>
          <h2 className="slip-title">{checkout.plan.name}</h2>
          {period ? (
            <p className="quiet small">
              {period.trial
                ? t('trial.of', { span: periodSpan(text, period.duration) })
                : periodName(text, period.duration)}
            </p>
          ) : null}
        </div>
        <PriceLines checkout={checkout} />
        <Later checkout={checkout} />
        {children}
      </div>
    </div>
  )
}

/** Lines, tax and what is due today. Lines of nothing are left out unless there is nothing else. */
function PriceLines({ checkout }: { checkout: Checkout }) {
  const text = useText()
  const { t } = text
  const charged = checkout.lines.filter((line) => !isZero(line.net))
  return (
    <Lines
      items={[
        ...(charged.length > 0 ? charged : checkout.lines.slice(0, 1)).map((line) => ({
          key: `${line.kind}${line.description}`,
          label: line.description,
          note: lineNote(text, line),
          value: <Money value={line.net} />,
        })),
        ...(checkout.reverseCharge
          ? [
              {
                key: 'tax',
                label: t('summary.reverse'),
                note: t('summary.reverse_note'),
                value: <Money value={checkout.tax} />,
              },
            ]
          : []),
        ...(isZero(checkout.tax)
          ? []
          : [
              {
                key: 'tax',
                label: t('summary.tax', { percent: checkout.taxRatePercent }),
                value: <Money value={checkout.tax} />,
              },
            ]),
        ...(checkout.topup
          ? [
              {
                key: 'topup',
                label: t('summary.topup'),
                note: t('summary.topup_note'),
                value: <Money value={checkout.topup} />,
              },
            ]
          : []),
        { key: 'total', label: t('summary.today'), value: <Money value={checkout.dueToday} code />, total: true },
      ]}
    />
  )
}

/** What happens after today, and how it stops: the question every buyer has. */
function Later({ checkout }: { checkout: Checkout }) {
  const { t } = useText()
  if (checkout.trial) return <p className="small muted">{t('summary.trial_end')}</p>
  if (checkout.plan.billingType !== 'pay_in_full') return <p className="small muted">{t('summary.use_based')}</p>
  if (!checkout.renewal) return null
  return (
    <p className="small muted">
      {checkout.renewal.at ? (
        <>
          {t('summary.renews_on')} <When at={checkout.renewal.at} plain />,{' '}
          <Money value={checkout.renewal.amount} code />
        </>
      ) : (
        <>
          {t('summary.renews_for')} <Money value={checkout.renewal.amount} code />
        </>
      )}
    </p>
  )
}
