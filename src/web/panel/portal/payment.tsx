import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { PaymentDetails } from '../payment-details.tsx'
import { can, useSession } from '../session.ts'
import type { Payment } from '../types.ts'
import { ApprovePayment } from './approve-payment.tsx'

export function loader({ params }: LoaderFunctionArgs) {
  return call<Payment>(`/payments/${params['paymentId']}`)
}

export function Component() {
  const { t } = useText()
  const session = useSession()
  const payment = useLoaderData<typeof loader>()
  const mayApprove = payment.status === 'waiting_for_payment' && can(session, 'payments:approve')
  return (
    <Page
      aboveTitle={<BackLink to="/portal/payments">{t('nav.payments')}</BackLink>}
      title={t('payment.title', { number: payment.number })}
      actions={mayApprove ? <ApprovePayment payment={payment} primary /> : null}
    >
      <PaymentDetails payment={payment} area="/portal" />
    </Page>
  )
}
