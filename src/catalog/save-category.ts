import { sql } from 'kysely'
import { differences } from '../kernel/differences.ts'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { takeNumber } from '../platform/numbers.ts'
import { changeDetails } from './catalog-audit.ts'
import { findCategory, type OwnCategory } from './own-catalog.ts'
import { fieldProblem, lockOwn, record, type Save, unlessTaken } from './save-product.ts'
import type { Category } from './schema.ts'
import { slugOf } from './slug.ts'
import { raiseVersions } from './write-catalog.ts'

/**
 * Writes a category of a seller's own. A new one comes last, and without a slug is given its name's. Publishes
 * `category.created` or `category.updated`.
 *
 * @throws {BuylinkError} `unprocessable`; `conflict`: the slug is another's; `version_mismatch`; `not_found`.
 */
export async function saveCategory(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  save: Save<Category>,
): Promise<OwnCategory> {
  return transaction(db, async (tx) => {
    const { sellerId, change } = save
    const at = clock.now()
    const former = save.id === undefined ? undefined : await lockOwn(tx, 'categories', save, findCategory)
    const verb = former ? 'update' : 'create'
    const name = change.name ?? former?.name
    if (!name) throw fieldProblem('name', 'Give the category a name.')
    const position = former?.position ?? (await nextPosition(tx, sellerId))
    const next = { description: '', ...former, position, ...change, name }
    const changes = differences(former, next)
    if (former && changes.length === 0) return former
    const id =
      former?.id ?? String(await takeNumber(tx, 'category', save.id === undefined ? undefined : BigInt(save.id)))
    const slug = next.slug ?? (await freeCategorySlug(tx, slugOf(name), id))
    await unlessTaken(
      slug,
      sql`
        insert into categories (id, seller_id, name, slug, description, position)
        values (${id}::bigint, ${sellerId}, ${name}, ${slug}, ${next.description}, ${next.position})
        on conflict (id) do update set name = excluded.name, slug = excluded.slug, description = excluded.description,
          position = excluded.position, version = categories.version + 1 where categories.seller_id = excluded.seller_id`.execute(
        tx,
      ),
    )
    await raiseVersionsOfCategories(tx, sellerId, [id], at)
    await record(tx, actor, sellerId, 'category', id, verb, former ? changeDetails(changes) : {}, at)
    const saved = await findCategory(tx, id)
    invariant(saved, 'it was written just now')
    return saved
  })
}

/** A seller's own category, its row locked until the transaction ends. */
export const lockCategory = (
  tx: Tx,
  wish: { readonly sellerId: SellerId; readonly id: string; readonly expectedVersion?: bigint | undefined },
): Promise<OwnCategory | undefined> => lockOwn(tx, 'categories', wish, findCategory)

/** Tells of a change of a category that another operation has made. */
export const recordCategory = (
  tx: Tx,
  actor: Principal,
  sellerId: SellerId,
  id: string,
  details: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> => record(tx, actor, sellerId, 'category', id, 'update', details, at)

/** Sellers below show a category too, as far as they sell a plan of a product in it. */
export async function raiseVersionsOfCategories(
  tx: Tx,
  sellerId: SellerId,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select plans.id::text from plans join products on products.id = plans.product_id
     where products.category_id = any(${[...ids]}::bigint[])
       and exists (select from plan_delegations where plan_id = plans.id)`.execute(tx)
  await raiseVersions(tx, sellerId, null, at)
  for (const { id } of rows) await raiseVersions(tx, sellerId, id, at)
}

async function nextPosition(tx: Tx, sellerId: SellerId): Promise<number> {
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(position) + 1, 0) as next from categories where seller_id = ${sellerId}`.execute(tx)
  return rows[0]?.next ?? 0
}

/** Of a new category without one: its name's, with the id where another has that. */
async function freeCategorySlug(tx: Tx, wanted: string, id: string): Promise<string> {
  const { rows } = await sql`select from categories where slug = ${wanted}`.execute(tx)
  if (wanted === '') return id
  return rows.length > 0 ? `${wanted}-${id}` : wanted
}
