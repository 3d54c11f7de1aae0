import { type LoaderFunctionArgs, redirect, replace, useLoaderData } from 'react-router'
import { Link } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { PayByCard } from '../client/pay-by-card.tsx'
import { balanceFor, PayFromBalance } from '../client/pay-from-balance.tsx'
import { TransferInstructions } from '../client/transfer-instructions.tsx'
import { Page } from '../page.tsx'
import type { Order, Payment } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { readCheckout, useCheckout } from './frame.tsx'
import { Summary } from './summary.tsx'

const WAITING = new Set(['waiting_for_payment', 'processing'])

/** The payment of the order; where nothing is due (any more), straight on to what happens next. */
export async function loader({ params }: LoaderFunctionArgs) {
  const checkout = await readCheckout(params['checkoutId'])
  if (checkout.orderId === null) throw redirect(`/client/checkouts/${checkout.id}/confirm`)
  const order = await call<Order>(`/orders/${checkout.orderId}`)
  if (!order.payment || !WAITING.has(order.payment.status)) throw replace(`/client/checkouts/${checkout.id}/done`)
  const payment = await call<Payment>(`/payments/${order.payment.id}`)
  return { payment, balance: await balanceFor(payment) }
}

/** Third step: how to pay. Watches for the money, so nobody has to press reload. */
export function Component() {
  const { t } = useText()
  const { payment, balance } = useLoaderData<typeof loader>()
  const checkout = useCheckout()
  usePolling(true, 4000)
  return (
    <div className="two-columns">
      <Page title={t('pay.title')} lead={t('pay.lead')}>
        <PayFromBalance payment={payment} balance={balance} />
        <PayByCard payment={payment} />
        <TransferInstructions payment={payment} />
        <div className="cluster">
          <Link className="button" to={checkout.orderId ? `/client/orders/${checkout.orderId}` : '/client/orders'}>
            {t('pay.later')}
          </Link>
        </div>
        <p className="small muted">{t('pay.leave')}</p>
      </Page>
      <Summary checkout={checkout} />
    </div>
  )
}
