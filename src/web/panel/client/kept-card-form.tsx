import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import type { Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { type Card, cardName } from './pay-cards.ts'

interface Charge {
  readonly status: 'asked' | 'pending' | 'paid' | 'needs_payer' | 'declined' | 'cancelled'
  readonly message: string
}

/** Charges a payment to the card that is kept; where its bank wants more, says how to go on. */
export function KeptCardForm({ payment, card }: { payment: Payment; card: Card }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const [charge, setCharge] = useState<Charge | null>(null)
  const cardId = card.id
  const pay = useOperation(
    useCallback(
      async (key: string) => {
        const path = `/payments/${payment.id}/card-charges`
        setCharge(await call<Charge>(path, { method: 'POST', body: { cardId }, idempotencyKey: key }))
        await revalidate()
      },
      [payment.id, cardId, revalidate],
    ),
  )
  const name = cardName(text, card)
  return (
    <section className="card stack" aria-labelledby="by-kept-card">
      <h2 id="by-kept-card">{t('pay_by_kept.title')}</h2>
      <p className="muted">{t('pay_by_kept.text', { card: name })}</p>
      <ErrorSummary error={pay.error} failures={pay.failures} />
      {charge?.status === 'declined' || charge?.status === 'needs_payer' || charge?.status === 'pending' ? (
        <Notice tone={charge.status === 'declined' ? 'bad' : 'info'} live>
          <p>{t(`pay_by_kept.${charge.status}`, { message: charge.message })}</p>
        </Notice>
      ) : null}
      <div>
        <Button look="primary" pending={pay.pending} onClick={() => void pay.run()}>
          {t('pay_by_kept.do', { amount: text.money(payment.outstanding, { code: true }) })}
        </Button>
      </div>
    </section>
  )
}
