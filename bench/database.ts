import { Client } from 'pg'
import { systemClock } from '../src/kernel/time.ts'
import { openDatabase } from '../src/platform/db.ts'
import { migrate } from '../src/platform/migrate.ts'
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { ensureRoot } from '../src/tenants/index.ts'
import { defer } from './cleanup.ts'

/** More than pgbench's 128 callers, the server's own connections and ours. */
const MAX_CONNECTIONS = '200'

export interface BenchDatabase {
  /** Of the postmaster. */
  readonly pid: number
  readonly connectionString: string
  readonly client: Client
  /** Settings with which a server works on it. */
  readonly settings: Readonly<Record<string, string>>
}

/**
 * The embedded PostgreSQL as the server would start it, every commit flushed to disk; but with room for pgbench's
 * connections, and with our rows before the server reads them. Tables and root are there.
 */
export async function startDatabase(dataDir: string): Promise<BenchDatabase> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: (message) => console.error(message) },
    settings: { max_connections: MAX_CONNECTIONS },
  })
  defer(() => postgres.stop())
  // An address in the settings must be a URL, and that has no empty host beside a user name.
  const connectionString = postgres.connectionString.replace(/\/\/(\w+)@(.*)$/, '//$2&user=$1')
  const { pool, db, close } = openDatabase({ connectionString, maxConnections: 1 })
  await migrate(pool)
    .then(() => ensureRoot(db, systemClock))
    .finally(close)
  const client = new Client({ connectionString })
  await client.connect()
  defer(() => client.end())
  return {
    pid: postgres.pid,
    connectionString,
    client,
    settings: {
      DATABASE_URL: connectionString,
      BUYLINK_SECRET: 'a-secret-of-this-run-and-no-other',
      BUYLINK_DEMO: '0',
    },
  }
}
