import { lazy, Suspense, useEffect, useState } from 'react'
import { call } from './api.ts'
import type { Dunning } from './dunning-lines.ts'
import type { Refunds } from './refunds.tsx'
import type { Payment } from './types.ts'

const RefundList = lazy(() => import('./refunds.tsx').then((module) => ({ default: module.RefundList })))
const Dunnings = lazy(() => import('./dunnings.tsx').then((module) => ({ default: module.Dunnings })))

/** What comes after the page; asked for again with another version. @param path null: nothing. */
function useLater<Answer>(path: string | null, version: unknown): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that there is something new.
  useEffect(() => {
    if (!path) return
    const gone = new AbortController()
    call<Answer>(path, { signal: gone.signal }).then(setAnswer, () => undefined)
    return () => gone.abort()
  }, [path, version])
  return answer
}

/** What was given back of a settled payment, and what could be. */
export const useRefunds = ({ id, status, version }: Payment): Refunds | null =>
  useLater(status === 'completed' || status === 'paid_from_balance' ? `/payments/${id}/refunds` : null, version)

/** What went back already, where something did. */
export const Returned = ({ refunds }: { refunds: Refunds | null }) =>
  refunds?.items.length ? (
    <Suspense fallback={null}>
      <RefundList refunds={refunds.items} />
    </Suspense>
  ) : null

/** What happens next with a payment that waits, for who is to pay it. */
export function AskedFor({ payment: { id, status } }: { payment: { readonly id: string; readonly status: string } }) {
  const items = useLater<{ items: readonly Dunning[] }>(`/dunnings?payment_id=${id}`, status)?.items
  return items?.length ? (
    <Suspense fallback={null}>
      <Dunnings dunnings={items} toPayer />
    </Suspense>
  ) : null
}
