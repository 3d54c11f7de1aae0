import { sql } from 'kysely'
import type { EffectiveBrand } from '../branding/index.ts'
import { effectiveBrandFromJson, effectiveBrandJson } from '../branding/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import { isStandardUsage, readBuyUrl } from '../link/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import {
  type OpenAlert,
  openAlertsFromJson,
  openAlertsJson,
  type Quota,
  quotasFromJson,
  quotasJson,
} from '../quotas/index.ts'
import { visibleTo } from '../tenants/index.ts'
import { customUsagesOf } from '../usage/index.ts'
import type { UpsellFacts } from './rules.ts'

/** Who may help where there is no link: the account's manager, else the provider's own support. */
export interface SalesContact {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly url: string | null
}

/** Someone with all that decides what they are shown. */
export interface UpsellUser extends UpsellFacts {
  readonly sellerId: SellerId
  readonly userId: UserId
  readonly email: string
  readonly language: string
  readonly notifications: readonly string[]
  readonly customerId: TenantId | null
  /** None or one. */
  readonly personalTenantIds: readonly TenantId[]
  readonly customerName: string
  readonly brand: EffectiveBrand
  readonly contact: SalesContact
  readonly quotas: readonly (Quota & {
    readonly scope: 'tenant' | 'user'
    readonly alert: OpenAlert | null
    /** What the provider calls a usage of its own. */
    readonly title: string | null
  })[]
}

interface Row {
  /** Which of those asked for, from 1. */
  readonly nth: bigint
  readonly sellerId: SellerId
  readonly number: bigint
  readonly tenantId: TenantId
  readonly personalTenantId: TenantId | null
  readonly email: string
  readonly language: string
  readonly businessTypes: readonly string[]
  readonly notifications: readonly string[]
  readonly customerId: TenantId | null
  readonly customerNumber: bigint | null
  readonly customerName: string | null
  readonly isAdministrator: boolean
  readonly managerName: string | null
  readonly managerEmail: string | null
  /** JSON. */
  readonly quotas: string
  readonly alerts: string
  readonly brand: string
}

/** Whether a Buy URL is the `/upgrade` of this installation: of one of its stores, or at its public address. */
export type IsOwnUpgrade = (url: string) => boolean

/** A user, and whoever asks for them; undefined: the system. */
export interface UserAsked {
  readonly userId: UserId
  readonly viewer?: Pick<Principal, 'path'> | undefined
}

/**
 * Someone as the upsell sees them at this moment, read in one round trip.
 *
 * @throws {BuylinkError} `not_found`: there is no such user, or not for the viewer.
 */
export async function upsellUser(
  db: Db | Tx,
  isOwnUpgrade: IsOwnUpgrade,
  userId: UserId,
  viewer?: UserAsked['viewer'],
): Promise<UpsellUser> {
  const [user] = await upsellUsers(db, isOwnUpgrade, [{ userId, viewer }])
  return known(user)
}

/** @throws {BuylinkError} `not_found` */
export function known(user: UpsellUser | undefined): UpsellUser {
  if (!user) throw new BuylinkError('not_found', 'There is no such user.')
  return user
}

/** Several, still in one round trip, in the order asked; undefined: there is no such user, or not for that viewer. */
export async function upsellUsers(
  db: Db | Tx,
  isOwnUpgrade: IsOwnUpgrade,
  asked: readonly UserAsked[],
): Promise<(UpsellUser | undefined)[]> {
  const rows = await readRows(db, asked)
  return Promise.all(
    asked.map(async ({ userId }, index) => {
      const row = rows.get(BigInt(index + 1))
      return row && toUser(db, isOwnUpgrade, userId, row)
    }),
  )
}

async function readRows(db: Db | Tx, asked: readonly UserAsked[]): Promise<ReadonlyMap<bigint, Row>> {
  const userIds = asked.map(({ userId }) => userId)
  const paths = asked.map(({ viewer }) => viewer?.path ?? null)
  const tenantIds = sql`array[c.id, u.personal_tenant_id]`
  const seller = sql<SellerId>`u.seller_id`
  const { rows } = await sql<Row>`
    select asked.nth, u.seller_id as "sellerId", u.number, u.tenant_id as "tenantId", u.personal_tenant_id as "personalTenantId", u.email, u.language,
           u.business_types as "businessTypes", u.notifications, c.id as "customerId", c.number as "customerNumber", c.name as "customerName",
           exists (select from access_policies p join tenants held on held.id = p.tenant_id
                    where p.seller_id = u.seller_id and p.user_id = u.id and p.role_id = 'company_admin' and held.path @> c.path) as "isAdministrator",
           m.name as "managerName", nullif(m.email, '') as "managerEmail",
           ${quotasJson(seller, tenantIds)} as quotas, ${openAlertsJson(seller, tenantIds)} as alerts,
           ${effectiveBrandJson(db, sql`coalesce(c.id, u.tenant_id)`)} as brand
      from unnest(${userIds}::uuid[], ${paths}::text[]) with ordinality as asked (user_id, path, nth)
      join logins l on l.user_id = asked.user_id
      join users u on u.seller_id = l.seller_id and u.id = l.user_id
      join tenants t on t.id = u.tenant_id
      left join tenants c on c.path @> t.path and c.kind = 'customer' and c.deleted_at is null
      left join accounts a on a.seller_id = u.seller_id and a.tenant_id = c.id
      left join managers m on m.id = a.manager_id and m.active
     where u.enabled and (asked.path is null or ${visibleTo({ path: sql`asked.path` }, 't')})`.execute(db)
  return new Map(rows.map((row) => [row.nth, row]))
}

async function toUser(db: Db | Tx, isOwnUpgrade: IsOwnUpgrade, userId: UserId, row: Row): Promise<UpsellUser> {
  const brand = effectiveBrandFromJson(row.brand)
  const byKey = new Map(openAlertsFromJson(row.alerts).map((alert) => [`${alert.tenantId} ${alert.usageName}`, alert]))
  const quotas = quotasFromJson(row.quotas)
  const titles = new Map<string, string>()
  if (!quotas.every(({ usageName }) => isStandardUsage(usageName)))
    for (const { usageName, title } of await customUsagesOf(db, row.tenantId)) titles.set(usageName, title)
  const scoped = quotas.map((quota) => ({
    ...quota,
    title: titles.get(quota.usageName) ?? null,
    scope: quota.tenantId === row.customerId ? ('tenant' as const) : ('user' as const),
    alert: byKey.get(`${quota.tenantId} ${quota.usageName}`) ?? null,
  }))
  const reading = readBuyUrl(brand.upsellUrl)
  return {
    sellerId: row.sellerId,
    userId,
    email: row.email,
    language: row.language,
    notifications: row.notifications,
    customerId: row.customerId,
    personalTenantIds: row.personalTenantId === null ? [] : [row.personalTenantId],
    customerName: row.customerName ?? '',
    customerNumber: row.customerNumber,
    userNumber: row.number,
    isBuyer: row.businessTypes.includes('buyer'),
    isCompanyAdministrator: row.customerId !== null && row.isAdministrator,
    isBranded: brand.tenantId !== null,
    buyUrl: brand.upsellUrl,
    isOwnUpgrade: 'url' in reading && isOwnUpgrade(reading.url),
    tenantQuotas: scoped.filter(({ scope }) => scope === 'tenant'),
    userQuotas: scoped.filter(({ scope }) => scope === 'user'),
    quotas: scoped,
    brand,
    contact: row.managerName
      ? { name: row.managerName, email: row.managerEmail, phone: brand.supportPhone, url: brand.supportUrl }
      : { name: brand.companyName ?? brand.serviceName, email: null, phone: brand.supportPhone, url: brand.supportUrl },
  }
}
