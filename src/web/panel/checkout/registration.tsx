import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { RegistrationForm } from '../details/registration-form.tsx'
import { Page } from '../page.tsx'
import { loadSession, refreshSession } from '../session.ts'
import type { Account } from '../types.ts'
import { useCheckout } from './frame.tsx'
import { Summary } from './summary.tsx'

export async function loader(_: LoaderFunctionArgs): Promise<Account | null> {
  const { account } = await loadSession()
  return account ? call<Account>(`/accounts/${account.id}`) : null
}

/** Who buys: asked for once, before the first order is placed. */
export function Component() {
  const { t } = useText()
  const account = useLoaderData<typeof loader>()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const checkout = useCheckout()
  return (
    <div className="two-columns">
      <Page title={t('registration.title')} lead={t('registration.lead')}>
        <RegistrationForm
          account={account}
          submitLabel={t('registration.submit')}
          privacyUrl={checkout.privacyUrl}
          onDone={async () => {
            await refreshSession()
            await revalidate()
            await navigate('../confirm', { relative: 'path' })
          }}
        />
      </Page>
      <Summary checkout={checkout} />
    </div>
  )
}
