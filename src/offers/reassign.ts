import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { quotaOf, setQuota } from '../quotas/index.ts'
import { systemActor } from '../tenants/index.ts'
import { findOffers } from './offers-view.ts'
import { personalTenantOf } from './personal-view.ts'
import { markReassigned, type OfferId } from './store.ts'

/**
 * Where only somebody's own quota ran out and the customer has room: gives them what the answer says, for nothing. For
 * who may buy for the customer: they might buy more instead. Once.
 *
 * @throws {BuylinkError} `not_found`; `conflict`: there is nothing to give, or what there is has changed.
 */
export async function reassign(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  actor: Principal,
  offerId: OfferId,
): Promise<void> {
  const known = await findOffers(db, actor, offerId)
  if (!known) throw new BuylinkError('not_found', 'There is no such offer.')
  const { sellerId, account, correlationId, answer, userId } = known
  const personal = userId === null ? undefined : await personalTenantOf(db, sellerId, userId)
  if (!personal || answer.reassign.length === 0)
    throw new BuylinkError('conflict', 'There is nothing to give here: nobody’s own quota ran out alone.')
  const at = clock.now()
  await transaction(db, async (tx) => {
    if (!(await markReassigned(tx, sellerId, offerId, at))) return
    const system = systemActor(sellerId, personal.id, personal.path, 'offers', correlationId)
    for (const { usageName, to } of answer.reassign) {
      const quota = await quotaOf(tx, sellerId, { tenantId: personal.id, usageName })
      // Meanwhile it may have become more than that.
      if (quota.value === null || quota.value >= to) continue
      await setQuota(tx, clock, system, { tenantId: personal.id, usageName, to: { value: to, overage: quota.overage } })
    }
    await publish(tx, {
      sellerId,
      subject: { kind: 'offer', id: offerId },
      tenantId: account.id,
      actor,
      correlationId,
      at,
      type: 'offer.reassigned',
      payload: {
        offer_id: offerId,
        account_id: account.id,
        usage_names: answer.reassign.map(({ usageName }) => usageName),
      },
    })
  })
}
