import type { ManagerId } from '../accounts/index.ts'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { LinkReason } from './schema.ts'

export async function insertAttribution(
  tx: Tx,
  attribution: {
    readonly sellerId: SellerId
    readonly id: string
    readonly accountId: TenantId
    readonly managerId: ManagerId
    readonly managerKey: string
    readonly reason: LinkReason
    readonly orderId: OrderId | null
    readonly at: Date
  },
): Promise<void> {
  await tx
    .insertInto('attributions')
    .values({
      seller_id: attribution.sellerId,
      id: attribution.id,
      account_id: attribution.accountId,
      manager_id: attribution.managerId,
      manager_key: attribution.managerKey,
      reason: attribution.reason,
      order_id: attribution.orderId,
      occurred_at: attribution.at,
    })
    .execute()
}

export const listAttributions = (db: Db | Tx, sellerId: SellerId, accountId: TenantId) =>
  db
    .selectFrom('attributions')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .select([
      'manager_id as managerId',
      'manager_key as managerKey',
      'reason',
      'order_id as orderId',
      'occurred_at as occurredAt',
    ])
    .orderBy('id')
    .execute()
