import { useCallback, useState } from 'react'
import { ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import { usePlace } from './place.ts'

/** A new API client, and its secret, shown this once. */
export function Component() {
  const { t } = useText()
  const { roles } = usePlace()
  const [made, setMade] = useState<{ id: string; name: string; secret: string } | null>(null)
  const save = useCallback(async (value: Values, key: string) => {
    const scopes = value('scopes')
      .split(/[\s,]+/)
      .filter(Boolean)
    setMade(
      await call<{ id: string; name: string; secret: string }>('/clients', {
        method: 'POST',
        idempotencyKey: key,
        body: { name: value('name'), role: value('role'), ...(scopes.length > 0 && { scopes }) },
      }),
    )
  }, [])
  return (
    <Page
      key={made ? 'made' : 'new'}
      aboveTitle={<BackLink to="/portal/clients">{t('nav.clients')}</BackLink>}
      title={made ? made.name : t('clients.add')}
      lead={made ? undefined : t('clients.add_lead')}
    >
      {made ? (
        <>
          <Notice tone="warn" live title={t('clients.once_title')}>
            <p>{t('clients.once')}</p>
          </Notice>
          <section className="card stack">
            <h2>{t('clients.id')}</h2>
            <Copyable value={made.id} name={t('clients.id')} />
            <h2>{t('clients.secret')}</h2>
            <Copyable value={made.secret} name={t('clients.secret')} />
          </section>
          <p>
            <ButtonLink to="/portal/clients">{t('clients.done')}</ButtonLink>
          </p>
        </>
      ) : (
        <section className="card stack">
          <SaveForm save={save} submit={t('clients.submit')}>
            {(error) => (
              <>
                <TextField label={t('people.name')} name="name" required error={fieldError(error, 'name')} />
                <SelectField
                  label={t('people.role')}
                  name="role"
                  hint={t('clients.role_hint')}
                  options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                  error={fieldError(error, 'role')}
                />
                <AreaField
                  label={t('field.optional', { label: t('clients.scopes') })}
                  name="scopes"
                  hint={t('clients.scopes_hint')}
                  rows={2}
                  error={error?.problems.find(({ path }) => path.startsWith('scopes'))?.message}
                />
              </>
            )}
          </SaveForm>
        </section>
      )}
    </Page>
  )
}
