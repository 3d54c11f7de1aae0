import { lazy, Suspense } from 'react'
import { call } from '../api.ts'
import { useSession } from '../session.ts'
import type { CardPayment } from './card-form.tsx'

/** Loaded where cards are taken. */
const CardForm = lazy(() => import('./card-form.tsx').then((module) => ({ default: module.CardForm })))

/** The way to pay by card, where a payment can be paid so. */
export function PayByCard(props: CardPayment) {
  const { scopes } = useSession()
  return props.payment.payableBy?.includes('card') && scopes.includes('payments:write') ? (
    <Suspense fallback={<div className="progress-line" />}>
      <CardForm {...props} />
    </Suspense>
  ) : null
}

/** Back from the gateway's page: asks it once, so that the payer need not wait for the webhook. */
export async function checkCard(request: Request, paymentId: string | undefined): Promise<void> {
  if (new URL(request.url).searchParams.get('card') !== 'back') return
  // What cannot be asked now comes by webhook; the page goes on watching.
  await call(`/payments/${paymentId}/card-sessions/check`, { method: 'POST', body: {} }).catch(() => undefined)
}
