import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Button, ButtonLink } from '../../design/button.tsx'
import { icon } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { CancelOrder } from '../cancel-order.tsx'
import { OrderDetails } from '../order-details.tsx'
import { Page } from '../page.tsx'
import { AskedFor } from '../returned.tsx'
import { can, useSession } from '../session.ts'
import type { Order } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { OrderProgress } from './order-progress.tsx'

/** Used here alone, so not in what every page loads. */
const Printer = icon(
  'M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6M7 14h10a1 1 0 0 1 1 1v6a1 1 0 0 1 -1 1h-10a1 1 0 0 1 -1 -1v-6a1 1 0 0 1 1 -1',
)

export function loader({ params }: LoaderFunctionArgs) {
  return call<Order>(`/orders/${params['orderId']}`)
}

/** One order as the customer sees it: how far it is, what it says, ready to print. */
export function Component() {
  const { t } = useText()
  const order = useLoaderData<typeof loader>()
  const session = useSession()
  usePolling(order.status === 'provisioning' || order.status === 'waiting_for_payment', 5000)
  const isUnpaid = order.status === 'waiting_for_payment'
  return (
    <Page
      aboveTitle={<BackLink to="/client/orders">{t('nav.orders')}</BackLink>}
      title={t('order.title', { number: order.number })}
      actions={
        <>
          {isUnpaid && order.payment ? (
            <ButtonLink look="primary" to={`/client/payments/${order.payment.id}`}>
              {t('home.how_to_pay')}
            </ButtonLink>
          ) : null}
          <Button onClick={() => window.print()}>
            <Printer size={17} />
            {t('order.print')}
          </Button>
          {isUnpaid && can(session, 'orders:write') ? <CancelOrder order={order} /> : null}
        </>
      }
    >
      <OrderProgress order={order} />
      {order.payment && order.type === 'renewal' ? <AskedFor payment={order.payment} /> : null}
      <OrderDetails order={order} area="/client" />
    </Page>
  )
}
