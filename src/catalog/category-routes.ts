import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, NumericId, Uuid, Version } from '../platform/http/schemas.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { sellerFor } from './delegate.ts'
import { deleteCategory } from './delete-category.ts'
import { given } from './given.ts'
import { orderCategories } from './order-categories.ts'
import { findCategory, listOwnCategories, type OwnCategory } from './own-catalog.ts'
import { Name, Slug, Text } from './plan-input.ts'
import { saveCategory } from './save-category.ts'

const TAG = 'Catalogue'

export const CATEGORY_SHAPE = {
  name: Name.optional(),
  slug: Slug.optional().meta({ description: 'Part of the page’s address; by default the name’s' }),
  description: Text(2000).optional(),
  position: z.int().min(0).max(10_000).optional().meta({ description: 'The lowest comes first; by default last' }),
}

const CategoryView = z.object({
  id: NumericId,
  sellerId: Uuid,
  version: Version,
  name: z.string(),
  slug: z.string(),
  description: z.string(),
  position: z.int(),
})
const Key = z.object({ categoryId: NumericId })

const ofSeller = {
  sellerId: idOf<TenantId>().optional().meta({ description: 'A reseller below you; by default your own' }),
}

/** A category whose owner the caller is or stands above. @throws {BuylinkError} `not_found`, also for what others have. */
async function getCategory(db: Db, actor: Principal, categoryId: string): Promise<OwnCategory> {
  const category = await findCategory(db, categoryId)
  if (!category) throw new BuylinkError('not_found', 'There is no such category.')
  await getTenant(db, actor, tenantOf(category.sellerId), 'There is no such category.')
  return category
}

/** Where products stand together in the store. */
export const categoryRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/categories',
    scope: 'plans:read',
    tag: TAG,
    summary: 'List your own categories, in the order in which stores show them',
    input: z.object(ofSeller),
    output: z.object({ items: z.array(CategoryView) }),
    async handle({ db, actor }, { sellerId }) {
      return { items: await listOwnCategories(db, await sellerFor(db, actor, sellerId)) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/categories',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Add a category',
    input: z.object({ ...CATEGORY_SHAPE, ...ofSeller }),
    output: CategoryView,
    status: 201,
    async handle({ db, clock, actor }, { sellerId, ...input }) {
      return saveCategory(db, clock, actor, { sellerId: await sellerFor(db, actor, sellerId), change: given(input) })
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/categories/:categoryId',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Read a category',
    input: Key,
    output: CategoryView,
    handle: ({ db, actor }, { categoryId }) => getCategory(db, actor, categoryId),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/categories/:categoryId',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Change a category',
    description: 'With `If-Match` the change is refused when someone else was quicker.',
    input: Key.extend(CATEGORY_SHAPE),
    output: CategoryView,
    async handle({ db, clock, actor, request }, { categoryId, ...input }) {
      const { sellerId } = await getCategory(db, actor, categoryId)
      const save = { sellerId, id: categoryId, change: given(input), expectedVersion: request.ifMatch }
      return saveCategory(db, clock, actor, save)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/categories/:categoryId',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Delete a category',
    description: 'Its products stay on sale, in no category; its page in the store is gone.',
    input: Key,
    output: z.void(),
    status: 204,
    async handle({ db, clock, actor, request }, { categoryId }) {
      const { sellerId } = await getCategory(db, actor, categoryId)
      await deleteCategory(db, clock, actor, { sellerId, id: categoryId, expectedVersion: request.ifMatch })
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/category-order',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Put your categories into the order in which stores show them',
    description: 'Each category once; a new one comes last.',
    input: z.object({ categoryIds: z.array(NumericId).max(500), ...ofSeller }),
    output: z.object({ categoryIds: z.array(NumericId) }),
    async handle({ db, clock, actor }, { sellerId, categoryIds }) {
      await orderCategories(db, clock, actor, { sellerId: await sellerFor(db, actor, sellerId), categoryIds })
      return { categoryIds }
    },
  }),
]
