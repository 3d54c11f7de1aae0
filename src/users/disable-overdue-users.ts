import { type CorrelationId, newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { listOverdue } from './profile-store.ts'
import { updateUser } from './store.ts'

const AT_A_TIME = 200

/** Disables users whose `disable_after` has come, one transaction each. Publishes `user.disabled`. @returns How many. */
export async function disableOverdueUsers(db: Db, clock: Clock): Promise<number> {
  const at = clock.now()
  const overdue = await listOverdue(db, at, AT_A_TIME)
  for (const { sellerId, id } of overdue)
    await transaction(db, async (tx) => {
      const user = await updateUser(tx, sellerId, id, at, { enabled: false, disableAfter: null })
      if (!user) return
      const actor = systemLabel('disable-users')
      const about = {
        sellerId,
        subject: { kind: 'user', id },
        tenantId: user.tenantId,
        actor,
        correlationId: newId<CorrelationId>(),
        at,
      }
      await publish(tx, { ...about, type: 'user.disabled', payload: {} })
      await audit(tx, { ...about, action: 'user.disable', details: {} })
    })
  return overdue.length
}
