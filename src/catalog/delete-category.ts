import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { aboutCatalog } from './catalog-audit.ts'
import { lockCategory, raiseVersionsOfCategories } from './save-category.ts'
import { recordProduct } from './save-product.ts'

/**
 * Deletes a category. The products in it stay on sale, in none. Publishes `category.deleted` and `product.updated` for
 * each of them; the audit log keeps what it was called.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`.
 */
export async function deleteCategory(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  wish: { readonly sellerId: SellerId; readonly id: string; readonly expectedVersion?: bigint | undefined },
): Promise<void> {
  await transaction(db, async (tx) => {
    const { sellerId, id } = wish
    const category = await lockCategory(tx, wish)
    if (!category) throw new BuylinkError('not_found', 'There is no such category.')
    const at = clock.now()
    // Before the price lists, as every change of a product locks them.
    const { rows } = await sql<{ id: string }>`
      select id::text from products where category_id = ${id}::bigint and seller_id = ${sellerId} order by products.id for update`.execute(
      tx,
    )
    await raiseVersionsOfCategories(tx, sellerId, [id], at)
    await sql`
      update products set category_id = null, version = version + 1
       where category_id = ${id}::bigint and seller_id = ${sellerId}`.execute(tx)
    await sql`delete from categories where id = ${id}::bigint and seller_id = ${sellerId}`.execute(tx)
    const changes = { category_id: { from: id, to: null } }
    for (const product of rows) await recordProduct(tx, actor, sellerId, product.id, { changes }, at)
    const about = aboutCatalog(actor, sellerId, { kind: 'category', id }, at)
    await publish(tx, { ...about, type: 'category.deleted', payload: { category_id: id } })
    await audit(tx, { ...about, action: 'category.delete', details: { name: category.name } })
  })
}
