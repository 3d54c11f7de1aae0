import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  isVisitor,
  judgeKey,
  type KeyVisitCounter,
  MANAGER_COOKIE,
  type ManagerDirectory,
  managerCookieHeader,
  parseTouch,
  TOUCH_PARAMETER,
  type TouchTokens,
  touchOf,
} from '../attribution/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Clock } from '../kernel/time.ts'
import { inspect, parseQuery } from '../link/index.ts'
import type { StoreDirectory, StoreEntry } from '../stores/index.ts'
import { judgeLink } from './judge-link.ts'
import { successorLink } from './successor-link.ts'
import { type Problem, statusOfProblems } from './rules.ts'
import type { VisitCounter } from './visits.ts'

export const DISPATCHER_PATH = '/external_dispatcher/settle'

/** A page in the store's brand that says what is wrong and where to go on. */
export type RenderProblems = (page: {
  readonly store: StoreEntry | undefined
  readonly status: number
  readonly problems: readonly Problem[]
  /** The product the link was about, as far as it could be read. */
  readonly productId: string | null
  /** What took the place of the link's plan, with a link that orders it. */
  readonly successor: { readonly name: string; readonly url: string } | null
  readonly acceptLanguage: string
  readonly query: string
}) => { readonly html: string; readonly headers: Readonly<Record<string, string>> }

export interface DispatcherDeps {
  readonly stores: StoreDirectory
  readonly catalog: Catalog
  readonly managers: ManagerDirectory
  readonly visits: VisitCounter
  readonly keyVisits: KeyVisitCounter
  readonly tokens: TouchTokens
  readonly clock: Clock
  readonly renderProblems: RenderProblems
  /** The catalogue could not be read: told to the log. */
  readonly onError: (error: unknown) => void
  /** Host without port, whether by https, and the address of whoever asks; by `X-Forwarded-*` only behind a trusted proxy. */
  readonly addressOf: (request: IncomingMessage) => {
    readonly host: string
    readonly isSecure: boolean
    readonly ip: string
  }
}

/** What a link leads to, as long as the catalogue and the store it was checked against are the present ones. */
interface Verdict {
  /** Of the price list, not the catalogue itself, which an old verdict must not keep in memory. */
  readonly version: bigint
  readonly store: StoreEntry
  readonly location: string
  readonly planId: string
  readonly managerKey: string | null
  /** It leads to a host that cannot read our cookie: the key has to come along. */
  readonly isElsewhere: boolean
}

/** What a click brings beside the link itself. */
interface Click {
  /** A touch from another domain of the reseller, not read yet. */
  readonly token: string | null
  readonly isSecure: boolean
  readonly ip: string
}

/**
 * Links are few and clicks many: a verdict is kept by the link's very bytes. With both bounds that is 20 MB at worst;
 * a link that is longer is checked anew with each click.
 */
const MAX_VERDICTS = 10_000
const MAX_KEPT_LENGTH = 1_000

/**
 * Answers `GET|HEAD /external_dispatcher/settle` before the framework sees it (spec/buy-links.md "The dispatcher"):
 * checks the link against the catalogue in memory and redirects, the bytes of its query kept. Changes nothing but a
 * buffered visit count and the visitor's own cookie.
 *
 * @returns Whether the request was its own to answer.
 */
export function createDispatcher(
  deps: DispatcherDeps,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const verdicts = new Map<string, Verdict>()

  const redirect = (request: IncomingMessage, response: ServerResponse, verdict: Verdict, click: Click): void => {
    const { store, managerKey } = verdict
    const now = deps.clock.now()
    const existing = parseTouch(readCookie(request.headers.cookie), now)
    const own = touchOf(managerKey, 'buy_link', now)
    const incoming = own ?? (click.token === null ? null : deps.tokens.read(store.sellerId, click.token))
    if (incoming !== null) {
      const visit = { incoming, existing, sellerPath: store.sellerPath, directory: deps.managers }
      const cookie = managerCookieHeader({ ...visit, secure: click.isSecure, now })
      if (cookie) response.setHeader('Set-Cookie', cookie)
    }
    const comesAlong = verdict.isElsewhere && own === null && incoming !== null
    response.writeHead(302, {
      Location: comesAlong ? `${verdict.location}&manager_key=${incoming.key}` : verdict.location,
      'Cache-Control': 'private, no-store',
      'Content-Length': '0',
    })
    response.end()
    if (request.method === 'GET' && isVisitor(request.headers))
      countVisit(request, verdict, click, [managerKey, incoming?.key, existing?.key])
  }

  /** @param keys Of the link itself, of what came with it, of the cookie: the first that counts for somebody counts. */
  const countVisit = (
    request: IncomingMessage,
    { store, planId, managerKey }: Verdict,
    { ip }: Click,
    keys: readonly (string | null | undefined)[],
  ): void => {
    const { sellerId, storeId, sellerPath } = store
    const managerOf = (key: string | null | undefined) => {
      const decision = judgeKey({ manager: key ? deps.managers.findByKey(key) : undefined, key, sellerPath })
      return decision.kind === 'link' ? decision.managerId : null
    }
    deps.visits.count({ sellerId, storeId, planId, managerKey: keys.find((key) => managerOf(key) !== null) ?? '' })
    const managerId = managerOf(managerKey)
    if (managerKey === null || managerId === null) return
    const userAgent = request.headers['user-agent'] ?? ''
    const cookieKey = keys.at(-1) ?? null
    deps.keyVisits.count({ sellerId, storeId, managerId, key: managerKey, cookieKey, address: ip, userAgent })
  }

  const refuse = (
    request: IncomingMessage,
    response: ServerResponse,
    store: StoreEntry | undefined,
    problems: readonly Problem[],
    { productId, successor }: Pick<Parameters<RenderProblems>[0], 'productId' | 'successor'>,
    query: string,
  ): void => {
    const status = statusOfProblems(problems)
    const { body, headers } = prefersJson(request.headers.accept ?? '')
      ? { body: problemBody(status, problems), headers: { 'Content-Type': 'application/problem+json' } }
      : pageBody(
          deps.renderProblems({
            store,
            status,
            problems,
            productId,
            successor,
            query,
            acceptLanguage: request.headers['accept-language'] ?? '',
          }),
        )
    response.writeHead(status, {
      'Cache-Control': 'no-store',
      Vary: 'Accept, Accept-Language',
      'X-Content-Type-Options': 'nosniff',
      ...(status === 503 ? { 'Retry-After': '300' } : {}),
      ...headers,
      'Content-Length': Buffer.byteLength(body),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  const check = async (
    request: IncomingMessage,
    response: ServerResponse,
    store: StoreEntry | undefined,
    query: string,
    click: Click,
  ): Promise<void> => {
    const read = isPrintable(query) ? inspect(`?${query}`) : UNREADABLE
    const { plan, period, errors, snapshot } = await judgeLink(deps.catalog, store, read)
    if (errors.length > 0 || 'error' in read || !store || !plan || !snapshot) {
      const isGone = errors.some(({ code }) => code === 'plan_not_available')
      const successor = isGone && store && plan && snapshot ? successorLink(store, plan, period, snapshot) : null
      return refuse(request, response, store, errors, { productId: plan?.productId ?? null, successor }, query)
    }
    const verdict = {
      version: snapshot.version,
      store,
      ...locationOf(store, query),
      planId: plan.id,
      managerKey: read.draft.manager_key,
    }
    redirect(request, response, verdict, click)
    if (query.length > MAX_KEPT_LENGTH) return
    if (verdicts.size >= MAX_VERDICTS) verdicts.clear()
    verdicts.set(keyOf(store, query), verdict)
  }

  return (request, response) => {
    const url = request.url ?? ''
    if (!url.startsWith(DISPATCHER_PATH)) return false
    const after = url.slice(DISPATCHER_PATH.length)
    if (after !== '' && after[0] !== '?') return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': '0' }).end()
      return true
    }
    const { host, isSecure, ip } = deps.addressOf(request)
    const store = deps.stores.resolve(host)
    const { query, token } = withoutToken(after.slice(1))
    const click = { token, isSecure, ip }
    const verdict = store && verdicts.get(keyOf(store, query))
    if (verdict && verdict.store === store && verdict.version === deps.catalog.peek(store.sellerId)?.version) {
      redirect(request, response, verdict, click)
      return true
    }
    check(request, response, store, query, click).catch((error: unknown) => {
      deps.onError(error)
      if (response.headersSent) return response.destroy()
      try {
        refuse(request, response, store, [UNAVAILABLE], { productId: null, successor: null }, query)
      } catch (cause) {
        deps.onError(cause)
        unavailable(response)
      }
    })
    return true
  }
}

const keyOf = (store: StoreEntry, query: string): string => `${store.host} ${query}`

const UNAVAILABLE: Problem = {
  code: 'store_unavailable',
  part: 'host',
  position: null,
  message: 'The store cannot be reached right now.',
  suggestion: 'Try again in a moment.',
}

/** The answer that needs nothing: neither the database nor the pages. */
function unavailable(response: ServerResponse): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'Retry-After': '60' }
  response.writeHead(503, headers).end('The store cannot be reached right now. Please try again in a moment.\n')
}

/**
 * Where a good link leads: the control panel here, or the store's own application. The key stays in only where the
 * cookie cannot be read: on another host.
 */
function locationOf(store: StoreEntry, query: string): Pick<Verdict, 'location' | 'isElsewhere'> {
  const external = store.externalApplicationUrl
  const isElsewhere = external !== null && URL.parse(external)?.hostname !== store.host
  return { location: `${external ?? '/client/new_order'}?${isElsewhere ? query : withoutKey(query)}`, isElsewhere }
}

const UNREADABLE = {
  error: 'malformed',
  message: 'The link holds characters that no link has.',
  position: null,
} as const

/** Browsers percent-encode all else; a raw `#` would end the query for whoever follows `Location`. */
const isPrintable = (query: string): boolean => /^[\x21\x22\x24-\x7e]*$/.test(query)

/** The same bytes without the pairs that are read as `manager_key`, however that is written. */
const withoutKey = (query: string): string =>
  /manager_key|%/.test(query)
    ? query
        .split('&')
        .filter((pair) => !isManagerKeyPair(pair))
        .join('&')
    : query

/** The link itself, and the token that a page on another domain of the reseller has put behind it. */
function withoutToken(query: string): { readonly query: string; readonly token: string | null } {
  if (!query.includes(TOUCH_PAIR)) return { query, token: null }
  const pairs = query.split('&')
  const token = pairs.find((pair) => pair.startsWith(TOUCH_PAIR))?.slice(TOUCH_PAIR.length) ?? null
  return { query: pairs.filter((pair) => !pair.startsWith(TOUCH_PAIR)).join('&'), token }
}

const TOUCH_PAIR = `${TOUCH_PARAMETER}=`

const isManagerKeyPair = (pair: string): boolean => 'manager_key' in parseQuery(pair)

/**
 * Whether a program asks: JSON is named, and no less wanted than a page. Whoever takes anything is shown the page.
 *
 * @param accept The `Accept` header; empty without one.
 */
function prefersJson(accept: string): boolean {
  let [json, page] = [0, 0]
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1) || 0
    if (type === 'application/json' || type === 'application/problem+json') json = Math.max(json, quality)
    else if (type === 'text/html' || type === 'application/xhtml+xml') page = Math.max(page, quality)
  }
  return json > 0 && json >= page
}

const COOKIE = new RegExp(`(?:^|;\\s*)${MANAGER_COOKIE}=([A-Za-z0-9_.~-]{1,80})(?:;|$)`)
const readCookie = (cookies: string | undefined): string | null => (cookies && COOKIE.exec(cookies)?.[1]) || null

const problemBody = (status: number, problems: readonly Problem[]): string =>
  JSON.stringify({
    type: `/problems/${problems.length === 1 ? problems[0]?.code : 'link_invalid'}`,
    title: 'This link cannot be ordered from.',
    status,
    code: problems.length === 1 ? problems[0]?.code : 'link_invalid',
    detail: problems.map((problem) => problem.message).join(' '),
    errors: problems,
  })

const pageBody = (page: ReturnType<RenderProblems>) => ({
  body: page.html,
  headers: { 'Content-Type': 'text/html; charset=utf-8', ...page.headers },
})
