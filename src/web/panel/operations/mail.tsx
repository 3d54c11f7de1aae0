import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Facts } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { Status } from '../status.tsx'
import type { Mail } from '../types.ts'
import { splitLinks } from './split-links.ts'

export function loader({ params }: LoaderFunctionArgs) {
  return call<Mail>(`/mails/${params['mailId']}`)
}

/**
 * One mail as its reader gets it in plain text, its links alive. The HTML part is not drawn here: our page's
 * `style-src 'self'` holds inside a frame too and would strip the styles it is made of.
 */
export function Component() {
  const { t } = useText()
  const mail = useLoaderData<typeof loader>()
  const parts = splitLinks(mail.bodyText ?? '')
  const first = parts.find((part) => part.href !== null)
  return (
    <Page
      aboveTitle={<BackLink to="/portal/outbox">{t('nav.outbox')}</BackLink>}
      title={mail.subject}
      actions={
        first?.href ? (
          <a className="button button-primary" href={first.href}>
            {t('outbox.open_link')}
          </a>
        ) : null
      }
    >
      <section className="card stack">
        <Facts
          items={[
            { label: t('outbox.to'), value: mail.recipient },
            { label: t('column.status'), value: <Status kind="mail" value={mail.status} /> },
            { label: t('outbox.written'), value: <When at={mail.createdAt} plain /> },
            ...(mail.sentAt ? [{ label: t('outbox.sent'), value: <When at={mail.sentAt} plain /> }] : []),
          ]}
        />
        {mail.lastError ? (
          <Notice tone="bad" title={t('outbox.failed')}>
            <p className="mono">{mail.lastError}</p>
          </Notice>
        ) : null}
      </section>
      <section className="card mail-text" aria-label={t('outbox.text')}>
        {parts.map((part, index) =>
          part.href === null ? (
            part.text
          ) : (
            <a key={`${index}${part.text}`} href={part.href}>
              {part.text}
            </a>
          ),
        )}
      </section>
    </Page>
  )
}
