import { type RawBuilder, sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { isSandbox } from '../platform/seller-clocks.ts'

/** What is asked of the gateway, and heard of by webhook. */
type Asked = 'card_sessions' | 'card_setups' | 'card_charges'

/**
 * Nothing was heard of since an instant of the machine's clock. What a sandbox asks for bears the sandbox's time, which
 * says nothing of how long the gateway has been silent (docs/adr/0015): it is always looked at.
 */
export const isSilent = (table: Asked, before: Date): RawBuilder<boolean> => sql<boolean>`
  (updated_at < ${before} or ${isSandbox(`${table}.seller_id`)})`

/** Notes what the gateway answered to a page. The first answer stays: under one idempotency key there is no other. */
export async function noteAnswer(
  db: Db,
  table: 'card_sessions' | 'card_setups',
  page: { readonly sellerId: SellerId; readonly id: string },
  { gatewayId, url }: { readonly gatewayId: string; readonly url: string | null },
  at: Date,
): Promise<void> {
  await sql`
    update ${sql.table(table)} set gateway_id = ${gatewayId}, url = ${url}, updated_at = ${at}
     where seller_id = ${page.sellerId} and id = ${page.id} and gateway_id is null`.execute(db)
}
