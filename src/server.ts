import { createApplication } from './application.ts'
import { hasDemonstration, loadDemonstration } from './demonstration/index.ts'
import type { Logger } from 'pino'
import { type Clock, systemClock } from './kernel/time.ts'
import { type Config, readConfig } from './platform/config.ts'
import { asUnavailable, type OpenDatabase, openDatabase } from './platform/db.ts'
import { createLogger, errorFacts } from './platform/log.ts'
import { migrate } from './platform/migrate.ts'
import { startEmbeddedPostgres } from './platform/postgres/embedded.ts'
import { loadSecret } from './platform/secret.ts'
import { StartError } from './platform/start-error.ts'
import { oneStartAtATime } from './platform/start-lock.ts'
import { createStripeGateway } from './cards/index.ts'
import { ensureAccountClass } from './accounts/index.ts'
import { ensureRoot, listVisibleSellerIds, systemActor } from './tenants/index.ts'
import { ensureAdministrator, ensureRootClient } from './users/index.ts'
import { type BuiltPages, loadBuiltPages } from './web/built-pages.ts'
import { welcome } from './welcome.ts'

/** `nulls not distinct` and more came with PostgreSQL 15. */
const OLDEST_POSTGRES = 150_000

/** Everything that was started, to be ended in the opposite order. */
const cleanups: (() => Promise<unknown>)[] = []
let isStopping = false

async function stop(status: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  for (const end of cleanups.reverse()) {
    await end().catch((error: unknown) => process.stderr.write(`While stopping: ${String(error)}\n`))
  }
  process.exit(status)
}

async function start(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger({ level: process.env['LOG_LEVEL'] ?? 'warn' })
  // The job worker traces lost connections to standard error by itself; what is known belongs in the log.
  console.trace = (error: unknown) => log.warn({ error: errorFacts(error) }, 'a job worker ended')
  const built = await loadBuiltPages()
  const connectionString = config.databaseUrl ?? (await startOwnDatabase(config.dataDir))
  const secret = loadSecret(config)
  const database = openDatabase({
    connectionString,
    maxConnections: 20,
    onIdleError: (error) => {
      // Connections are closed without waiting for the database, which may end first.
      if (!isStopping) log.warn({ error: errorFacts(error) }, 'an idle database connection broke')
    },
  })
  cleanups.push(database.close)
  const version = await database.pool
    .query<{ number: number }>(`select current_setting('server_version_num')::integer as number`)
    .catch((error: unknown) => {
      throw new StartError(`The database cannot be reached (${reasonOf(error)}): check DATABASE_URL`)
    })
  if ((version.rows[0]?.number ?? 0) < OLDEST_POSTGRES) {
    throw new StartError('The database is older than PostgreSQL 15: set DATABASE_URL to a newer server')
  }
  const words = await oneStartAtATime(database.pool, () =>
    serve({ config, log, clock: systemClock, built, connectionString, secret, ...database }),
  )
  process.stdout.write(words)
}

interface Ground extends OpenDatabase {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly built: BuiltPages
  readonly connectionString: string
  readonly secret: string
}

/** From an open database to a shop that takes requests. @returns What to tell whoever started it. */
async function serve({ config, ...ground }: Ground): Promise<string> {
  const { pool, db, clock } = ground
  await migrate(pool)
  const root = await ensureRoot(db, clock)
  const system = systemActor(root.sellerId, root.id, root.path, 'start')
  await ensureAccountClass(db, clock, root.sellerId)
  const isFresh = (await listVisibleSellerIds(db, system)).length === 1
  const mayLoad = config.databaseUrl === undefined && config.nodeEnv !== 'production' && isFresh
  const isThere = await hasDemonstration(db)
  const demonstration = config.demo ?? (mayLoad || isThere)

  const isAlone = config.databaseUrl === undefined
  const { unlimitedClientIds } = config
  const cards = config.stripe && (await createStripeGateway(config.stripe))
  const app = await createApplication({ ...ground, config, demonstration, isAlone, unlimitedClientIds, cards })
  cleanups.push(() => app.stop())
  if (demonstration) await loadDemonstration(app.parts, config.publicUrl)
  await app.start()
  await app.http
    // Hidden or not: sign-ins that everybody knows are for this machine alone.
    .listen({ port: config.port, host: config.host ?? (demonstration || isThere ? '127.0.0.1' : '0.0.0.0') })
    .catch((error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? new StartError(`Port ${config.port} is in use: stop what listens there, or set PORT to another one`)
        : error
    })
  // Last, since what is generated is shown once: a start that fails before must not have made it.
  const administrator = await ensureAdministrator(db, clock, system, config.admin)
  const client = await ensureRootClient(db, clock, system, config.client)
  return welcome({ config, demonstration, administrator, client })
}

async function startOwnDatabase(dataDir: string): Promise<string> {
  const say = (message: string) => process.stderr.write(`${message}\n`)
  const server = await startEmbeddedPostgres({ dataDir, log: { info: say, warn: say } })
  cleanups.push(() => server.stop())
  server.onExit((reason) => {
    if (isStopping) return
    say(`${reason}. Buylink stops; start it again, and it recovers by itself.`)
    void stop(1)
  })
  return server.connectionString
}

/** A name with several addresses gives an error for each of them, and then the whole has no message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))

/** Somebody forgot to handle it. What the database's end breaks is tried again by itself; after anything else, who knows. */
process.on('unhandledRejection', (error) => {
  if (isStopping || asUnavailable(error) !== error) return
  process.stderr.write(
    `Buylink stops, by a mistake of its own: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
  void stop(1)
})

start().catch(async (error: unknown) => {
  // A signal came first: what was being started has lost the ground beneath it.
  if (isStopping) return

  process.stderr.write(
    `${error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  await stop(1)
})
