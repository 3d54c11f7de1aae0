import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db.ts'
import type { OwnProduct } from './own-catalog.ts'

/** Pictures that products name by their address. */

export const addressOf = (id: string): string => `/pictures/${id}.png`

export async function keepPicture(
  tx: Tx,
  { id: productId, sellerId }: OwnProduct,
  { id, bytes, at }: { readonly id: string; readonly bytes: Buffer; readonly at: Date },
): Promise<void> {
  await sql`
    insert into product_pictures (id, product_id, seller_id, bytes, added_at)
    values (${id}, ${productId}::bigint, ${sellerId}, ${bytes}, ${at})`.execute(tx)
}

/** Forgets the pictures of a product that it shows no more. */
export async function dropUnnamed(tx: Tx, { id, sellerId, screenshots }: OwnProduct): Promise<void> {
  const shown = screenshots.map(({ url }) => url)
  await sql`
    delete from product_pictures
     where product_id = ${id}::bigint and seller_id = ${sellerId}
       and '/pictures/' || id::text || '.png' <> all(${shown}::text[])`.execute(tx)
}

/** A picture of any product; undefined where there is none with this id. */
export async function findPicture(db: Db, id: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ bytes: Buffer }>`select bytes from product_pictures where id = ${id}::uuid`.execute(db)
  return rows[0]?.bytes
}
