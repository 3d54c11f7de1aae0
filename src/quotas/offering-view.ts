import {
  BACKUP,
  customItem,
  EDITION_ITEMS,
  isOn,
  type Item,
  listOfferingChains,
  listSwitchedOff,
  type OfferingTenant,
} from '../applications/index.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { customUsagesOf, usagesOf } from '../usage/index.ts'
import { quotasOf } from './quota-view.ts'
import type { Quota } from './schema.ts'

/** An item at a tenant. */
export interface TenantItem {
  readonly item: Item
  readonly tenantId: TenantId
  readonly isOn: boolean
  readonly updatedAt: Date
  /** undefined: nothing was ever set or granted, so it is unlimited. */
  readonly quota: Quota | undefined
  /** undefined: never reported. */
  readonly used: bigint | undefined
}

interface Place {
  readonly id: TenantId
  readonly sellerId: SellerId
  readonly createdAt: Date
}

/** All items that there are at a tenant, on or off, in the order of the catalogue. */
export async function itemsOf(db: Db | Tx, tenant: Place): Promise<TenantItem[]> {
  const [chains, off, custom, quotas, used] = await Promise.all([
    listOfferingChains(db, [tenant.id]),
    listSwitchedOff(db, tenant.id),
    customUsagesOf(db, tenant.id),
    quotasOf(db, tenant.sellerId, tenant.id),
    usagesOf(db, tenant.sellerId, tenant.id),
  ])
  const chain = chains.get(tenant.id) ?? []
  const isBound = !off.has(BACKUP.id)
  return [...EDITION_ITEMS, ...custom.map(customItem)].map((item) => ({
    item,
    tenantId: tenant.id,
    isOn: isBound && isOn(item, chain),
    updatedAt: chain.at(-1)?.switchedAt.get(item.name) ?? tenant.createdAt,
    quota: quotas.find(({ usageName }) => usageName === item.usageName),
    used: used.get(item.usageName),
  }))
}

/** Items that a new tenant of a kind could have below this one. */
export async function itemsForChild(
  db: Db | Tx,
  tenant: Place,
  child: Pick<OfferingTenant, 'kind' | 'edition'>,
): Promise<TenantItem[]> {
  const items = await itemsOf(db, tenant)
  const chain = [{ ...child, switches: new Map<string, boolean>() }]
  return items
    .filter((each) => each.isOn && isOn(each.item, chain))
    .map((each) => ({ ...each, quota: undefined, used: undefined }))
}
