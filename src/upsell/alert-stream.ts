import type { FastifyPluginAsync } from 'fastify'
import type { Pool, PoolClient } from 'pg'
import type { Principal } from '../platform/actor.ts'
import type { Authenticate } from '../platform/auth/authenticate.ts'
import type { Db } from '../platform/db.ts'
import { factsOf, header, hostAndPort } from '../platform/http/facts.ts'
import { ALERTS_CHANGED } from '../quotas/index.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import { assertMayRead, subjectOf } from './routes.ts'
import { type IsOwnUpgrade, upsellUser } from './facts-view.ts'

const HEARTBEAT_MS = 25_000
const RETRY_MS = 1_000
const MAX_STREAMS = 2_000
/** Tabs that one person may have open; whoever has more is served by polling there. */
const MAX_STREAMS_A_USER = 20

/** Live hints that someone's alerts changed. Only hints: whoever hears one reads the alerts again, and polls besides. */
export interface AlertStream {
  readonly plugin: FastifyPluginAsync
  start(): void
  close(): Promise<void>
}

/**
 * `GET /api/v1/alerts/stream` (server-sent events): an event `alerts` at once and after each commit that opened, changed
 * or cleared an alert of the user's tenants, whichever process made it: one listening connection a process.
 */
export function createAlertStream(options: {
  readonly db: Db
  readonly pool: Pool
  readonly authenticate: Authenticate
  readonly isOwnUpgrade: IsOwnUpgrade
  readonly onError: (error: unknown) => void
}): AlertStream {
  const { db, pool, authenticate, isOwnUpgrade, onError } = options
  const listeners = new Map<TenantId, Set<() => void>>()
  const streams = new Map<() => void, UserId>()
  let client: PoolClient | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const tell = (tenantId: TenantId) => {
    for (const hint of listeners.get(tenantId) ?? []) hint()
  }
  const tellAll = () => {
    for (const hints of listeners.values()) for (const hint of hints) hint()
  }

  async function listen(): Promise<void> {
    try {
      const opened = await pool.connect()
      if (closed) return opened.release()
      client = opened
      const again = () => {
        if (client !== opened) return
        client = undefined
        opened.release(true)
        if (!closed) timer = setTimeout(() => void listen(), RETRY_MS)
      }
      opened.on('error', again)
      opened.on('end', again)
      opened.on('notification', ({ payload }) => void (payload && tell(payload)))
      await opened.query(`listen ${ALERTS_CHANGED}`)
      // What happened while nobody listened.
      tellAll()
    } catch (error) {
      onError(error)
      if (!closed) timer = setTimeout(() => void listen(), RETRY_MS)
    }
  }

  const plugin: FastifyPluginAsync = async (app) => {
    app.get('/api/v1/alerts/stream', async (request, reply) => {
      const facts = factsOf(request, ['en'])
      const actor = await authenticate({
        method: 'GET',
        correlationId: request.id,
        request: facts,
        reply: { setCookie: () => undefined, clearCookie: () => undefined },
        authorization: header(request, 'authorization'),
        csrfToken: undefined,
        hostAndPort: hostAndPort(request),
        originHeader: header(request, 'origin'),
        secFetchSite: header(request, 'sec-fetch-site'),
      })
      if (actor.kind === 'anonymous' || !actor.scopes.has('alerts:read') || streams.size >= MAX_STREAMS)
        return reply.code(actor.kind === 'anonymous' ? 401 : streams.size >= MAX_STREAMS ? 503 : 403).send()
      const principal: Principal = actor
      const subject = subjectOf(principal, undefined)
      assertMayRead(principal, subject)
      const user = await upsellUser(db, isOwnUpgrade, subject, principal)
      const ownStreams = [...streams.values()].filter((id) => id === subject).length
      if (ownStreams >= MAX_STREAMS_A_USER) return reply.code(429).header('retry-after', '60').send()
      const tenants = [user.customerId, ...user.personalTenantIds].filter((id) => id !== null)
      reply.hijack()
      const { raw } = reply
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value)
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
      const hint = () => void raw.write('event: alerts\ndata: {}\n\n')
      const beat = setInterval(() => void raw.write(': \n\n'), HEARTBEAT_MS)
      const end = () => {
        clearInterval(beat)
        streams.delete(end)
        for (const id of tenants) {
          listeners.get(id)?.delete(hint)
          if (listeners.get(id)?.size === 0) listeners.delete(id)
        }
        raw.end()
      }
      for (const id of tenants) listeners.set(id, (listeners.get(id) ?? new Set()).add(hint))
      streams.set(end, subject)
      raw.on('close', end)
      hint()
      return reply
    })
  }

  return {
    plugin,
    start: () => void listen(),
    async close() {
      closed = true
      clearTimeout(timer)
      for (const end of streams.keys()) end()
      const opened = client
      client = undefined
      opened?.release(true)
    },
  }
}
