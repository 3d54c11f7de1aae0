import { type FormEvent, useCallback, useState } from 'react'
import { useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Facts } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { RegistrationForm } from '../details/registration-form.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { can, loadSession, refreshSession, useSession } from '../session.ts'
import type { Account } from '../types.ts'
import { type Acceptance, OwnData } from './own-data.tsx'
import { useOperation } from '../use-operation.ts'

export async function loader() {
  const { account } = await loadSession()
  if (!account) return { account: null, acceptances: [] }
  const [found, { items }] = await Promise.all([
    call<Account>(`/accounts/${account.id}`),
    call<{ items: readonly Acceptance[] }>(`/accounts/${account.id}/acceptances`),
  ])
  return { account: found, acceptances: items }
}

/** Who I am, who pays, and my password. */
export function Component() {
  const { t } = useText()
  const { account, acceptances } = useLoaderData<typeof loader>()
  const session = useSession()
  const { user, store } = session
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  return (
    <Page title={t('nav.profile')}>
      <section className="card stack">
        <h2>{t('profile.account')}</h2>
        <Facts
          items={[
            { label: t('field.email'), value: user?.email ?? '' },
            ...(account
              ? [
                  { label: t('profile.number'), value: String(account.number) },
                  { label: t('profile.balance'), value: <Money value={account.balance} code /> },
                  ...(account.manager ? [{ label: t('profile.manager'), value: account.manager.name }] : []),
                ]
              : []),
          ]}
        />
      </section>
      {account ? (
        <section className="card stack">
          <h2>{t('profile.details')}</h2>
          {account.registration === 'quick' ? <p className="muted">{t('profile.incomplete')}</p> : null}
          {saved ? (
            <Notice tone="ok" live>
              <p>{t('profile.saved')}</p>
            </Notice>
          ) : null}
          <RegistrationForm
            account={account}
            submitLabel={t('profile.save')}
            privacyUrl={store?.privacyUrl ?? null}
            onDone={async () => {
              await refreshSession()
              await revalidate()
              setSaved(true)
            }}
          />
        </section>
      ) : null}
      <PasswordSection />
      {account ? (
        <OwnData accountId={account.id} acceptances={acceptances} mayExport={can(session, 'users:read')} />
      ) : null}
    </Page>
  )
}

function PasswordSection() {
  const { t } = useText()
  const { user } = useSession()
  const [saved, setSaved] = useState(false)
  const change = useOperation(
    useCallback(async (key: string, form: FormData) => {
      const current = form.get('current_password')
      const body = { password: form.get('password'), ...(current ? { currentPassword: current } : {}) }
      setSaved(false)
      await call('/session/password', { method: 'PUT', body, idempotencyKey: key })
      await refreshSession()
      setSaved(true)
    }, []),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    void change.run(new FormData(form)).then(() => form.reset())
  }
  return (
    <section className="card stack">
      <h2>{t('profile.password')}</h2>
      {saved ? (
        <Notice tone="ok" live>
          <p>{t('profile.password_saved')}</p>
        </Notice>
      ) : null}
      <ErrorSummary error={change.error} failures={change.failures} />
      <form className="form" onSubmit={submit}>
        {user?.hasPassword ? (
          <TextField
            label={t('field.current_password')}
            name="current_password"
            type="password"
            autoComplete="current-password"
            required
            error={fieldError(change.error, 'current_password')}
          />
        ) : (
          <p className="muted">{t('profile.no_password')}</p>
        )}
        <TextField
          label={t('field.new_password')}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          hint={t('field.password_hint')}
          error={fieldError(change.error, 'password')}
        />
        <div>
          <Button type="submit" pending={change.pending}>
            {t('profile.password_submit')}
          </Button>
        </div>
      </form>
    </section>
  )
}
