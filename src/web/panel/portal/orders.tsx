import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { List, StatusFilter, useOrderColumns } from '../lists.tsx'
import { Page } from '../page.tsx'
import type { Page as ListPage, Order } from '../types.ts'

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const [status, cursor] = [searchParams.get('status'), searchParams.get('cursor')]
  return call<ListPage<Order>>(`/orders${query({ status, cursor })}`)
}

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
          <StatusFilter
            label={t('filter.status')}
            options={[
              { value: '', label: t('filter.all') },
              ...statuses.map((value) => ({ value, label: t(`status.order.${value}`) })),
            ]}
          />
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
