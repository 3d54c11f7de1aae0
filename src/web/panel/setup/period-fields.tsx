import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { Values } from '../save-form.tsx'
import type { EditedPeriod } from './types.ts'

/** For how long a plan is sold, and what that costs. */
export function PeriodFields({
  item,
  path,
  currency,
  isHourly,
  error,
}: {
  item: EditedPeriod | null
  path: string
  currency: string
  isHourly: boolean
  error: ApiError | null
}) {
  const { t } = useText()
  const unit = item ? (item.duration?.unit ?? 'endless') : isHourly ? 'endless' : 'months'
  return (
    <>
      <TextField
        label={t('period.length')}
        name={`${path}.value`}
        inputMode="numeric"
        defaultValue={item ? (item.duration?.value ?? '') : isHourly ? '' : '1'}
      />
      <SelectField
        label={t('period.unit')}
        name={`${path}.duration`}
        defaultValue={unit}
        error={fieldError(error, `${path}.duration`)}
        options={(['days', 'months', 'years', 'endless'] as const).map((value) => ({
          value,
          label: t(`period.unit_${value}`),
        }))}
      />
      {isHourly ? null : (
        <>
          <TextField
            label={t('period.recurring', { currency })}
            name={`${path}.recurring_fee`}
            inputMode="decimal"
            defaultValue={item?.recurringFee.amount ?? ''}
            error={fieldError(error, `${path}.recurring_fee.amount`) ?? fieldError(error, path)}
          />
          <TextField
            label={t('period.setup', { currency })}
            name={`${path}.setup_fee`}
            inputMode="decimal"
            defaultValue={item?.setupFee.amount ?? ''}
            error={fieldError(error, `${path}.setup_fee.amount`)}
          />
          <TextField
            label={t('period.renewal', { currency })}
            name={`${path}.renewal_fee`}
            inputMode="decimal"
            defaultValue={item?.renewalFee.amount ?? ''}
            error={fieldError(error, `${path}.renewal_fee.amount`)}
          />
        </>
      )}
      <CheckField label={t('period.trial')} name={`${path}.trial`} defaultChecked={item?.trial ?? false} />
      <CheckField label={t('period.public')} name={`${path}.public`} defaultChecked={item?.public ?? true} />
    </>
  )
}

export function readPeriod(value: Values, path: string, item: EditedPeriod | null, currency: string) {
  const unit = value(`${path}.duration`)
  // A fee that is not asked for, since the hour is what costs, is none.
  const money = (name: string) => ({ amount: value(`${path}.${name}`).replace(',', '.') || '0', currency })
  return {
    ...(item?.id !== undefined && { id: item.id }),
    duration: unit === 'endless' ? null : { value: Number(value(`${path}.value`)), unit },
    trial: value(`${path}.trial`) === 'on',
    public: value(`${path}.public`) === 'on',
    recurringFee: money('recurring_fee'),
    setupFee: money('setup_fee'),
    renewalFee: money('renewal_fee'),
  }
}
