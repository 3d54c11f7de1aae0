import { type RawBuilder, sql } from 'kysely'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { TenantKind } from '../tenants/index.ts'
import type { RoleId, User, UserDetails } from './schema.ts'

/** Of every user, whoever reads them. */
export const COLUMNS = [
  'users.seller_id as sellerId',
  'users.id',
  'users.number',
  'users.tenant_id as tenantId',
  'users.personal_tenant_id as personalTenantId',
  'users.login',
  'users.email',
  'users.first_name as firstName',
  'users.last_name as lastName',
  'users.phone',
  'users.language',
  'users.email_confirmed_at as emailConfirmedAt',
  'users.enabled',
  'users.business_types as businessTypes',
  'users.notifications',
  'users.version',
  'users.created_at as createdAt',
] as const

export const findUser = (db: Db | Tx, sellerId: SellerId, id: UserId): Promise<User | undefined> =>
  db.selectFrom('users').where('seller_id', '=', sellerId).where('id', '=', id).select(COLUMNS).executeTakeFirst()

export const findUserByEmail = (db: Db | Tx, sellerId: SellerId, email: string): Promise<User | undefined> =>
  db.selectFrom('users').where('seller_id', '=', sellerId).where('email', '=', email).select(COLUMNS).executeTakeFirst()

/**
 * Takes a login that is free in the installation: the wanted one, else with the user's number, which nobody shares.
 * @returns undefined when the seller has someone with this e-mail already.
 */
export async function claimLogin(
  tx: Tx,
  claim: { login: string; exact: boolean; email: string; sellerId: SellerId; userId: UserId; number: bigint },
): Promise<string | undefined> {
  for (const login of claim.exact ? [claim.login] : [claim.login, `${claim.login}#${claim.number}`]) {
    const row = await tx
      .insertInto('logins')
      .values({ login, email: claim.email, seller_id: claim.sellerId, user_id: claim.userId })
      .onConflict((conflict) => conflict.doNothing())
      .returning('login')
      .executeTakeFirst()
    if (row) return row.login
    const known = await tx
      .selectFrom('logins')
      .where('seller_id', '=', claim.sellerId)
      .where('email', '=', claim.email)
      .select('user_id')
      .executeTakeFirst()
    if (known) return undefined
  }
  return undefined
}

export async function insertUser(
  tx: Tx,
  user: User,
  passwordHash: string | null,
  details: Partial<UserDetails> = {},
): Promise<void> {
  await tx
    .insertInto('users')
    .values({
      seller_id: user.sellerId,
      id: user.id,
      number: user.number,
      tenant_id: user.tenantId,
      personal_tenant_id: user.personalTenantId,
      login: user.login,
      email: user.email,
      first_name: user.firstName,
      last_name: user.lastName,
      phone: user.phone,
      language: user.language,
      password_hash: passwordHash,
      email_confirmed_at: user.emailConfirmedAt,
      enabled: user.enabled,
      business_types: [...user.businessTypes],
      notifications: [...user.notifications],
      version: user.version,
      created_at: user.createdAt,
      updated_at: user.createdAt,
      ...detailColumns(details),
    })
    .execute()
}

export async function insertPolicies(
  tx: Tx,
  policies: readonly { sellerId: SellerId; id: string; userId: UserId; tenantId: TenantId; roleId: RoleId; at: Date }[],
): Promise<void> {
  if (policies.length === 0) return
  await tx
    .insertInto('access_policies')
    .values(
      policies.map((policy) => ({
        seller_id: policy.sellerId,
        id: policy.id,
        user_id: policy.userId,
        tenant_id: policy.tenantId,
        role_id: policy.roleId,
        created_at: policy.at,
      })),
    )
    .execute()
}

/** Columns of what is given; what is absent stays as it is. */
const detailColumns = (details: Optional<UserDetails>) => ({
  ...(details.externalId !== undefined && { external_id: details.externalId }),
  ...(details.idpId !== undefined && { idp_id: details.idpId }),
  ...(details.disableAfter !== undefined && { disable_after: details.disableAfter }),
  ...(details.contact !== undefined && { contact: JSON.stringify(details.contact) }),
})

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined }

export interface UserChange extends Optional<UserDetails> {
  readonly login?: string | undefined
  readonly email?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
  readonly language?: string | undefined
  readonly enabled?: boolean | undefined
  readonly businessTypes?: readonly string[] | undefined
  readonly notifications?: readonly string[] | undefined
  readonly passwordHash?: string | undefined
  readonly emailConfirmedAt?: Date | null | undefined
}

export async function updateUser(
  tx: Tx,
  sellerId: SellerId,
  id: UserId,
  at: Date,
  change: UserChange,
): Promise<User | undefined> {
  return tx
    .updateTable('users')
    .set({
      ...(change.login !== undefined && { login: change.login }),
      ...(change.email !== undefined && { email: change.email }),
      ...(change.firstName !== undefined && { first_name: change.firstName }),
      ...(change.lastName !== undefined && { last_name: change.lastName }),
      ...(change.phone !== undefined && { phone: change.phone }),
      ...(change.language !== undefined && { language: change.language }),
      ...(change.enabled !== undefined && { enabled: change.enabled }),
      ...(change.businessTypes !== undefined && { business_types: [...change.businessTypes] }),
      ...(change.notifications !== undefined && { notifications: [...change.notifications] }),
      ...detailColumns(change),
      ...(change.passwordHash !== undefined && { password_hash: change.passwordHash }),
      ...(change.emailConfirmedAt !== undefined && { email_confirmed_at: change.emailConfirmedAt }),
      version: sql<bigint>`version + 1`,
      updated_at: at,
    })
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** Ends one kind of mail to someone. Nothing happens where it was off. */
export async function stopNotification(
  tx: Tx,
  sellerId: SellerId,
  id: UserId,
  notification: string,
  at: Date,
): Promise<void> {
  await sql`
    update users set notifications = array_remove(notifications, ${notification}), version = version + 1, updated_at = ${at}
     where seller_id = ${sellerId} and id = ${id} and ${notification} = any(notifications)`.execute(tx)
}

export async function findPasswordHash(db: Db | Tx, sellerId: SellerId, id: UserId): Promise<string | null> {
  const row = await db
    .selectFrom('users')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select('password_hash')
    .executeTakeFirst()
  return row?.password_hash ?? null
}

/** Puts another hash in the place of the one that is known, if it is still there. */
export async function replaceHash(
  db: Db | Tx,
  user: { readonly sellerId: SellerId; readonly id: UserId; readonly passwordHash: string | null },
  fresh: string,
): Promise<void> {
  await db
    .updateTable('users')
    .set({ password_hash: fresh })
    .where('seller_id', '=', user.sellerId)
    .where('id', '=', user.id)
    .where('password_hash', '=', user.passwordHash)
    .execute()
}

/** Whether a tenant and all above it are enabled; a part of queries that let somebody in. */
export const standsEnabled = (alias: string): RawBuilder<boolean> =>
  sql<boolean>`not exists (select from tenants above where above.path @> ${sql.ref(`${alias}.path`)} and (not above.enabled or above.deleted_at is not null))`

export interface SignInCandidate {
  readonly sellerId: SellerId
  readonly sellerPath: string
  readonly id: UserId
  readonly email: string
  readonly language: string
  readonly passwordHash: string | null
}

/**
 * Everyone enabled with this e-mail who may sign in here: at a store, people of its seller and of those above it;
 * elsewhere people of all sellers. Reads the reference table first, so that the second statement names its sellers.
 */
export async function listCandidates(db: Db | Tx, email: string, storeSellerPath: string | null) {
  const logins = await db
    .selectFrom('logins')
    .innerJoin('tenants as sellers', 'sellers.id', 'logins.seller_id')
    .where('logins.email', '=', email)
    .$if(storeSellerPath !== null, (query) => query.where(sql<boolean>`sellers.path @> ${storeSellerPath}::ltree`))
    .select(['logins.seller_id as sellerId', 'logins.user_id as userId'])
    .limit(20)
    .execute()
  if (logins.length === 0) return []
  const candidates: SignInCandidate[] = await db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenant_id')
    .innerJoin('tenants as sellers', 'sellers.id', 'users.seller_id')
    .where('users.seller_id', '=', sql<SellerId>`any(${logins.map((login) => login.sellerId)})`)
    .where('users.id', '=', sql<UserId>`any(${logins.map((login) => login.userId)})`)
    .where('users.enabled', '=', true)
    .where(standsEnabled('tenants'))
    .select([
      'users.seller_id as sellerId',
      'sellers.path as sellerPath',
      'users.id',
      'users.email',
      'users.language',
      'users.password_hash as passwordHash',
    ])
    .execute()
  return candidates
}

export interface UserAccess {
  readonly tenantId: TenantId
  readonly path: string
  readonly kind: TenantKind
  readonly roles: readonly RoleId[]
  readonly managerId: string | null
  /** A second factor is in force. */
  readonly hasFactor: boolean
}

/**
 * What a request on behalf of someone needs, in one statement; undefined for who is not, or no longer, let in.
 * Only roles held at the user's own tenant or above it count: a caller has one place in the tree.
 *
 * @param managerOf Expression over `users` that gives the user's manager id (`attribution` has it).
 */
export const findUserAccess = (
  db: Db | Tx,
  sellerId: SellerId,
  id: UserId,
  managerOf: RawBuilder<string | null>,
): Promise<UserAccess | undefined> =>
  db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenant_id')
    .where('users.seller_id', '=', sellerId)
    .where('users.id', '=', id)
    .where('users.enabled', '=', true)
    .where(standsEnabled('tenants'))
    .select([
      'tenants.id as tenantId',
      'tenants.path',
      'tenants.kind',
      managerOf.as('managerId'),
      sql<boolean>`exists (select from second_factors f
        where f.seller_id = users.seller_id and f.user_id = users.id and f.confirmed_at is not null)`.as('hasFactor'),
      sql<RoleId[]>`array(
        select p.role_id from access_policies p join tenants held on held.id = p.tenant_id
         where p.seller_id = users.seller_id and p.user_id = users.id and held.path @> tenants.path
         order by p.role_id)`.as('roles'),
    ])
    .executeTakeFirst()

/** Part of other capabilities' queries: whether someone of this tenant has an e-mail that contains `text`. */
export const hasUserWithEmailLike = (sellerRef: string, tenantRef: string, pattern: string): RawBuilder<boolean> =>
  sql<boolean>`exists (select from users u where u.seller_id = ${sql.ref(sellerRef)} and u.tenant_id = ${sql.ref(tenantRef)} and u.email like ${pattern})`

export async function hasUsers(db: Db | Tx, sellerId: SellerId, tenantId: TenantId): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', tenantId)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}
