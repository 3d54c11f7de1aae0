import { useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import type { PageProps } from './props.ts'

export interface StopMailsProps extends PageProps {
  /** `asks`: before the click. `unknown`: the link is not one of ours. */
  readonly state: 'unknown' | 'asks' | 'stopped'
}

/** Where mails about quotas end. */
export function renderStopMails(props: StopMailsProps): string {
  return renderPage(
    props,
    ({ t }) => ({ title: `${t('stop_mails.title')}: ${props.brand.serviceName}`, indexed: false }),
    () => (
      <StoreFrame page={props}>
        <StopMails state={props.state} service={props.brand.serviceName} />
      </StoreFrame>
    ),
  )
}

function StopMails({ state, service }: { state: StopMailsProps['state']; service: string }) {
  const { t } = useText()
  return (
    <div className="message-page">
      <h1>{t('stop_mails.title')}</h1>
      <p className="lead" role={state === 'stopped' ? 'status' : undefined}>
        {t(`stop_mails.${state}`, { service })}
      </p>
      {state === 'asks' ? (
        <form method="post">
          <button className="button button-primary" type="submit">
            {t('stop_mails.button')}
          </button>
        </form>
      ) : null}
      {state === 'stopped' ? <p>{t('stop_mails.still')}</p> : null}
      {state === 'unknown' ? null : (
        <p className="cluster">
          <a className="button" href="/client/profile">
            {t('store.account')}
          </a>
        </p>
      )}
    </div>
  )
}
