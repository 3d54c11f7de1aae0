import { createHash } from 'node:crypto'
import { after, before, describe } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Db, openDatabase } from '../../src/platform/db.ts'
import { type Migration, migrate, readMigrations } from '../../src/platform/migrate.ts'
import {
  addressVariable,
  availableServers,
  endAbandonedServers,
  type ServerName,
  startTestServer,
  type TestServer,
} from './servers.ts'

export interface TestDatabase {
  readonly db: Db
  readonly pool: pg.Pool
  readonly connectionString: string
  readonly server: ServerName
  /** Ends what stands on it before it is dropped: a pool that is in use cannot be closed. */
  beforeClose(end: () => Promise<unknown>): void
  /** Drops it. Done by itself after the file's last test. */
  close(): Promise<void>
}

const opened = new Set<TestDatabase>()
const emptied: (() => Promise<unknown>)[] = []
const started = new Map<ServerName, Promise<TestServer>>()
let templates: Promise<readonly Migration[]> | undefined
let count = 0

// Imported at the top of a test file, so this hook is the file's own.
after(async () => {
  await Promise.all([...opened].map((database) => database.close()))
  await Promise.all(emptied.map((drop) => drop()))
  for (const server of started.values()) await (await server).stop()
})

/**
 * A migrated database of its own for a test file: `const { db } = await testDatabase()` at the top.
 * Cloned from a template in about 50 ms, and dropped after the file's last test.
 */
export async function testDatabase(server: ServerName = 'embedded'): Promise<TestDatabase> {
  const address = await addressOf(server)
  const open = server === 'citus' ? await resetCluster(address) : await cloneTemplate(address)
  const { pool, db, close } = openDatabase({ connectionString: open.connectionString, applicationName: 'buylink-test' })
  const ends: (() => Promise<unknown>)[] = []
  const database: TestDatabase = {
    beforeClose: (end) => void ends.push(end),
    db,
    pool,
    connectionString: open.connectionString,
    server,
    async close() {
      if (!opened.delete(database)) return
      for (const end of ends.reverse()) await end()
      // A test that failed may have kept a connection; the drop then ends it, and nothing waits for ever.
      await Promise.race([close(), sleep(3_000, undefined, { ref: false })])
      await open.drop()
    },
  }
  opened.add(database)
  return database
}

/**
 * Runs the same tests on every PostgreSQL that is supported and found here: the embedded one, Debian's 15, and the
 * Citus cluster of `BUYLINK_TEST_CITUS_URL`.
 *
 * @param define Gets a function that returns the database; call it inside tests and hooks.
 */
export function describeStores(name: string, define: (database: () => TestDatabase) => void): void {
  for (const server of availableServers())
    describe(`${name} on ${server}`, () => {
      let database: TestDatabase | undefined
      before(async () => {
        database = await testDatabase(server)
      })
      after(() => database?.close())
      define(() => {
        if (!database) throw new Error('The database is there only inside tests and hooks')
        return database
      })
    })
}

/** The address of a database with nothing in it, on the embedded server; dropped after the file's last test. */
export async function emptyDatabase(): Promise<string> {
  const address = await addressOf('embedded')
  const name = `empty_${process.pid}_${++count}`
  await asAdmin(address, (client) => client.query(`create database ${name}`))
  emptied.push(() => asAdmin(address, (client) => client.query(`drop database ${name} with (force)`)))
  return inDatabase(address, name)
}

/** An address of the server's own database: the runner's server, else one of this file's own. */
async function addressOf(name: ServerName): Promise<string> {
  const given = process.env[addressVariable(name)]
  if (given) return given
  if (name === 'citus') throw new Error('BUYLINK_TEST_CITUS_URL is not set')
  if (started.size === 0) await endAbandonedServers()
  const server = started.get(name) ?? startTestServer(name)
  started.set(name, server)
  return (await server).connectionString
}

interface Opened {
  readonly connectionString: string
  drop(): Promise<void>
}

async function cloneTemplate(address: string): Promise<Opened> {
  const template = await ensureTemplate(address)
  const name = `test_${process.pid}_${++count}`
  await asAdmin(address, (client) => client.query(`create database ${name} template ${template}`))
  return {
    connectionString: inDatabase(address, name),
    drop: () => asAdmin(address, (client) => client.query(`drop database ${name} with (force)`)).then(() => undefined),
  }
}

/** Migrates once a server: whoever comes first builds the template, the others wait. Its name holds the migrations' hash. */
async function ensureTemplate(address: string): Promise<string> {
  templates ??= readMigrations()
  const migrations = await templates
  const hash = createHash('sha256').update(migrations.map(({ checksum }) => checksum).join())
  const template = `template_${hash.digest('hex').slice(0, 16)}`
  return asAdmin(address, async (client) => {
    await client.query('select pg_advisory_lock(1)')
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template])
    if (rowCount === 1) return template
    await client.query('drop database if exists template_draft')
    await client.query('create database template_draft')
    const { pool, close } = openDatabase({ connectionString: inDatabase(address, 'template_draft'), maxConnections: 1 })
    await migrate(pool, { migrations }).finally(close)
    await client.query(`alter database template_draft rename to ${template}`)
    return template
  })
}

/** A cluster's tables cannot be cloned: its one database is emptied and migrated, one test file at a time. */
async function resetCluster(address: string): Promise<Opened> {
  const turn = new pg.Client({ connectionString: address })
  await turn.connect()
  try {
    await turn.query('select pg_advisory_lock(2)')
    await dropTables(turn)
    const { pool, close } = openDatabase({ connectionString: address, maxConnections: 1 })
    await migrate(pool).finally(close)
  } catch (error) {
    await turn.end()
    throw error
  }
  return { connectionString: address, drop: () => turn.end() }
}

/** The schema itself stays: the extension may live in it. */
async function dropTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ names: string | null }>(
    `select string_agg(oid::regclass::text, ', ') as names from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
       and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')`,
  )
  if (rows[0]?.names) await client.query(`drop table ${rows[0].names} cascade`)
}

async function asAdmin<Result>(address: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The same address with another database. */
function inDatabase(address: string, name: string): string {
  // `URL` refuses an empty host beside a user name, as addresses of a socket have it.
  return address.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`)
}
