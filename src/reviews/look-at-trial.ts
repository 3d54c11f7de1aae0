import { newId, type OrderId, type SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { disposableDomain } from './disposable.ts'
import type { ReviewReason } from './schema.ts'
import { insertReview } from './store.ts'
import { findTrial, type Trial } from './trial-view.ts'

/** Why a person should look at a trial. */
async function reasonsFor({ emails, samePayers }: Trial): Promise<ReviewReason[]> {
  const domains = await Promise.all(emails.map(disposableDomain))
  const disposable = new Set(domains.filter((domain) => domain !== undefined))
  return [
    ...[...disposable].map((detail) => ({ code: 'disposable_address', detail }) as const),
    ...samePayers.map((detail) => ({ code: 'repeated_payer', detail }) as const),
  ]
}

/** Marks an order of a trial for review where there is reason to; once, however often it is asked. */
export async function lookAtTrial(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const trial = await findTrial(tx, sellerId, orderId)
    const reasons = trial ? await reasonsFor(trial) : []
    if (!trial || reasons.length === 0) return
    const at = clock.now()
    const { accountId, subscriptionId } = trial
    await insertReview(tx, {
      sellerId,
      id: newId(at.getTime()),
      kind: 'trial',
      orderId,
      accountId,
      subscriptionId,
      reasons,
      at,
    })
  })
}

export const reviewSubscriber: Subscriber = {
  name: 'trial-reviews',
  on: ['order.placed'],
  concerns: ({ payload }) => payload['trial'] === true,
  async handle(event, { db, clock }) {
    const orderId = event.payload['order_id']
    if (typeof orderId === 'string') await lookAtTrial(db, clock, event.sellerId, orderId as OrderId)
  },
}
