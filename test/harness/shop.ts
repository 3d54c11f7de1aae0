import type { Pool } from 'pg'
import { createAccount } from '../../src/accounts/index.ts'
import { createManagerDirectory, type ManagerDirectory } from '../../src/attribution/index.ts'
import { type Catalog, createCatalog } from '../../src/catalog/index.ts'
import { loadDemonstration } from '../../src/demonstration/index.ts'
import type { CheckoutId, TenantId } from '../../src/kernel/ids.ts'
import { createPlacingQueue, type PlacingQueue } from '../../src/orders/index.ts'
import type { Principal } from '../../src/platform/actor.ts'
import type { Db } from '../../src/platform/db.ts'
import type { Connectors } from '../../src/provisioning/index.ts'
import type { Connector } from '../../src/provisioning/schema.ts'
import { createBuiltinConnector, quotasOf } from '../../src/quotas/index.ts'
import type { QuotasOf } from '../../src/subscriptions/index.ts'
import { createStoreDirectory, type StoreDirectory, type StoreEntry } from '../../src/stores/index.ts'
import { ensureRoot, systemActor } from '../../src/tenants/index.ts'
import { fixedClock, type FixedClock } from './clock.ts'
import type { TestDatabase } from './database.ts'

export interface Shop {
  readonly db: Db
  readonly pool: Pool
  readonly clock: FixedClock
  readonly catalog: Catalog
  readonly stores: StoreDirectory
  readonly managers: ManagerDirectory
  readonly queue: PlacingQueue
  readonly connectors: Connectors & Map<string, Connector>
  readonly quotasOf: QuotasOf
  readonly store: StoreEntry
  /** The system at the root: sees everything. */
  readonly operator: Principal
  /** A new payer account that may order, and someone acting for it. */
  customer(name: string): Promise<{ readonly id: TenantId; readonly actor: Principal }>
}

/** The demonstration store in a test's own database, with the real directories and queue beside it. */
export async function openShop({ db, pool }: TestDatabase): Promise<Shop> {
  const clock = fixedClock()
  const catalog = createCatalog(pool)
  const stores = createStoreDirectory({ db })
  const managers = createManagerDirectory({ db })
  const queue = createPlacingQueue(pool)
  const connectors = new Map([['builtin', createBuiltinConnector(db, clock)]])
  await loadDemonstration({ db, clock, catalog, stores, managers, queue, connectors }, 'http://localhost:8080')
  const root = await ensureRoot(db, clock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  const store = stores.resolve('localhost')
  if (!store) throw new Error('The demonstration has no store')
  return {
    db,
    pool,
    clock,
    catalog,
    stores,
    managers,
    queue,
    connectors,
    quotasOf,
    store,
    operator,
    async customer(name) {
      const account = await createAccount(db, clock, operator, {
        parentId: store.sellerId as string as TenantId,
        name,
        registration: 'full',
        details: {
          customerType: 'business',
          companyName: name,
          country: 'US',
          city: 'Springfield',
          street: '1 Main Street',
          zip: '01101',
        },
      })
      return { id: account.id, actor: systemActor(store.sellerId, account.id, account.path, name) }
    },
  }
}

export const LINK = {
  monthly:
    '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application',
  trial:
    '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1842&shopping_cart_items[][type]=application',
  payAsYouGo:
    '?shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application&skip_all_steps=1',
  topup:
    '?shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]={1000}&skip_all_steps=1',
} as const

/** What placing asks for beside the shop. */
export const placing = (checkoutId: CheckoutId, amountMinor: bigint) => ({
  checkoutId,
  expectedTotal: { amountMinor, currency: 'USD' },
  acceptTerms: true,
  allowSecond: false,
})
