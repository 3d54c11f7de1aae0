import type { SellerId, TenantId } from '../kernel/ids.ts'
import { actorLabel } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Attribution } from './schema.ts'

/** Adds a line to the ledger of touches; nobody edits it. */
export async function insertAttribution(tx: Tx, line: Attribution): Promise<void> {
  await tx
    .insertInto('attributions')
    .values({
      seller_id: line.sellerId,
      id: line.id,
      account_id: line.accountId,
      manager_id: line.managerId,
      manager_key: line.managerKey,
      reason: line.reason,
      order_id: line.orderId,
      occurred_at: line.at,
      outcome: line.outcome,
      refusal: line.refusal,
      channel: line.channel,
      touched_at: line.touchedAt,
      actor: actorLabel(line.actor),
      note: line.note,
    })
    .execute()
}

/** All that is told of an account, the oldest first. */
export const listAttributions = (db: Db | Tx, sellerId: SellerId, accountId: TenantId) =>
  db
    .selectFrom('attributions')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .select([
      'id',
      'manager_id as managerId',
      'manager_key as managerKey',
      'reason',
      'order_id as orderId',
      'outcome',
      'refusal',
      'channel',
      'touched_at as touchedAt',
      'actor',
      'note',
      'occurred_at as occurredAt',
    ])
    .orderBy('id')
    .execute()
