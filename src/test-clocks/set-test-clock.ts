import { BuylinkError } from '../kernel/errors.ts'
import { type CorrelationId, newId, type SellerId, type TenantId } from '../kernel/ids.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { findTestClock, insertTestClock, setTarget, type TestClock } from '../platform/seller-clocks.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { MOVE } from './move-test-clock.ts'
import { hasOrders } from './next-due-view.ts'

/** At a time: a long way is gone in several. */
export const MOST_DAYS = 400

/**
 * Makes a reseller a sandbox, with a clock that stands at an instant; or moves the clock of one forward. What is due on
 * the way happens in its order, and goes on after this has answered. Asked again: no change.
 *
 * @throws {BuylinkError} `not_found`; `conflict` where the reseller has orders already, so that two times would meet in its
 *   books; `unprocessable` for the root, backwards, or further than at a time.
 */
export async function setTestClock(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  actor: Principal,
  sellerId: SellerId,
  to: Date,
): Promise<TestClock & { readonly reseller: { readonly id: TenantId; readonly name: string } }> {
  const tenant = await getTenant(db, actor, tenantOf(sellerId))
  if (!isSeller(tenant.kind) || tenant.kind === 'root')
    throw new BuylinkError('unprocessable', 'Only a reseller can have a clock of its own.')
  return transaction(db, async (tx) => {
    const at = clock.now()
    const before = await findTestClock(tx, sellerId)
    if (!before) {
      if (await hasOrders(tx, sellerId))
        throw new BuylinkError(
          'conflict',
          'This reseller has orders, which live by the usual clock. Try prices with a reseller of their own.',
        )
      await insertTestClock(tx, sellerId, to, at)
    } else {
      if (to < before.now) throw new BuylinkError('unprocessable', 'A clock only goes forward.')
      if (to > addDays(before.now, MOST_DAYS))
        throw new BuylinkError('unprocessable', `Move it ${MOST_DAYS} days at most, and then again.`)
      if (to > before.now) await setTarget(tx, sellerId, to)
    }
    const about = {
      sellerId,
      subject: { kind: 'test_clock', id: sellerId },
      tenantId: sellerId as string as TenantId,
      actor,
      correlationId: newId<CorrelationId>(),
      at,
    }
    await audit(tx, { ...about, action: 'test_clock.set', details: { to } })
    if (before && to > before.now) await publish(tx, { ...about, type: MOVE, payload: { to } })
    await hintChange(tx, sellerId)
    const reseller = { id: tenant.id, name: tenant.name }
    const set = (await findTestClock(tx, sellerId)) ?? { now: to, target: to, from: null, isMoving: false }
    return { reseller, ...set }
  })
}
