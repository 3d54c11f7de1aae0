import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { ForeignUsage, MirroredTenant, MirroredUser, Platform } from './schema.ts'

const PLATFORM = sql`p.seller_id as "sellerId", p.name, p.title, p.base_url as "baseUrl", p.client_id as "clientId", p.secret, p.enabled`

export async function findPlatform(db: Db, sellerId: SellerId, name: string): Promise<Platform | undefined> {
  const { rows } = await sql<Platform>`
    select ${PLATFORM} from platforms p where p.seller_id = ${sellerId} and p.name = ${name}`.execute(db)
  return rows[0]
}

/** All that are to be mirrored, of every seller. */
export async function listEnabled(db: Db): Promise<Platform[]> {
  const { rows } = await sql<Platform>`select ${PLATFORM} from platforms p where p.enabled order by p.name`.execute(db)
  return rows
}

/** Addresses of a seller's platforms: where their people come from. */
export async function listBaseUrls(db: Db, sellerId: SellerId): Promise<string[]> {
  const { rows } = await sql<{ baseUrl: string }>`
    select p.base_url as "baseUrl" from platforms p where p.seller_id = ${sellerId}`.execute(db)
  return rows.map(({ baseUrl }) => baseUrl)
}

/** @returns false where the name is taken. */
export async function insertPlatform(tx: Tx, platform: Platform, at: Date): Promise<boolean> {
  const { sellerId, name, title, baseUrl, clientId, secret, enabled } = platform
  const { rows } = await sql`
    insert into platforms (seller_id, name, title, base_url, client_id, secret, enabled, created_at, updated_at)
    values (${sellerId}, ${name}, ${title}, ${baseUrl}, ${clientId}, ${secret}, ${enabled}, ${at}, ${at})
    on conflict do nothing returning name`.execute(tx)
  return rows.length === 1
}

export async function updatePlatform(tx: Tx, platform: Platform, at: Date): Promise<void> {
  const { sellerId, name, title, baseUrl, clientId, secret, enabled } = platform
  await sql`
    update platforms set title = ${title}, base_url = ${baseUrl}, client_id = ${clientId}, secret = ${secret}, enabled = ${enabled},
           version = version + 1, updated_at = ${at}
     where seller_id = ${sellerId} and name = ${name}`.execute(tx)
}

/** How the last look went. */
export async function noteSync(
  db: Db,
  { sellerId, name }: Platform,
  at: Date,
  outcome: { readonly rootId: string } | { readonly error: string },
): Promise<void> {
  const isFine = 'rootId' in outcome
  await sql`
    update platforms
       set synced_at = ${isFine ? at : sql`synced_at`}, root_id = ${isFine ? outcome.rootId : sql`root_id`},
           sync_error = ${isFine ? null : outcome.error}, failing_since = ${isFine ? null : sql`coalesce(failing_since, ${at})`}
     where seller_id = ${sellerId} and name = ${name}`.execute(db)
}

const TENANT = sql`m.seller_id as "sellerId", m.platform, m.id, m.customer_id as "customerId", m.owner_id as "ownerId", m.version, m.tenant_id as "tenantId"`

export async function listMirrored(db: Db, { sellerId, name }: Platform): Promise<MirroredTenant[]> {
  const { rows } = await sql<MirroredTenant>`
    select ${TENANT} from platform_tenants m where m.seller_id = ${sellerId} and m.platform = ${name}`.execute(db)
  return rows
}

/** The tenants of a platform that ours stand for, by ours. */
export async function findMirrored(
  db: Db,
  sellerId: SellerId,
  tenantId: TenantId,
): Promise<MirroredTenant | undefined> {
  const { rows } = await sql<MirroredTenant>`
    select ${TENANT} from platform_tenants m
     where m.seller_id = ${sellerId} and m.tenant_id = ${tenantId} and m.gone_at is null order by m.platform limit 1`.execute(
    db,
  )
  return rows[0]
}

/** Keeps which of ours a tenant there is. @returns false where it was kept before. */
export async function keepMirrored(tx: Tx, tenant: MirroredTenant, name: string, at: Date): Promise<boolean> {
  const { sellerId, platform, id, customerId, ownerId, version, tenantId } = tenant
  const { rows } = await sql`
    insert into platform_tenants (seller_id, platform, id, customer_id, owner_id, name, version, tenant_id, created_at)
    values (${sellerId}, ${platform}, ${id}, ${customerId}, ${ownerId}, ${name}, ${version}, ${tenantId}, ${at})
    on conflict do nothing returning id`.execute(tx)
  return rows.length === 1
}

export async function noteTenant(
  tx: Db | Tx,
  { sellerId, platform, id }: Pick<MirroredTenant, 'sellerId' | 'platform' | 'id'>,
  { name, version }: { readonly name: string; readonly version: bigint },
): Promise<void> {
  await sql`
    update platform_tenants set name = ${name}, version = ${version}, gone_at = null
     where seller_id = ${sellerId} and platform = ${platform} and id = ${id}`.execute(tx)
}

/** Another one of our customers stands for it from now on. */
export async function linkMirrored(
  tx: Tx,
  { sellerId, platform, id }: Pick<MirroredTenant, 'sellerId' | 'platform' | 'id'>,
  tenantId: TenantId,
): Promise<void> {
  await sql`
    update platform_tenants set tenant_id = ${tenantId}
     where seller_id = ${sellerId} and platform = ${platform} and id = ${id}`.execute(tx)
  // Its people are looked up anew, among those of the other customer.
  await sql`
    update platform_users set version = -1, user_id = null
     where seller_id = ${sellerId} and platform = ${platform} and customer_id = ${id}`.execute(tx)
  await sql`
    delete from platform_quotas q using platform_tenants m
     where m.seller_id = ${sellerId} and m.platform = ${platform} and m.customer_id = ${id}
       and q.seller_id = m.seller_id and q.platform = m.platform and q.tenant = m.id`.execute(tx)
}

export async function noteProblem(
  db: Db,
  { sellerId, platform, id }: Pick<MirroredTenant, 'sellerId' | 'platform' | 'id'>,
  problem: string | null,
): Promise<void> {
  await sql`
    update platform_tenants set problem = ${problem}
     where seller_id = ${sellerId} and platform = ${platform} and id = ${id} and problem is distinct from ${problem}`.execute(
    db,
  )
}

/** What is no longer told of is gone there; ours stays, with its books. */
export async function markGone(
  db: Db,
  { sellerId, name }: Platform,
  present: { readonly tenants: readonly string[]; readonly users: readonly string[] },
  at: Date,
): Promise<void> {
  await sql`
    update platform_tenants set gone_at = ${at}
     where seller_id = ${sellerId} and platform = ${name} and gone_at is null and id <> all(${[...present.tenants]}::uuid[])`.execute(
    db,
  )
  await sql`
    update platform_users set gone_at = ${at}
     where seller_id = ${sellerId} and platform = ${name} and gone_at is null and id <> all(${[...present.users]}::uuid[])`.execute(
    db,
  )
}

export async function listMirroredUsers(db: Db, { sellerId, name }: Platform): Promise<MirroredUser[]> {
  const { rows } = await sql<MirroredUser>`
    select id, customer_id as "customerId", version, user_id as "userId", problem from platform_users
     where seller_id = ${sellerId} and platform = ${name}`.execute(db)
  return rows
}

export async function keepUser(
  tx: Tx,
  { sellerId, name }: Platform,
  { id, customerId, version, userId, problem }: MirroredUser,
): Promise<void> {
  await sql`
    insert into platform_users (seller_id, platform, id, customer_id, version, user_id, problem)
    values (${sellerId}, ${name}, ${id}, ${customerId}, ${version}, ${userId}, ${problem})
    on conflict (seller_id, platform, id) do update
       set version = excluded.version, user_id = excluded.user_id, problem = excluded.problem, gone_at = null`.execute(
    tx,
  )
}

/** What was kept of a tenant's quotas and usages, by usage name. */
export async function keptUsages(
  db: Db | Tx,
  { sellerId, platform, id }: Pick<MirroredTenant, 'sellerId' | 'platform' | 'id'>,
): Promise<Map<string, { readonly used: bigint; readonly readAt: Date }>> {
  const { rows } = await sql<{ usageName: string; used: bigint; readAt: Date }>`
    select usage_name as "usageName", used, read_at as "readAt" from platform_quotas
     where seller_id = ${sellerId} and platform = ${platform} and tenant = ${id}`.execute(db)
  return new Map(rows.map(({ usageName, ...rest }) => [usageName, rest]))
}

/** Keeps what was read. @returns false where something newer is known: it was read before that was written. */
export async function keepUsage(
  tx: Tx,
  { sellerId, platform, id }: Pick<MirroredTenant, 'sellerId' | 'platform' | 'id'>,
  { usageName, applicationId, item, infraId, used, quota }: ForeignUsage,
  at: Date,
): Promise<boolean> {
  const { value, overage, version } = quota
  const { rows } = await sql`
    insert into platform_quotas (seller_id, platform, tenant, usage_name, application_id, item, infra_id, value, overage, version, used, read_at)
    values (${sellerId}, ${platform}, ${id}, ${usageName}, ${applicationId}, ${item}, ${infraId}, ${value}, ${overage}, ${version}, ${used}, ${at})
    on conflict (seller_id, platform, tenant, usage_name) do update
       set application_id = excluded.application_id, item = excluded.item, infra_id = excluded.infra_id, value = excluded.value,
           overage = excluded.overage, version = excluded.version, used = excluded.used, read_at = excluded.read_at
     where excluded.version = 0 or excluded.version >= platform_quotas.version
    returning usage_name`.execute(tx)
  return rows.length === 1
}

export async function noteNumber(
  tx: Tx,
  { sellerId, platform, id }: Pick<MirroredTenant, 'sellerId' | 'platform' | 'id'>,
  number: bigint | null,
): Promise<void> {
  await sql`
    update platform_tenants set number = ${number}
     where seller_id = ${sellerId} and platform = ${platform} and id = ${id} and number is distinct from ${number}`.execute(
    tx,
  )
}
