import { useLoaderData } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { useSession } from '../session.ts'
import { PasswordSection } from './password.tsx'
import { type FactorState, SecondFactor } from './second-factor.tsx'

export const loader = () => call<FactorState>('/session/second-factor')

/** How I sign in. */
export function Component() {
  const { t } = useText()
  const state = useLoaderData<typeof loader>()
  const { user } = useSession()
  return (
    <Page title={t('security.title')} lead={t('security.lead', { email: user?.email ?? '' })}>
      <PasswordSection />
      <SecondFactor state={state} />
    </Page>
  )
}
