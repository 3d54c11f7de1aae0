import { differences } from '../kernel/differences.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { StoreId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { addDomain, createStore } from './create-store.ts'
import { readOrigin } from './rules.ts'
import type { StoreStatus } from './schema.ts'
import { setCanonicalDomain } from './set-canonical-domain.ts'
import { deleteDomain, findStoreDetail, lockStore, type StoreDetail, updateStore } from './store-detail.ts'

/** What is absent stays, or is as by default in a new store. */
export interface StoreChange {
  readonly name?: string | undefined
  readonly status?: StoreStatus | undefined
  /** Origins (`https://shop.example.com`): all of them, the canonical one first. */
  readonly domains?: readonly string[] | undefined
  readonly externalApplicationUrl?: string | null | undefined
  readonly termsUrl?: string | null | undefined
  readonly privacyUrl?: string | null | undefined
  readonly defaultLanguage?: string | undefined
  readonly bankDetails?: string | undefined
}

/** Opens a store of a reseller that the actor sees. @throws {BuylinkError} as `createStore`. */
export async function openStore(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { sellerId, ...input }: StoreChange & { readonly sellerId: TenantId },
): Promise<StoreDetail> {
  const { name, domains = [], ...rest } = input
  const [origin, ...others] = domains
  if (!name) throw problem('name', 'Give the store a name.')
  if (origin === undefined) throw problem('domains', 'A store answers at one domain at least.')
  return transaction(db, async (tx) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const storeId = await createStore(tx, clock, actor, { ...given, sellerId, name, origin })
    for (const other of others) await addDomain(tx, clock, actor, { storeId, origin: other })
    return reread(tx, storeId)
  })
}

/**
 * Changes a store and where it answers. Publishes `store.updated`; the audit log keeps what changed.
 *
 * @throws {BuylinkError} `not_found`, `version_mismatch`, `unprocessable`, `conflict`: a host is another store's.
 */
export async function saveStore(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  {
    storeId,
    expectedVersion,
    ...change
  }: StoreChange & { readonly storeId: StoreId; readonly expectedVersion?: bigint | undefined },
): Promise<StoreDetail> {
  return transaction(db, async (tx) => {
    const before = await getStore(tx, actor, storeId, true)
    if (expectedVersion !== undefined && before.version !== expectedVersion)
      throw new BuylinkError(
        'version_mismatch',
        'Someone changed the store in the meantime. Read it again and repeat your change.',
      )
    const { domains, ...fields } = change
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    const next = { ...before, ...given }
    if (domains) await saveDomains(tx, clock, actor, before, domains)
    const origins = (detail: StoreDetail) => detail.domains.map((domain) => domain.origin)
    const changes = differences(
      { ...before, pages: null, domains: origins(before) },
      { ...next, pages: null, domains: domains ? [...domains] : origins(before) },
    )
    if (changes.length === 0) return before
    const at = clock.now()
    await updateStore(tx, next, at)
    const about = aboutStore(actor, before, at)
    await publish(tx, { ...about, type: 'store.updated', payload: { store_id: storeId, status: next.status } })
    const details = Object.fromEntries(
      changes.map(({ path, from, to }) => [path, { from: from ?? null, to: to ?? null }]),
    )
    await audit(tx, { ...about, action: 'store.update', details: { changes: details } })
    await hintChange(tx, before.sellerId)
    return reread(tx, storeId)
  })
}

async function saveDomains(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  store: StoreDetail,
  origins: readonly string[],
): Promise<void> {
  const read = origins.map((origin) => readOrigin(origin))
  const [canonical] = read
  if (!canonical)
    throw problem('domains', 'A store answers at one domain at least: an origin such as https://shop.example.com.')
  const hosts = new Set<string>()
  for (const [index, domain] of read.entries()) {
    if (!domain) throw problem(`domains.${index}`, `${origins[index]} is no origin such as https://shop.example.com.`)
    if (hosts.has(domain.host)) throw problem(`domains.${index}`, `${domain.host} is named twice.`)
    hosts.add(domain.host)
  }
  const [current] = store.domains
  if (current?.origin !== canonical.origin)
    await setCanonicalDomain(tx, clock, actor, { storeId: store.id, origin: canonical.origin })
  for (const { host, origin } of store.domains) {
    const kept = read.find((domain) => domain?.host === host)
    if (host !== canonical.host && kept?.origin !== origin) await deleteDomain(tx, store.id, host)
  }
  for (const domain of read.slice(1)) {
    const known = domain && store.domains.find(({ origin }) => origin === domain.origin)
    if (domain && !known) await addDomain(tx, clock, actor, { storeId: store.id, origin: domain.origin })
  }
}

/** A store of a seller that the actor is or stands above. @throws {BuylinkError} `not_found`. */
export async function getStore(db: Db | Tx, actor: Principal, id: StoreId, locked = false): Promise<StoreDetail> {
  if (locked) await lockStore(db, id)
  const store = await findStoreDetail(db, id)
  if (!store) throw new BuylinkError('not_found', 'There is no such store.')
  await getTenant(db, actor, tenantOf(store.sellerId), 'There is no such store.')
  return store
}

export const aboutStore = (actor: Principal, store: Pick<StoreDetail, 'id' | 'sellerId'>, at: Date) => ({
  sellerId: store.sellerId,
  subject: { kind: 'store', id: store.id },
  tenantId: tenantOf(store.sellerId),
  actor,
  correlationId: actor.correlationId,
  at,
})

async function reread(tx: Tx, id: StoreId): Promise<StoreDetail> {
  const store = await findStoreDetail(tx, id)
  invariant(store, 'it was written just now')
  return store
}

const problem = (path: string, message: string): BuylinkError =>
  new BuylinkError('unprocessable', message, { problems: [{ path, code: 'invalid', message }] })
