import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { safeReturnTo, setSession } from '../session.ts'
import type { Session } from '../session-types.ts'
import { useOperation } from '../use-operation.ts'
import { EntranceFrame } from './entrance-frame.tsx'

/** The link of the mail. Opening it does nothing (mail scanners open it too); the button confirms. */
export function Component() {
  const { t } = useText()
  const search = useSearch()
  const navigate = useNavigate()
  const token = search.get('token')
  const confirm = useOperation(
    useCallback(
      async (key: string) => {
        const answer = await call<{ session: Session; returnTo: string | null }>('/registrations/confirm', {
          method: 'POST',
          body: { token },
          idempotencyKey: key,
        })
        setSession(answer.session)
        await navigate(safeReturnTo(answer.returnTo, 'client'), { replace: true })
      },
      [navigate, token],
    ),
  )
  const expired = confirm.error?.code === 'token_expired'
  return (
    <EntranceFrame>
      <Page title={t('confirm.title')} lead={token ? t('confirm.lead') : t('confirm.no_token')}>
        <ErrorSummary error={confirm.error} failures={confirm.failures} />
        {token && !expired ? (
          <Button look="primary" wide pending={confirm.pending} onClick={() => void confirm.run()}>
            {t('confirm.submit')}
          </Button>
        ) : (
          <div className="cluster">
            <Link className="button button-primary" to="/client/sign-in">
              {t('sign_in.submit')}
            </Link>
            <Link className="button" to="/client/register">
              {t('confirm.new_mail')}
            </Link>
          </div>
        )}
      </Page>
    </EntranceFrame>
  )
}
