import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Principal } from '../platform/actor.ts'
import { visibleTo } from '../tenants/index.ts'

/**
 * The condition of every read of what belongs to payer accounts: the account's tenant is visible to the caller, and a
 * sales manager sees those attributed to them alone (spec/api.md "Who may do what").
 * The query names the account's tenant `t` and the account `a`.
 */
export const accountVisibleTo = (actor: Principal): RawBuilder<SqlBool> => sql<SqlBool>`(${visibleTo(actor, 't')}
  and (${actor.onlyManagerId}::uuid is null or a.manager_id = ${actor.onlyManagerId}::uuid))`
