import { type FormEvent, useCallback, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { safeReturnTo, setSession, useSession } from '../session.ts'
import type { Session } from '../session-types.ts'
import { useOperation } from '../use-operation.ts'
import { CodeField } from './code-field.tsx'
import { EntranceFrame } from './entrance-frame.tsx'

/** Both steps of a new password: ask for the mail, or, with the mail's token, set it. */
export function Component() {
  const search = useSearch()
  const token = search.get('token')
  return <EntranceFrame>{token === null ? <AskForMail /> : <SetPassword token={token} />}</EntranceFrame>
}

function AskForMail() {
  const { t } = useText()
  const session = useSession()
  const area = useLocation().pathname.startsWith('/portal') ? 'portal' : 'client'
  const returnTo = useSearch().get('return_to')
  const [sentTo, setSentTo] = useState<string | null>(null)
  const ask = useOperation(
    useCallback(
      async (key: string, email: string) => {
        const body = { email, ...(returnTo !== null && { return_to: returnTo }) }
        await call('/password-resets', { method: 'POST', body, idempotencyKey: key })
        setSentTo(email)
      },
      [returnTo],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void ask.run(String(new FormData(event.currentTarget).get('email')))
  }
  return (
    <Page title={t('reset.title')} lead={sentTo === null ? t('reset.lead') : undefined}>
      {sentTo === null ? (
        <>
          <ErrorSummary error={ask.error} failures={ask.failures} />
          <form className="form" onSubmit={submit}>
            <TextField
              label={t('field.email')}
              name="email"
              type="email"
              autoComplete="username"
              required
              error={fieldError(ask.error, 'email')}
            />
            <Button type="submit" look="primary" wide pending={ask.pending}>
              {t('reset.submit')}
            </Button>
          </form>
        </>
      ) : (
        <Notice tone="ok" live title={t('reset.sent_title')}>
          <p>{t('reset.sent', { email: sentTo })}</p>
          {session.mailIsKept ? <p>{t('check_mail.kept')}</p> : null}
        </Notice>
      )}
      <p className="small">
        <Link to={`/${area}/sign-in`}>{t('reset.back')}</Link>
      </p>
    </Page>
  )
}

function SetPassword({ token }: { token: string }) {
  const { t } = useText()
  const navigate = useNavigate()
  const search = useSearch()
  const area = useLocation().pathname.startsWith('/portal') ? 'portal' : 'client'
  const returnTo = safeReturnTo(search.get('return_to'), area)
  const set = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const code = form.get('code')
        const body = { token, password: form.get('password'), ...(code ? { code } : {}) }
        setSession(await call<Session>('/password-resets/confirm', { method: 'POST', body, idempotencyKey: key }))
        await navigate(returnTo, { replace: true })
      },
      [navigate, token, returnTo],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void set.run(new FormData(event.currentTarget))
  }
  return (
    <Page title={t('reset.set_title')}>
      <ErrorSummary error={set.error} failures={set.failures} />
      <form className="form" onSubmit={submit}>
        <TextField
          label={t('field.new_password')}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          hint={t('field.password_hint')}
          error={fieldError(set.error, 'password')}
        />
        <CodeField error={set.error} />
        <Button type="submit" look="primary" wide pending={set.pending}>
          {t('reset.set_submit')}
        </Button>
      </form>
      {set.error?.code === 'token_expired' ? (
        <p>
          <Link to={`/${area}/reset`}>{t('reset.again')}</Link>
        </p>
      ) : null}
    </Page>
  )
}
