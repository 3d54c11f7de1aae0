import type { SellerId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { findTenant, isSeller, listAncestorsOrSelf, type Tenant, tenantOf } from '../tenants/index.ts'
import { isVisible } from '../tenants/rules.ts'
import { EVENT_NAMES } from './catalogue.ts'
import { fanOutWebhooks } from './fan-out-webhooks.ts'
import { type Places, runHandlers } from './run-handlers.ts'

/** Tells whoever is to be told of an event: webhooks that asked for it, and what event handlers say. */
export const createNotifier = (deps: { readonly places: Places; readonly wake: () => void }): Subscriber => ({
  name: 'notify',
  on: EVENT_NAMES,
  inOrder: true,
  async handle(event, { db, clock }) {
    const at = clock.now()
    const { chain, above } = await hearingOf(db, event)
    await fanOutWebhooks(db, event, { sellerId: event.sellerId, above: [...above] }, at)
    await runHandlers(db, deps.places, event, { chain, above }, at)
    deps.wake()
  },
})

/** Sellers from the root down to the event's own, and which of those above it see the tenant it is about. */
async function hearingOf(
  db: Db,
  event: StoredEvent,
): Promise<{ readonly chain: Tenant[]; readonly above: ReadonlySet<SellerId> }> {
  const chain = (await listAncestorsOrSelf(db, tenantOf(event.sellerId))).filter(({ kind }) => isSeller(kind))
  const about = (event.tenantId === null ? undefined : await findTenant(db, event.tenantId)) ?? chain.at(-1)
  const above = chain.filter((tenant) => tenant.sellerId !== event.sellerId && about && isVisible(about, tenant))
  return { chain, above: new Set(above.map(({ sellerId }) => sellerId)) }
}
