import { sql } from 'kysely'
import { differences } from '../kernel/differences.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, sqlState, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { dropUnnamed } from './product-pictures.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { findCategory, findProduct, type OwnProduct } from './own-catalog.ts'
import { changedMeanwhile } from './save-plan.ts'
import type { Product } from './schema.ts'
import { createProduct, raiseVersions } from './write-catalog.ts'

export interface Save<Whole> {
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
      // Held as it is, so that nobody deletes it meanwhile.
      await sql`select from categories where id = ${change.categoryId}::bigint for share`.execute(tx)
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
               logo_url = ${next.logoUrl}, screenshot_urls = ${next.screenshots.map(({ url }) => url)}::text[],
               screenshot_texts = ${next.screenshots.map(({ alt }) => alt)}::text[], version = version + 1
         where id = ${former.id}::bigint and seller_id = ${sellerId}`.execute(tx),
    )
    await raiseVersionsOfProduct(tx, sellerId, former.id, at)
    await record(tx, actor, sellerId, 'product', former.id, 'update', changeDetails(changes), at)
    const saved = await findProduct(tx, former.id)
    invariant(saved, 'its row is locked')
    await dropUnnamed(tx, saved)
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

/** A thing of a seller's own, its row locked until the transaction ends. */
export async function lockOwn<Own extends { readonly sellerId: SellerId; readonly version: bigint }>(
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

/** @throws {BuylinkError} `conflict`: the slug is another's. */
export async function unlessTaken(slug: string, write: Promise<unknown>): Promise<void> {
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

/** Publishes that a thing of the catalogue was written, and keeps it in the audit log. */
export async function record(
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
