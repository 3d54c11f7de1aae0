import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { ensurePriceList } from './ensure-price-list.ts'
import { findPriceList } from './own-catalog.ts'
import type { BelowCost } from './schema.ts'

/** Decides what prices below net cost are met with, at a seller and at those it lets sell on. What is priced already stays. */
export async function setBelowCost(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  belowCost: BelowCost,
): Promise<void> {
  await transaction(db, async (tx) => {
    const at = clock.now()
    await ensurePriceList(tx, sellerId, at)
    const former = (await findPriceList(tx, sellerId))?.belowCost
    if (former === belowCost) return
    await tx
      .updateTable('price_lists')
      .set({ below_cost: belowCost, updated_at: at })
      .where('seller_id', '=', sellerId)
      .execute()
    await audit(tx, {
      ...aboutCatalog(actor, sellerId, { kind: 'price_list', id: sellerId }, at),
      action: 'price_list.update',
      details: changeDetails([{ path: 'belowCost', from: former, to: belowCost }]),
    })
  })
}
