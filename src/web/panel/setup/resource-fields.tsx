import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { Values } from '../save-form.tsx'
import type { EditedResource } from './types.ts'

/** What is sold in quantities: how many are in, how many can be ordered, what one costs and which quota it raises. */
export function ResourceFields({
  item,
  path,
  currency,
  isHourly,
  error,
}: {
  item: EditedResource | null
  path: string
  currency: string
  isHourly: boolean
  error: ApiError | null
}) {
  const { t } = useText()
  const text = (name: string, label: string, value: string | null | undefined, hint?: string) => (
    <TextField
      label={label}
      name={`${path}.${name}`}
      defaultValue={value ?? ''}
      hint={hint}
      error={fieldError(error, `${path}.${name}`) ?? fieldError(error, `${path}.${name}.amount`)}
    />
  )
  return (
    <>
      {text('name', t('resource.name'), item?.name)}
      {text('unit', t('resource.unit'), item?.unit, t('resource.unit_hint'))}
      <SelectField
        label={t('resource.kind')}
        name={`${path}.kind`}
        defaultValue={item?.kind ?? 'unit'}
        error={fieldError(error, `${path}.kind`)}
        options={(['unit', 'boolean'] as const).map((value) => ({ value, label: t(`resource.kind_${value}`) }))}
      />
      {text('included', t('resource.included'), item?.included ?? '0')}
      {isHourly ? null : text('minimum', t('resource.minimum'), item?.minimum, t('resource.minimum_hint'))}
      {isHourly ? null : text('limit', t('resource.limit'), item?.limit, t('resource.limit_hint'))}
      {isHourly ? (
        text('unit_price', t('resource.unit_price', { currency }), item?.unitPrice)
      ) : (
        <>
          {text('recurring_fee', t('resource.fee', { currency }), item?.recurringFee.amount)}
          {text('setup_fee', t('resource.setup', { currency }), item?.setupFee.amount)}
          {text('renewal_fee', t('resource.renewal', { currency }), item?.renewalFee.amount)}
          {text(
            'overuse_fee',
            t('resource.overuse', { currency }),
            item?.overuseFee.amount,
            t('resource.overuse_hint'),
          )}
        </>
      )}
      {text('usage_name', t('resource.quota'), item?.quota?.usageName, t('resource.quota_hint'))}
      {text('per_unit', t('resource.per_unit'), item?.quota?.perUnit)}
      <CheckField label={t('resource.public')} name={`${path}.public`} defaultChecked={item?.public ?? true} />
    </>
  )
}

export function readResource(
  value: Values,
  path: string,
  item: EditedResource | null,
  currency: string,
  isHourly: boolean,
) {
  const of = (name: string) => value(`${path}.${name}`)
  const included = of('included') || '0'
  const usageName = of('usage_name')
  const money = (name: string) => ({ amount: of(name).replace(',', '.') || '0', currency })
  return {
    ...(item?.id !== undefined && { id: item.id }),
    name: of('name'),
    unit: of('unit'),
    kind: of('kind'),
    public: of('public') === 'on',
    included,
    minimum: isHourly ? included : of('minimum') || included,
    limit: isHourly ? included : of('limit') || null,
    ...(isHourly
      ? { unitPrice: of('unit_price').replace(',', '.') || null }
      : {
          recurringFee: money('recurring_fee'),
          setupFee: money('setup_fee'),
          renewalFee: money('renewal_fee'),
          overuseFee: money('overuse_fee'),
        }),
    quota: usageName === '' ? null : { usageName, perUnit: of('per_unit') || '1' },
  }
}
