import type { Difference } from '../kernel/differences.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Occurrence } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'

/** What events and audit entries about the catalogue have in common. */
export const aboutCatalog = (
  actor: Principal,
  sellerId: SellerId,
  subject: Occurrence['subject'],
  at: Date,
): Occurrence => ({ sellerId, subject, tenantId: tenantOf(sellerId), actor, correlationId: actor.correlationId, at })

/** What changed, as the audit log keeps it: `{"changes": {"recurring_fee": {"from": "4900", "to": "5100"}}}`. */
export const changeDetails = (changes: readonly Difference[]): Readonly<Record<string, unknown>> => ({
  changes: Object.fromEntries(
    changes.map(({ path, from, to }) => [
      path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      { from: from ?? null, to: to ?? null },
    ]),
  ),
})
