import { type FormEvent, useCallback } from 'react'
import { type LoaderFunctionArgs, redirect, useLocation, useNavigate } from 'react-router'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { loadSession, safeReturnTo, setSession } from '../session.ts'
import type { Session } from '../session-types.ts'
import { useOperation } from '../use-operation.ts'
import { CodeField } from './code-field.tsx'
import { EntranceFrame } from './entrance-frame.tsx'

const areaOf = (pathname: string): 'client' | 'portal' => (pathname.startsWith('/portal') ? 'portal' : 'client')

export async function loader({ request }: LoaderFunctionArgs) {
  const url = new URL(request.url)
  const session = await loadSession()
  if (session.user) throw redirect(safeReturnTo(url.searchParams.get('return_to'), areaOf(url.pathname)))
  return null
}

/** Sign in with e-mail and password; the way back, a whole order link included, is kept. */
export function Component() {
  const { t } = useText()
  const area = areaOf(useLocation().pathname)
  const search = useSearch()
  const navigate = useNavigate()
  const returnTo = safeReturnTo(search.get('return_to'), area)
  const signIn = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const code = form.get('code')
        const body = { email: form.get('email'), password: form.get('password'), ...(code ? { code } : {}) }
        setSession(await call<Session>('/sessions', { method: 'POST', body, idempotencyKey: key }))
        await navigate(returnTo, { replace: true })
      },
      [navigate, returnTo],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void signIn.run(new FormData(event.currentTarget))
  }
  const onward = search.has('return_to') ? `?return_to=${encodeURIComponent(returnTo)}` : ''
  return (
    <EntranceFrame>
      <Page title={t(area === 'portal' ? 'sign_in.title_portal' : 'sign_in.title')}>
        <ErrorSummary error={signIn.error} failures={signIn.failures} />
        <form className="form" onSubmit={submit}>
          <TextField label={t('field.email')} name="email" type="email" autoComplete="username" required />
          <TextField
            label={t('field.password')}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
          <CodeField error={signIn.error} />
          <Button type="submit" look="primary" wide pending={signIn.pending}>
            {t('sign_in.submit')}
          </Button>
        </form>
        <div className="stack stack-2 small">
          <p>
            <Link to={`/${area}/reset${onward}`}>{t('sign_in.forgot')}</Link>
          </p>
          {area === 'client' ? (
            <p>
              {t('sign_in.new')} <Link to={`/client/register${onward}`}>{t('sign_in.register')}</Link>
            </p>
          ) : null}
        </div>
      </Page>
    </EntranceFrame>
  )
}
