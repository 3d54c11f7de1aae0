import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Link2 } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { WebhookState } from './states.tsx'
import type { Webhook } from './types.ts'
import { SearchBox } from '../search-box.tsx'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Webhook>>(request, '/webhooks', wishesOf(request, 'query'))

/** Where events go over HTTP. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const wish = useSearch().get('query') ?? ''
  const mayWrite = can(useSession(), 'webhooks:write')
  const columns: Column<Webhook>[] = [
    {
      key: 'url',
      sort: 'url',
      label: t('webhooks.url'),
      cell: (webhook) => (
        <Link className="row-link" to={`/portal/webhooks/${webhook.id}`}>
          {webhook.description || webhook.url}
        </Link>
      ),
    },
    {
      key: 'events',
      label: t('webhooks.events'),
      cell: ({ eventTypes }) => (eventTypes.length === 0 ? t('webhooks.every_short') : eventTypes.join(', ')),
    },
    { key: 'state', sort: 'status', label: t('column.status'), cell: (webhook) => <WebhookState webhook={webhook} /> },
    {
      key: 'created',
      sort: 'created_at',
      label: t('column.created'),
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
  ]
  const add = (
    <ButtonLink look="primary" to="/portal/webhooks/new">
      {t('webhooks.new')}
    </ButtonLink>
  )
  return (
    <Page
      title={t('webhooks.title')}
      lead={t('webhooks.lead')}
      actions={mayWrite && page.items.length > 0 ? add : null}
    >
      <List
        caption={t('webhooks.title')}
        filter={page.items.length > 0 || wish ? <SearchBox label={t('webhooks.search')} /> : null}
        page={page}
        columns={columns}
        rowKey={({ id }) => id}
        empty={
          <Empty icon={Link2} title={t(wish ? 'webhooks.none_title' : 'webhooks.empty_title')}>
            <p>{t(wish ? 'webhooks.none' : 'webhooks.empty')}</p>
            {wish ? (
              <Link className="button" to="/portal/webhooks">
                {t('notify.show_all')}
              </Link>
            ) : mayWrite ? (
              add
            ) : null}
          </Empty>
        }
      />
    </Page>
  )
}
