import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { fastify, type FastifyInstance, type FastifyPluginAsync, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { newId } from '../../kernel/ids.ts'
import type { SellerId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Authenticate } from '../auth/authenticate.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db.ts'
import { errorFacts } from '../log.ts'
import { addApiRoutes } from './api.ts'
import { addHealthRoutes } from './health.ts'
import type { Idempotency } from './idempotency.ts'
import { createHttpMetrics, type HttpMetrics } from './metrics.ts'
import { asExpected, PROBLEM_TYPE, renderProblem, unexpected } from './problem.ts'
import { createRateLimiter } from './rate-limit.ts'
import type { WebhookDoc } from './openapi.ts'
import type { AnyRoute } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import { renderPlatformError } from './v2.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Handlers of pages (store, panel, assets): a plugin of the framework, and what answers where no page is or one fails. */
export interface Pages {
  readonly plugin: FastifyPluginAsync
  readonly notFound?: (request: FastifyRequest, reply: FastifyReply) => unknown
  readonly failed?: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown
}

export interface HttpServerOptions {
  readonly routes: readonly AnyRoute[]
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  /** Of the seller that a caller belongs to; by default `clock`. */
  readonly clockOf?: (sellerId: SellerId) => Clock
  readonly config: Pick<Config, 'trustProxy' | 'publicUrl'>
  readonly log: Logger
  readonly authenticate: Authenticate
  readonly idempotency: Idempotency
  /**
   * Tried before the framework, for the dispatcher's hot path.
   *
   * @returns Whether it answered, or will.
   */
  readonly frontDoor?: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly pages?: Pages
  /** Headers that let a page of another origin read an answer; undefined: it may not. */
  readonly crossOrigin?: (url: string, origin: string | undefined) => Readonly<Record<string, string>> | undefined
  /** Told after each change that succeeded: there may be events to relay. */
  readonly afterWrite?: () => void
  readonly metrics?: HttpMetrics
  /** Languages that texts exist in, the default first. */
  readonly languages?: readonly string[]
  readonly version?: string
  /** Messages that are sent to others, for the reference. */
  readonly webhooks?: readonly WebhookDoc[]
  readonly unlimitedClientIds?: ReadonlySet<string>
  readonly checkOutputs?: boolean
  /** How long requests under way may take once the server stops: 10 s unless said. */
  readonly drainMs?: number
}

export interface HttpServer {
  readonly app: FastifyInstance
  /** @returns The origin it is reached at on this machine. */
  listen(address: { readonly port: number; readonly host?: string | undefined }): Promise<string>
  /** Takes no new requests, lets those under way finish, closes idle connections. */
  close(): Promise<void>
}

/** The one HTTP server: API routes, health, reference, pages, and the front door before all of them. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { log, drainMs = 10_000 } = options
  const metrics = options.metrics ?? createHttpMetrics()
  let isStopping = false
  let server: Server | undefined

  const app = fastify({
    logger: false,
    trustProxy: options.config.trustProxy.length > 0 ? [...options.config.trustProxy] : false,
    bodyLimit: 1_048_576,
    routerOptions: { maxParamLength: 500 },
    genReqId: () => newId(),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: refuseBrokenRequest,
    serverFactory: (handler) => {
      server = createServer((request, response) => {
        if (options.frontDoor?.(request, response)) return metrics.countFrontDoor()
        handler(request, response)
      })
      server.keepAliveTimeout = 72_000 // Longer than the 60 s of usual load balancers, which must be the one to hang up.
      server.headersTimeout = 20_000
      server.requestTimeout = 60_000
      return server
    },
  })

  const isApi = (request: FastifyRequest): boolean => /^\/(?:api|\.well-known)\//.test(request.url)

  function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
    const error = asExpected(thrown) ?? unexpected(thrown)
    if (error.status >= 500)
      log.error(
        { request_id: request.id, route: request.routeOptions?.url, error: errorFacts(thrown) },
        'request failed',
      )
    if (!isApi(request) && options.pages?.failed) return options.pages.failed(thrown, request, reply)
    const isV2 = request.url.startsWith('/api/2/')
    const {
      status,
      headers = {},
      body,
    } = (request.routeOptions?.config?.render ?? (isV2 ? renderPlatformError : renderProblem))({
      error,
      requestId: request.id,
    })
    return reply
      .code(status)
      .headers({ ...headers, 'content-type': isV2 ? JSON_TYPE : PROBLEM_TYPE, 'x-request-id': request.id })
      .send(JSON.stringify(body))
  }

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders(isApi(request) ? 'api' : 'page', request.protocol === 'https'))
    const crossOrigin = options.crossOrigin?.(request.url, request.headers.origin)
    if (crossOrigin) reply.headers(crossOrigin)
    if (isStopping) reply.header('connection', 'close')
    // A browser asks first; there is nothing to authenticate yet.
    if (crossOrigin && request.method === 'OPTIONS') return void reply.code(204).send()
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    if (log.isLevelEnabled('debug'))
      log.debug(
        { request_id: request.id, method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime },
        'request',
      )
    done()
  })
  app.setErrorHandler(answerError)

  addHealthRoutes(app, { pool: options.pool, metrics, isStopping: () => isStopping })
  const api = await addApiRoutes(app, {
    routes: options.routes,
    ...(options.webhooks && { webhooks: options.webhooks }),
    info: { version: options.version ?? '1', serverUrl: options.config.publicUrl },
    services: {
      db: options.db,
      pool: options.pool,
      clock: options.clock,
      clockOf: options.clockOf,
      log,
      authenticate: options.authenticate,
      idempotency: options.idempotency,
      rateLimiter: createRateLimiter(),
      languages: options.languages ?? ['en'],
      unlimitedClientIds: options.unlimitedClientIds ?? new Set(),
      checkOutputs: options.checkOutputs ?? false,
      afterWrite: options.afterWrite ?? (() => undefined),
    },
  })
  if (options.pages) await app.register(options.pages.plugin)
  app.setNotFoundHandler((request, reply) => {
    if (!isApi(request) && options.pages?.notFound) return options.pages.notFound(request, reply)
    return answerError(api.whyNotFound(request, reply), request, reply)
  })
  await app.ready()

  return {
    app,
    async listen({ port, host }) {
      await app.listen({ port, ...(host !== undefined && { host }) })
      const bound = app.server.address()
      if (typeof bound !== 'object' || bound === null) throw new Error('The server has no address')
      return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
    },
    async close() {
      isStopping = true
      // What does not finish in time is cut off: a stuck client must not keep the server from stopping.
      const cutOff = setTimeout(() => server?.closeAllConnections(), drainMs)
      // A connection whose last request ends now would stay open for its keep-alive time.
      const sweep = setInterval(() => server?.closeIdleConnections(), 20)
      await app.close().finally(() => {
        clearTimeout(cutOff)
        clearInterval(sweep)
      })
    },
  }
}

/** What is not even HTTP: answered in plain bytes, since there is no request to speak of. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, code] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'malformed']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'malformed']
        : ['400 Bad Request', 'malformed']
  const body = JSON.stringify({
    type: `/problems/${code}`,
    title: 'Malformed',
    status: Number.parseInt(status, 10),
    code,
  })
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
  socket.destroy(error)
}
