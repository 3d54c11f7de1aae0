import { after } from 'node:test'
import { pino } from 'pino'
import { newId } from '../../src/kernel/ids.ts'
import type { Clock } from '../../src/kernel/time.ts'
import type { Actor, Principal } from '../../src/platform/actor.ts'
import { createIdempotency } from '../../src/platform/http/idempotency.ts'
import type { AnyRoute } from '../../src/platform/http/route.ts'
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/platform/http/server.ts'
import { fixedClock } from './clock.ts'
import type { TestDatabase } from './database.ts'

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; undefined without one. */
  readonly body: { readonly [key: string]: never } | undefined
}

export interface TestServer {
  readonly origin: string
  readonly server: HttpServer
  request(
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<TestAnswer>
  close(): Promise<void>
}

/** A signed-in caller for tests. */
export const testPrincipal = (given: Partial<Principal> = {}): Principal => ({
  kind: 'user',
  id: newId(),
  tenantId: newId(),
  sellerId: newId(),
  path: '1',
  scopes: new Set(),
  roles: [],
  onlyManagerId: null,
  correlationId: newId(),
  ...given,
})

/**
 * A real server on a free port of the loopback, every output checked against its schema. Closed after the file's last test.
 *
 * @param options.actor Who calls, without any sign-in: a value, or a function asked with each request.
 */
export async function testServer(
  database: Pick<TestDatabase, 'db' | 'pool'>,
  options: Partial<HttpServerOptions> & {
    readonly routes: readonly AnyRoute[]
    readonly actor?: Actor | (() => Actor)
    readonly clock?: Clock
  },
): Promise<TestServer> {
  const clock = options.clock ?? fixedClock()
  const { actor = { kind: 'anonymous', correlationId: newId() }, ...given } = options
  const server = await createHttpServer({
    db: database.db,
    pool: database.pool,
    clock,
    config: { trustProxy: [], publicUrl: 'http://localhost:8080' },
    log: pino({ level: 'silent' }),
    authenticate: async () => (typeof actor === 'function' ? actor() : actor),
    idempotency: createIdempotency({ pool: database.pool, clock, secret: 'a secret of the tests, long enough' }),
    checkOutputs: true,
    ...given,
  })
  const origin = await server.listen({ port: 0, host: '127.0.0.1' })
  let closing: Promise<void> | undefined
  const close = () => (closing ??= server.close())
  after(close)
  return {
    origin,
    server,
    close,
    async request(method, path, { body, headers = {} } = {}) {
      const isText = typeof body === 'string' || body === undefined
      const response = await fetch(origin + path, {
        method,
        redirect: 'manual',
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = /json/.test(response.headers.get('content-type') ?? '')
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson && text !== '' ? JSON.parse(text) : undefined,
      }
    },
  }
}
