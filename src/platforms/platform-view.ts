import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { Instant, pageOf, Uuid, Version, Whole } from '../platform/http/schemas.ts'

/** A platform with how it stands. */
export const PlatformView = z.object({
  name: z.string().meta({ description: 'In its upgrade link: `/upgrade/{name}`' }),
  title: z.string(),
  baseUrl: z.string(),
  clientId: z.string(),
  enabled: z.boolean(),
  rootId: Uuid.nullable().meta({ description: 'The tenant there that the API client belongs to' }),
  syncedAt: Instant.nullable().meta({ description: 'When it was last looked at with success' }),
  syncError: z.string().nullable().meta({ description: 'Why the last look failed' }),
  failingSince: Instant.nullable(),
  customers: z.int(),
  users: z.int(),
  problems: z.int().meta({ description: 'Customers and users that could not be followed in full' }),
  raisesWaiting: z.int().meta({ description: 'Quotas that are paid for and not yet raised there' }),
  version: Version,
  createdAt: Instant,
})
export type PlatformView = z.output<typeof PlatformView>

export async function listPlatforms(db: Db, sellerId: SellerId, name?: string): Promise<PlatformView[]> {
  const { rows } = await sql<PlatformView>`
    select p.name, p.title, p.base_url as "baseUrl", p.client_id as "clientId", p.enabled, p.root_id as "rootId", p.synced_at as "syncedAt",
           p.sync_error as "syncError", p.failing_since as "failingSince", p.version, p.created_at as "createdAt",
           (select count(*)::int from platform_tenants m where m.seller_id = p.seller_id and m.platform = p.name and m.owner_id is null and m.gone_at is null) as customers,
           (select count(*)::int from platform_users u where u.seller_id = p.seller_id and u.platform = p.name and u.gone_at is null) as users,
           (select count(*)::int from platform_tenants m where m.seller_id = p.seller_id and m.platform = p.name and m.gone_at is null and m.problem is not null)
             + (select count(*)::int from platform_users u where u.seller_id = p.seller_id and u.platform = p.name and u.gone_at is null and u.problem is not null) as problems,
           (select count(*)::int from platform_raises r where r.seller_id = p.seller_id and r.platform = p.name
               and (r.to_units is not null or r.last_error is not null)) as "raisesWaiting"
      from platforms p
     where p.seller_id = ${sellerId} and (${name ?? null}::text is null or p.name = ${name ?? null})
     order by p.name`.execute(db)
  return rows
}

const Quota = z.object({
  usageName: z.string(),
  value: Whole.nullable(),
  overage: Whole.nullable(),
  used: Whole,
  readAt: Instant,
})
/** A customer there with ours. */
export const CustomerView = z.object({
  id: Uuid.meta({ description: 'The platform’s' }),
  number: Whole.nullable().meta({ description: 'The platform’s: `tenant_id` of its upsell links' }),
  name: z.string(),
  account: z.object({ id: Uuid, name: z.string() }),
  problem: z.string().nullable(),
  goneAt: Instant.nullable(),
  quotas: z.array(Quota),
  users: z.array(
    z.object({ id: Uuid, userId: Uuid.nullable(), email: z.string().nullable(), problem: z.string().nullable() }),
  ),
})
export const CustomerList = pageOf(CustomerView)
export const CUSTOMER_LISTING = listing('oldest', {
  name: byText('name'),
  number: byNumber('number'),
  account: byText('accountName'),
})

type Row = Omit<z.output<typeof CustomerView>, 'account' | 'quotas'> & {
  readonly accountId: TenantId
  readonly accountName: string
  readonly quotas: z.input<typeof Quota>[]
}

export async function listCustomers(
  db: Db,
  sellerId: SellerId,
  platform: string,
  { query, ...wish }: PageWish & { readonly query?: string | undefined },
): Promise<z.output<typeof CustomerList>> {
  const rows = sql`
    select m.id, m.number, m.name, m.tenant_id as "accountId", t.name as "accountName", m.problem, m.gone_at as "goneAt",
           (select coalesce(jsonb_agg(jsonb_build_object('usageName', q.usage_name, 'value', q.value::text, 'overage', q.overage::text,
                                                         'used', q.used::text, 'readAt', to_char(q.read_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by q.usage_name), '[]')
              from platform_quotas q where q.seller_id = m.seller_id and q.platform = m.platform and q.tenant = m.id) as quotas,
           (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'userId', u.user_id, 'email', o.email, 'problem', u.problem) order by u.id), '[]')
              from platform_users u left join users o on o.seller_id = u.seller_id and o.id = u.user_id
             where u.seller_id = m.seller_id and u.platform = m.platform and u.customer_id = m.id and u.gone_at is null) as users
      from platform_tenants m join tenants t on t.id = m.tenant_id
     where m.seller_id = ${sellerId} and m.platform = ${platform} and m.owner_id is null
       and (${query ?? null}::text is null or m.name ilike '%' || ${query ?? null} || '%' or m.number::text = ${query ?? null})`
  const { items, nextCursor } = await readPage<Row>(db, rows, CUSTOMER_LISTING, wish)
  return {
    items: items.map(({ accountId, accountName, quotas, ...row }) => ({
      ...row,
      account: { id: accountId, name: accountName },
      quotas: quotas.map((quota) => z.decode(Quota, quota)),
    })),
    nextCursor,
  }
}

/** A quota that a subscription of ours has raised there, or is about to. */
export const RaiseView = z.object({
  subscription: z.object({ id: Uuid, name: z.string() }),
  customer: z.object({ id: Uuid, name: z.string() }),
  usageName: z.string(),
  units: Whole.meta({ description: 'What is there because of it' }),
  waitingFor: Whole.nullable().meta({ description: 'What it is about to be' }),
  lastError: z.string().nullable(),
  updatedAt: Instant,
})

export async function listRaisesOf(
  db: Db,
  sellerId: SellerId,
  platform: string,
): Promise<z.output<typeof RaiseView>[]> {
  const { rows } = await sql<{
    subscription: { id: string; name: string }
    customer: { id: string; name: string }
    usageName: string
    units: bigint
    waitingFor: bigint | null
    lastError: string | null
    updatedAt: Date
  }>`
    select jsonb_build_object('id', s.id, 'name', s.name) as subscription, jsonb_build_object('id', t.id, 'name', t.name) as customer,
           r.usage_name as "usageName", r.units, r.to_units as "waitingFor", r.last_error as "lastError", r.updated_at as "updatedAt"
      from platform_raises r
      join subscriptions s on s.seller_id = r.seller_id and s.id = r.subscription_id
      join tenants t on t.id = s.account_id
     where r.seller_id = ${sellerId} and r.platform = ${platform}
     order by r.last_error is null and r.to_units is null, r.updated_at desc limit 200`.execute(db)
  return rows
}

/** Which customer of a platform the people of one of our tenants belong to. */
export async function findHome(
  db: Db,
  {
    sellerId,
    tenantId,
    platform,
  }: { readonly sellerId: SellerId; readonly tenantId: TenantId; readonly platform: string },
): Promise<{ readonly customerId: string; readonly number: bigint | null; readonly readAt: Date | null } | undefined> {
  const { rows } = await sql<{ customerId: string; number: bigint | null; readAt: Date | null }>`
    select m.customer_id as "customerId", m.number,
           (select max(q.read_at) from platform_quotas q where q.seller_id = m.seller_id and q.platform = m.platform and q.tenant = m.id) as "readAt"
      from tenants t
      join tenants c on c.kind = 'customer' and t.path <@ c.path
      join platform_tenants m on m.seller_id = ${sellerId} and m.tenant_id = c.id and m.platform = ${platform}
     where t.id = ${tenantId} and m.owner_id is null and m.gone_at is null`.execute(db)
  return rows[0]
}
