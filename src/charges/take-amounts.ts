import { BuylinkError, type Problem } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { type Clock, MINUTE_MS } from '../kernel/time.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { CorrelationId } from '../kernel/ids.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { askedFor, isBelowCost, type ToldAmount } from './told-shape.ts'
import { insertTold, type NewTold } from './told-store.ts'
import type { ToldSubscription } from './told-view.ts'

/** A service's clock may be a little ahead. */
const AHEAD_MS = 5 * MINUTE_MS

/**
 * Takes what a service says that subscriptions cost: all of it or nothing, and what is known by source and id not again.
 * It is charged with the next rating. What is sold below its net cost is refused where the plan's owner has set that
 * (`price_lists.below_cost`), else taken and noted in the subscription's history.
 *
 * @param known The subscriptions that whoever tells may tell of.
 * @returns For each whether it is new.
 * @throws {BuylinkError} `unprocessable` with each problem, by the position of what it is about.
 */
export async function takeAmounts(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  by: { readonly source: string; readonly actor: ActorLabel; readonly correlationId: CorrelationId },
  told: readonly ToldAmount[],
  known: readonly ToldSubscription[],
): Promise<boolean[]> {
  const at = clock.now()
  const of = new Map<string, ToldSubscription>(known.map((each) => [each.id, each]))
  const problems = told.flatMap((amount, index) => problemOf(amount, of.get(amount.subscriptionId), index, at))
  if (problems.length > 0)
    throw new BuylinkError('unprocessable', problems[0]?.message ?? 'Something is wrong.', { problems })
  const rows = told.flatMap((amount) => {
    const subscription = of.get(amount.subscriptionId)
    return subscription ? [{ subscription, amount, row: rowOf(subscription, by.source, amount, at) }] : []
  })
  const fresh = new Set<string>()
  // One seller a transaction; cut off in between, what comes again is known where it was taken.
  for (const [sellerId, ofSeller] of Map.groupBy(rows, ({ subscription }) => subscription.sellerId))
    await transaction(db, async (tx) => {
      const all = ofSeller.map(({ row }) => row)
      const written = await insertTold(tx, sellerId, all, at)
      for (const id of written) fresh.add(id)
      for (const { subscription, amount, row } of ofSeller)
        if (written.has(row.id) && isBelowCost(amount))
          await audit(tx, {
            sellerId,
            action: 'usage.below_cost',
            subject: { kind: 'subscription', id: subscription.id },
            tenantId: null,
            actor: by.actor,
            correlationId: by.correlationId,
            at,
            details: { source: by.source, id: amount.id, amount: amount.amount, net_cost: amount.netCost },
          })
    })
  return rows.map(({ row }) => fresh.has(row.id))
}

const rowOf = ({ id }: ToldSubscription, source: string, told: ToldAmount, at: Date): NewTold => ({
  id: newId(at.getTime()),
  subscriptionId: id,
  source,
  eventId: told.id,
  resourceId: told.resourceId ?? '0',
  at: new Date(told.time),
  amount: askedFor(told),
  netCost: told.netCost ?? null,
})

function problemOf(told: ToldAmount, of: ToldSubscription | undefined, index: number, now: Date): Problem[] {
  const problem = (field: string, code: string, message: string): Problem[] => [
    { path: `amounts.${index}.${field}`, code, message: `Amount ${told.id}: ${message}` },
  ]
  if (!of)
    return problem('subscription_id', 'unknown', 'there is no such subscription whose service says what it costs.')
  if (of.activatedAt === null) return problem('subscription_id', 'not_active', 'its subscription has not run yet.')
  const time = new Date(told.time)
  if (time > new Date(now.getTime() + AHEAD_MS)) return problem('time', 'future', 'its time has not come yet.')
  if (told.currency !== of.currency)
    return problem('currency', 'currency', `the prices of its plan are in ${of.currency}.`)
  if (told.resourceId !== undefined && !of.resourceIds.includes(told.resourceId))
    return problem('resource_id', 'unknown', 'its plan has no such resource without a unit price.')
  if (of.belowCost === 'refuse' && isBelowCost(told))
    return problem('amount', 'below_cost', `${told.amount} is below the net cost of ${told.netCost} ${told.currency}.`)
  return []
}
