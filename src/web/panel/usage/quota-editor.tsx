import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { ApiError, call } from '../api.ts'
import { fieldError } from '../problems.tsx'
import { SaveForm } from '../save-form.tsx'
import { usageLabel } from '../usage-name.ts'
import { amountText, readAmount, shownAmount } from './amounts.ts'
import type { UsageItem } from './types.ts'

/** How a quota comes to its value, and the form that sets its part by hand; for the version that is shown. */
export function QuotaEditor({ item, maySet, isOpen }: { item: UsageItem; maySet: boolean; isOpen: boolean }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const [isSaved, setSaved] = useState(false)
  const { tenantId, usageName, measurementUnit: unit, base, granted, value, overage, version } = item
  const name = usageLabel(text, usageName)
  const amount = (units: string | null): string =>
    units === null ? t('tenant_usage.unlimited') : amountText(text, unit, BigInt(units))
  const said = unit === 'bytes' ? 'GB' : t('tenant_usage.unit_count')
  const save = useCallback(
    async (values: (name: string) => string, key: string) => {
      setSaved(false)
      const wanted = { base: readAmount(unit, values('base')), overage: readAmount(unit, values('overage')) }
      const problems = [
        ...(wanted.base === undefined ? [{ path: 'base', message: t('tenant_usage.bad_number') }] : []),
        ...(wanted.overage === undefined || (wanted.overage ?? 0n) < 0n
          ? [{ path: 'overage', message: t('tenant_usage.bad_overage') }]
          : []),
      ]
      if (problems.length > 0)
        throw new ApiError(400, {
          code: 'invalid_request',
          errors: problems.map((each) => ({ ...each, code: 'invalid' })),
        })
      await call(`/quotas/${tenantId}/${usageName}`, {
        method: 'PUT',
        ifMatch: version,
        idempotencyKey: key,
        body: { base: wanted.base?.toString() ?? null, overage: wanted.overage?.toString() ?? null },
      })
      setSaved(true)
      await revalidate()
    },
    [tenantId, usageName, unit, version, revalidate, t],
  )
  return (
    <>
      <dl className="usage-parts small">
        <dt>{t('tenant_usage.base')}</dt>
        <dd>{amount(base)}</dd>
        <dt>{t('tenant_usage.granted')}</dt>
        <dd>{amount(granted)}</dd>
        <dt>{t('tenant_usage.value')}</dt>
        <dd>{amount(value)}</dd>
        <dt>{t('tenant_usage.overage')}</dt>
        <dd>{overage === null ? t('tenant_usage.soft') : amount(overage)}</dd>
      </dl>
      {isSaved ? (
        <Notice tone="ok" live>
          <p>{t('tenant_usage.saved')}</p>
        </Notice>
      ) : null}
      {maySet ? (
        <details open={isOpen}>
          <summary>{t('tenant_usage.change')}</summary>
          <SaveForm save={save} submit={t('tenant_usage.save', { name })}>
            {(error) => (
              <>
                <TextField
                  label={t('tenant_usage.base_field', { unit: said })}
                  name="base"
                  hint={t('tenant_usage.base_hint', { granted: amount(granted) })}
                  inputMode="decimal"
                  autoComplete="off"
                  defaultValue={shownAmount(unit, base)}
                  error={fieldError(error, 'base')}
                />
                <TextField
                  label={t('tenant_usage.overage_field', { unit: said })}
                  name="overage"
                  hint={t('tenant_usage.overage_hint')}
                  inputMode="decimal"
                  autoComplete="off"
                  defaultValue={shownAmount(unit, overage)}
                  error={fieldError(error, 'overage')}
                />
              </>
            )}
          </SaveForm>
        </details>
      ) : null}
    </>
  )
}
