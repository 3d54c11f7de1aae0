import { useCallback } from 'react'
import { Button } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useSession } from '../session.ts'
import type { Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** Leads to the gateway's page and back to `returnPath`, by default the payment; no card number is ever typed here. */
export function PayByCard({ payment, returnPath }: { payment: Payment; returnPath?: string }) {
  const text = useText()
  const { t } = text
  const { scopes } = useSession()
  const open = useOperation(
    useCallback(
      async (key: string) => {
        const path = `/payments/${payment.id}/card-sessions`
        const { url } = await call<{ url: string }>(path, {
          method: 'POST',
          body: returnPath === undefined ? {} : { returnPath },
          idempotencyKey: key,
        })
        location.assign(url)
      },
      [payment.id, returnPath],
    ),
  )
  if (!payment.payableBy?.includes('card') || !scopes.includes('payments:write')) return null
  return (
    <section className="card stack" aria-labelledby="by-card">
      <h2 id="by-card">{t('pay_by_card.title')}</h2>
      <p className="muted">{t('pay_by_card.text')}</p>
      <ErrorSummary error={open.error} failures={open.failures} />
      <div>
        <Button look="primary" pending={open.pending} onClick={() => void open.run()}>
          {t('pay_by_card.do', { amount: text.money(payment.outstanding, { code: true }) })}
        </Button>
      </div>
    </section>
  )
}

/** Back from the gateway's page: asks it once, so that the payer need not wait for the webhook. */
export async function checkCard(request: Request, paymentId: string | undefined): Promise<void> {
  if (new URL(request.url).searchParams.get('card') !== 'back') return
  // What cannot be asked now comes by webhook; the page goes on watching.
  await call(`/payments/${paymentId}/card-sessions/check`, { method: 'POST', body: {} }).catch(() => undefined)
}
