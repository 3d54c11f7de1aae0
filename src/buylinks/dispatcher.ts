import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { judgeKey, MANAGER_COOKIE, type ManagerDirectory, managerCookieHeader } from '../attribution/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { CatalogSnapshot } from '../catalog/schema.ts'
import { inspect } from '../link/index.ts'
import type { StoreDirectory, StoreEntry } from '../stores/index.ts'
import { storeProblems } from './explain-link.ts'
import { checkLink, malformedProblem, type Problem, statusOfProblems } from './rules.ts'
import { isVisitor, type VisitCounter } from './visits.ts'

export const DISPATCHER_PATH = '/external_dispatcher/settle'

/** A page in the store's brand that says what is wrong and where to go on. */
export type RenderProblems = (page: {
  readonly store: StoreEntry | undefined
  readonly status: number
  readonly problems: readonly Problem[]
  /** The product the link was about, as far as it could be read. */
  readonly productId: string | null
  readonly acceptLanguage: string
  readonly query: string
}) => { readonly html: string; readonly headers: Readonly<Record<string, string>> }

export interface DispatcherDeps {
  readonly stores: StoreDirectory
  readonly catalog: Catalog
  readonly managers: ManagerDirectory
  readonly visits: VisitCounter
  readonly renderProblems: RenderProblems
  /** Host without port and scheme of a request, by `X-Forwarded-*` only behind a trusted proxy. */
  /** The catalogue could not be read: told to the log. */
  readonly onError: (error: unknown) => void
  readonly addressOf: (request: IncomingMessage) => { readonly host: string; readonly isSecure: boolean }
}

/** What a link leads to, as long as the catalogue and the store it was checked against are the present ones. */
interface Verdict {
  readonly snapshot: CatalogSnapshot
  readonly store: StoreEntry
  readonly location: string
  readonly planId: string
  readonly managerKey: string | null
}

/** Links are few and clicks many: a verdict is kept by the link's very bytes. */
const MAX_VERDICTS = 20_000

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

  const redirect = (request: IncomingMessage, response: ServerResponse, verdict: Verdict, isSecure: boolean): void => {
    const { store, managerKey, planId } = verdict
    const isRead = request.method === 'GET'
    const cookieKey = readCookie(request.headers.cookie)
    if (managerKey !== null) {
      const cookie = managerCookieHeader({
        incomingKey: managerKey,
        existingKey: cookieKey,
        sellerPath: store.sellerPath,
        directory: deps.managers,
        secure: isSecure,
      })
      if (cookie) response.setHeader('Set-Cookie', cookie)
    }
    response.writeHead(302, { Location: verdict.location, 'Cache-Control': 'private, no-store', 'Content-Length': '0' })
    response.end()
    if (isRead && isVisitor(request.headers)) {
      const key = managerKey ?? cookieKey ?? ''
      const counts =
        key !== '' &&
        judgeKey({ manager: deps.managers.findByKey(key), key, sellerPath: store.sellerPath }).kind === 'link'
      deps.visits.count({ sellerId: store.sellerId, storeId: store.storeId, planId, managerKey: counts ? key : '' })
    }
  }

  const refuse = (
    request: IncomingMessage,
    response: ServerResponse,
    store: StoreEntry | undefined,
    problems: readonly Problem[],
    productId: string | null,
    query: string,
  ): void => {
    const status = statusOfProblems(problems)
    const wantsProblem = /application\/(problem\+)?json/.test(request.headers.accept ?? '')
    const { body, headers } = wantsProblem
      ? { body: problemBody(status, problems), headers: { 'Content-Type': 'application/problem+json' } }
      : pageBody(
          deps.renderProblems({
            store,
            status,
            problems,
            productId,
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
    key: string,
    query: string,
  ): Promise<void> => {
    const { host, isSecure } = deps.addressOf(request)
    const store = deps.stores.resolve(host)
    const closed = storeProblems(store)
    if (!store || closed.length > 0) return refuse(request, response, store, closed, null, query)
    const text = asUtf8(query)
    const read = text === undefined ? NOT_UTF8 : inspect(`?${text}`)
    if ('error' in read) return refuse(request, response, store, [malformedProblem(read)], null, query)
    const snapshot = await deps.catalog.get(store.sellerId)
    const checked = checkLink(read, snapshot)
    if (checked.errors.length > 0 || !checked.plan) {
      return refuse(request, response, store, checked.errors, checked.plan?.productId ?? null, query)
    }
    const verdict = {
      snapshot,
      store,
      location: locationOf(store, host, query),
      planId: checked.plan.id,
      managerKey: read.draft.manager_key,
    }
    if (verdicts.size >= MAX_VERDICTS) verdicts.clear()
    verdicts.set(key, verdict)
    redirect(request, response, verdict, isSecure)
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
    const key = `${request.headers.host ?? ''} ${request.headers['x-forwarded-host'] ?? ''} ${after}`
    const verdict = verdicts.get(key)
    const { host, isSecure } = deps.addressOf(request)
    if (
      verdict &&
      verdict.snapshot === deps.catalog.peek(verdict.store.sellerId) &&
      verdict.store === deps.stores.resolve(host)
    ) {
      redirect(request, response, verdict, isSecure)
      return true
    }
    check(request, response, key, after.slice(1)).catch((error: unknown) => {
      deps.onError(error)
      if (!response.headersSent) refuse(request, response, undefined, [UNAVAILABLE], null, after.slice(1))
      else response.destroy()
    })
    return true
  }
}

const UNAVAILABLE: Problem = {
  code: 'store_unavailable',
  part: 'host',
  position: null,
  message: 'The store cannot be reached right now.',
  suggestion: 'Try again in a moment.',
}

/**
 * Where a good link leads: the control panel here, or the store's own application. The key stays in only where the
 * cookie cannot be read: on another host.
 */
function locationOf(store: StoreEntry, host: string, query: string): string {
  const external = store.externalApplicationUrl
  const isElsewhere = external !== null && URL.parse(external)?.hostname !== host
  return `${external ?? '/client/new_order'}?${isElsewhere ? query : withoutKey(query)}`
}

const NOT_UTF8 = { error: 'malformed', message: 'The link holds bytes that are no text (UTF-8).', position: null } as const

/** The request line arrives as one character a byte; undefined where the bytes are no UTF-8. */
function asUtf8(query: string): string | undefined {
  if (/^[\x20-\x7e]*$/.test(query)) return query
  const bytes = Buffer.from(query, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** The same bytes without `manager_key` pairs, however their name is written. */
const withoutKey = (query: string): string =>
  /manager/i.test(query) || query.includes('%')
    ? query
        .split('&')
        .filter((pair) => nameOf(pair) !== 'manager_key')
        .join('&')
    : query

function nameOf(pair: string): string {
  const name = pair.split('=', 1)[0] ?? ''
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).trimStart()
  } catch {
    return name
  }
}

const COOKIE = new RegExp(`(?:^|;\\s*)${MANAGER_COOKIE}=([A-Za-z0-9_.-]{1,64})(?:;|$)`)
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
