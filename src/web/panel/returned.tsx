import { lazy, Suspense, useEffect, useState } from 'react'
import { call } from './api.ts'
import type { Refunds } from './refunds.tsx'
import type { Payment } from './types.ts'

const RefundList = lazy(() => import('./refunds.tsx').then((module) => ({ default: module.RefundList })))

/** What was given back of a settled payment, and what could be; it comes after the page. */
export function useRefunds({ id, status, version }: Payment): Refunds | null {
  const [refunds, setRefunds] = useState<Refunds | null>(null)
  const isSettled = status === 'completed' || status === 'paid_from_balance'
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is given back raises the payment's version.
  useEffect(() => {
    if (!isSettled) return
    const gone = new AbortController()
    call<Refunds>(`/payments/${id}/refunds`, { signal: gone.signal }).then(setRefunds, () => undefined)
    return () => gone.abort()
  }, [id, isSettled, version])
  return refunds
}

/** What went back already, where something did. */
export function Returned({ refunds }: { refunds: Refunds | null }) {
  if (!refunds || refunds.items.length === 0) return null
  return (
    <Suspense fallback={null}>
      <RefundList refunds={refunds.items} />
    </Suspense>
  )
}
