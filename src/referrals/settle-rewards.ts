import { isSelfReferral, findManager } from '../attribution/index.ts'
import { invariant } from '../kernel/errors.ts'
import { formatAmount } from '../kernel/money.ts'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import { type Clock, DAY_MS } from '../kernel/time.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { newId } from '../kernel/ids.ts'
import { findCreditedOrder, listMovements, listUnsettled, type PaidOrder } from './paid-order-view.ts'
import { judgeOrder, type Judgement, missingLines } from './rules.ts'
import { findJudgement, findPartner, findProgram, insertJudgement, insertRewards, listSettled } from './store.ts'

/**
 * Brings the rewards of an order in line with the books: a line for each posting that moved its revenue and has none.
 * Asked again, or by two at once, it writes nothing twice: the judged order's row lock and the posting's key see to that.
 * Publishes `referral.reward_changed` where the sum changes.
 */
export async function settleRewards(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await findCreditedOrder(tx, sellerId, orderId)
    if (!order) return
    if ((await listMovements(tx, sellerId, orderId)).length === 0) return
    const judged = await judge(tx, clock, sellerId, orderId, order)
    if (!judged) return
    const settled = await listSettled(tx, sellerId, orderId)
    const known = new Set(settled.map(({ postingId }) => postingId))
    // Read again under the lock: who had it before may have settled more.
    const movements = (await listMovements(tx, sellerId, orderId)).filter(({ postingId }) => !known.has(postingId))
    const before = settled.reduce((sum, { netMinor }) => sum + netMinor, 0n)
    const lines = missingLines(before, movements, judged.basisPoints)
    await insertRewards(tx, { sellerId, orderId, managerId: order.managerId, currency: order.currency }, lines)
    const changedMinor = lines.reduce((sum, line) => sum + line.rewardMinor, 0n)
    if (changedMinor === 0n) return
    const at = clock.now()
    await publish(tx, {
      sellerId,
      subject: { kind: 'manager', id: order.managerId },
      tenantId: null,
      actor: systemLabel('referrals'),
      correlationId: newId(at.getTime()),
      at,
      type: 'referral.reward_changed',
      payload: {
        manager_id: order.managerId,
        order_id: orderId,
        change: formatAmount(changedMinor, order.currency),
        currency: order.currency,
      },
    })
  })
}

/** Judges an order once; undefined for one that no partner brought. */
async function judge(
  tx: Tx,
  clock: Clock,
  sellerId: SellerId,
  orderId: OrderId,
  order: PaidOrder,
): Promise<Judgement | undefined> {
  const known = await findJudgement(tx, sellerId, orderId)
  if (known) return known
  const partner = await findPartner(tx, order.managerId)
  const program = partner && (await findProgram(tx, partner.programId))
  const manager = partner && (await findManager(tx, order.managerId))
  if (!partner || !program || !manager) return undefined
  const question = {
    partner,
    program,
    isActive: manager.active && manager.deletedAt === null,
    isSelfReferral: await isSelfReferral(tx, { sellerId, id: order.accountId }, order.managerId),
    placedAt: order.placedAt,
  }
  const row = { sellerId, orderId, ...order, programId: program.id, at: clock.now() }
  for (const isFirst of [true, false]) {
    const judgement = judgeOrder({ ...question, isFirst })
    if (await insertJudgement(tx, { ...row, ...judgement, isFirst })) return judgement
  }
  // Another has judged it meanwhile, and waits no more.
  const judged = await findJudgement(tx, sellerId, orderId)
  invariant(judged, 'an order that cannot be judged is judged already')
  return judged
}

/** An order's revenue is booked in the transaction that publishes one of these, or in one before. */
export const rewardSubscriber: Subscriber = {
  name: 'referral-rewards',
  on: ['provisioning.requested', 'order.completed', 'order.cancelled', 'payment.refunded'],
  async handle(event, { db, clock }) {
    const orderId = event.payload['order_id']
    if (typeof orderId === 'string') await settleRewards(db, clock, event.sellerId, orderId as OrderId)
  },
}

/** Settles what no event has told of: revenue of the last week without a line of reward. */
export async function settleOpenRewards(db: Db, clock: Clock): Promise<void> {
  const since = new Date(clock.now().getTime() - 7 * DAY_MS)
  for (const { sellerId, orderId } of await listUnsettled(db, since)) await settleRewards(db, clock, sellerId, orderId)
}
