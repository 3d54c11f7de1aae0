import type { CardGateway } from '../cards/index.ts'
import type { OrderId } from '../kernel/ids.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { finishTakingBack } from './finish-taking-back.ts'
import { sendRefund } from './send-refund.ts'
import { findRefund } from './store.ts'

/** What moves a refund on: the order that takes back, and the gateway. */
export const refundSubscribers = (gateway: CardGateway | undefined): Subscriber[] => [
  {
    name: 'refund-take-back',
    on: ['order.completed', 'order.cancelled'],
    async handle({ sellerId, type, payload }, { db, clock }) {
      const orderId = payload['order_id']
      if (typeof orderId === 'string')
        await finishTakingBack(db, clock, sellerId, orderId as OrderId, type === 'order.completed')
    },
  },
  ...(gateway
    ? [
        {
          name: 'refund-to-card',
          on: ['payment.refunded'],
          async handle({ sellerId, payload }, { db, clock }) {
            const refund = await findRefund(db, sellerId, String(payload['refund_id']))
            if (refund) await sendRefund(db, clock, gateway, refund)
          },
        } satisfies Subscriber,
      ]
    : []),
]
