import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { SoldPlan } from '../types.ts'
import type { Discount, Named } from './types.ts'

export const FEES = ['setup', 'recurring', 'renewal'] as const

/** What a `datetime-local` field shows of an instant, in the reader's own time. */
function toField(iso: string | null | undefined): string {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Some of a list, none of which means all. */
function Choice({
  name,
  title,
  hint,
  among,
  chosen,
  error,
}: {
  name: string
  title: string
  hint: string
  among: readonly Named[]
  chosen: readonly string[]
  error: ApiError | null
}) {
  return (
    <fieldset className="stack stack-2">
      <legend>
        <strong>{title}</strong>
      </legend>
      <p className="hint">{hint}</p>
      {fieldError(error, name) ? <p className="field-error">{fieldError(error, name)}</p> : null}
      {among.map((each) => (
        <CheckField
          key={each.id}
          label={each.name}
          name={`${name}.${each.id}`}
          defaultChecked={chosen.includes(each.id)}
        />
      ))}
    </fieldset>
  )
}

/** All that is to be said of a discount. */
export function DiscountFields({
  discount,
  plans,
  accounts,
  currency,
  error,
}: {
  discount: Discount | null
  plans: readonly SoldPlan[]
  accounts: readonly Named[]
  currency: string
  error: ApiError | null
}) {
  const { t } = useText()
  return (
    <>
      <TextField
        label={t('discounts.name')}
        name="name"
        hint={t('discount.name_hint')}
        autoComplete="off"
        required
        defaultValue={discount?.name}
        error={fieldError(error, 'name')}
      />
      <SelectField
        label={t('discount.needs_code')}
        name="needs_code"
        defaultValue={(discount ? discount.needsCode : accounts.length === 0) ? 'code' : 'everyone'}
        options={[
          { value: 'code', label: t('discount.coded') },
          { value: 'everyone', label: t('discount.everyone') },
        ]}
        error={fieldError(error, 'needs_code')}
      />
      <SelectField
        label={t('discount.kind')}
        name="kind"
        defaultValue={discount?.amount ? 'amount' : 'percent'}
        options={[
          { value: 'percent', label: t('discount.percent') },
          { value: 'amount', label: t('discount.amount', { currency }) },
        ]}
      />
      <TextField
        label={t('discount.value')}
        name="value"
        inputMode="decimal"
        autoComplete="off"
        required
        defaultValue={discount?.percent ?? discount?.amount?.amount}
        error={fieldError(error, 'percent') ?? fieldError(error, 'amount') ?? fieldError(error, 'amount.amount')}
      />
      <fieldset className="stack stack-2">
        <legend>
          <strong>{t('discount.fees')}</strong>
        </legend>
        {fieldError(error, 'fees') ? <p className="field-error">{fieldError(error, 'fees')}</p> : null}
        {FEES.map((fee) => (
          <CheckField
            key={fee}
            label={t(`discount.fee_${fee}`)}
            name={`fees.${fee}`}
            defaultChecked={discount?.fees.includes(fee) ?? true}
          />
        ))}
      </fieldset>
      <SelectField
        label={t('discount.periods_kind')}
        name="periods_kind"
        defaultValue={!discount || discount.periods === 1 ? 'first' : discount.periods === null ? 'every' : 'some'}
        options={(['first', 'some', 'every'] as const).map((value) => ({
          value,
          label: t(`discount.periods_${value}`),
        }))}
      />
      <TextField
        label={t('discount.periods')}
        name="periods"
        hint={t('discount.periods_hint')}
        inputMode="numeric"
        autoComplete="off"
        defaultValue={discount?.periods && discount.periods > 1 ? String(discount.periods) : ''}
        error={fieldError(error, 'periods')}
      />
      <Choice
        name="plan_ids"
        title={t('discount.plans')}
        hint={t('discount.plans_hint')}
        among={plans}
        chosen={discount?.planIds ?? []}
        error={error}
      />
      <TextField
        label={t('discount.period_ids')}
        name="plan_period_ids"
        hint={t('discount.period_ids_hint')}
        autoComplete="off"
        defaultValue={discount?.planPeriodIds.join(', ')}
        error={fieldError(error, 'plan_period_ids') ?? fieldError(error, 'plan_period_ids.0')}
      />
      <Choice
        name="account_ids"
        title={t('discount.accounts')}
        hint={t('discount.accounts_hint')}
        among={accounts}
        chosen={accounts.map(({ id }) => id)}
        error={error}
      />
      <Choice
        name="owned_plan_ids"
        title={t('discount.owned_plans')}
        hint={t('discount.owned_plans_hint')}
        among={plans}
        chosen={discount?.ownedPlanIds ?? []}
        error={error}
      />
      {(['starts', 'ends'] as const).map((when) => (
        <TextField
          key={when}
          type="datetime-local"
          label={t(`discount.${when}`)}
          name={`${when}_at`}
          hint={t('discount.time_hint')}
          defaultValue={toField(when === 'starts' ? discount?.startsAt : discount?.endsAt)}
          error={fieldError(error, `${when}_at`)}
        />
      ))}
      <CheckField
        label={t('discount.active')}
        name="active"
        hint={t('discount.active_hint')}
        defaultChecked={discount?.active ?? true}
      />
    </>
  )
}
