import { useCallback } from 'react'
import { useRevalidator } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Button } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { minus } from '../money.ts'
import { ErrorSummary } from '../problems.tsx'
import type { Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** Pays what is outstanding from the balance: one press, and what will be left is said before. */
export function BalanceForm({ payment, balance }: { payment: Payment; balance: WireMoney }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const pay = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/payments/${payment.id}/pay-from-balance`, { method: 'POST', body: {}, idempotencyKey: key })
        await revalidate()
      },
      [payment.id, revalidate],
    ),
  )
  const money = (value: WireMoney): string => text.money(value, { code: true })
  return (
    <section className="card stack" aria-labelledby="from-balance">
      <h2 id="from-balance">{t('pay_from_balance.title')}</h2>
      <p>
        {t('pay_from_balance.text', {
          balance: money(balance),
          due: money(payment.outstanding),
          rest: money(minus(balance, payment.outstanding)),
        })}
      </p>
      <ErrorSummary error={pay.error} failures={pay.failures} />
      <div>
        <Button look="primary" pending={pay.pending} onClick={() => void pay.run()}>
          {t('pay_from_balance.do', { amount: money(payment.outstanding) })}
        </Button>
      </div>
    </section>
  )
}
