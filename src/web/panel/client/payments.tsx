import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Wallet } from '../../design/icons.tsx'
import { useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { usePaymentColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import type { Page as ListPage, Payment } from '../types.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Payment>>(request, '/payments', wishesOf(request, 'query'))

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const wish = useSearch().get('query')
  const columns = usePaymentColumns('/client/payments', false)
  return (
    <Page title={t('nav.payments')}>
      <List
        caption={t('nav.payments')}
        filter={page.items.length > 0 || wish ? <SearchBox label={t('search.records')} /> : null}
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
