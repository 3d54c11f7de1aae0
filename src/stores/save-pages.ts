import { differences } from '../kernel/differences.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { StoreId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { aboutStore, getStore } from './save-store.ts'
import type { StorePage } from './schema.ts'
import { replacePages } from './store-detail.ts'

/**
 * Writes all information pages of a store: those that are not given are gone. Nothing changed: nothing is written.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable`: two have one address.
 */
export async function savePages(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  {
    storeId,
    pages,
    expectedVersion,
  }: {
    readonly storeId: StoreId
    readonly pages: readonly StorePage[]
    /** Of the store. */
    readonly expectedVersion?: bigint | undefined
  },
): Promise<{ readonly pages: readonly StorePage[]; readonly version: bigint }> {
  return transaction(db, async (tx) => {
    const store = await getStore(tx, actor, storeId, true)
    if (expectedVersion !== undefined && store.version !== expectedVersion)
      throw new BuylinkError(
        'version_mismatch',
        'Someone changed the store in the meantime. Read it again and repeat your change.',
      )
    const slugs = pages.map(({ slug }) => slug)
    const twice = slugs.findIndex((slug, index) => slugs.indexOf(slug) !== index)
    if (twice >= 0) {
      const message = `Two pages are called ${slugs[twice]}.`
      throw new BuylinkError('unprocessable', message, {
        problems: [{ path: `pages.${twice}.slug`, code: 'repeated', message }],
      })
    }
    const changed = differences(store.pages, pages).map(({ path }) => path)
    if (changed.length === 0 && slugs.join() === store.pages.map(({ slug }) => slug).join()) return store
    const at = clock.now()
    await replacePages(tx, store, pages, at)
    await audit(tx, { ...aboutStore(actor, store, at), action: 'store.save_pages', details: { changed } })
    await hintChange(tx, store.sellerId)
    return { pages, version: store.version + 1n }
  })
}
