import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import type { Tenant } from './schema.ts'

const VERBS = {
  created: 'create',
  updated: 'update',
  enabled: 'enable',
  disabled: 'disable',
  moved: 'move',
  deleted: 'delete',
  restored: 'restore',
} as const

/** Writes the event `tenant.{what happened}` and its audit entry, in the transaction of the change. */
export const tellOf =
  (tx: Tx, actor: Principal, tenant: Tenant, at: Date) =>
  async (happened: keyof typeof VERBS, details: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    const subject = { kind: 'tenant', id: tenant.id }
    const { sellerId, id: tenantId } = tenant
    const about = { sellerId, subject, tenantId, actor, correlationId: actor.correlationId, at }
    await publish(tx, { ...about, type: `tenant.${happened}`, payload: details })
    await audit(tx, { ...about, action: `tenant.${VERBS[happened]}`, details })
  }
