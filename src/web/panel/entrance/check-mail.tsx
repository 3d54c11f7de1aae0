import { useLocation } from 'react-router'
import { Mail } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { Page } from '../page.tsx'
import { useSession } from '../session.ts'
import { EntranceFrame } from './entrance-frame.tsx'

/** The mail is on its way; the same page whoever the address belongs to. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const state = useLocation().state as { email?: string; returnTo?: string | null } | null
  const again = state?.returnTo ? `?return_to=${encodeURIComponent(state.returnTo)}` : ''
  return (
    <EntranceFrame>
      <Page
        aboveTitle={<Mail size={30} strokeWidth={1.5} className="page-icon" />}
        title={t('check_mail.title')}
        lead={state?.email ? t('check_mail.lead', { email: state.email }) : t('check_mail.lead_plain')}
      >
        <p>{t(state?.returnTo ? 'check_mail.order_kept' : 'check_mail.next')}</p>
        {session.mailIsKept ? (
          <Notice tone="info" title={t('check_mail.kept_title')}>
            <p>{t('check_mail.kept')}</p>
            <p>
              <a href="/portal/outbox" target="_blank" rel="noreferrer">
                {t('check_mail.open_outbox')}
              </a>
            </p>
          </Notice>
        ) : null}
        <p className="small muted">
          {t('check_mail.missing')} <Link to={`/client/register${again}`}>{t('check_mail.again')}</Link>
        </p>
      </Page>
    </EntranceFrame>
  )
}
