import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import type { Page as ListPage } from '../types.ts'
import type { AuditEntry } from '../setup/types.ts'
import { SearchBox } from '../search-box.tsx'
import { Who } from '../who.tsx'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<AuditEntry>>(request, '/audit-log', wishesOf(request, 'action'))

/** Who changed what, newest first. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  return (
    <Page title={t('nav.audit')} lead={t('audit.lead')}>
      <List
        caption={t('nav.audit')}
        filter={<SearchBox label={t('audit.search')} name="action" />}
        page={page}
        rowKey={(entry) => entry.id}
        columns={[
          { key: 'action', sort: 'action', label: t('audit.action'), cell: (entry) => <code>{entry.action}</code> },
          { key: 'at', sort: 'at', label: t('audit.at'), cell: (entry) => <When at={entry.at} /> },
          {
            key: 'who',
            sort: 'actor',
            label: t('audit.who'),
            cell: ({ actor }) => <Who actor={actor} />,
          },
          { key: 'where', sort: 'tenant', label: t('audit.where'), cell: ({ tenant }) => tenant.name },
          {
            key: 'what',
            label: t('audit.what'),
            cell: ({ subject }) => (
              <span className="mono small">
                {subject.kind} {subject.id.length > 12 ? `…${subject.id.slice(-6)}` : subject.id}
              </span>
            ),
          },
        ]}
        empty={
          <Empty icon={FileText} title={t('audit.empty_title')}>
            <p>{t('audit.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
