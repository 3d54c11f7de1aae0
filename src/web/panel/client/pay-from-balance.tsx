import { useCallback } from 'react'
import { useRevalidator } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Button } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { compare, minus } from '../money.ts'
import { ErrorSummary } from '../problems.tsx'
import { useSession } from '../session.ts'
import type { Account, Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** What the payer may spend, for `PayFromBalance`; null where the payment cannot be paid so. */
export async function balanceFor(payment: Payment): Promise<WireMoney | null> {
  if (payment.purpose === 'top_up' || payment.status !== 'waiting_for_payment' || payment.after) return null
  return (await call<Account>(`/accounts/${payment.account.id}`)).balance
}

/** Offered where the balance covers what is outstanding: one press, and what will be left is said before. */
export function PayFromBalance({ payment, balance }: { payment: Payment; balance: WireMoney | null }) {
  const text = useText()
  const { t } = text
  const { scopes } = useSession()
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
  if (balance === null || compare(balance, payment.outstanding) < 0 || !scopes.includes('payments:write')) return null
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
