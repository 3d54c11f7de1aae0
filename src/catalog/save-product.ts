import { sql } from 'kysely'
import { differences } from '../kernel/differences.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, sqlState, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { takeNumber } from '../platform/numbers.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { findCategory, findProduct, type OwnCategory, type OwnProduct } from './own-catalog.ts'
import { changedMeanwhile } from './save-plan.ts'
import type { Category, Product } from './schema.ts'
import { slugOf } from './slug.ts'
import { createProduct, raiseVersions } from './write-catalog.ts'

interface Save<Whole> {
  readonly sellerId: SellerId
  /** Absent: a new one; one that is unknown: a new one with this id. */
  readonly id?: string | undefined
  /** What is absent stays, or is empty where it is new. */
  readonly change: Partial<Omit<Whole, 'id'>>
  readonly expectedVersion?: bigint | undefined
}

/**
 * Writes a product of a seller's own. A slug is unique in the installation; a new product without one is given its
 * name's (facts A2). Publishes `product.created` or `product.updated`.
 *
 * @throws {BuylinkError} `unprocessable`, `conflict`: the slug is another's; `version_mismatch`; `not_found`.
 */
export async function saveProduct(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  save: Save<Product>,
): Promise<OwnProduct> {
  return transaction(db, async (tx) => {
    const { sellerId, change } = save
    const at = clock.now()
    if (change.categoryId !== undefined && change.categoryId !== null) {
      const category = await findCategory(tx, change.categoryId)
      if (category?.sellerId !== sellerId)
        throw fieldProblem('category_id', `There is no category ${change.categoryId} of yours.`)
    }
    const former = save.id === undefined ? undefined : await lockOwn(tx, 'products', save, findProduct)
    if (!former) {
      if (!change.name) throw fieldProblem('name', 'Give the product a name.')
      const name = change.name
      const id = await createProduct(
        tx,
        sellerId,
        { ...change, name, ...(save.id !== undefined && { id: save.id }) },
        at,
      )
      const made = await findProduct(tx, id)
      invariant(made, 'it was inserted just now')
      await record(tx, actor, sellerId, 'product', id, 'create', {}, at)
      return made
    }
    const next = { ...former, ...change }
    const changes = differences(former, next)
    if (changes.length === 0) return former
    await unlessTaken(
      next.slug,
      sql`
        update products
           set category_id = ${next.categoryId}::bigint, name = ${next.name}, marketing_name = ${next.marketingName},
               summary = ${next.summary}, description = ${next.description}, slug = ${next.slug}, published = ${next.published},
               logo_url = ${next.logoUrl}, screenshot_urls = ${[...next.screenshotUrls]}::text[], version = version + 1
         where id = ${former.id}::bigint and seller_id = ${sellerId}`.execute(tx),
    )
    await raiseVersionsOfProduct(tx, sellerId, former.id, at)
    await record(tx, actor, sellerId, 'product', former.id, 'update', changeDetails(changes), at)
    const saved = await findProduct(tx, former.id)
    invariant(saved, 'its row is locked')
    return saved
  })
}

/** Sellers below show the product too, as far as they sell a plan of it. */
export async function raiseVersionsOfProduct(tx: Tx, sellerId: SellerId, productId: string, at: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id::text from plans
     where product_id = ${productId}::bigint and exists (select from plan_delegations where plan_id = plans.id)`.execute(
    tx,
  )
  await raiseVersions(tx, sellerId, null, at)
  for (const { id } of rows) await raiseVersions(tx, sellerId, id, at)
}

/** A seller's own product, its row locked until the transaction ends. */
export const lockProduct = (
  tx: Tx,
  wish: { readonly sellerId: SellerId; readonly id: string; readonly expectedVersion?: bigint | undefined },
): Promise<OwnProduct | undefined> => lockOwn(tx, 'products', wish, findProduct)

/** Tells of a change of a product that another operation has made. */
export const recordProduct = (
  tx: Tx,
  actor: Principal,
  sellerId: SellerId,
  id: string,
  details: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> => record(tx, actor, sellerId, 'product', id, 'update', details, at)

/** Writes a category of a seller's own: see `saveProduct`. Publishes `category.created` or `category.updated`. */
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
    const next = { description: '', position: 0, ...former, ...change, name }
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
    await raiseVersions(tx, sellerId, null, at)
    await record(tx, actor, sellerId, 'category', id, verb, former ? changeDetails(changes) : {}, at)
    const saved = await findCategory(tx, id)
    invariant(saved, 'it was written just now')
    return saved
  })
}

/** Of a new category without one: its name's, with the id where another has that. */
async function freeCategorySlug(tx: Tx, wanted: string, id: string): Promise<string> {
  const { rows } = await sql`select from categories where slug = ${wanted}`.execute(tx)
  if (wanted === '') return id
  return rows.length > 0 ? `${wanted}-${id}` : wanted
}

async function lockOwn<Own extends { readonly sellerId: SellerId; readonly version: bigint }>(
  tx: Tx,
  table: 'products' | 'categories',
  { id, sellerId, expectedVersion }: Pick<Save<unknown>, 'id' | 'sellerId' | 'expectedVersion'>,
  find: (tx: Tx, id: string) => Promise<Own | undefined>,
): Promise<Own | undefined> {
  await sql`select id from ${sql.table(table)} where id = ${id ?? null}::bigint for update`.execute(tx)
  const own = await find(tx, id ?? '')
  if (own && own.sellerId !== sellerId) throw new BuylinkError('not_found', 'There is nothing like that of yours.')
  if (own && expectedVersion !== undefined && own.version !== expectedVersion) throw changedMeanwhile()
  return own
}

async function unlessTaken(slug: string, write: Promise<unknown>): Promise<void> {
  try {
    await write
  } catch (cause) {
    if (sqlState(cause) !== '23505') throw cause
    const problems = [{ path: 'slug', code: 'taken', message: `Another page is called ${slug} already.` }]
    throw new BuylinkError('conflict', `Another page is called ${slug} already.`, { cause, problems })
  }
}

export const fieldProblem = (path: string, message: string): BuylinkError =>
  new BuylinkError('unprocessable', message, { problems: [{ path, code: 'invalid', message }] })

async function record(
  tx: Tx,
  actor: Principal,
  sellerId: SellerId,
  kind: 'product' | 'category',
  id: string,
  verb: 'create' | 'update',
  details: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> {
  const about = aboutCatalog(actor, sellerId, { kind, id }, at)
  await publish(tx, { ...about, type: `${kind}.${verb}d`, payload: { [`${kind}_id`]: id } })
  await audit(tx, { ...about, action: `${kind}.${verb}`, details })
}
