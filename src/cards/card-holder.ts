import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import type { CardGateway } from './gateway.ts'
import { findHolder, insertHolder } from './saved-store.ts'

/**
 * Makes an account known to the gateway, where it is not. Asked at once or after a crash, it is one: the account's id is
 * the gateway's idempotency key.
 *
 * @returns The gateway's name of it.
 * @throws {BuylinkError} `gateway_refused`; `gateway_unavailable`.
 */
export async function ensureHolder(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  account: { readonly sellerId: SellerId; readonly id: TenantId; readonly name: string },
): Promise<string> {
  const whose = { sellerId: account.sellerId, accountId: account.id }
  const known = await findHolder(db, whose)
  if (known !== undefined) return known
  const idempotencyKey = `holder:${account.sellerId}:${account.id}`
  const made = await gateway.createHolder({ idempotencyKey, name: account.name, accountId: account.id })
  await insertHolder(db, whose, made, clock.now())
  return (await findHolder(db, whose)) ?? made
}
