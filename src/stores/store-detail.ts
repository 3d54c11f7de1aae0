import { type RawBuilder, sql } from 'kysely'
import type { SellerId, StoreId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { StorePage, StoreStatus } from './schema.ts'

/** A store as its people edit it. */
export interface StoreDetail {
  readonly id: StoreId
  readonly sellerId: SellerId
  readonly name: string
  readonly status: StoreStatus
  readonly externalApplicationUrl: string | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly defaultLanguage: string
  readonly bankDetails: string
  readonly version: bigint
  /** The canonical one first, the others in the order in which they came. */
  readonly domains: readonly { readonly host: string; readonly origin: string; readonly canonical: boolean }[]
  readonly pages: readonly StorePage[]
}

async function detailsWhere(db: Db | Tx, condition: RawBuilder<unknown>): Promise<StoreDetail[]> {
  const { rows } = await sql<StoreDetail>`
    select id, seller_id as "sellerId", name, status, external_application_url as "externalApplicationUrl", terms_url as "termsUrl",
           privacy_url as "privacyUrl", default_language as "defaultLanguage", bank_details as "bankDetails", version,
           (select jsonb_agg(jsonb_build_object('host', host, 'origin', origin, 'canonical', canonical) order by canonical desc, created_at, host)
              from domains where store_id = stores.id) as domains,
           (select coalesce(jsonb_agg(jsonb_build_object('slug', slug, 'title', title, 'body', body, 'published', published)
                                      order by position, slug), '[]') from store_pages where store_id = stores.id) as pages
      from stores where ${condition} order by id`.execute(db)
  return rows
}

export const findStoreDetail = async (db: Db | Tx, id: StoreId): Promise<StoreDetail | undefined> =>
  (await detailsWhere(db, sql`id = ${id}`))[0]

/** All stores of a seller, whatever their status, the oldest first. */
export const listStoresOf = (db: Db | Tx, sellerId: SellerId): Promise<StoreDetail[]> =>
  detailsWhere(db, sql`seller_id = ${sellerId}`)

/** Stores of the sellers at or below a place in the tree. */
export const listStoresBelow = (db: Db | Tx, sellerIds: readonly SellerId[]): Promise<StoreDetail[]> =>
  detailsWhere(db, sql`seller_id = any(${[...sellerIds]}::uuid[])`)

export async function lockStore(db: Db | Tx, id: StoreId): Promise<void> {
  await sql`select id from stores where id = ${id} for update`.execute(db)
}

export async function updateStore(tx: Tx, store: StoreDetail, at: Date): Promise<void> {
  await tx
    .updateTable('stores')
    .set({
      name: store.name,
      status: store.status,
      external_application_url: store.externalApplicationUrl,
      terms_url: store.termsUrl,
      privacy_url: store.privacyUrl,
      default_language: store.defaultLanguage,
      bank_details: store.bankDetails,
      version: store.version + 1n,
      updated_at: at,
    })
    .where('id', '=', store.id)
    .execute()
}

export async function deleteDomain(tx: Tx, storeId: StoreId, host: string): Promise<void> {
  await tx.deleteFrom('domains').where('store_id', '=', storeId).where('host', '=', host).execute()
}

/** Makes a store's pages those that are given, in this order, and no others. */
export async function replacePages(
  tx: Tx,
  store: Pick<StoreDetail, 'id' | 'sellerId'>,
  pages: readonly StorePage[],
  at: Date,
): Promise<void> {
  await tx.deleteFrom('store_pages').where('store_id', '=', store.id).execute()
  await sql`update stores set version = version + 1, updated_at = ${at} where id = ${store.id}`.execute(tx)
  for (const [position, page] of pages.entries())
    await tx
      .insertInto('store_pages')
      .values({ ...page, store_id: store.id, seller_id: store.sellerId, position, updated_at: at })
      .execute()
}
