import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { readMigrations } from '../migrate.ts'
import type { HttpMetrics } from './metrics.ts'

const TIMEOUT_MS = 2000

/**
 * `/healthz`: the process answers. `/readyz`: it may be sent requests: the database answers within two seconds and has
 * every migration of this version, and the server is not stopping. `/metrics`: Prometheus' text format.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  options: { readonly pool: Pool; readonly metrics: HttpMetrics; readonly isStopping: () => boolean },
): void {
  let newest: Promise<number> | undefined
  const newestMigration = () => {
    newest ??= readMigrations().then((migrations) => migrations.at(-1)?.version ?? 0)
    return newest
  }

  async function whatIsMissing(): Promise<string | undefined> {
    if (options.isStopping()) return 'stopping'
    const asked = options.pool
      .query<{ version: number | null }>('select max(version) as version from schema_migrations')
      .then(({ rows }) => rows[0]?.version ?? 0)
    // Whichever loses the race must not go unheard.
    asked.catch(() => undefined)
    try {
      const applied = await Promise.race([asked, sleep(TIMEOUT_MS, undefined, { ref: false })])
      if (applied === undefined) return 'database does not answer'
      return applied < (await newestMigration()) ? 'migrations are not done' : undefined
    } catch {
      return 'database cannot be reached'
    }
  }

  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const missing = await whatIsMissing()
    return reply
      .code(missing === undefined ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(missing === undefined ? { status: 'ready' } : { status: 'not_ready', reason: missing })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics()),
  )
}
