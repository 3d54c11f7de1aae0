import { type CorrelationId, newId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'

/** The system acting by itself at a tenant: start-up, seeding, jobs, and what a stranger's registration sets off. */
export const systemActor = (
  sellerId: SellerId,
  tenantId: TenantId,
  path: string,
  name: string,
  correlationId: CorrelationId = newId(),
): Principal => ({
  kind: 'system',
  id: name,
  tenantId,
  sellerId,
  path,
  scopes: new Set(),
  roles: [],
  onlyManagerId: null,
  correlationId,
})
