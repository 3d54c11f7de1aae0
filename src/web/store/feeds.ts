import { sellablePlans } from '../../catalog/index.ts'
import type { CatalogSnapshot } from '../../catalog/schema.ts'
import type { StoreEntry } from '../../stores/index.ts'

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Every page of a store that a search engine may list, at its canonical domain (sitemaps.org). */
export function sitemapOf(store: StoreEntry, snapshot: CatalogSnapshot): string {
  const products = [...snapshot.products.values()].filter(
    (product) => product.published && sellablePlans(snapshot, product.id).length > 0,
  )
  const categoryIds = new Set(products.map(({ categoryId }) => categoryId))
  const paths = [
    '/',
    ...[...snapshot.categories.values()].filter(({ id }) => categoryIds.has(id)).map(({ slug }) => `/catalog/${slug}`),
    ...products.map(({ slug }) => `/product/${slug}`),
    ...store.pages.map(({ slug }) => `/info/${slug}`),
  ]
  const urls = paths.map((path) => `  <url><loc>${escape(store.origin + path)}</loc></url>\n`).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}</urlset>\n`
}

/** Search engines read the store's pages; orders, panels and the API are no pages of it. */
export const robotsOf = (store: StoreEntry): string =>
  [
    'User-agent: *',
    ...['/external_dispatcher/', '/client', '/portal', '/api/'].map((path) => `Disallow: ${path}`),
    `Sitemap: ${store.origin}/sitemap.xml`,
    '',
  ].join('\n')
