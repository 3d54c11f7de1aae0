import { type FormEvent, useCallback } from 'react'
import { type LoaderFunctionArgs, redirect, useLoaderData, useNavigate } from 'react-router'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { type Explained, explainLink } from '../checkout/explain.ts'
import { LinkPreview } from '../checkout/link-preview.tsx'
import { LinkProblems } from '../checkout/link-problems.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { loadSession, safeReturnTo } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import { EntranceFrame } from './entrance-frame.tsx'

/** Where the way back is an order link, what it would order is shown beside the form. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Explained | null> {
  const wish = new URL(request.url).searchParams.get('return_to')
  const session = await loadSession()
  if (session.user) throw redirect(safeReturnTo(wish, 'client'))
  return wish?.startsWith('/client/new_order?') ? explainLink(wish.slice(wish.indexOf('?')), session) : null
}

/** Quick registration: an e-mail address is enough to start. */
export function Component() {
  const { t, locale } = useText()
  const explained = useLoaderData<typeof loader>()
  const search = useSearch()
  const navigate = useNavigate()
  const returnTo = safeReturnTo(search.get('return_to'), 'client')
  const kept = search.has('return_to') ? returnTo : null
  const register = useOperation(
    useCallback(
      async (key: string, email: string) => {
        const body = { email, language: locale.split('-')[0], ...(kept === null ? {} : { returnTo: kept }) }
        await call('/registrations', { method: 'POST', body, idempotencyKey: key })
        await navigate('/client/check-mail', { state: { email, returnTo: kept } })
      },
      [navigate, kept, locale],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void register.run(String(new FormData(event.currentTarget).get('email')))
  }
  if (explained && explained.errors.length > 0)
    return (
      <EntranceFrame>
        <LinkProblems problems={explained.errors} product={explained.product ?? null} />
      </EntranceFrame>
    )
  return (
    <EntranceFrame>
      <Page title={t(kept ? 'register.title_order' : 'register.title')} lead={t('register.lead')}>
        {explained ? <LinkPreview explained={explained} /> : null}
        <ErrorSummary error={register.error} failures={register.failures} />
        <form className="form" onSubmit={submit}>
          <TextField
            label={t('field.email')}
            name="email"
            type="email"
            autoComplete="email"
            required
            error={fieldError(register.error, 'email')}
          />
          <Button type="submit" look="primary" wide pending={register.pending}>
            {t('register.submit')}
          </Button>
        </form>
        <p className="small">
          {t('register.known')}{' '}
          <Link to={`/client/sign-in${kept ? `?return_to=${encodeURIComponent(kept)}` : ''}`}>
            {t('register.sign_in')}
          </Link>
        </p>
      </Page>
    </EntranceFrame>
  )
}
