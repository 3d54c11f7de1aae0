import { BuylinkError } from '../kernel/errors.ts'
import { newId, type StoreId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { readOrigin } from './rules.ts'
import type { StoreStatus } from './schema.ts'
import { clearCanonical, findStore, insertDomain, insertStore } from './store.ts'

export interface NewStore {
  /** A partner or the root. */
  readonly sellerId: TenantId
  readonly name: string
  /** Of the canonical domain: scheme, host and port as a customer writes them. */
  readonly origin: string
  readonly status?: StoreStatus
  /** Replaces everything before the `?` of its buy-links. */
  readonly externalApplicationUrl?: string | null
  readonly termsUrl?: string | null
  readonly privacyUrl?: string | null
  readonly defaultLanguage?: string
  /** Where a bank transfer goes, as text for the customer. */
  readonly bankDetails?: string
}

/**
 * Opens a seller's store at its canonical domain. Publishes `store.created`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: no seller, or no origin; `conflict`: the host is another store's.
 */
export async function createStore(db: Db | Tx, clock: Clock, actor: Principal, input: NewStore): Promise<StoreId> {
  return transaction(db, async (tx) => {
    const seller = await getTenant(tx, actor, input.sellerId)
    if (!isSeller(seller.kind)) throw new BuylinkError('unprocessable', `A ${seller.kind} has no store.`)
    const at = clock.now()
    const id = newId<StoreId>(at.getTime())
    await insertStore(tx, {
      id,
      sellerId: seller.sellerId,
      name: input.name,
      status: input.status ?? 'active',
      externalApplicationUrl: input.externalApplicationUrl ?? null,
      termsUrl: input.termsUrl ?? null,
      privacyUrl: input.privacyUrl ?? null,
      defaultLanguage: input.defaultLanguage ?? seller.language,
      bankDetails: input.bankDetails ?? '',
      at,
    })
    const about = {
      sellerId: seller.sellerId,
      subject: { kind: 'store', id },
      tenantId: seller.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    await publish(tx, { ...about, type: 'store.created', payload: { store_id: id } })
    await audit(tx, { ...about, action: 'store.create', details: {} })
    await addDomain(tx, clock, actor, { storeId: id, origin: input.origin, canonical: true })
    return id
  })
}

export interface NewDomain {
  readonly storeId: StoreId
  readonly origin: string
  /** Links in mails and pages start with it from now on. */
  readonly canonical?: boolean
}

/**
 * Lets a store answer at one more host. Publishes `store.domain_added`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: it is no origin; `conflict`: the host is a store's already.
 */
export async function addDomain(db: Db | Tx, clock: Clock, actor: Principal, input: NewDomain): Promise<string> {
  const domain = readOrigin(input.origin)
  if (!domain) throw new BuylinkError('unprocessable', 'Use an origin such as https://shop.example.com.')
  return transaction(db, async (tx) => {
    const store = await findStore(tx, input.storeId)
    if (!store) throw new BuylinkError('not_found', 'There is no such store.')
    await getTenant(tx, actor, tenantOf(store.sellerId), 'There is no such store.')
    const at = clock.now()
    const canonical = input.canonical ?? false
    if (canonical) await clearCanonical(tx, store.id)
    if (!(await insertDomain(tx, { ...domain, storeId: store.id, sellerId: store.sellerId, canonical, at })))
      throw new BuylinkError('conflict', `A store answers at ${domain.host} already.`)
    const about = {
      sellerId: store.sellerId,
      subject: { kind: 'store', id: store.id },
      tenantId: tenantOf(store.sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { host: domain.host, canonical }
    await publish(tx, { ...about, type: 'store.domain_added', payload: details })
    await audit(tx, { ...about, action: 'store.add_domain', details })
    await hintChange(tx, store.sellerId)
    return domain.host
  })
}
