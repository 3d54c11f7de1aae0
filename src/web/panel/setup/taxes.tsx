import { useCallback } from 'react'
import { useRevalidator } from 'react-router'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { fieldError } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import { SaveForm, type Values } from '../save-form.tsx'
import { Rows, useRows } from './rows.tsx'
import type { TaxRate } from './types.ts'

/** Which tax is added to prices, by the customer's country and kind; all rates are saved together. */
export function Taxes({ sellerId, taxes }: { sellerId: string; taxes: readonly TaxRate[] }) {
  const { t } = useText()
  const session = useSession()
  const { revalidate } = useRevalidator()
  const table = useRows<TaxRate>(taxes)
  const save = useCallback(
    async (value: Values) => {
      const items = table.rows.map((_, index) => ({
        country: value(`items.${index}.country`).toUpperCase() || '*',
        customerType: value(`items.${index}.customer_type`),
        name: value(`items.${index}.name`),
        percent: value(`items.${index}.percent`).replace(',', '.'),
        reverseCharge: value(`items.${index}.reverse_charge`) === 'on',
      }))
      await call('/tax-rates', { method: 'PUT', body: { sellerId, items } })
      await revalidate()
    },
    [sellerId, table.rows, revalidate],
  )
  if (!can(session, 'plans:write')) return null
  return (
    <section className="card stack">
      <SaveForm save={save} submit={t('taxes.save')}>
        {(error) => (
          <Rows
            title={t('taxes.title')}
            name="items"
            hint={t('taxes.hint')}
            add={t('taxes.add')}
            table={table}
            error={fieldError(error, 'items')}
            canRemove={() => true}
            legend={(_item, n) => t('taxes.rate', { n })}
          >
            {(item, path) => (
              <>
                <TextField
                  label={t('taxes.country')}
                  name={`${path}.country`}
                  hint={t('taxes.country_hint')}
                  maxLength={2}
                  autoComplete="off"
                  defaultValue={item?.country ?? ''}
                  error={fieldError(error, `${path}.country`)}
                />
                <SelectField
                  label={t('taxes.customers')}
                  name={`${path}.customer_type`}
                  defaultValue={item?.customerType ?? '*'}
                  options={[
                    { value: '*', label: t('taxes.all') },
                    { value: 'business', label: t('taxes.business') },
                    { value: 'person', label: t('taxes.person') },
                  ]}
                />
                <TextField
                  label={t('taxes.name')}
                  name={`${path}.name`}
                  hint={t('taxes.name_hint')}
                  autoComplete="off"
                  defaultValue={item?.name ?? ''}
                  error={fieldError(error, `${path}.name`)}
                />
                <TextField
                  label={t('taxes.percent')}
                  name={`${path}.percent`}
                  inputMode="decimal"
                  autoComplete="off"
                  defaultValue={item?.percent ?? ''}
                  error={fieldError(error, `${path}.percent`)}
                />
                <CheckField
                  label={t('taxes.reverse')}
                  name={`${path}.reverse_charge`}
                  defaultChecked={item?.reverseCharge ?? false}
                />
              </>
            )}
          </Rows>
        )}
      </SaveForm>
    </section>
  )
}
