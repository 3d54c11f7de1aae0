import { lazy, Suspense } from 'react'
import type { WireMoney } from '../../../kernel/money.ts'
import { call } from '../api.ts'
import { compare } from '../money.ts'
import { useSession } from '../session.ts'
import type { Account, Payment } from '../types.ts'

/** Loaded where the balance is enough. */
const BalanceForm = lazy(() => import('./balance-form.tsx').then((module) => ({ default: module.BalanceForm })))

/** What the payer may spend, for `PayFromBalance`; null where the payment cannot be paid so. */
export async function balanceFor(payment: Payment): Promise<WireMoney | null> {
  if (payment.purpose === 'top_up' || payment.status !== 'waiting_for_payment' || payment.after) return null
  return (await call<Account>(`/accounts/${payment.account.id}`)).balance
}

/** Offered where the balance covers what is outstanding. */
export function PayFromBalance({ payment, balance }: { payment: Payment; balance: WireMoney | null }) {
  const { scopes } = useSession()
  if (balance === null || compare(balance, payment.outstanding) < 0 || !scopes.includes('payments:write')) return null
  return (
    <Suspense fallback={<div className="progress-line" />}>
      <BalanceForm payment={payment} balance={balance} />
    </Suspense>
  )
}
