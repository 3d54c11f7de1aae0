import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { raiseVersionsOfCategories, recordCategory } from './save-category.ts'

/**
 * Puts a seller's categories into the order in which stores show them. As they stand already: nothing is written.
 * Publishes `category.updated` for each that has another place now.
 *
 * @throws {BuylinkError} `unprocessable`: a category is missing, twice or another seller's.
 */
export async function orderCategories(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { sellerId, categoryIds }: { readonly sellerId: SellerId; readonly categoryIds: readonly string[] },
): Promise<void> {
  await transaction(db, async (tx) => {
    const { rows: former } = await sql<{ id: string; position: number }>`
      select id::text, position from categories where seller_id = ${sellerId} order by categories.id for update`.execute(
      tx,
    )
    const asked = new Set(categoryIds)
    if (asked.size !== categoryIds.length || asked.size !== former.length || former.some(({ id }) => !asked.has(id)))
      throw notTheseCategories(former.map(({ id }) => id))
    const moved = former.flatMap(({ id, position }) => {
      const place = categoryIds.indexOf(id)
      return place === position ? [] : [{ id, from: position, to: place }]
    })
    if (moved.length === 0) return
    const at = clock.now()
    const ids = moved.map(({ id }) => id)
    await sql`
      update categories set position = wish.place, version = version + 1
        from unnest(${ids}::bigint[], ${moved.map(({ to }) => to)}::integer[]) as wish (id, place)
       where categories.id = wish.id and categories.seller_id = ${sellerId}`.execute(tx)
    await raiseVersionsOfCategories(tx, sellerId, ids, at)
    for (const { id, from, to } of moved) {
      const changes = { position: { from: String(from), to: String(to) } }
      await recordCategory(tx, actor, sellerId, id, { changes }, at)
    }
  })
}

function notTheseCategories(ids: readonly string[]): BuylinkError {
  const message = `Name each of your categories once: ${ids.join(', ')}.`
  return new BuylinkError('unprocessable', message, { problems: [{ path: 'category_ids', code: 'invalid', message }] })
}
