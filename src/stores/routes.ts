import { z } from 'zod'
import type { StoreId, TenantId } from '../kernel/ids.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput, sortWhole } from '../platform/http/list.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid, Version } from '../platform/http/schemas.ts'
import { getTenant, listVisibleSellerIds, tenantOf } from '../tenants/index.ts'
import { renderMarkdown } from './render-markdown.ts'
import { savePages } from './save-pages.ts'
import { getStore, openStore, saveStore } from './save-store.ts'
import { StoreStatus } from './schema.ts'
import { listStoresBelow, listStoresOf, type StoreDetail } from './store-detail.ts'

const TAG = 'Stores'
const WebAddress = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s"'<>\\]+$/i, 'Use an address such as https://example.com/terms')
const Page = z
  .string()
  .max(2000)
  .regex(/^(https?:\/\/|\/(?!\/))[^\s"'<>\\]*$/i, 'Use an address such as https://example.com/terms or /info/terms')

export const STORE_SHAPE = {
  name: z.string().trim().min(1).max(200).optional(),
  status: StoreStatus.optional(),
  domains: z
    .array(z.string().max(300))
    .max(50)
    .optional()
    .meta({
      description: 'Every origin it answers at, the canonical one first',
      examples: [['https://shop.example.com']],
    }),
  externalApplicationUrl: WebAddress.nullable()
    .optional()
    .meta({ description: 'Replaces everything before the `?` of its buy-links' }),
  termsUrl: Page.nullable().optional(),
  privacyUrl: Page.nullable().optional(),
  defaultLanguage: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, 'Use a language tag such as en')
    .optional(),
  bankDetails: z.string().trim().max(2000).optional(),
}
export const PAGE_SHAPE = {
  slug: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lower-case letters, digits and hyphens')
    .max(80),
  title: z.string().trim().min(1).max(200),
  body: z.string().max(100_000).meta({ description: 'Markdown' }),
  published: z.boolean().default(true),
}

const StoreView = z.object({
  id: Uuid,
  sellerId: Uuid,
  sellerName: z.string(),
  version: Version,
  name: z.string(),
  status: StoreStatus,
  domains: z.array(z.string()),
  externalApplicationUrl: z.string().nullable(),
  termsUrl: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  defaultLanguage: z.string(),
  bankDetails: z.string(),
  pages: z.array(z.object({ ...PAGE_SHAPE, published: z.boolean() })),
})

type StoreView = z.output<typeof StoreView>

const viewOf = (store: StoreDetail, sellerName: string): StoreView => ({
  ...store,
  sellerName,
  domains: store.domains.map(({ origin }) => origin),
  pages: [...store.pages],
})

/** Stores and where they answer. */
const SORTS = {
  name: ({ name }: StoreView) => name,
  seller: ({ sellerName }: StoreView) => sellerName,
  status: ({ status }: StoreView) => status,
}

export const storeRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/stores',
      scope: 'stores:read',
      tag: TAG,
      summary: 'List stores of your reseller and of those below it',
      input: z.object({
        ...sortInput({ keys: SORTS }),
        sellerId: idOf<TenantId>().optional().meta({ description: 'Of this reseller alone' }),
      }),
      output: z.object({ items: z.array(StoreView) }),
      async handle({ db, actor }, { sellerId, sort }) {
        const stores = sellerId
          ? await listStoresOf(db, (await getTenant(db, actor, sellerId)).sellerId)
          : await listStoresBelow(db, await listVisibleSellerIds(db, actor))
        const names = new Map<string, string>()
        for (const { sellerId: id } of stores)
          if (!names.has(id)) names.set(id, (await getTenant(db, actor, tenantOf(id))).name)
        const items = stores.map((store) => viewOf(store, names.get(store.sellerId) ?? ''))
        return { items: sortWhole(items, sort, SORTS) }
      },
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/stores',
    scope: 'stores:write',
    tag: TAG,
    summary: 'Open a store at its domains',
    input: z.object({ ...STORE_SHAPE, sellerId: idOf<TenantId>().optional() }),
    output: StoreView,
    status: 201,
    async handle({ db, clock, actor }, { sellerId, ...input }) {
      const seller = await getTenant(db, actor, sellerId ?? tenantOf(actor.sellerId))
      return viewOf(await openStore(db, clock, actor, { ...input, sellerId: seller.id }), seller.name)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/stores/:storeId',
    scope: 'stores:read',
    tag: TAG,
    summary: 'Read a store',
    input: z.object({ storeId: idOf<StoreId>() }),
    output: StoreView,
    async handle({ db, actor }, { storeId }) {
      const store = await getStore(db, actor, storeId)
      return viewOf(store, (await getTenant(db, actor, tenantOf(store.sellerId), 'There is no such store.')).name)
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/stores/:storeId',
    scope: 'stores:write',
    tag: TAG,
    summary: 'Change a store, its domains or its status',
    description:
      'What is not given stays; `domains` replaces all of them. With `If-Match` the change is refused when someone else was quicker.',
    input: z.object({ storeId: idOf<StoreId>(), ...STORE_SHAPE }),
    output: StoreView,
    async handle({ db, clock, actor, request }, { storeId, ...change }) {
      const store = await saveStore(db, clock, actor, { storeId, ...change, expectedVersion: request.ifMatch })
      return viewOf(store, (await getTenant(db, actor, tenantOf(store.sellerId), 'There is no such store.')).name)
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/stores/:storeId/pages',
    scope: 'stores:write',
    tag: TAG,
    summary: 'Write the information pages of a store',
    description:
      'All of them, in their order: what is not given is gone. With `If-Match`, the version of the store, the change is refused when someone else was quicker.',
    input: z.object({ storeId: idOf<StoreId>(), pages: z.array(z.object(PAGE_SHAPE)).max(100).default([]) }),
    output: z.object({ version: Version, pages: StoreView.shape.pages }),
    async handle({ db, clock, actor, request }, { storeId, pages }) {
      const saved = await savePages(db, clock, actor, { storeId, pages, expectedVersion: request.ifMatch })
      return { version: saved.version, pages: [...saved.pages] }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/page-previews',
    scope: 'stores:read',
    tag: TAG,
    summary: 'Show an information page as the store would',
    description: 'Markdown as HTML, by what draws the store’s pages; nothing is kept.',
    input: z.object({ body: PAGE_SHAPE.body }),
    output: z.object({ html: z.string() }),
    handle: async (_context, { body }) => ({ html: renderMarkdown(body) }),
  }),
]
