import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { BuylinkError } from '../../kernel/errors.ts'
import type { SellerId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Actor, Principal } from '../actor.ts'
import type { Authenticate } from '../auth/authenticate.ts'
import { formatCookie } from '../auth/cookies.ts'
import { type Db, withSteps } from '../db.ts'
import { errorFacts } from '../log.ts'
import type { Answer } from './answer.ts'
import type { ReadBody } from './body.ts'
import type { SentFile } from './file.ts'
import { factsOf, header, hostAndPort } from './facts.ts'
import type { Idempotency } from './idempotency.ts'
import { inputReader } from './input.ts'
import { asExpected, PROBLEM_TYPE, renderProblem, unexpected } from './problem.ts'
import { addressKey, callerKey, perMinute, policyOf, type RateLimiter, RATES } from './rate-limit.ts'
import type { AnyRoute, ReplyFacts, RequestFacts, RouteContext } from './route.ts'
import { traceOf } from './trace.ts'
import { wireOf } from './wire.ts'

export interface RouteServices {
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  /** Of the seller that the caller belongs to; by default `clock`. */
  readonly clockOf?: ((sellerId: SellerId) => Clock) | undefined
  readonly log: Logger
  readonly authenticate: Authenticate
  readonly idempotency: Idempotency
  readonly rateLimiter: RateLimiter
  readonly languages: readonly string[]
  /** API clients without a rate limit: for benchmarks, never by default. */
  readonly unlimitedClientIds: ReadonlySet<string>
  /** Checks each output against its schema and fails where they differ: for tests. */
  readonly checkOutputs: boolean
  /** Told after each change that succeeded: there may be events to relay. */
  readonly afterWrite: () => void
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** What one request gathers for its answer. */
interface Exchange {
  readonly headers: Record<string, string>
  readonly cookies: string[]
  status?: number
}

/** Turns a route into the framework's handler: limit, caller, scope, input, idempotency, operation, output. */
export function serveRoute(route: AnyRoute, services: RouteServices) {
  const wire = wireOf(route.input)
  const output = wireOf(route.output)
  const readInput = inputReader(route, wire)
  const routeLimit = route.limitPerMinute === undefined ? undefined : perMinute('minute', route.limitPerMinute)
  const render = route.renderError ?? renderProblem
  const errorType = route.renderError ? JSON_TYPE : PROBLEM_TYPE
  const isWrite = route.method !== 'GET'
  // Made at the start, so that an output which JSON cannot carry stops the server and not a customer.
  output.prepare()

  async function authorize(
    request: FastifyRequest,
    facts: RequestFacts,
    exchange: Exchange,
    correlationId: string,
  ): Promise<Actor> {
    const address = addressKey(facts.ip)
    if (routeLimit) Object.assign(exchange.headers, services.rateLimiter.take(routeLimit, `${route.path} ${address}`))
    const actor = await services
      .authenticate({
        method: request.method,
        correlationId,
        request: facts,
        reply: replyFacts(exchange, facts.origin),
        authorization: header(request, 'authorization'),
        csrfToken: header(request, 'x-csrf-token'),
        hostAndPort: hostAndPort(request),
        originHeader: header(request, 'origin'),
        secFetchSite: header(request, 'sec-fetch-site'),
      })
      .catch((error: unknown) => {
        // Guessing tokens is limited like any stranger's requests.
        services.rateLimiter.take(RATES.anonymous, address)
        throw error
      })
    const policy = policyOf(actor)
    if (policy && !routeLimit && !(actor.kind === 'api_client' && services.unlimitedClientIds.has(actor.id)))
      Object.assign(exchange.headers, services.rateLimiter.take(policy, callerKey(actor, facts.ip)))
    checkScope(route.scope, actor)
    return actor
  }

  async function perform(context: RouteContext<Actor>, input: unknown, exchange: Exchange): Promise<Answer> {
    // `checkScope` has shown that a route with a scope has a principal.
    const value = await route.handle(context as RouteContext<Principal>, input)
    if (isWrite) services.afterWrite()
    if (services.checkOutputs && !route.sends) output.check(value)
    const status = exchange.status ?? route.status ?? 200
    const headers = { ...exchange.headers }
    if (route.sends) {
      const file = value as SentFile
      const body = 'bytes' in file ? file.bytes : Readable.from(file.text)
      return { status, headers: { ...headers, 'content-type': route.sends }, cookies: exchange.cookies, body }
    }
    const etag = etagOf(value)
    if (etag !== undefined) headers['etag'] = etag
    if (status === 204) return { status, headers, cookies: exchange.cookies, body: undefined }
    headers['content-type'] = JSON_TYPE
    return { status, headers, cookies: exchange.cookies, body: JSON.stringify(output.write(value)) }
  }

  function fail(thrown: unknown, exchange: Exchange, requestId: string, log: () => Logger): Answer {
    const expected = asExpected(thrown)
    const error = expected ?? unexpected(thrown)
    if (error.status >= 500) log().error({ route: route.path, error: errorFacts(thrown) }, 'request failed')
    const answer = render({ error, requestId })
    return {
      status: answer.status,
      headers: { ...exchange.headers, 'content-type': errorType, ...answer.headers },
      cookies: exchange.cookies,
      body: JSON.stringify(answer.body),
    }
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const trace = traceOf(request.id, header(request, 'traceparent'))
    const exchange: Exchange = { headers: { 'x-request-id': request.id, traceparent: trace.traceparent }, cookies: [] }
    let child: Logger | undefined
    const log = () => (child ??= services.log.child({ request_id: request.id, trace_id: trace.correlationId }))
    let answer: Answer
    try {
      const facts = factsOf(request, services.languages)
      const actor = await authorize(request, facts, exchange, trace.correlationId)
      const body = request.body as ReadBody | undefined
      const input = readInput({
        params: request.params as Record<string, string>,
        query: request.query as Record<string, string | string[]>,
        body: route.list && body?.value !== undefined ? { [route.list]: [body.value].flat() } : body?.value,
      })
      const contextOn = (db: Db): RouteContext<Actor> => ({
        db,
        pool: services.pool,
        clock: (actor.kind !== 'anonymous' && services.clockOf?.(actor.sellerId)) || services.clock,
        get log() {
          return log()
        },
        actor,
        request: facts,
        reply: replyFacts(exchange, facts.origin),
      })
      if (facts.idempotencyKey === undefined || route.method !== 'POST' || route.form)
        answer = await perform(contextOn(services.db), input, exchange)
      else {
        answer = await services.idempotency.once(
          {
            caller: callerKey(actor, facts.ip),
            key: facts.idempotencyKey,
            method: route.method,
            path: request.url,
            body: body?.raw ?? '',
          },
          (steps) =>
            perform(contextOn(withSteps(services.db, steps)), input, exchange).catch((error: unknown) =>
              fail(error, exchange, request.id, log),
            ),
        )
        // Kept headers may be another request's: the id is this one's.
        answer = { ...answer, headers: { ...answer.headers, ...exchange.headers } }
      }
    } catch (error) {
      answer = fail(error, exchange, request.id, log)
    }
    return send(request, reply, answer)
  }
}

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  reply.headers(answer.headers)
  if (answer.cookies.length > 0) reply.header('set-cookie', [...answer.cookies])
  const etag = answer.headers['etag']
  if (request.method === 'GET' && etag !== undefined && header(request, 'if-none-match') === etag)
    return reply.code(304).removeHeader('content-type').send()
  return reply.code(answer.status).send(answer.body)
}

/** A signed-in user always may do what concerns the own session; everything else is named in the caller's scopes. */
function checkScope(scope: string | null, actor: Actor): void {
  if (scope === null) return
  if (actor.kind === 'anonymous') throw new BuylinkError('unauthenticated', 'Sign in, or send an access token.')
  const isOwn = scope.startsWith('session:') && actor.kind === 'user'
  if (!isOwn && actor.owesSecondFactor)
    throw new BuylinkError('forbidden', 'Set up a second factor first: this installation requires one of its staff.')
  if (!isOwn && !actor.scopes.has(scope))
    throw new BuylinkError('forbidden', `This needs the scope ${scope}, which you do not have.`)
}

function etagOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('version' in value)) return undefined
  const { version } = value
  return typeof version === 'bigint' || typeof version === 'number' ? `"${version}"` : undefined
}

function replyFacts(exchange: Exchange, origin: string): ReplyFacts {
  const { headers, cookies } = exchange
  const put = (name: string, cookie: string) => {
    // The last one counts; two of one name would leave the choice to the browser.
    const index = cookies.findIndex((other) => other.startsWith(`${name}=`))
    if (index >= 0) cookies.splice(index, 1)
    cookies.push(cookie)
  }
  return {
    setCookie: (name, value, options) => put(name, formatCookie(name, value, origin, options)),
    clearCookie: (name) => put(name, formatCookie(name, '', origin, { maxAgeSeconds: 0 })),
    header: (name, value) => {
      headers[name.toLowerCase()] = value
    },
    status: (code) => {
      exchange.status = code
    },
  }
}
