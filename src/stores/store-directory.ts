import { DEFAULT_BRAND, effectiveBrands } from '../branding/index.ts'
import type { SellerId, StoreId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { tenantOf } from '../tenants/index.ts'
import { hostKey } from './rules.ts'
import type { StoreEntry } from './schema.ts'
import { listStores } from './store.ts'

/** All stores by host, in memory: the dispatcher asks with every click and never waits. */
export interface StoreDirectory {
  /** @param host A Host header; case and port do not matter. */
  resolve(host: string): StoreEntry | undefined
  /** As seen from its canonical host. */
  findById(id: StoreId): StoreEntry | undefined
  /** Active stores of a seller, the oldest first, as seen from their canonical hosts. */
  listOf(sellerId: SellerId): readonly StoreEntry[]
  /** Reads all of them again. Pass it to `Changes.subscribe`, and wait for it once before serving. */
  refresh(): Promise<void>
}

interface Snapshot {
  readonly byHost: ReadonlyMap<string, StoreEntry>
  readonly byId: ReadonlyMap<StoreId, StoreEntry>
  readonly bySeller: ReadonlyMap<SellerId, readonly StoreEntry[]>
}

/** Empty until the first `refresh`. A refresh that fails leaves what was there. */
export function createStoreDirectory({ db }: { readonly db: Db }): StoreDirectory {
  let snapshot: Snapshot = { byHost: new Map(), byId: new Map(), bySeller: new Map() }
  return {
    resolve: (host) => snapshot.byHost.get(host) ?? snapshot.byHost.get(hostKey(host)),
    findById: (id) => snapshot.byId.get(id),
    listOf: (sellerId) => snapshot.bySeller.get(sellerId) ?? [],
    async refresh() {
      snapshot = await load(db)
    },
  }
}

async function load(db: Db): Promise<Snapshot> {
  const rows = await listStores(db)
  const brands = await effectiveBrands(
    db,
    rows.map((row) => tenantOf(row.sellerId)),
  )
  const entries = rows.flatMap(({ sellerEnabled, domains, ...row }): StoreEntry[] => {
    const [canonical] = domains
    if (!canonical) return []
    const entry: StoreEntry = {
      ...row,
      status: sellerEnabled ? row.status : 'inactive',
      origin: canonical.origin,
      host: canonical.host,
      domains: domains.map(({ host, origin }) => ({ host, origin })),
      brand: brands.get(tenantOf(row.sellerId)) ?? DEFAULT_BRAND,
    }
    return [entry]
  })
  const active = entries.filter((entry) => entry.status === 'active')
  return {
    byHost: new Map(entries.flatMap((entry) => entry.domains.map(({ host }) => [host, { ...entry, host }]))),
    byId: new Map(entries.map((entry) => [entry.storeId, entry])),
    bySeller: Map.groupBy(active, (entry) => entry.sellerId),
  }
}
