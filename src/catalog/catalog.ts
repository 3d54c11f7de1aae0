import type { Pool } from 'pg'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import { loadSnapshot } from './load-snapshot.ts'
import type { CatalogSnapshot } from './schema.ts'

/** The catalogues of the sellers that are asked for, held in memory. */
export interface Catalog {
  /** What is in memory, without waiting; undefined before the first `get`. The dispatcher's way. */
  peek(sellerId: SellerId): CatalogSnapshot | undefined
  /** @throws {BuylinkError} `not_found` for a seller without a price list. */
  get(sellerId: SellerId): Promise<CatalogSnapshot>
  /** What the database has at this moment: for who may have changed it just now. @throws {BuylinkError} `not_found` */
  current(sellerId: SellerId): Promise<CatalogSnapshot>
  /** Reads again now: the version turned out to be old. */
  refresh(sellerId: SellerId): Promise<CatalogSnapshot>
  /** Reads again every catalogue in memory whose version has changed. Called on change hints and by the poll. */
  refreshChanged(): Promise<void>
}

/** Never decides anything by itself: an order's statement confirms the version it was priced from. */
export function createCatalog(pool: Pool): Catalog {
  const snapshots = new Map<SellerId, CatalogSnapshot>()
  const loading = new Map<SellerId, Promise<CatalogSnapshot>>()
  /** Asked for without having a price list: remembered, so that clicks on their links do not read it each time. */
  const missing = new Set<SellerId>()

  const refresh = (sellerId: SellerId): Promise<CatalogSnapshot> => {
    const load = (async () => {
      const snapshot = await loadSnapshot(pool, sellerId)
      if (!snapshot) {
        missing.add(sellerId)
        throw nothingSold()
      }
      missing.delete(sellerId)
      const known = snapshots.get(sellerId)
      // A slower, older read must not replace a newer one.
      if (!known || known.version <= snapshot.version) snapshots.set(sellerId, snapshot)
      return snapshots.get(sellerId) ?? snapshot
    })().finally(() => {
      if (loading.get(sellerId) === load) loading.delete(sellerId)
    })
    loading.set(sellerId, load)
    return load
  }

  return {
    peek: (sellerId) => snapshots.get(sellerId),
    get: async (sellerId) => {
      if (missing.has(sellerId)) throw nothingSold()
      return snapshots.get(sellerId) ?? loading.get(sellerId) ?? refresh(sellerId)
    },
    current: async (sellerId) => {
      const { rows } = await pool.query<{ version: bigint }>('select version from price_lists where seller_id = $1', [
        sellerId,
      ])
      const known = snapshots.get(sellerId)
      return known && known.version === rows[0]?.version ? known : refresh(sellerId)
    },
    refresh,
    refreshChanged: async () => {
      const held = [...snapshots.keys(), ...missing]
      if (held.length === 0) return
      const { rows } = await pool.query<{ seller_id: SellerId; version: bigint }>(
        'select seller_id, version from price_lists where seller_id = any($1)',
        [held],
      )
      const stale = rows.filter((row) => (snapshots.get(row.seller_id)?.version ?? 0n) < row.version)
      await Promise.all(stale.map((row) => refresh(row.seller_id)))
    },
  }
}

const nothingSold = (): BuylinkError => new BuylinkError('not_found', 'This reseller sells nothing yet.')
