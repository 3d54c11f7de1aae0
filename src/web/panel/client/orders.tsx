import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { useOrderColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import type { Page as ListPage, Order } from '../types.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Order>>(request, '/orders', wishesOf(request, 'query'))

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const wish = useSearch().get('query')
  const columns = useOrderColumns('/client/orders', false)
  return (
    <Page title={t('nav.orders')}>
      <List
        caption={t('nav.orders')}
        filter={page.items.length > 0 || wish ? <SearchBox label={t('search.records')} /> : null}
        page={page}
        columns={columns}
        rowKey={(order) => order.id}
        empty={
          <Empty icon={FileText} title={t('orders.empty_title')}>
            <p>{t('orders.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
