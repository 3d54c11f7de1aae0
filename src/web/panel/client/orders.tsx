import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { List, useOrderColumns } from '../lists.tsx'
import { Page } from '../page.tsx'
import type { Page as ListPage, Order } from '../types.ts'

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return call<ListPage<Order>>(`/orders${query({ cursor: searchParams.get('cursor') })}`)
}

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const columns = useOrderColumns('/client/orders', false)
  return (
    <Page title={t('nav.orders')}>
      <List
        caption={t('nav.orders')}
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
