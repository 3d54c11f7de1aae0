import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import type { User } from './schema.ts'

const VERBS = { updated: 'update', enabled: 'enable', disabled: 'disable', deleted: 'delete' } as const

/** Writes the event `user.{what happened}` and its audit entry, in the transaction of the change. */
export const tellOfUser =
  (tx: Tx, actor: Principal, user: User, at: Date) =>
  async (happened: keyof typeof VERBS, details: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    const { sellerId, tenantId } = user
    const subject = { kind: 'user', id: user.id }
    const about = { sellerId, subject, tenantId, actor, correlationId: actor.correlationId, at }
    await publish(tx, { ...about, type: `user.${happened}`, payload: details })
    await audit(tx, { ...about, action: `user.${VERBS[happened]}`, details })
  }
