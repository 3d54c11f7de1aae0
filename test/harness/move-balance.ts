import { type CorrelationId, newId } from '../../src/kernel/ids.ts'
import { post } from '../../src/ledger/index.ts'
import { transfer } from '../../src/ledger/rules.ts'
import { transaction } from '../../src/platform/db.ts'
import type { Tenant } from './changes.ts'
import type { Shop } from './shop.ts'

/** Money that comes to a customer's balance from outside, or goes; a posting of its own each time. */
export async function moveBalance(shop: Shop, { id }: Pick<Tenant, 'id'>, amountMinor: bigint): Promise<void> {
  const at = shop.clock.now()
  await transaction(shop.db, (tx) =>
    post(tx, {
      sellerId: shop.store.sellerId,
      kind: 'receipt',
      naturalKey: `test:${newId(at.getTime())}`,
      currency: 'USD',
      entries: transfer(
        amountMinor,
        { kind: 'bank_clearing', accountId: null },
        { kind: 'customer_balance', accountId: id },
      ),
      accountId: id,
      orderId: null,
      paymentId: null,
      correlationId: newId<CorrelationId>(at.getTime()),
      at,
    }),
  )
}
