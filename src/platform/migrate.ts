import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { type Clock, systemClock } from '../kernel/time.ts'
import { type TableKind, tables } from './schema-manifest.ts'
import { createdTable, splitStatements, splitSubcommands, updatedTable } from './sql-statements.ts'
import { StartError } from './start-error.ts'

export interface Migration {
  readonly version: number
  /** File name, `0007_orders.sql`. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the text, line ends unified (a checkout may change them). */
  readonly checksum: string
}

interface Applied {
  readonly version: number
  readonly name: string
  readonly checksum: string
}

export const migrationsFolder: string = join(import.meta.dirname, '../../migrations')

/** Any fixed number; two servers that start at once migrate one after the other. */
const LOCK = 4_210_557_001

/** Reads the numbered files of a folder, in order. @throws {StartError} A name or a number is out of line. */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1])
      if (version !== index + 1)
        throw new StartError(`migrations/${name}: expected a name that starts with ${pad(index + 1)}_`)
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Brings the database up to the code: forward only, one transaction a file, each recorded with its checksum.
 * On a Citus coordinator each table is distributed right after its creation, as the manifest says, and an `alter table`
 * is run one subcommand at a time.
 *
 * @returns Names of the files applied now, in order.
 * @throws {StartError} The database is newer than the code, or a file was changed after it was applied.
 */
export async function migrate(
  pool: pg.Pool,
  options: {
    readonly migrations?: readonly Migration[]
    readonly manifest?: Readonly<Record<string, TableKind>>
    readonly clock?: Clock
  } = {},
): Promise<string[]> {
  const migrations = options.migrations ?? (await readMigrations())
  const client = await pool.connect()
  try {
    // Another server may be migrating a large table; wait for it as long as it takes.
    await client.query('set lock_timeout = 0')
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const pending = pendingOf(migrations, await readApplied(client))
    const isCluster = await hasCitus(client)
    for (const migration of pending)
      await apply(client, migration, isCluster ? (options.manifest ?? tables) : undefined, options.clock ?? systemClock)
    return pending.map(({ name }) => name)
  } finally {
    // Closing the connection also gives back the lock and the settings.
    client.release(true)
  }
}

/** What is left to apply. @throws {StartError} The database and the files tell different stories. */
export function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.version, migration]))
  for (const { version, name, checksum } of applied) {
    const file = files.get(version)
    if (!file)
      throw new StartError(
        `The database was migrated by a newer Buylink (${name}): start that version or a newer one, or restore a backup.`,
      )
    if (file.checksum !== checksum)
      throw new StartError(
        `migrations/${file.name} is not the file that was applied to this database: restore it from the release and put the change into a new file.`,
      )
  }
  const newest = Math.max(0, ...applied.map(({ version }) => version))
  const pending = migrations.filter(({ version }) => !applied.some((done) => done.version === version))
  const late = pending.find(({ version }) => version < newest)
  if (late)
    throw new StartError(
      `migrations/${late.name} was never applied but later ones were: restore a backup of the database.`,
    )
  return pending
}

async function readApplied(client: pg.PoolClient): Promise<Applied[]> {
  await client.query(
    `create table if not exists schema_migrations (
       version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null)`,
  )
  const { rows } = await client.query<Applied>('select version, name, checksum from schema_migrations order by version')
  return rows
}

async function hasCitus(client: pg.PoolClient): Promise<boolean> {
  const { rowCount } = await client.query(`select from pg_extension where extname = 'citus'`)
  return rowCount === 1
}

async function apply(
  client: pg.PoolClient,
  { version, name, sql, checksum }: Migration,
  cluster: Readonly<Record<string, TableKind>> | undefined,
  clock: Clock,
): Promise<void> {
  await client.query('begin')
  try {
    if (cluster) {
      // Without these, the foreign keys between a table and those before it are refused (Citus 13).
      await client.query('set local citus.enable_local_reference_table_foreign_keys to off')
      await client.query(`set local citus.multi_shard_modify_mode to 'sequential'`)
    }
    for (const statement of splitStatements(sql).flatMap((whole) => (cluster ? splitSubcommands(whole) : [whole]))) {
      if (cluster && (await changesNothing(client, statement))) continue
      await client.query(statement)
      const table = createdTable(statement)
      if (cluster && table) await distribute(client, table, cluster[table])
    }
    await client.query('insert into schema_migrations (version, name, checksum, applied_at) values ($1, $2, $3, $4)', [
      version,
      name,
      checksum,
      clock.now(),
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`migrations/${name} failed and was rolled back: ${reason}`, { cause: error })
  }
}

/** A cluster plans an update before it looks for rows, and refuses some that a table without rows does not need. */
async function changesNothing(client: pg.PoolClient, statement: string): Promise<boolean> {
  const table = updatedTable(statement)
  if (!table) return false
  const { rowCount } = await client.query(`select from ${table} limit 1`)
  return rowCount === 0
}

async function distribute(client: pg.PoolClient, table: string, kind: TableKind | undefined): Promise<void> {
  if (!kind) throw new StartError(`table ${table} is not in src/platform/schema-manifest.ts`)
  if (kind === 'reference') await client.query('select create_reference_table($1::regclass)', [table])
  if (kind === 'distributed') await client.query(`select create_distributed_table($1::regclass, 'seller_id')`, [table])
}

const pad = (version: number): string => String(version).padStart(4, '0')
