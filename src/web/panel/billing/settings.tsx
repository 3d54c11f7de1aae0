import { useCallback, useEffect, useState } from 'react'
import { useLoaderData, useRevalidator } from 'react-router'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { useSession } from '../session.ts'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import type { InvoiceSettings } from './types.ts'

interface BillingSettings {
  readonly billingDay: number
}

export const loader = () => call<InvoiceSettings>('/invoice-settings')

/** What a reseller's documents will say, how they are numbered, when they are due. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const settings = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  const save = useCallback(
    async (value: Values) => {
      setSaved(false)
      const body = {
        name: value('name'),
        address: value('address'),
        country: value('country').toUpperCase() || null,
        vatId: value('vat_id'),
        registration: value('registration'),
        email: value('email'),
        footer: value('footer'),
        invoiceSeries: value('invoice_series'),
        creditNoteSeries: value('credit_note_series'),
        paymentDays: Number(value('payment_days')),
      }
      const ifMatch = settings.version
      await call('/invoice-settings', { method: 'PUT', body, ...(ifMatch !== null && { ifMatch }) })
      setSaved(true)
      await revalidate()
    },
    [settings.version, revalidate],
  )
  return (
    <Page
      title={t('billing.set.title')}
      lead={t('billing.set.lead')}
      aboveTitle={<BackLink to="/portal/invoices">{t('nav.invoices')}</BackLink>}
    >
      {saved ? (
        <Notice tone="ok" live>
          <p>{t('billing.set.saved')}</p>
        </Notice>
      ) : null}
      <section className="card stack">
        <SaveForm key={settings.version ?? 0} save={save} submit={t('billing.set.save')}>
          {(error) => {
            const text = (name: string, key: keyof InvoiceSettings, label: string, hint?: string) => (
              <TextField
                label={label}
                name={name}
                hint={hint}
                defaultValue={String(settings[key] ?? '')}
                error={fieldError(error, name)}
              />
            )
            const seriesHint = t('billing.set.series_hint', { year: '{year}' })
            return (
              <>
                {text(
                  'name',
                  'name',
                  t('billing.set.name'),
                  t('billing.set.name_hint', { name: session.tenant?.name ?? '' }),
                )}
                <AreaField
                  label={t('billing.set.address')}
                  name="address"
                  hint={t('billing.set.address_hint')}
                  defaultValue={settings.address}
                  error={fieldError(error, 'address')}
                />
                {text('country', 'country', t('billing.set.country'), t('billing.set.country_hint'))}
                {text('vat_id', 'vatId', t('billing.set.vat_id'))}
                {text(
                  'registration',
                  'registration',
                  t('billing.set.registration'),
                  t('billing.set.registration_hint'),
                )}
                {text('email', 'email', t('billing.set.email'))}
                {text('footer', 'footer', t('billing.set.footer'))}
                {text('invoice_series', 'invoiceSeries', t('billing.set.invoice_series'), seriesHint)}
                {text('credit_note_series', 'creditNoteSeries', t('billing.set.credit_note_series'), seriesHint)}
                {text('payment_days', 'paymentDays', t('billing.set.payment_days'))}
              </>
            )
          }}
        </SaveForm>
      </section>
      <BillingDay onSaved={setSaved} />
    </Page>
  )
}

/** On which day of the month what is paid for by use is closed and invoiced. It comes after the page. */
function BillingDay({ onSaved }: { onSaved: (saved: boolean) => void }) {
  const { t } = useText()
  const [settings, setSettings] = useState<BillingSettings | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    call<BillingSettings>('/billing-settings', { signal: gone.signal }).then(setSettings, () => undefined)
    return () => gone.abort()
  }, [])
  const save = useCallback(
    async (value: Values) => {
      onSaved(false)
      const body = { billingDay: Number(value('billing_day')) }
      setSettings(await call<BillingSettings>('/billing-settings', { method: 'PUT', body }))
      onSaved(true)
    },
    [onSaved],
  )
  if (!settings) return null
  return (
    <section className="card stack" aria-labelledby="billing-day">
      <h2 id="billing-day">{t('billing.day.title')}</h2>
      <SaveForm save={save} submit={t('billing.day.save')}>
        {(error) => (
          <TextField
            label={t('billing.day.label')}
            name="billing_day"
            inputMode="numeric"
            hint={t('billing.day.hint')}
            defaultValue={String(settings.billingDay)}
            error={fieldError(error, 'billing_day')}
          />
        )}
      </SaveForm>
    </section>
  )
}
