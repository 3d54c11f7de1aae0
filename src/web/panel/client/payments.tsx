import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Wallet } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { List, usePaymentColumns } from '../lists.tsx'
import { Page } from '../page.tsx'
import type { Page as ListPage, Payment } from '../types.ts'

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return call<ListPage<Payment>>(`/payments${query({ cursor: searchParams.get('cursor') })}`)
}

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const columns = usePaymentColumns('/client/payments', false)
  return (
    <Page title={t('nav.payments')}>
      <List
        caption={t('nav.payments')}
        page={page}
        columns={columns}
        rowKey={(payment) => payment.id}
        empty={
          <Empty icon={Wallet} title={t('payments.empty_title')}>
            <p>{t('payments.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
