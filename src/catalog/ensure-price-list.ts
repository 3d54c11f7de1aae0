import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { listAncestorsOrSelf, tenantOf } from '../tenants/index.ts'
import { findPriceList } from './own-catalog.ts'
import { createPriceList } from './write-catalog.ts'

/** The currency of a seller's price list, which is opened in the seller's currency when it sells its first thing. */
export async function ensurePriceList(tx: Tx, sellerId: SellerId, at: Date): Promise<string> {
  const existing = await findPriceList(tx, sellerId)
  if (existing) return existing.currency
  const currency = await currencyOf(tx, sellerId)
  await createPriceList(tx, sellerId, currency, at)
  return currency
}

/** What a seller keeps its books in: its own currency, else that of the nearest above it. */
export async function currencyOf(tx: Db | Tx, sellerId: SellerId): Promise<string> {
  const above = await listAncestorsOrSelf(tx, tenantOf(sellerId))
  return above.findLast((tenant) => tenant.currency !== null)?.currency ?? 'USD'
}
