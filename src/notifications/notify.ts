import { isVisible } from '../tenants/rules.ts'
import { findTenant, isSeller, listAncestorsOrSelf, tenantOf } from '../tenants/index.ts'
import type { Db } from '../platform/db.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { EVENT_NAMES } from './catalogue.ts'
import { fanOutWebhooks, type Hearing } from './fan-out-webhooks.ts'

/** Tells whoever is to be told of an event: webhooks that asked for it, and what event handlers say. */
export const createNotifier = (deps: { readonly wake: () => void }): Subscriber => ({
  name: 'notify',
  on: EVENT_NAMES,
  async handle(event, { db, clock }) {
    const at = clock.now()
    await fanOutWebhooks(db, event, await hearingOf(db, event), at)
    deps.wake()
  },
})

/** The event's seller hears of it, and so do those above it that see the tenant it is about. */
async function hearingOf(db: Db, event: StoredEvent): Promise<Hearing> {
  const { sellerId } = event
  const chain = await listAncestorsOrSelf(db, tenantOf(sellerId))
  const about = (event.tenantId === null ? undefined : await findTenant(db, event.tenantId)) ?? chain.at(-1)
  const above = chain.filter(
    (tenant) => isSeller(tenant.kind) && tenant.sellerId !== sellerId && about && isVisible(about, tenant),
  )
  return { sellerId, above: above.map((tenant) => tenant.sellerId) }
}
