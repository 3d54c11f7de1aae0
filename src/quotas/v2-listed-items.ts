import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { itemsOf } from './offering-view.ts'
import { OfferingItemV2, presentItem } from './v2-schema.ts'

/** What listed tenants have, for lists of tenants: items that are on, with their quotas. */
export const listedItems = {
  shape: OfferingItemV2,
  async of(
    db: Db,
    tenant: { readonly id: TenantId; readonly sellerId: SellerId; readonly createdAt: Date },
  ): Promise<(typeof OfferingItemV2)['_output'][]> {
    return (await itemsOf(db, tenant)).filter(({ isOn }) => isOn).map(presentItem)
  },
}
