import { type RawBuilder, sql } from 'kysely'
import type { PrincipalLoaders } from '../platform/auth/principals.ts'
import type { Db } from '../platform/db.ts'
import { findClientAccess } from './client-store.ts'
import { isSalesAlone, isStaffAt, NO_MANAGER, scopesOf } from './rules.ts'
import { findUserAccess } from './store.ts'

export interface PrincipalOptions {
  readonly db: Db
  /** Expression over the row of `users` that gives the id of the manager a user is; `attribution` exports it. */
  readonly managerOfUser?: RawBuilder<string | null>
  /** Staff may do nothing before they have a second factor. */
  readonly requireSecondFactor?: boolean
}

/** Who sessions and tokens stand for, as users, policies and tenants say it at this moment. One statement each. */
export const createPrincipalLoaders = ({
  db,
  managerOfUser = sql<string | null>`null::uuid`,
  requireSecondFactor = false,
}: PrincipalOptions): PrincipalLoaders => ({
  async loadUserPrincipal(sellerId, userId) {
    const access = await findUserAccess(db, sellerId, userId, managerOfUser)
    if (!access) return undefined
    const owesSecondFactor = requireSecondFactor && isStaffAt(access.kind) && !access.hasFactor
    const { managerId } = access
    const roles = owesSecondFactor ? [] : access.roles
    return {
      tenantId: access.tenantId,
      sellerId,
      path: access.path,
      scopes: scopesOf(roles, access.kind),
      roles,
      onlyManagerId: isSalesAlone(access.roles) ? (managerId ?? NO_MANAGER) : null,
      ...(owesSecondFactor && { owesSecondFactor }),
    }
  },
  async loadClient(clientId) {
    const access = await findClientAccess(db, clientId)
    if (!access) return undefined
    const { kind, scopes, ...client } = access
    const all = scopesOf([client.role], kind)
    return { ...client, scopes: scopes === null ? all : new Set(scopes.filter((scope) => all.has(scope))) }
  },
})
