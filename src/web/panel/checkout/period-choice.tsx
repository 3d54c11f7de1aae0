import { Money } from '../../design/values.tsx'
import { periodEvery, periodName, periodSpan } from '../../messages/periods.ts'
import { useText } from '../../messages/use-text.ts'
import { monthlyOf } from '../money.ts'
import type { Checkout, CheckoutPeriod } from '../types.ts'

/** The periods of the plan as cards: what each costs today and by the month, for the quantities chosen now. */
export function PeriodChoice({ checkout, onChange }: { checkout: Checkout; onChange: (id: string) => void }) {
  const { t } = useText()
  if (checkout.periods.length < 2) return null
  return (
    <fieldset className="stack stack-2">
      <legend className="legend section-legend">{t('configure.period')}</legend>
      <div className="choices">
        {checkout.periods.map((period) => (
          <Choice
            key={period.id}
            period={period}
            checkout={checkout}
            checked={period.id === checkout.planPeriodId}
            onChange={() => onChange(period.id)}
          />
        ))}
      </div>
    </fieldset>
  )
}

function Choice({
  period,
  checkout,
  checked,
  onChange,
}: {
  period: CheckoutPeriod
  checkout: Checkout
  checked: boolean
  onChange: () => void
}) {
  const text = useText()
  const { t } = text
  const today = <Money value={period.total} code />
  return (
    <label className="choice">
      <input type="radio" name="plan_period_id" value={period.id} checked={checked} onChange={onChange} />
      <span className="choice-name">
        {period.trial ? t('trial.of', { span: periodSpan(text, period.duration) }) : periodName(text, period.duration)}
      </span>
      <span className="figure choice-name">
        {period.trial ? t('price.free') : <Money value={monthlyOf(period.recurringFee, checkout.resources)} />}
        {period.trial ? null : <span className="quiet small"> {t('price.a_month_unit')}</span>}
      </span>
      <span className="quiet small choice-note">
        {period.trial
          ? t('configure.trial_note')
          : t('configure.renews', { every: periodEvery(text, period.duration) })}
      </span>
      <span className="figure quiet small">
        {today} {t('configure.today')}
      </span>
    </label>
  )
}
