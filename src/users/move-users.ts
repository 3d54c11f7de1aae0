import { sql } from 'kysely'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { moveRows, putRows, takeRows } from '../platform/move-rows.ts'
import type { SellerChange } from '../tenants/index.ts'
import { revokeTokens } from './email-tokens.ts'

/**
 * Takes people along to another seller, with their logins and roles. They are signed out, and links that were mailed to
 * them are worth nothing any more: both name the seller.
 *
 * @throws {BuylinkError} Platform code 1027: the new seller has somebody with the same address.
 */
export async function moveUsers(tx: Tx, { tenantIds, from, to, at }: SellerChange): Promise<void> {
  const users = await tx
    .selectFrom('users')
    .where('seller_id', '=', from)
    .where('tenant_id', '=', sql<string>`any(${[...tenantIds]}::uuid[])`)
    .select(['id', 'email'])
    .execute()
  const ids = users.map(({ id }) => id)
  const taken = await tx
    .selectFrom('logins')
    .where('seller_id', '=', to)
    .where('email', '=', sql<string>`any(${users.map(({ email }) => email)}::text[])`)
    .select('user_id')
    .executeTakeFirst()
  if (taken) throw platformError('business_rules', 'The new seller has somebody with the same e-mail address.')
  for (const id of ids) await revokeTokens(tx, from, id, at)
  const policies = await takeRows(tx, 'access_policies', { from, to, column: 'user_id', ids })
  const codes = await takeRows(tx, 'recovery_codes', { from, to, column: 'user_id', ids })
  const factors = await takeRows(tx, 'second_factors', { from, to, column: 'user_id', ids })
  await moveRows(tx, 'users', { from, to, column: 'id', ids })
  await putRows(tx, 'access_policies', to, policies)
  await putRows(tx, 'second_factors', to, factors)
  await putRows(tx, 'recovery_codes', to, codes)
  await moveLogins(tx, to, ids)
}

const moveLogins = (tx: Tx, to: SellerId, ids: readonly UserId[]): Promise<unknown> =>
  tx
    .updateTable('logins')
    .set({ seller_id: to })
    .where('user_id', '=', sql<UserId>`any(${[...ids]}::uuid[])`)
    .execute()
