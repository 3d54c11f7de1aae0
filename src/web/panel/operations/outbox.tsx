import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Inbox } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import type { Column } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import { useSession } from '../session.ts'
import { Status } from '../status.tsx'
import type { Page as ListPage, Mail } from '../types.ts'
import { usePolling } from '../use-polling.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Mail>>(request, '/mails', wishesOf(request, 'query'))

/** Every mail of the installation and what became of it; without a mail server, the place where mail is read. */
export function Component() {
  const { t } = useText()
  const { mailIsKept } = useSession()
  const page = useLoaderData<typeof loader>()
  usePolling(mailIsKept, 5000)
  const columns: Column<Mail>[] = [
    {
      key: 'subject',
      sort: 'subject',
      label: t('outbox.subject'),
      cell: (mail) => (
        <Link className="row-link" to={`/portal/outbox/${mail.id}`}>
          {mail.subject}
        </Link>
      ),
    },
    { key: 'to', sort: 'recipient', label: t('outbox.to'), cell: (mail) => mail.recipient },
    {
      key: 'status',
      sort: 'status',
      label: t('column.status'),
      cell: (mail) => <Status kind="mail" value={mail.status} />,
    },
    { key: 'created', sort: 'created_at', label: t('outbox.written'), cell: (mail) => <When at={mail.createdAt} /> },
  ]
  return (
    <Page title={t('nav.outbox')}>
      {mailIsKept ? (
        <Notice tone="info">
          <p>{t('outbox.kept')}</p>
        </Notice>
      ) : null}
      <List
        caption={t('nav.outbox')}
        filter={<SearchBox label={t('search.mails')} />}
        page={page}
        columns={columns}
        rowKey={(mail) => mail.id}
        empty={
          <Empty icon={Inbox} title={t('outbox.empty_title')}>
            <p>{t('outbox.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
