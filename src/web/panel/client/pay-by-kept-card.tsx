import { lazy, Suspense } from 'react'
import type { Payment } from '../types.ts'
import type { Card } from './pay-cards.ts'

/** Loaded where a card is kept: most payments have none. */
const KeptCardForm = lazy(() => import('./kept-card-form.tsx').then((module) => ({ default: module.KeptCardForm })))

/** Charges a payment to the card that is kept, where there is one. */
export function PayByKeptCard({ payment, card }: { payment: Payment; card: Card | null }) {
  return card ? (
    <Suspense fallback={<div className="progress-line" />}>
      <KeptCardForm payment={payment} card={card} />
    </Suspense>
  ) : null
}
