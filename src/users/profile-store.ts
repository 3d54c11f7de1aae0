import { sql } from 'kysely'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byText, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { visibleTo } from '../tenants/index.ts'
import type { AccessPolicy, RoleId, UserProfile } from './schema.ts'
import { COLUMNS } from './store.ts'

interface Viewer {
  readonly path: string
}

const PROFILE_COLUMNS = [
  ...COLUMNS,
  'users.external_id as externalId',
  'users.idp_id as idpId',
  'users.disable_after as disableAfter',
  'users.contact',
  'users.updated_at as updatedAt',
  'tenants.kind as tenantKind',
] as const

const hasPassword = sql<boolean>`users.password_hash is not null`.as('hasPassword')

const visible = (db: Db | Tx, viewer: Viewer) =>
  db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenant_id')
    .where(visibleTo(viewer))
    .select(PROFILE_COLUMNS)
    .select(hasPassword)

/** A user of a tenant that the viewer sees. The seller is asked for first: then the statement names its shard. */
export async function findVisibleUser(db: Db | Tx, viewer: Viewer, id: UserId): Promise<UserProfile | undefined> {
  const sellerId = await findSellerOfUser(db, id)
  if (sellerId === undefined) return undefined
  return visible(db, viewer).where('users.seller_id', '=', sellerId).where('users.id', '=', id).executeTakeFirst()
}

/** The same, its row locked until the transaction ends. */
export async function lockVisibleUser(tx: Tx, viewer: Viewer, id: UserId): Promise<UserProfile | undefined> {
  const sellerId = await findSellerOfUser(tx, id)
  if (sellerId === undefined) return undefined
  return visible(tx, viewer)
    .where('users.seller_id', '=', sellerId)
    .where('users.id', '=', id)
    .forNoKeyUpdate('users')
    .executeTakeFirst()
}

async function findSellerOfUser(db: Db | Tx, id: UserId): Promise<SellerId | undefined> {
  const row = await db.selectFrom('logins').where('user_id', '=', id).select('seller_id').executeTakeFirst()
  return row?.seller_id
}

export interface UserQuery {
  readonly ids?: readonly UserId[] | undefined
  readonly tenantId?: TenantId | undefined
  /** Paths from one to before another (`rangeOf`). */
  readonly range?: { readonly from: string; readonly before: string } | undefined
  readonly after?: UserId | undefined
  readonly limit: number
}

/** In the order of their ids. One of the reviewed reads over several sellers: the users of a subtree. */
export const listVisibleUsers = (db: Db | Tx, viewer: Viewer, query: UserQuery): Promise<UserProfile[]> => {
  const { ids, tenantId, range, after } = query
  return visible(db, viewer)
    .$if(ids !== undefined, (q) => q.where('users.id', '=', sql<UserId>`any(${[...(ids ?? [])]}::uuid[])`))
    .$if(tenantId !== undefined, (q) => q.where('users.tenant_id', '=', tenantId ?? ''))
    .$if(range !== undefined, (q) =>
      q
        .where(sql<boolean>`tenants.path >= ${range?.from ?? ''}::ltree`)
        .where(sql<boolean>`tenants.path < ${range?.before ?? ''}::ltree`),
    )
    .$if(after !== undefined, (q) => q.where('users.id', '>', after ?? ''))
    .orderBy('users.id')
    .limit(query.limit)
    .execute()
}

export const USER_LISTING = listing(
  'oldest',
  {
    email: byText('email'),
    name: byText(sql`x."firstName" || ' ' || x."lastName"`),
  },
  { search: ['email', 'firstName', 'lastName'] },
)

/** The people of one tenant, a page of them. */
export const pageOfUsers = (
  db: Db | Tx,
  viewer: Viewer,
  tenantId: TenantId,
  wish: PageWish,
): ReturnType<typeof readPage<UserProfile>> =>
  readPage(db, sql`${visible(db, viewer).where('users.tenant_id', '=', tenantId)}`, USER_LISTING, wish)

/** The roles that users hold, each user's in the order they were given. */
export const listPolicies = (
  db: Db | Tx,
  users: readonly { readonly sellerId: SellerId; readonly id: UserId }[],
): Promise<AccessPolicy[]> =>
  db
    .selectFrom('access_policies')
    .where('seller_id', '=', sql<SellerId>`any(${[...new Set(users.map(({ sellerId }) => sellerId))]}::uuid[])`)
    .where('user_id', '=', sql<UserId>`any(${users.map(({ id }) => id)}::uuid[])`)
    .orderBy('id')
    .select([
      'id',
      'user_id as userId',
      'tenant_id as tenantId',
      'role_id as roleId',
      'version',
      'issuer_id as issuerId',
      'created_at as createdAt',
      'updated_at as updatedAt',
    ])
    .execute()

export async function deletePolicies(
  tx: Tx,
  user: { readonly sellerId: SellerId; readonly id: UserId },
  ids: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('access_policies')
    .where('seller_id', '=', user.sellerId)
    .where('user_id', '=', user.id)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute()
}

export async function insertPolicy(
  tx: Tx,
  policy: {
    readonly sellerId: SellerId
    readonly id: string
    readonly userId: UserId
    readonly tenantId: TenantId
    readonly roleId: RoleId
    readonly issuerId: string | null
    readonly at: Date
  },
): Promise<void> {
  await tx
    .insertInto('access_policies')
    .values({
      seller_id: policy.sellerId,
      id: policy.id,
      user_id: policy.userId,
      tenant_id: policy.tenantId,
      role_id: policy.roleId,
      issuer_id: policy.issuerId,
      created_at: policy.at,
      updated_at: policy.at,
    })
    .execute()
}

/** Whether nobody has a login. */
export async function isLoginFree(db: Db | Tx, login: string): Promise<boolean> {
  return (await db.selectFrom('logins').where('login', '=', login).select('login').executeTakeFirst()) === undefined
}

/** Gives a user another login or address. @returns false when somebody else has one of them: at the seller, or the login anywhere. */
export async function changeLogin(
  tx: Tx,
  user: { readonly sellerId: SellerId; readonly id: UserId; readonly login: string },
  to: { readonly login: string; readonly email: string },
): Promise<boolean> {
  // Taken back and given anew: a conflict then is a missing row, and no failed transaction.
  await tx.deleteFrom('logins').where('login', '=', user.login).execute()
  const row = await tx
    .insertInto('logins')
    .values({ login: to.login, email: to.email, seller_id: user.sellerId, user_id: user.id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('login')
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteUserRow(
  tx: Tx,
  user: { readonly sellerId: SellerId; readonly id: UserId; readonly login: string },
): Promise<void> {
  await tx.deleteFrom('logins').where('login', '=', user.login).execute()
  await tx.deleteFrom('users').where('seller_id', '=', user.sellerId).where('id', '=', user.id).execute()
}

/** Users whose time is over, of all sellers (a reviewed fan-out). */
export const listOverdue = (db: Db, at: Date, limit: number): Promise<{ sellerId: SellerId; id: UserId }[]> =>
  db
    .selectFrom('users')
    .where('enabled', '=', true)
    .where('disable_after', '<=', at)
    .orderBy('disable_after')
    .limit(limit)
    .select(['seller_id as sellerId', 'id'])
    .execute()
