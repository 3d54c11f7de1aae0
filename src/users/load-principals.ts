import { type RawBuilder, sql } from 'kysely'
import type { PrincipalLoaders } from '../platform/auth/principals.ts'
import type { Db } from '../platform/db.ts'
import { findClientAccess } from './client-store.ts'
import { isSalesAlone, NO_MANAGER, scopesOf } from './rules.ts'
import { findUserAccess } from './store.ts'

export interface PrincipalOptions {
  readonly db: Db
  /** Expression over the row of `users` that gives the id of the manager a user is; `attribution` exports it. */
  readonly managerOfUser?: RawBuilder<string | null>
}

/** Who sessions and tokens stand for, as users, policies and tenants say it at this moment. One statement each. */
export const createPrincipalLoaders = ({
  db,
  managerOfUser = sql<string | null>`null::uuid`,
}: PrincipalOptions): PrincipalLoaders => ({
  async loadUserPrincipal(sellerId, userId) {
    const access = await findUserAccess(db, sellerId, userId, managerOfUser)
    if (!access) return undefined
    const { roles, managerId } = access
    return {
      tenantId: access.tenantId,
      sellerId,
      path: access.path,
      scopes: scopesOf(roles, access.kind),
      roles,
      onlyManagerId: isSalesAlone(roles) ? (managerId ?? NO_MANAGER) : null,
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
