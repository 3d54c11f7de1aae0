import { BuylinkError } from '../kernel/errors.ts'
import type { StoreId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { readOrigin } from './rules.ts'
import { clearCanonical, findStore, saveCanonical } from './store.ts'

/**
 * Makes an origin the one that links in mails and pages start with; hosts that the store answered at stay its own.
 * Publishes `store.canonical_domain_changed`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: it is no origin; `conflict`: the host is another store's.
 */
export async function setCanonicalDomain(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  input: { readonly storeId: StoreId; readonly origin: string },
): Promise<void> {
  const domain = readOrigin(input.origin)
  if (!domain) throw new BuylinkError('unprocessable', 'Use an origin such as https://shop.example.com.')
  await transaction(db, async (tx) => {
    const store = await findStore(tx, input.storeId)
    if (!store) throw new BuylinkError('not_found', 'There is no such store.')
    await getTenant(tx, actor, tenantOf(store.sellerId), 'There is no such store.')
    const at = clock.now()
    await clearCanonical(tx, store.id)
    if (!(await saveCanonical(tx, { ...domain, storeId: store.id, sellerId: store.sellerId, at })))
      throw new BuylinkError('conflict', `Another store answers at ${domain.host}.`)
    const about = {
      sellerId: store.sellerId,
      subject: { kind: 'store', id: store.id },
      tenantId: tenantOf(store.sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { origin: domain.origin }
    await publish(tx, { ...about, type: 'store.canonical_domain_changed', payload: details })
    await audit(tx, { ...about, action: 'store.set_canonical_domain', details })
    await hintChange(tx, store.sellerId)
  })
}
