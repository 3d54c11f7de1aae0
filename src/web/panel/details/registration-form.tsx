import { type FormEvent, useCallback, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { useSession } from '../session.ts'
import type { Account } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { countryOptions } from './countries.ts'

/** Who the account belongs to: needed once before the first order, changed later in the profile. */
export function RegistrationForm({
  account,
  submitLabel,
  privacyUrl,
  onDone,
}: {
  account: Account | null
  submitLabel: string
  privacyUrl: string | null
  onDone: () => Promise<void>
}) {
  const { t, locale } = useText()
  const { user, account: mine } = useSession()
  const isFirst = mine?.registration !== 'full'
  const [kind, setKind] = useState<'business' | 'person'>(account?.customerType ?? 'business')
  const save = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const body: Record<string, unknown> = {}
        for (const [name, value] of form) if (value !== '') body[name] = value
        body['accept_privacy'] = privacyUrl === null || !isFirst || form.get('accept_privacy') === 'on'
        await call('/account/registration', { method: 'PUT', body, idempotencyKey: key })
        await onDone()
      },
      [privacyUrl, isFirst, onDone],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void save.run(new FormData(event.currentTarget))
  }
  const error = (name: string): string | undefined => fieldError(save.error, name)
  const optional = (label: string): string => t('field.optional', { label })
  return (
    <form className="form" onSubmit={submit}>
      <ErrorSummary error={save.error} failures={save.failures} />
      <fieldset className="stack stack-2">
        <legend className="legend">{t('field.customer_type')}</legend>
        <div className="field-row">
          {(['business', 'person'] as const).map((option) => (
            <label className="choice" key={option}>
              <input
                type="radio"
                name="customer_type"
                value={option}
                checked={kind === option}
                onChange={() => setKind(option)}
              />
              <span>{t(`field.customer_type_${option}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field-row">
        <TextField
          label={t('field.first_name')}
          name="first_name"
          autoComplete="given-name"
          required
          defaultValue={user?.firstName}
          error={error('first_name')}
        />
        <TextField
          label={t('field.last_name')}
          name="last_name"
          autoComplete="family-name"
          required
          defaultValue={user?.lastName}
          error={error('last_name')}
        />
      </div>
      {kind === 'business' ? (
        <div className="field-row">
          <TextField
            label={t('field.company_name')}
            name="company_name"
            autoComplete="organization"
            required
            defaultValue={account?.companyName}
            error={error('company_name')}
          />
          <TextField
            label={optional(t('field.vat_id'))}
            name="vat_id"
            autoComplete="off"
            defaultValue={account?.vatId}
            error={error('vat_id')}
          />
        </div>
      ) : null}
      <SelectField
        label={t('field.country')}
        name="country"
        autoComplete="country"
        required
        defaultValue={account?.country ?? ''}
        options={[{ value: '', label: t('field.choose') }, ...countryOptions(locale)]}
        error={error('country')}
      />
      <TextField
        label={t('field.street')}
        name="street"
        autoComplete="street-address"
        required
        defaultValue={account?.street}
        error={error('street')}
      />
      <div className="field-row">
        <TextField
          label={t('field.zip')}
          name="zip"
          autoComplete="postal-code"
          required
          defaultValue={account?.zip}
          error={error('zip')}
        />
        <TextField
          label={t('field.city')}
          name="city"
          autoComplete="address-level2"
          required
          defaultValue={account?.city}
          error={error('city')}
        />
      </div>
      <div className="field-row">
        <TextField
          label={optional(t('field.region'))}
          name="region"
          autoComplete="address-level1"
          defaultValue={account?.region}
          error={error('region')}
        />
        <TextField
          label={optional(t('field.phone'))}
          name="phone"
          type="tel"
          autoComplete="tel"
          defaultValue={account?.phone}
          error={error('phone')}
        />
      </div>
      {isFirst ? (
        <TextField
          label={optional(t('field.password_choose'))}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint={t('registration.password_hint')}
          error={error('password')}
        />
      ) : null}
      {isFirst && privacyUrl !== null ? (
        <CheckField
          name="accept_privacy"
          required
          error={error('accept_privacy')}
          label={
            <>
              {t('registration.accept')}{' '}
              <a href={privacyUrl} target="_blank" rel="noreferrer">
                {t('registration.privacy')}
              </a>
            </>
          }
        />
      ) : null}
      <div>
        <Button type="submit" look="primary" pending={save.pending}>
          {submitLabel}
        </Button>
      </div>
    </form>
  )
}
