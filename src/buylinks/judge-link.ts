import type { Catalog } from '../catalog/index.ts'
import type { CatalogSnapshot } from '../catalog/schema.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { InspectedLink, Malformed } from '../link/index.ts'
import type { StoreEntry } from '../stores/index.ts'
import { type CheckedLink, checkLink, malformedProblem, type Problem } from './rules.ts'

/** A link as one store sees it. */
export interface JudgedLink extends CheckedLink {
  /** What it was checked against; null where it was not: no store, or nothing that could be read. */
  readonly snapshot: CatalogSnapshot | null
}

/**
 * All that is wrong with a link at a store: its host, its shape and what it orders, reported together
 * (spec/buy-links.md "Codes"). Dispatcher and `explain` say the same because both ask here.
 *
 * @param read What `inspect` made of it.
 */
export async function judgeLink(
  catalog: Catalog,
  store: StoreEntry | undefined,
  read: InspectedLink | Malformed,
): Promise<JudgedLink> {
  const ofHost = storeProblems(store)
  const nothing = { plan: undefined, period: undefined, quantities: {}, topupMinor: null, snapshot: null }
  if ('error' in read) return { ...nothing, errors: [...ofHost, malformedProblem(read)], warnings: [] }
  if (!store || store.status === 'inactive') {
    return { ...nothing, errors: [...ofHost, ...read.errors], warnings: read.warnings }
  }
  const snapshot = await catalogOf(catalog, store)
  const checked = checkLink(read, snapshot)
  return { ...checked, errors: [...ofHost, ...checked.errors], snapshot }
}

/** Problems of the host of a link. */
function storeProblems(store: StoreEntry | undefined): Problem[] {
  if (!store || store.status === 'inactive') {
    return [
      {
        code: 'store_not_found',
        part: 'host',
        position: null,
        message: 'No store answers at this address.',
        suggestion: 'Use a domain of an active store.',
      },
    ]
  }
  if (store.status === 'active') return []
  return [
    {
      code: 'store_unavailable',
      part: 'host',
      position: null,
      message: 'The store is closed for maintenance.',
      suggestion: 'Try again later.',
    },
  ]
}

/** What the store sells: nothing, where its reseller has no price list yet, so that a link's plan is not found. */
async function catalogOf(catalog: Catalog, { sellerId, currency }: StoreEntry): Promise<CatalogSnapshot> {
  try {
    return catalog.peek(sellerId) ?? (await catalog.get(sellerId))
  } catch (error) {
    if (!(error instanceof BuylinkError) || error.code !== 'not_found') throw error
    return {
      sellerId,
      version: 0n,
      currency: currency ?? 'USD',
      categories: new Map(),
      products: new Map(),
      plans: new Map(),
      planOfPeriod: new Map(),
      discounts: [],
      taxRates: [],
    }
  }
}
