import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Wallet } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List, StatusFilter } from '../lists.tsx'
import { usePaymentColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage, Payment } from '../types.ts'
import { ApprovePayment } from './approve-payment.tsx'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Payment>>(request, '/payments', wishesOf(request, 'status', 'query'))

/** Payments; the filter is in the URL, approving is one press away. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  const mayApprove = can(session, 'payments:approve')
  const columns = usePaymentColumns('/portal/payments', true, (payment) =>
    mayApprove && payment.status === 'waiting_for_payment' ? <ApprovePayment payment={payment} /> : null,
  )
  return (
    <Page title={t('nav.payments')}>
      <List
        caption={t('nav.payments')}
        filter={
          <>
            <SearchBox label={t('search.records')} />
            <StatusFilter
              label={t('filter.status')}
              options={[
                { value: '', label: t('filter.all') },
                { value: 'waiting_for_payment', label: t('status.payment.waiting_for_payment') },
                { value: 'completed', label: t('status.payment.completed') },
                { value: 'cancelled', label: t('status.payment.cancelled') },
              ]}
            />
          </>
        }
        page={page}
        columns={mayApprove ? columns : columns.filter((column) => !column.actions)}
        rowKey={(payment) => payment.id}
        empty={
          <Empty icon={Wallet} title={t('portal.payments_empty_title')}>
            <p>{t('portal.payments_empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
