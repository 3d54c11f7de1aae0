import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { type TenantKind, visibleTo } from '../tenants/index.ts'
import type { ApiClient, RoleId } from './schema.ts'
import { standsEnabled } from './store.ts'

const COLUMNS = [
  'api_clients.id',
  'api_clients.tenant_id as tenantId',
  'api_clients.name',
  'api_clients.role_id as roleId',
  'api_clients.scopes',
  'api_clients.type',
  'api_clients.auth_method as authMethod',
  'api_clients.enabled',
  'api_clients.created_by as createdBy',
  'api_clients.created_at as createdAt',
] as const

export interface ClientAccess {
  readonly tenantId: TenantId
  readonly tenantNumber: bigint
  readonly sellerId: SellerId
  readonly path: string
  readonly kind: TenantKind
  readonly role: RoleId
  readonly scopes: readonly string[] | null
  readonly secretHash: Buffer
  readonly enabled: boolean
}

/** An API client of an enabled tenant, with what its token may carry. */
export const findClientAccess = (db: Db | Tx, id: string): Promise<ClientAccess | undefined> =>
  db
    .selectFrom('api_clients')
    .innerJoin('tenants', 'tenants.id', 'api_clients.tenant_id')
    .where('api_clients.id', '=', id)
    .where(standsEnabled('tenants'))
    .select([
      'tenants.id as tenantId',
      'tenants.number as tenantNumber',
      'tenants.seller_id as sellerId',
      'tenants.path',
      'tenants.kind',
      'api_clients.role_id as role',
      'api_clients.scopes',
      'api_clients.secret_hash as secretHash',
      'api_clients.enabled',
    ])
    .executeTakeFirst()

const visible = (db: Db | Tx, actor: { readonly path: string }) =>
  db
    .selectFrom('api_clients')
    .innerJoin('tenants', 'tenants.id', 'api_clients.tenant_id')
    .where(visibleTo(actor))
    .select(COLUMNS)

/** A program of a tenant that the actor sees. */
export const findVisibleClient = (
  db: Db | Tx,
  actor: { readonly path: string },
  id: string,
): Promise<ApiClient | undefined> => visible(db, actor).where('api_clients.id', '=', id).executeTakeFirst()

/** @returns false when the id is taken. */
export async function insertClient(tx: Tx, client: ApiClient & { readonly secretHash: Buffer }): Promise<boolean> {
  const row = await tx
    .insertInto('api_clients')
    .values({
      id: client.id,
      tenant_id: client.tenantId,
      name: client.name,
      secret_hash: client.secretHash,
      role_id: client.roleId,
      scopes: client.scopes === null ? null : [...client.scopes],
      type: client.type,
      auth_method: client.authMethod,
      enabled: client.enabled,
      created_by: client.createdBy,
      created_at: client.createdAt,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function hasClients(db: Db | Tx, tenantId: TenantId): Promise<boolean> {
  const row = await db.selectFrom('api_clients').where('tenant_id', '=', tenantId).select('id').executeTakeFirst()
  return row !== undefined
}

/** Of one tenant, in the order of their ids. */
export const listVisibleClients = (
  db: Db | Tx,
  actor: { readonly path: string },
  query: { readonly tenantId: TenantId; readonly after: string | undefined; readonly limit: number },
): Promise<ApiClient[]> =>
  visible(db, actor)
    .where('api_clients.tenant_id', '=', query.tenantId)
    .$if(query.after !== undefined, (q) => q.where('api_clients.id', '>', query.after ?? ''))
    .orderBy('api_clients.id')
    .limit(query.limit)
    .execute()

export const CLIENT_LISTING = listing(
  'oldest',
  { name: byText('name'), role: byText('roleId'), status: byText('enabled'), created_at: byTime('createdAt') },
  { id: z.string().max(64), search: ['id', 'name'] },
)

/** The programs of one tenant, a page of them. */
export const pageOfClients = (
  db: Db | Tx,
  actor: { readonly path: string },
  tenantId: TenantId,
  wish: PageWish,
): ReturnType<typeof readPage<ApiClient>> =>
  readPage(db, sql`${visible(db, actor).where('api_clients.tenant_id', '=', tenantId)}`, CLIENT_LISTING, wish)

export const updateClient = (
  tx: Tx,
  id: string,
  change: Partial<Pick<ApiClient, 'name' | 'enabled' | 'authMethod'>>,
): Promise<ApiClient | undefined> =>
  tx
    .updateTable('api_clients')
    .set({
      ...(change.name !== undefined && { name: change.name }),
      ...(change.enabled !== undefined && { enabled: change.enabled }),
      ...(change.authMethod !== undefined && { auth_method: change.authMethod }),
      id,
    })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()

export async function deleteClientRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('api_clients').where('id', '=', id).execute()
}
