import { useCallback, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { CheckField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import type { Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

export interface CardPayment {
  readonly payment: Payment
  /** Where the gateway's page leads back to; by default the payment. */
  readonly returnPath?: string
  /** A kept card can pay it too, and is the first choice. */
  readonly hasKept?: boolean
}

/** Leads to the gateway's page and back; no card number is ever typed here. The card is kept where the payer says so. */
export function CardForm({ payment, returnPath, hasKept = false }: CardPayment) {
  const text = useText()
  const { t } = text
  const [saveCard, setSaveCard] = useState(false)
  const open = useOperation(
    useCallback(
      async (key: string) => {
        const path = `/payments/${payment.id}/card-sessions`
        const { url } = await call<{ url: string }>(path, {
          method: 'POST',
          body: { saveCard, ...(returnPath !== undefined && { returnPath }) },
          idempotencyKey: key,
        })
        location.assign(url)
      },
      [payment.id, returnPath, saveCard],
    ),
  )
  return (
    <section className="card stack" aria-labelledby="by-card">
      <h2 id="by-card">{t(hasKept ? 'pay_by_card.other' : 'pay_by_card.title')}</h2>
      <p className="muted">{t('pay_by_card.text')}</p>
      <ErrorSummary error={open.error} failures={open.failures} />
      <CheckField
        label={t('pay_by_card.keep')}
        name="save_card"
        checked={saveCard}
        onChange={(event) => setSaveCard(event.target.checked)}
      />
      <div>
        <Button look={hasKept ? 'plain' : 'primary'} pending={open.pending} onClick={() => void open.run()}>
          {t('pay_by_card.do', { amount: text.money(payment.outstanding, { code: true }) })}
        </Button>
      </div>
    </section>
  )
}
