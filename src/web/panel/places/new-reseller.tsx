import { useCallback, useState } from 'react'
import { ButtonLink } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { SaveForm, type Values } from '../save-form.tsx'

/** A new reseller and the person who is to run it. */
export function Component() {
  const { t } = useText()
  const [made, setMade] = useState<{ name: string; email: string } | null>(null)
  const save = useCallback(async (value: Values, key: string) => {
    const reseller = await call<{ name: string; administrator: { email: string } }>('/resellers', {
      method: 'POST',
      idempotencyKey: key,
      body: {
        name: value('name'),
        currency: value('currency').toUpperCase(),
        administrator: {
          email: value('administrator.email'),
          firstName: value('administrator.first_name'),
          lastName: value('administrator.last_name'),
        },
      },
    })
    setMade({ name: reseller.name, email: reseller.administrator.email })
  }, [])
  return (
    <Page
      key={made ? 'made' : 'new'}
      title={t(made ? 'reseller.made_title' : 'tenants.add')}
      aboveTitle={<BackLink to="/portal/tenants">{t('nav.tenants')}</BackLink>}
      lead={made ? undefined : t('reseller.lead')}
    >
      {made ? (
        <>
          <Notice tone="ok" live>
            <p>{t('reseller.made', made)}</p>
          </Notice>
          <p>
            <ButtonLink to="/portal/tenants">{t('nav.tenants')}</ButtonLink>
          </p>
        </>
      ) : (
        <section className="card stack">
          <SaveForm save={save} submit={t('reseller.submit')}>
            {(error) => (
              <>
                <TextField label={t('reseller.name')} name="name" required error={fieldError(error, 'name')} />
                <TextField
                  label={t('reseller.currency')}
                  name="currency"
                  hint={t('reseller.currency_hint')}
                  defaultValue="USD"
                  maxLength={3}
                  autoComplete="off"
                  required
                  error={fieldError(error, 'currency')}
                />
                <h2>{t('reseller.administrator')}</h2>
                <TextField
                  label={t('field.email')}
                  name="administrator.email"
                  type="email"
                  hint={t('reseller.mail_hint')}
                  autoComplete="off"
                  required
                  error={fieldError(error, 'administrator.email')}
                />
                <TextField label={t('reseller.first_name')} name="administrator.first_name" autoComplete="off" />
                <TextField label={t('reseller.last_name')} name="administrator.last_name" autoComplete="off" />
              </>
            )}
          </SaveForm>
        </section>
      )}
    </Page>
  )
}
