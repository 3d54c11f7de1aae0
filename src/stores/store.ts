import { sql } from 'kysely'
import type { SellerId, StoreId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { StorePage, StoreStatus } from './schema.ts'

export interface StoreRow {
  readonly storeId: StoreId
  readonly name: string
  readonly sellerId: SellerId
  readonly sellerName: string
  readonly sellerPath: string
  readonly sellerEnabled: boolean
  readonly currency: string | null
  readonly status: StoreStatus
  readonly externalApplicationUrl: string | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly defaultLanguage: string
  readonly bankDetails: string
  readonly domains: readonly { readonly host: string; readonly origin: string; readonly canonical: boolean }[]
  readonly pages: readonly StorePage[]
}

/** Every store with its domains, the canonical one first, and its seller. Reference tables only. */
export const listStores = (db: Db | Tx): Promise<StoreRow[]> =>
  db
    .selectFrom('stores')
    .innerJoin('tenants', 'tenants.id', 'stores.seller_id')
    .innerJoin('domains', 'domains.store_id', 'stores.id')
    .groupBy(['stores.id', 'tenants.id'])
    .select([
      'stores.id as storeId',
      'stores.name',
      'stores.seller_id as sellerId',
      'tenants.name as sellerName',
      'tenants.path as sellerPath',
      sql<boolean>`not exists (select from tenants above where above.path @> tenants.path and (not above.enabled or above.deleted_at is not null))`.as(
        'sellerEnabled',
      ),
      sql<
        string | null
      >`(select above.currency from tenants above where above.path @> tenants.path and above.currency is not null order by nlevel(above.path) desc limit 1)`.as(
        'currency',
      ),
      'stores.status',
      'stores.external_application_url as externalApplicationUrl',
      'stores.terms_url as termsUrl',
      'stores.privacy_url as privacyUrl',
      'stores.default_language as defaultLanguage',
      'stores.bank_details as bankDetails',
      sql<
        StoreRow['domains']
      >`jsonb_agg(jsonb_build_object('host', domains.host, 'origin', domains.origin, 'canonical', domains.canonical)
        order by domains.canonical desc, domains.host)`.as('domains'),
      sql<
        StoreRow['pages']
      >`(select coalesce(jsonb_agg(jsonb_build_object('slug', slug, 'title', title, 'body', body, 'published', published)
        order by position, slug), '[]') from store_pages where store_pages.store_id = stores.id and published)`.as(
        'pages',
      ),
    ])
    .orderBy('stores.id')
    .execute()

export const findStore = (db: Db | Tx, id: StoreId): Promise<{ id: StoreId; sellerId: SellerId } | undefined> =>
  db.selectFrom('stores').where('id', '=', id).select(['id', 'seller_id as sellerId']).executeTakeFirst()

export async function insertStore(
  tx: Tx,
  store: {
    id: StoreId
    sellerId: SellerId
    name: string
    status: StoreStatus
    externalApplicationUrl: string | null
    termsUrl: string | null
    privacyUrl: string | null
    defaultLanguage: string
    bankDetails: string
    at: Date
  },
): Promise<void> {
  await tx
    .insertInto('stores')
    .values({
      id: store.id,
      seller_id: store.sellerId,
      name: store.name,
      status: store.status,
      external_application_url: store.externalApplicationUrl,
      terms_url: store.termsUrl,
      privacy_url: store.privacyUrl,
      default_language: store.defaultLanguage,
      bank_details: store.bankDetails,
      created_at: store.at,
      updated_at: store.at,
    })
    .execute()
}

/** @returns false when the host belongs to a store already. */
export async function insertDomain(
  tx: Tx,
  domain: { host: string; storeId: StoreId; sellerId: SellerId; origin: string; canonical: boolean; at: Date },
): Promise<boolean> {
  const row = await tx
    .insertInto('domains')
    .values({
      host: domain.host,
      store_id: domain.storeId,
      seller_id: domain.sellerId,
      origin: domain.origin,
      canonical: domain.canonical,
      created_at: domain.at,
    })
    .onConflict((conflict) => conflict.column('host').doNothing())
    .returning('host')
    .executeTakeFirst()
  return row !== undefined
}

/** Gives a store its canonical domain: a new one, or one of its own. @returns false when the host is another store's. */
export async function saveCanonical(
  tx: Tx,
  domain: { host: string; storeId: StoreId; sellerId: SellerId; origin: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into domains (host, store_id, seller_id, origin, canonical, created_at)
    values (${domain.host}, ${domain.storeId}, ${domain.sellerId}, ${domain.origin}, true, ${domain.at})
    on conflict (host) do update set origin = excluded.origin, canonical = true
      where domains.store_id = excluded.store_id
    returning host`.execute(tx)
  return rows.length === 1
}

/** Takes the canonical place from the domain that has it, so that another can have it. */
export async function clearCanonical(tx: Tx, storeId: StoreId): Promise<void> {
  await tx
    .updateTable('domains')
    .set({ canonical: false })
    .where('store_id', '=', storeId)
    .where('canonical', '=', true)
    .execute()
}
