import { lazy, Suspense } from 'react'
import type { Payment } from '../types.ts'
import { TransferInstructions } from './transfer-instructions.tsx'

/** Loaded on credit hold: most payments have nothing before them. */
const HoldNotice = lazy(() => import('./hold-notice.tsx').then((module) => ({ default: module.HoldNotice })))

/** How to pay by bank transfer; on credit hold first what takes the account off it, since money covers what is owed before. */
export function Transfer({ payment }: { payment: Payment }) {
  return (
    <>
      {payment.after || payment.leavesHold ? (
        <Suspense fallback={<div className="progress-line" />}>
          <HoldNotice payment={payment} />
        </Suspense>
      ) : null}
      {payment.after ? null : <TransferInstructions payment={payment} />}
    </>
  )
}
