import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { withCsv } from '../platform/http/csv.ts'
import { fileOf, UploadedFile } from '../platform/http/file.ts'
import { sortInput, sortWhole } from '../platform/http/list.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, NumericId, Uuid, Version } from '../platform/http/schemas.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { addScreenshot, MAX_PICTURE_BYTES, MAX_PICTURE_SIDE, MAX_SCREENSHOTS } from './add-screenshot.ts'
import { sellerFor } from './delegate.ts'
import { ensurePriceList } from './ensure-price-list.ts'
import { given } from './given.ts'
import { findProduct, listOwnProducts, type OwnProduct } from './own-catalog.ts'
import { orderPlans } from './order-plans.ts'
import { Name, Slug, Text, WebAddress } from './plan-input.ts'
import { saveProduct } from './save-product.ts'

const TAG = 'Catalogue'

export const PRODUCT_SHAPE = {
  name: Name.optional(),
  categoryId: NumericId.nullable().optional(),
  marketingName: Name.optional(),
  summary: Text(500).optional(),
  description: Text(10_000).optional(),
  slug: Slug.optional().meta({ description: 'Part of the page’s address; by default the name’s' }),
  published: z.boolean().optional(),
  logoUrl: WebAddress.nullable().optional(),
  screenshots: z
    .array(z.object({ url: WebAddress, alt: Text(300).default('').meta({ description: 'What it shows' }) }))
    .max(MAX_SCREENSHOTS)
    .optional(),
}

const ProductView = z.object({
  id: NumericId,
  sellerId: Uuid,
  version: Version,
  name: z.string(),
  categoryId: NumericId.nullable(),
  marketingName: z.string(),
  summary: z.string(),
  description: z.string(),
  slug: z.string(),
  published: z.boolean(),
  logoUrl: z.string().nullable(),
  screenshots: z.array(z.object({ url: z.string(), alt: z.string() })),
})
type ProductView = z.output<typeof ProductView>

const productView = (product: OwnProduct): ProductView => ({
  ...product,
  screenshots: product.screenshots.map((each) => ({ ...each })),
})

const ofSeller = {
  sellerId: idOf<TenantId>().optional().meta({ description: 'A reseller below you; by default your own' }),
}
const NO_MATTER = 'With `If-Match` the change is refused when someone else was quicker.'

const SORTS = {
  name: ({ name }: ProductView) => name,
  slug: ({ slug }: ProductView) => slug,
  published: ({ published }: ProductView) => Number(published),
  id: ({ id }: ProductView) => Number(id),
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
async function ownerOf(db: Db, actor: Principal, productId: string) {
  const product = await findProduct(db, productId)
  if (!product) throw new BuylinkError('not_found', 'There is no such product.')
  return getTenant(db, actor, tenantOf(product.sellerId), 'There is no such product.')
}

/** Products, their pictures, and the order of their plans. */
export const productRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/products',
      scope: 'plans:read',
      tag: TAG,
      summary: 'List your own products, unpublished ones included',
      input: z.object({ ...ofSeller, ...sortInput({ keys: SORTS }) }),
      output: z.object({ items: z.array(ProductView) }),
      async handle({ db, actor }, { sellerId, sort }) {
        const items = (await listOwnProducts(db, await sellerFor(db, actor, sellerId))).map(productView)
        return { items: sortWhole(items, sort, SORTS) }
      },
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/products',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Add a product',
    input: z.object({ ...PRODUCT_SHAPE, ...ofSeller }),
    output: ProductView,
    status: 201,
    async handle({ db, clock, actor }, { sellerId: asked, ...input }) {
      const sellerId = await sellerFor(db, actor, asked)
      return transaction(db, async (tx) => {
        await ensurePriceList(tx, sellerId, clock.now())
        return productView(await saveProduct(tx, clock, actor, { sellerId, change: given(input) }))
      })
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/products/:productId',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Read a product',
    input: z.object({ productId: NumericId }),
    output: ProductView,
    async handle({ db, actor }, { productId }) {
      const product = await findProduct(db, productId)
      if (!product) throw new BuylinkError('not_found', 'There is no such product.')
      await getTenant(db, actor, tenantOf(product.sellerId), 'There is no such product.')
      return productView(product)
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/products/:productId',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Change a product',
    description: NO_MATTER,
    input: z.object({ productId: NumericId, ...PRODUCT_SHAPE }),
    output: ProductView,
    async handle({ db, clock, actor, request }, { productId, ...input }) {
      const { sellerId } = await ownerOf(db, actor, productId)
      const save = { sellerId, id: productId, change: given(input), expectedVersion: request.ifMatch }
      return productView(await saveProduct(db, clock, actor, save))
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/products/:productId/screenshots',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Give a product a picture, shown after those it has',
    description: `A PNG of at most ${MAX_PICTURE_BYTES / 1024} KiB and ${MAX_PICTURE_SIDE} × ${MAX_PICTURE_SIDE} pixels. Its place, and what it shows, are said by \`screenshots\` of the product; one that is not named there any more is gone. ${NO_MATTER}`,
    input: z.object({ productId: NumericId, file: UploadedFile }),
    output: ProductView,
    status: 201,
    upload: 'image/png',
    bodyLimit: MAX_PICTURE_BYTES + 4096,
    async handle({ db, clock, actor, request }, { productId, file }) {
      const { sellerId } = await ownerOf(db, actor, productId)
      const wish = { sellerId, productId, file: fileOf(file).bytes, expectedVersion: request.ifMatch }
      return productView(await addScreenshot(db, clock, actor, wish))
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/products/:productId/plan-order',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Put the plans of a product into the order in which stores show them',
    description: `Each plan of the product once, drafts and retired ones too; a new plan comes last. ${NO_MATTER}`,
    input: z.object({ productId: NumericId, planIds: z.array(NumericId).max(500) }),
    output: z.object({ planIds: z.array(NumericId) }),
    async handle({ db, clock, actor, request }, { productId, planIds }) {
      const { sellerId } = await ownerOf(db, actor, productId)
      await orderPlans(db, clock, actor, { sellerId, productId, planIds, expectedVersion: request.ifMatch })
      return { planIds }
    },
  }),
]
