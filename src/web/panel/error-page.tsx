import { useEffect } from 'react'
import { isRouteErrorResponse, useLocation, useRouteError } from 'react-router'
import { CircleAlert } from '../design/icons.tsx'
import { useText } from '../messages/use-text.ts'
import { ApiError } from './api.ts'
import { sentenceOf } from './problems.tsx'

/** Drawn where a page could not be: what happened, what to do. `alone`: no frame with a main landmark is around it. */
export function ErrorPage({ alone = false }: { alone?: boolean }) {
  const text = useText()
  const { t } = text
  const error = useRouteError()
  const { pathname } = useLocation()
  const area = pathname.startsWith('/portal') ? '/portal' : '/client'
  const missing =
    (error instanceof ApiError && error.status === 404) || (isRouteErrorResponse(error) && error.status === 404)
  const offline = error instanceof ApiError && error.code === 'offline'
  const isOurs = !(error instanceof ApiError) || error.status >= 500
  const title = t(
    missing ? 'not_found.title' : offline ? 'problem.offline_title' : isOurs ? 'error.title' : 'problem.failed',
  )
  useEffect(() => {
    document.title = title
  }, [title])
  const Frame = alone ? 'main' : 'div'
  if (!(error instanceof ApiError) && !isRouteErrorResponse(error)) console.error(error)
  return (
    <Frame className="error-page">
      <div className="stack narrow">
        <CircleAlert size={28} />
        <h1>{title}</h1>
        <p className="muted">
          {missing
            ? t('problem.page_missing')
            : error instanceof ApiError
              ? sentenceOf(text, error)
              : t('problem.internal')}
        </p>
        {error instanceof ApiError && error.requestId && error.status >= 500 ? (
          <p className="small quiet">{t('problem.reference', { id: error.requestId })}</p>
        ) : null}
        <div className="cluster">
          {missing ? null : (
            <button type="button" className="button button-primary" onClick={() => location.reload()}>
              {t('problem.again')}
            </button>
          )}
          <a className={missing ? 'button button-primary' : 'button'} href={area}>
            {t('problem.home')}
          </a>
        </div>
      </div>
    </Frame>
  )
}
