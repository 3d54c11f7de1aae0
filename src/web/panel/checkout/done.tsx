import { type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { CircleCheck } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { OrderProgress } from '../client/order-progress.tsx'
import { Page } from '../page.tsx'
import type { Order } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { readCheckout, useCheckout } from './frame.tsx'
import { Summary } from './summary.tsx'

const SETTLED = new Set(['completed', 'cancelled', 'provisioning_failed'])

export async function loader({ params }: LoaderFunctionArgs): Promise<Order> {
  const checkout = await readCheckout(params['checkoutId'])
  if (checkout.orderId === null) throw redirect(`/client/checkouts/${checkout.id}/confirm`)
  return call<Order>(`/orders/${checkout.orderId}`)
}

/** Last page: what was ordered, what happens now, live until it runs. */
export function Component() {
  const { t } = useText()
  const order = useLoaderData<typeof loader>()
  const checkout = useCheckout()
  usePolling(!SETTLED.has(order.status), 2000)
  const isRunning = order.status === 'completed'
  const titles = {
    completed: t(checkout.type === 'renewal' ? 'done.title_renewed' : 'done.title_running', {
      plan: checkout.plan.name,
    }),
    cancelled: t('done.title_cancelled'),
    provisioning_failed: t('done.title_failed'),
    provisioning: t('done.title_working'),
    waiting_for_payment: t('done.title_waiting'),
  }
  return (
    <div className="two-columns">
      <Page
        key={isRunning ? 'running' : 'working'}
        aboveTitle={isRunning ? <CircleCheck size={34} strokeWidth={1.5} className="page-icon" /> : null}
        title={titles[order.status]}
        lead={t('done.lead', { number: order.number })}
      >
        <div role="status" className="stack">
          <OrderProgress order={order} />
        </div>
        <div className="cluster">
          {order.subscription ? (
            <ButtonLink to={`/client/subscriptions/${order.subscription.id}`} look={isRunning ? 'primary' : 'plain'}>
              {t('done.open')}
            </ButtonLink>
          ) : null}
          <ButtonLink to={`/client/orders/${order.id}`}>{t('done.order')}</ButtonLink>
        </div>
      </Page>
      <Summary checkout={checkout} />
    </div>
  )
}
