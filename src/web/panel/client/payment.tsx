import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { PaymentDetails } from '../payment-details.tsx'
import { AskedFor, Returned, useRefunds } from '../returned.tsx'
import type { Payment } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { checkCard, PayByCard } from './pay-by-card.tsx'
import { PayByKeptCard } from './pay-by-kept-card.tsx'
import { cardFor } from './pay-cards.ts'
import { balanceFor, PayFromBalance } from './pay-from-balance.tsx'
import { Transfer } from './pay-first.tsx'

export async function loader({ params, request }: LoaderFunctionArgs) {
  await checkCard(request, params['paymentId'])
  const payment = await call<Payment>(`/payments/${params['paymentId']}`)
  const [balance, card] = await Promise.all([balanceFor(payment), cardFor(payment)])
  return { payment, balance, card }
}

/** One payment: while it waits, how to pay; always, what it is for and what has arrived. */
export function Component() {
  const { t } = useText()
  const { payment, balance, card } = useLoaderData<typeof loader>()
  const refunds = useRefunds(payment)
  const isWaiting = payment.status === 'waiting_for_payment' || payment.status === 'processing'
  usePolling(isWaiting, 5000)
  return (
    <Page
      aboveTitle={<BackLink to="/client/payments">{t('nav.payments')}</BackLink>}
      title={t('payment.title', { number: payment.number })}
    >
      <PayFromBalance payment={payment} balance={balance} />
      <PayByKeptCard payment={payment} card={card} />
      <PayByCard payment={payment} hasKept={card !== null} />
      {isWaiting ? <Transfer payment={payment} /> : null}
      <AskedFor payment={payment} />
      <PaymentDetails payment={payment} area="/client" />
      <Returned refunds={refunds} />
    </Page>
  )
}
