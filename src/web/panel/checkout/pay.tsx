import { type LoaderFunctionArgs, redirect, replace, useLoaderData } from 'react-router'
import { Link } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { PayByCard } from '../client/pay-by-card.tsx'
import { PayByKeptCard } from '../client/pay-by-kept-card.tsx'
import { cardFor } from '../client/pay-cards.ts'
import { balanceFor, PayFromBalance } from '../client/pay-from-balance.tsx'
import { Transfer } from '../client/pay-first.tsx'
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
  const [balance, card] = await Promise.all([balanceFor(payment), cardFor(payment)])
  return { payment, balance, card }
}

/** Third step: how to pay. Watches for the money, so nobody has to press reload. */
export function Component() {
  const { t } = useText()
  const { payment, balance, card } = useLoaderData<typeof loader>()
  const checkout = useCheckout()
  usePolling(true, 4000)
  return (
    <div className="two-columns">
      <Page title={t('pay.title')} lead={t('pay.lead')}>
        <PayFromBalance payment={payment} balance={balance} />
        <PayByKeptCard payment={payment} card={card} />
        <PayByCard payment={payment} hasKept={card !== null} />
        <Transfer payment={payment} />
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
