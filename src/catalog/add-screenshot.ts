import { readPicture } from '../branding/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { newId, type SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { OwnProduct } from './own-catalog.ts'
import { addressOf, keepPicture } from './product-pictures.ts'
import { lockProduct, saveProduct } from './save-product.ts'

export const MAX_SCREENSHOTS = 12
/** Enough for a window of a program, at its own size. */
export const MAX_PICTURE_BYTES = 1024 * 1024
export const MAX_PICTURE_SIDE = 2560

/**
 * Keeps a picture and shows it last on the product's page.
 *
 * @param wish `file`: a PNG.
 * @throws {BuylinkError} `invalid_request`, `payload_too_large`: no picture that is taken; `unprocessable`: the product has
 *   all it can show; `version_mismatch`.
 */
export async function addScreenshot(
  db: Db,
  clock: Clock,
  actor: Principal,
  wish: {
    readonly sellerId: SellerId
    readonly productId: string
    readonly file: Buffer
    readonly expectedVersion?: bigint | undefined
  },
): Promise<OwnProduct> {
  const { sellerId, productId } = wish
  const bytes = readPicture(wish.file, { maxBytes: MAX_PICTURE_BYTES, maxSide: MAX_PICTURE_SIDE, what: 'A picture' })
  return transaction(db, async (tx) => {
    const product = await lockProduct(tx, { sellerId, id: productId, expectedVersion: wish.expectedVersion })
    if (!product) throw new BuylinkError('not_found', 'There is no such product.')
    if (product.screenshots.length >= MAX_SCREENSHOTS)
      throw new BuylinkError(
        'unprocessable',
        `A product shows at most ${MAX_SCREENSHOTS} pictures: take one out first.`,
      )
    const id = newId(clock.now().getTime())
    await keepPicture(tx, product, { id, bytes, at: clock.now() })
    const screenshots = [...product.screenshots, { url: addressOf(id), alt: '' }]
    return saveProduct(tx, clock, actor, { sellerId, id: productId, change: { screenshots } })
  })
}
