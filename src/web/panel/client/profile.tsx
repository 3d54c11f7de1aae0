import { useState } from 'react'
import { useLoaderData, useRevalidator } from 'react-router'
import { Facts } from '../../design/lines.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { RegistrationForm } from '../details/registration-form.tsx'
import { Page } from '../page.tsx'
import { can, loadSession, refreshSession, useSession } from '../session.ts'
import type { Account } from '../types.ts'
import { type Acceptance, OwnData } from './own-data.tsx'

export async function loader() {
  const { account } = await loadSession()
  if (!account) return { account: null, acceptances: [] }
  const [found, { items }] = await Promise.all([
    call<Account>(`/accounts/${account.id}`),
    call<{ items: readonly Acceptance[] }>(`/accounts/${account.id}/acceptances`),
  ])
  return { account: found, acceptances: items }
}

/** Who I am and who pays. */
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
      <section className="card stack">
        <h2>{t('profile.password')}</h2>
        <p>
          <Link to="/client/security">{t('profile.security')}</Link>
        </p>
      </section>
      {account ? (
        <OwnData accountId={account.id} acceptances={acceptances} mayExport={can(session, 'users:read')} />
      ) : null}
    </Page>
  )
}
