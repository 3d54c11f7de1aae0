import type { ReactNode } from 'react'
import { CheckField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { BrandOptions, Editing } from './types.ts'

type TextOption = {
  [Name in keyof BrandOptions]: BrandOptions[Name] extends string | null ? Name : never
}[keyof BrandOptions]

/** As on the wire; each has a label of that name. */
type FieldName =
  | 'company_name'
  | 'platform_terms_url'
  | 'privacy_policy_url'
  | 'service_name'
  | 'smtp_reply_address'
  | 'smtp_server'
  | 'smtp_user'
  | 'support_phone'
  | 'support_url'
  | 'terms_url'
  | 'upsell_url'

/** One text of a brand. Its field is named as on the wire. */
export function OptionField({
  options,
  change,
  errorOf,
  name,
  field,
  hint,
  type = 'text',
}: Editing & { name: TextOption; field: FieldName; hint?: string; type?: string }) {
  const { t } = useText()
  return (
    <TextField
      label={t(`brand.${field}`)}
      name={field}
      type={type}
      maxLength={4096}
      hint={hint}
      value={options[name] ?? ''}
      onChange={(event) => change({ [name]: event.target.value })}
      error={errorOf(field)}
      autoComplete="off"
    />
  )
}

const STANDARD_COLOUR = '1f5fbf'

/** @param children The logo, which is stored by itself. */
export function LookSection({ children, ...editing }: Editing & { children: ReactNode }) {
  const { t } = useText()
  const { options, change } = editing
  const hasColour = (options.color ?? '') !== ''
  return (
    <section className="card stack">
      <h2>{t('brand.look')}</h2>
      <div className="form">
        <OptionField {...editing} name="serviceName" field="service_name" hint={t('brand.service_name_hint')} />
        <OptionField {...editing} name="companyName" field="company_name" />
        <CheckField
          label={t('brand.own_colour')}
          name="own_colour"
          checked={hasColour}
          onChange={(event) => change({ color: event.target.checked ? STANDARD_COLOUR : null })}
        />
        {hasColour ? (
          <TextField
            label={t('brand.colour')}
            name="color"
            type="color"
            value={`#${options.color?.replace(/^#/, '')}`}
            onChange={(event) => change({ color: event.target.value.slice(1) })}
            error={editing.errorOf('color')}
          />
        ) : null}
        {children}
      </div>
    </section>
  )
}

export function SupportSection(editing: Editing) {
  const { t } = useText()
  return (
    <section className="card stack">
      <h2>{t('brand.support')}</h2>
      <p className="muted">{t('brand.support_hint')}</p>
      <div className="form">
        <OptionField {...editing} name="supportPhone" field="support_phone" type="tel" />
        <OptionField {...editing} name="supportUrl" field="support_url" />
      </div>
    </section>
  )
}

export function LegalSection(editing: Editing) {
  const { t } = useText()
  return (
    <section className="card stack">
      <h2>{t('brand.legal')}</h2>
      <p className="muted">{t('brand.legal_hint')}</p>
      <div className="form">
        <OptionField {...editing} name="termsUrl" field="terms_url" />
        <OptionField {...editing} name="platformTermsUrl" field="platform_terms_url" />
        <OptionField {...editing} name="privacyPolicyUrl" field="privacy_policy_url" />
      </div>
    </section>
  )
}
