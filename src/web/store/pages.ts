import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { findLogo } from '../../branding/index.ts'
import { linkBase, type RenderProblems } from '../../buylinks/index.ts'
import { type Catalog, findPicture } from '../../catalog/index.ts'
import { nextTurn } from '../../discounts/rules.ts'
import type { CatalogSnapshot } from '../../catalog/schema.ts'
import type { SellerId, TenantId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { bestLanguage } from '../../platform/http/facts.ts'
import { asExpected } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import { securityHeaders } from '../../platform/http/security-headers.ts'
import type { StoreDirectory, StoreEntry } from '../../stores/index.ts'
import type { BuiltPages } from '../built-pages.ts'
import { robotsOf, sitemapOf } from './feeds.ts'
import type { PageProps } from './props.ts'
import { categoryPropsOf, homePropsOf, infoPropsOf, pagePropsOf, productPropsOf } from './props-of.ts'
import { type StoreTouches, withLinks } from './touches.ts'

/** Name of another platform in its upgrade link. */
const PLATFORM = /^[a-z0-9][a-z0-9-]{1,39}$/

export interface StorePagesDeps {
  readonly db: Db
  readonly stores: StoreDirectory
  readonly catalog: Catalog
  /** The time that a seller lives by. */
  readonly clockOf: (sellerId: SellerId) => Clock
  readonly touches: StoreTouches
  readonly built: BuiltPages
  readonly languages: readonly string[]
  readonly demonstration: boolean
}

export interface StorePages {
  readonly plugin: FastifyPluginAsync
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => unknown
  readonly failed: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown
  readonly renderProblems: RenderProblems
}

/** A page is kept by its address as long as the catalogue and the store it was drawn from are the present ones. */
const MAX_KEPT = 2_000

/** A store in maintenance is asked for again after this long; its pages are not indexed as missing meanwhile. */
const RETRY_SECONDS = '300'

const PUBLIC = 'public, max-age=0, must-revalidate'

/** What can be a value of `?period=`; whatever else it says shows the page without one, and is not kept. */
const PERIOD = /^(?:\d{1,5}-[a-z]{4,6}|endless)$/

/**
 * The path that was asked, for an address of this same host: a request may name a whole URL (RFC 9112 3.2.2), and a
 * path that starts with two slashes would name another host.
 */
const pathOf = (request: FastifyRequest): string =>
  (request.url.split('?', 1)[0] ?? '/').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/^\/*/, '/')

/** Store pages: drawn on the server from the catalogue in memory, whole without a script. */
export function createStorePages(deps: StorePagesDeps): StorePages {
  const { stores, catalog, clockOf, touches, built, languages } = deps
  const { renderer } = built
  const kept = new Map<
    string,
    {
      readonly store: StoreEntry
      readonly snapshot: CatalogSnapshot
      readonly html: Buffer
      /** When a discount begins or ends, the page is another one. */
      readonly until: Date | null
    }
  >()

  const languageOf = (accept: string | undefined, query: URLSearchParams, store: StoreEntry | undefined): string => {
    const wanted = query.get('lang')
    if (wanted !== null && languages.includes(wanted)) return wanted
    return accept === undefined ? (store?.defaultLanguage ?? 'en') : bestLanguage(accept, languages)
  }

  const propsFor = (store: StoreEntry | undefined, language: string): PageProps =>
    pagePropsOf(store, { language, css: built.assets.css, demonstration: deps.demonstration })

  const page = (reply: FastifyReply, status: number, html: string | Buffer, cache = PUBLIC): unknown =>
    reply
      .code(status)
      .header('cache-control', status === 200 ? cache : 'no-store')
      .header('vary', 'Accept-Language')
      .type('text/html; charset=utf-8')
      .send(html)

  const queryOf = (request: FastifyRequest): URLSearchParams => {
    const mark = request.url.indexOf('?')
    return new URLSearchParams(mark < 0 ? '' : request.url.slice(mark + 1))
  }

  /** A manager's key, or a token for one, goes into the cookie and out of the address (spec/buy-links.md "Attribution"). */
  const takeKey = (
    request: FastifyRequest,
    reply: FastifyReply,
    store: StoreEntry,
    query: URLSearchParams,
  ): boolean => {
    if (!touches.take(request, reply, store, query)) return false
    const rest = query.toString()
    const path = pathOf(request)
    reply
      .code(302)
      .header('cache-control', 'private, no-store')
      .header('location', `${path}${rest ? `?${rest}` : ''}`)
      .send()
    return true
  }

  const serve = async (
    request: FastifyRequest,
    reply: FastifyReply,
    draw: (context: {
      store: StoreEntry
      snapshot: CatalogSnapshot
      at: Date
      query: URLSearchParams
      props: PageProps
      passOn: (url: string) => string
    }) => string | undefined,
  ): Promise<unknown> => {
    const store = stores.resolve(request.host)
    const query = queryOf(request)
    const language = languageOf(request.headers['accept-language'], query, store)
    if (!store || store.status === 'inactive')
      return page(reply, 404, renderer.renderNotFound(propsFor(undefined, language)))
    if (store.status === 'maintenance') {
      reply.header('retry-after', RETRY_SECONDS)
      return page(reply, 503, renderer.renderMaintenance(propsFor(store, language)))
    }
    if (takeKey(request, reply, store, query)) return reply
    const snapshot = catalog.peek(store.sellerId) ?? (await catalog.get(store.sellerId))
    // What else campaigns put into an address changes nothing on the page.
    const period = query.get('period') ?? ''
    const key = `${store.host} ${language} ${pathOf(request)} ${PERIOD.test(period) ? period : ''}`
    const passOn = touches.passOn(request, store)
    const found = passOn ? undefined : kept.get(key)
    const at = clockOf(store.sellerId).now()
    const isGood = found && found.store === store && found.snapshot === snapshot
    if (isGood && (found.until === null || at < found.until)) return page(reply, 200, found.html)
    const html = draw({
      store,
      snapshot,
      at,
      query,
      props: propsFor(store, language),
      passOn: passOn ?? ((url) => url),
    })
    if (html === undefined) return page(reply, 404, renderer.renderNotFound(propsFor(store, language)))
    // This visitor's own: what leads to another domain carries their touch.
    if (passOn) return page(reply, 200, html, 'private, no-store')
    const bytes = Buffer.from(html)
    if (kept.size >= MAX_KEPT) kept.clear()
    kept.set(key, { store, snapshot, html: bytes, until: nextTurn(snapshot.discounts, at) })
    return page(reply, 200, bytes)
  }

  const activeStore = (request: FastifyRequest): StoreEntry | undefined => {
    const store = stores.resolve(request.host)
    return store?.status === 'active' ? store : undefined
  }

  const plugin: FastifyPluginAsync = async (app) => {
    app.get('/', (request, reply) =>
      serve(request, reply, ({ snapshot, props }) => renderer.renderHome(homePropsOf(snapshot, props))),
    )
    app.get<{ Params: { slug: string } }>('/product/:slug', (request, reply) =>
      serve(request, reply, ({ store, snapshot, at, query, props, passOn }) => {
        const product = [...snapshot.products.values()].find(
          (each) => each.slug === request.params.slug && each.published,
        )
        if (!product) return undefined
        const page = productPropsOf(store, linkBase(store), snapshot, product, query.get('period'), props, at)
        return renderer.renderProduct(withLinks(page, passOn))
      }),
    )
    app.get<{ Params: { slug: string } }>('/catalog/:slug', (request, reply) =>
      serve(request, reply, ({ store, snapshot, props }) => {
        const category = categoryPropsOf(store, snapshot, request.params.slug, props)
        return category && renderer.renderCategory(category)
      }),
    )
    app.get<{ Params: { slug: string } }>('/info/:slug', (request, reply) =>
      serve(request, reply, ({ store, props }) => {
        const info = infoPropsOf(store, request.params.slug, props)
        return info && renderer.renderInfo(info)
      }),
    )
    // Where an upsell link arrives, one of another platform at its own address: who it is for and what they need is for
    // the control panel to find out.
    const upgrade = (request: FastifyRequest<{ Params: { platform?: string } }>, reply: FastifyReply) => {
      const { platform } = request.params
      if (!activeStore(request) || (platform !== undefined && !PLATFORM.test(platform)))
        return serve(request, reply, () => undefined)
      const mark = request.url.indexOf('?')
      const link = mark < 0 ? '' : request.url.slice(mark)
      const rest = platform === undefined ? link : `?platform=${platform}${link.replace('?', '&')}`
      return reply.code(302).header('cache-control', 'no-store').header('location', `/client/upgrade${rest}`).send()
    }
    app.get('/upgrade', upgrade)
    app.get('/upgrade/:platform', upgrade)
    app.get('/sitemap.xml', async (request, reply) => {
      const store = stores.resolve(request.host)
      if (!store || store.status === 'inactive') return reply.callNotFound()
      // Later, not gone: what a search engine knows of the store it keeps (RFC 9110 15.6.4).
      if (store.status === 'maintenance')
        return reply.code(503).header('retry-after', RETRY_SECONDS).header('cache-control', 'no-store').send()
      return reply
        .header('cache-control', 'public, max-age=300')
        .type('application/xml; charset=utf-8')
        .send(sitemapOf(store, catalog.peek(store.sellerId) ?? (await catalog.get(store.sellerId))))
    })
    app.get('/robots.txt', (request, reply) => {
      const store = stores.resolve(request.host)
      const text = store && store.status !== 'inactive' ? robotsOf(store) : 'User-agent: *\nDisallow: /\n'
      return reply.header('cache-control', 'public, max-age=300').type('text/plain; charset=utf-8').send(text)
    })
    app.get('/brand.css', (request, reply) => {
      const brand = stores.resolve(request.host)?.brand
      return reply
        .header('cache-control', 'public, max-age=300')
        .type('text/css; charset=utf-8')
        .send(renderer.brandCss({ color: brand?.color ?? null, colorScheme: brand?.colorScheme ?? 'default' }))
    })
    // What is at one address never changes: another picture has another one.
    app.get<{ Params: { picture: string } }>('/pictures/:picture.png', async (request, reply) => {
      const { picture } = request.params
      const bytes = Uuid.safeParse(picture).success ? await findPicture(deps.db, picture) : undefined
      if (!bytes) return reply.callNotFound()
      return reply.header('cache-control', 'public, max-age=31536000, immutable').type('image/png').send(bytes)
    })
    app.get<{ Params: { tenantId: string } }>('/brands/:tenantId/logo', async (request, reply) => {
      const logo = Uuid.safeParse(request.params.tenantId).success
        ? await findLogo(deps.db, request.params.tenantId as TenantId)
        : undefined
      if (!logo) return reply.callNotFound()
      return reply.header('cache-control', 'public, max-age=300').type(logo.type).send(logo.bytes)
    })
  }

  return {
    plugin,
    notFound: (request, reply) => {
      const store = stores.resolve(request.host)
      return page(
        reply,
        404,
        renderer.renderNotFound(
          propsFor(store, languageOf(request.headers['accept-language'], queryOf(request), store)),
        ),
      )
    },
    failed: (error, request, reply) => {
      const store = stores.resolve(request.host)
      const props = propsFor(store, languageOf(request.headers['accept-language'], queryOf(request), store))
      // An address that cannot be read, a folder of files: the visitor's fault shows as a page that is not there.
      const status = asExpected(error)?.status ?? 500
      if (status < 500) return page(reply, status, renderer.renderNotFound(props))
      return page(reply, 500, renderer.renderError({ ...props, requestId: request.id }))
    },
    renderProblems: ({ store, status, problems, productId, successor, acceptLanguage, query }) => {
      const language = languageOf(acceptLanguage || undefined, new URLSearchParams(query), store)
      const props = propsFor(store?.status === 'inactive' ? undefined : store, language)
      const headers = securityHeaders('page', false)
      if (status === 503 && store) return { html: renderer.renderMaintenance(props), headers }
      const product = productId && store ? catalog.peek(store.sellerId)?.products.get(productId) : undefined
      return {
        html: renderer.renderLinkProblem({
          ...props,
          problems,
          successor,
          product: product?.published ? { name: product.marketingName, url: `/product/${product.slug}` } : null,
        }),
        headers,
      }
    },
  }
}
