import type { Catalog } from '../catalog/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CorrelationId, newId, type SellerId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { resourcesOf } from '../subscriptions/index.ts'
import { renewingOf } from './affected-view.ts'
import { announcedPrices, insertPriceChange } from './price-change-store.ts'
import { announcedMonthly } from './agreed-price.ts'
import { quantitiesIn } from './rules.ts'

/** Whoever does not want it has this long to cancel (docs/adr/0014-prices-over-time.md). */
export const NOTICE_DAYS = 30

/**
 * Announces that periods of a plan which begin from an instant on cost what the catalogue says now. Every subscription
 * that will cost more a month is told. Asked again for the same instant: no change.
 * Publishes `subscription.price_change_announced`.
 *
 * @returns How many were told.
 * @throws {BuylinkError} `not_found`; `unprocessable` where the notice is too short.
 */
export async function announcePriceChange(
  { db, clock, catalog }: { readonly db: Db; readonly clock: Clock; readonly catalog: Catalog },
  actor: Principal,
  {
    sellerId,
    planId,
    effectiveAt,
  }: { readonly sellerId: SellerId; readonly planId: string; readonly effectiveAt: Date },
): Promise<number> {
  const plan = (await catalog.refresh(sellerId)).plans.get(planId)
  if (!plan) throw new BuylinkError('not_found', 'There is no such plan.')
  return transaction(db, async (tx) => {
    const at = clock.now()
    const known = (await announcedPrices(tx, sellerId, planId)).some(
      (each) => each.effectiveAt.getTime() === effectiveAt.getTime(),
    )
    if (known) return 0
    if (effectiveAt < addDays(at, NOTICE_DAYS))
      throw new BuylinkError(
        'unprocessable',
        `Give ${NOTICE_DAYS} days of notice: ${addDays(at, NOTICE_DAYS).toISOString()} at the earliest.`,
      )
    if (!(await insertPriceChange(tx, { sellerId, plan, effectiveAt, by: actor, at }))) return 0
    const correlationId = newId<CorrelationId>(at.getTime())
    const [announced] = await announcedPrices(tx, sellerId, planId)
    let told = 0
    for (const each of await renewingOf(tx, sellerId, planId)) {
      const quantities = quantitiesIn(await resourcesOf(tx, sellerId, each.id))
      const recurringMinor = announced ? announcedMonthly(announced, plan, each.planPeriodId, quantities) : 0n
      if (recurringMinor <= each.recurringMinor) continue
      told += 1
      const about = {
        sellerId,
        subject: { kind: 'subscription', id: each.id },
        tenantId: each.accountId,
        actor,
        correlationId,
        at,
      }
      await publish(tx, {
        ...about,
        type: 'subscription.price_change_announced',
        payload: {
          subscription_id: each.id,
          account_id: each.accountId,
          effective_at: effectiveAt,
          recurring_before: formatAmount(each.recurringMinor, each.currency),
          recurring: formatAmount(recurringMinor, each.currency),
          currency: each.currency,
        },
      })
    }
    await audit(tx, {
      sellerId,
      subject: { kind: 'plan', id: planId },
      tenantId: null,
      actor,
      correlationId,
      at,
      action: 'plan.announce_price_change',
      details: { plan_id: planId, effective_at: effectiveAt, told },
    })
    return told
  })
}
