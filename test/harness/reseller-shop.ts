import assert from 'node:assert/strict'
import { createAccount } from '../../src/accounts/index.ts'
import { createStore } from '../../src/stores/index.ts'
import type { Tenant } from '../../src/tenants/index.ts'
import { actorAt } from './sellers.ts'
import type { Shop } from './shop.ts'

/** Where a customer is, and what it is, as far as taxes ask. */
export interface Place {
  readonly customerType?: 'business' | 'person'
  readonly country?: string
  readonly vatId?: string
}

/** The same shop, with an open store of another reseller, whose customers are where they are said to be. */
export async function resellerShop(
  shop: Shop,
  reseller: Tenant,
): Promise<Omit<Shop, 'customer'> & { customer(name: string, place?: Place): ReturnType<Shop['customer']> }> {
  const storeId = await createStore(shop.db, shop.clock, shop.operator, {
    sellerId: reseller.id,
    name: reseller.name,
    origin: `https://${reseller.name.toLowerCase()}.example`,
  })
  await shop.stores.refresh()
  const store = shop.stores.listOf(reseller.sellerId)[0]
  assert.equal(store?.storeId, storeId)
  return {
    ...shop,
    store,
    async customer(name, { customerType = 'business', country = 'US', vatId = '' } = {}) {
      const account = await createAccount(shop.db, shop.clock, shop.operator, {
        parentId: reseller.id,
        name,
        registration: 'full',
        details: { customerType, companyName: customerType === 'business' ? name : '', country, vatId },
      })
      return { id: account.id, actor: actorAt(account) }
    },
  }
}
