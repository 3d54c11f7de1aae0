import { lazy, Suspense } from 'react'
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import type { Dunning } from '../dunning-lines.ts'
import { isZero } from '../money.ts'
import { Page } from '../page.tsx'
import { PaymentDetails } from '../payment-details.tsx'
import { Returned, useRefunds } from '../returned.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage, Payment } from '../types.ts'
import { ApprovePayment } from './approve-payment.tsx'
import { RefundPayment } from './refund.tsx'

/** Loaded where something was asked for. */
const Dunnings = lazy(() => import('../dunnings.tsx').then((module) => ({ default: module.Dunnings })))

export async function loader({ params }: LoaderFunctionArgs) {
  const paymentId = String(params['paymentId'])
  const [payment, dunnings] = await Promise.all([
    call<Payment>(`/payments/${paymentId}`),
    call<ListPage<Dunning>>(`/dunnings?payment_id=${paymentId}`),
  ])
  return { payment, dunnings: dunnings.items }
}

export function Component() {
  const { t } = useText()
  const session = useSession()
  const { payment, dunnings } = useLoaderData<typeof loader>()
  const refunds = useRefunds(payment)
  const mayApprove = payment.status === 'waiting_for_payment' && can(session, 'payments:approve')
  return (
    <Page
      aboveTitle={<BackLink to="/portal/payments">{t('nav.payments')}</BackLink>}
      title={t('payment.title', { number: payment.number })}
      actions={
        mayApprove ? (
          <ApprovePayment payment={payment} primary />
        ) : refunds && !isZero(refunds.refundable) && can(session, 'payments:refund') ? (
          <RefundPayment payment={payment} refunds={refunds} />
        ) : null
      }
    >
      {dunnings.length > 0 ? (
        <Suspense fallback={null}>
          <Dunnings dunnings={dunnings} />
        </Suspense>
      ) : null}
      <PaymentDetails payment={payment} area="/portal" />
      <Returned refunds={refunds} />
    </Page>
  )
}
