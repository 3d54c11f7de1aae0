import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { useSubscriptionColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import type { Page as ListPage, Subscription } from '../types.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Subscription>>(request, '/subscriptions', wishesOf(request, 'query'))

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const wish = useSearch().get('query')
  const columns = useSubscriptionColumns('/client/subscriptions', false)
  return (
    <Page title={t('nav.subscriptions')}>
      <List
        caption={t('nav.subscriptions')}
        filter={page.items.length > 0 || wish ? <SearchBox label={t('search.records')} /> : null}
        page={page}
        columns={columns}
        rowKey={(subscription) => subscription.id}
        empty={
          <Empty icon={Layers} title={t('subscriptions.empty_title')}>
            <p>{t('subscriptions.empty')}</p>
            <a className="button button-primary" href="/">
              {t('nav.products')}
            </a>
          </Empty>
        }
      />
    </Page>
  )
}
