import type { SellerId } from '../src/kernel/ids.ts'
import {
  cancelOrder,
  cancelSubscription,
  keepSubscription,
  resumeSubscription,
  retryOperation,
  retryOrder,
  stopSubscription,
  undoChange,
} from '../src/orders/index.ts'
import type { Running } from './installation.ts'
import type { Intent } from './intents.ts'

type LifeIntent = Extract<
  Intent,
  { kind: 'undo' | 'cancel' | 'cancel_now' | 'keep' | 'stop' | 'resume' | 'retry' | 'retry_order' | 'give_up_order' }
>

/** What is asked about a subscription or an order that is there, mostly by staff. */
export async function carryOutLife(
  { parts, operator }: Running,
  sellerId: SellerId,
  intent: LifeIntent,
): Promise<void> {
  const { db, clock } = parts
  const deps = { db, clock, actor: operator }
  switch (intent.kind) {
    case 'undo':
      await undoChange(db, clock, operator, sellerId, intent.orderId)
      return
    case 'retry_order':
      return retryOrder(db, clock, operator, sellerId, intent.orderId)
    case 'give_up_order': {
      const reason = 'The service does not take it.'
      return cancelOrder(db, clock, operator, { sellerId, orderId: intent.orderId, reason, byStaff: true })
    }
    case 'cancel':
      return cancelSubscription(deps, { sellerId, id: intent.id }, 'period_end')
    case 'cancel_now':
      return cancelSubscription(deps, { sellerId, id: intent.id }, 'now')
    case 'keep':
      return keepSubscription(deps, { sellerId, id: intent.id })
    case 'stop':
      return stopSubscription(deps, { sellerId, id: intent.id })
    case 'resume':
      return resumeSubscription(deps, { sellerId, id: intent.id })
    case 'retry':
      return retryOperation(deps, { sellerId, id: intent.id })
  }
}
