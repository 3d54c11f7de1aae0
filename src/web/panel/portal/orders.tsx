import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List, StatusFilter } from '../lists.tsx'
import { useOrderColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import type { Page as ListPage, Order } from '../types.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Order>>(request, '/orders', wishesOf(request, 'status', 'query'))

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const columns = useOrderColumns('/portal/orders', true)
  const statuses = ['waiting_for_payment', 'provisioning', 'provisioning_failed', 'completed', 'cancelled'] as const
  return (
    <Page title={t('nav.orders')}>
      <List
        caption={t('nav.orders')}
        filter={
          <>
            <SearchBox label={t('search.records')} />
            <StatusFilter
              label={t('filter.status')}
              options={[
                { value: '', label: t('filter.all') },
                ...statuses.map((value) => ({ value, label: t(`status.order.${value}`) })),
              ]}
            />
          </>
        }
        page={page}
        columns={columns}
        rowKey={(order) => order.id}
        empty={
          <Empty icon={FileText} title={t('portal.orders_empty_title')}>
            <p>{t('portal.orders_empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
