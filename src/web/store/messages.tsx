import type { ReactNode } from 'react'
import { useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import type { ErrorProps, MaintenanceProps, NotFoundProps, PageProps } from './props.ts'

/** 404: no such page, or no store at this host. */
export function renderNotFound(props: NotFoundProps): string {
  return messagePage(props, 'not_found.title', () => <NotFound hasStore={props.store !== null} />)
}

/** 503 while the store is in maintenance. */
export function renderMaintenance(props: MaintenanceProps): string {
  return messagePage(props, 'maintenance.title', () => (
    <Maintenance name={props.store?.name ?? props.brand.serviceName} />
  ))
}

/** 500 and whatever else fails on our side. */
export function renderError(props: ErrorProps): string {
  return messagePage(props, 'error.title', () => <Failure requestId={props.requestId} />)
}

function messagePage(
  page: PageProps,
  title: 'not_found.title' | 'maintenance.title' | 'error.title',
  content: () => ReactNode,
): string {
  return renderPage(
    page,
    ({ t }) => ({ title: `${t(title)}: ${page.brand.serviceName}`, indexed: false }),
    ({ t }) => (
      <StoreFrame page={page}>
        <div className="message-page">
          <h1>{t(title)}</h1>
          {content()}
        </div>
      </StoreFrame>
    ),
  )
}

function NotFound({ hasStore }: { hasStore: boolean }) {
  const { t } = useText()
  if (!hasStore) return <p className="lead">{t('not_found.no_store')}</p>
  return (
    <>
      <p className="lead">{t('not_found.text')}</p>
      <div className="cluster">
        <a className="button button-primary" href="/">
          {t('link.to_home')}
        </a>
        <a className="button" href="/client">
          {t('store.account')}
        </a>
      </div>
    </>
  )
}

function Maintenance({ name }: { name: string }) {
  const { t } = useText()
  return (
    <>
      <p className="lead">{t('maintenance.text', { store: name })}</p>
      <p>{t('maintenance.hint')}</p>
      <div className="cluster">
        <a className="button" href="/client">
          {t('store.account')}
        </a>
      </div>
    </>
  )
}

function Failure({ requestId }: { requestId: string }) {
  const { t } = useText()
  return (
    <>
      <p className="lead">{t('error.text')}</p>
      <p className="small muted">{t('error.reference', { id: requestId })}</p>
      <div className="cluster">
        <a className="button button-primary" href="/">
          {t('link.to_home')}
        </a>
      </div>
    </>
  )
}
