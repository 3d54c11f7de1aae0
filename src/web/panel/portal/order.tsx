import { lazy, Suspense, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { CancelOrder } from '../cancel-order.tsx'
import { OrderDetails } from '../order-details.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Order } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { RetryOrder } from './retry-order.tsx'

const Timeline = lazy(() => import('../timeline-area.ts').then((area) => ({ default: area.Timeline })))

export function loader({ params }: LoaderFunctionArgs) {
  return call<Order>(`/orders/${params['orderId']}`)
}

/** One order as staff see it: what it says, its history, and what to do where it is stuck. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const order = useLoaderData<typeof loader>()
  const [isAsked, setAsked] = useState(false)
  usePolling(order.status === 'provisioning', 3000)
  const mayWrite = can(session, 'orders:write')
  return (
    <Page
      aboveTitle={<BackLink to="/portal/orders">{t('nav.orders')}</BackLink>}
      title={t('order.title', { number: order.number })}
      actions={mayWrite && order.status === 'waiting_for_payment' ? <CancelOrder order={order} /> : null}
    >
      {order.status === 'provisioning_failed' ? (
        <Notice tone="bad" title={t('order.failed_title', { n: order.provisioning?.attempts ?? 1 })}>
          {order.provisioning?.lastError ? <p className="mono">{order.provisioning.lastError}</p> : null}
          <p>{t('order.failed_text')}</p>
          {mayWrite ? <RetryOrder order={order} /> : null}
        </Notice>
      ) : null}
      <OrderDetails order={order} area="/portal" />
      {isAsked ? (
        <Suspense fallback={null}>
          <Timeline correlationId={order.correlationId} until={order.status} isOpen />
        </Suspense>
      ) : (
        <div>
          <Button onClick={() => setAsked(true)}>{t('order.led_to')}</Button>
        </div>
      )}
    </Page>
  )
}
