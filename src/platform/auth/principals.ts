import type { SellerId, TenantId, UserId } from '../../kernel/ids.ts'

/** What a caller stands for, as the tenants and users of this moment say it. */
export interface PrincipalFacts {
  readonly tenantId: TenantId
  /** Nearest partner-or-root ancestor-or-self of `tenantId`. */
  readonly sellerId: SellerId
  /** Materialised path (ltree text) of `tenantId`. */
  readonly path: string
  readonly scopes: ReadonlySet<string>
}

export interface UserPrincipal extends PrincipalFacts {
  /** Role ids of spec/api.md "Who may do what", without repetition. */
  readonly roles: readonly string[]
  /** Set for a user who sees only accounts attributed to this manager (role `sales` alone). */
  readonly onlyManagerId: string | null
  /** The installation requires a second factor of them, and they have none: no scope, no role until they do. */
  readonly owesSecondFactor?: boolean
}

export interface ClientPrincipal extends PrincipalFacts {
  /** The numeric id of `tenantId`. */
  readonly tenantNumber: bigint
  /** Role id at `tenantId`. */
  readonly role: string
  /** SHA-256 of the secret. */
  readonly secretHash: Buffer
  readonly enabled: boolean
}

/**
 * How the platform learns who a session or a token belongs to; `src/users` and `src/tenants` implement it, `server.ts`
 * passes it in. Both are asked with every request that is signed in (answers are kept for a few seconds), so one
 * statement each. A disabled or deleted user, and whoever belongs to a disabled or deleted tenant, is `undefined`.
 */
export interface PrincipalLoaders {
  /** @param sellerId The seller whose user it is: where the row is, not necessarily the user's own tenant. */
  loadUserPrincipal(sellerId: SellerId, userId: UserId): Promise<UserPrincipal | undefined>
  loadClient(clientId: string): Promise<ClientPrincipal | undefined>
}
