import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { BuylinkError } from '../kernel/errors.ts'
import { crashPoint } from './crash-points.ts'
import { prepareStatements } from './prepared.ts'

/**
 * Every table's row, in snake_case as in SQL. Each capability adds its own in `schema.ts`:
 * `declare module '../platform/db.ts' { interface Database { quotas: {…} } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Database {}

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

export interface DatabaseOptions {
  readonly connectionString: string
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
  /** At most this many connections at a time; 10 by default. */
  readonly maxConnections?: number
  /** An idle connection broke, say by a restart of the server. The pool replaces it; this only tells. */
  readonly onIdleError?: (error: Error) => void
}

export interface OpenDatabase {
  readonly pool: pg.Pool
  readonly db: Db
  /** Waits for borrowed connections, then closes all. */
  close(): Promise<void>
}

const DATE = 1082
const TIMESTAMP = 1114
const INT8 = 20
const INT8_ARRAY = 1016
const DATE_ARRAY = 1182
const NUMERIC_ARRAY = 1231
// Typed wide: the declarations of the driver lack the array types.
const TEXT_ARRAY: number = 1009

const asText = (value: string): string => value
const textArray = pg.types.getTypeParser(TEXT_ARRAY) as (value: string) => (string | null)[]

/**
 * How values arrive: int8 as bigint; numeric and date as text, since neither fits a number or an instant; timestamptz
 * as Date. Set for our pools alone: graphile-worker expects the driver's own defaults on its pool.
 */
const parsers = new Map<number, (value: string) => unknown>([
  [INT8, BigInt],
  [INT8_ARRAY, (value) => textArray(value).map((item) => (item === null ? null : BigInt(item)))],
  [NUMERIC_ARRAY, textArray],
  [DATE, asText],
  [DATE_ARRAY, textArray],
  // A time without a zone is no instant: the driver would read it in the machine's own zone.
  [TIMESTAMP, asText],
])

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format as 'text'),
}

/** Opens a pool and the query builder on it. Connects on first use; never throws by itself. */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName ?? 'buylink',
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
    types,
  })
  // Without a listener a broken idle connection would end the process.
  pool.on('error', (error) => options.onIdleError?.(error))
  // So would one that is lent out and waits between two statements; whoever has it learns of it with the next one.
  pool.on('connect', (client) => client.on('error', () => undefined))
  prepareStatements(pool)
  const db: Db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return {
    pool,
    db,
    async close() {
      await db.destroy()
      // The builder ends the pool only if it was ever used.
      if (!pool.ended) await pool.end()
    },
  }
}

/** One transaction of a request that may be asked for again. */
export interface RequestStep {
  /** What it gave when it was committed by an earlier try of the request; undefined: it was not. */
  readonly given: { readonly value: unknown } | undefined
  /**
   * Keeps what it gives, in the transaction itself.
   *
   * @throws {BuylinkError} `idempotency_in_progress`: another try has taken the request over.
   */
  keep(tx: Tx, value: unknown): Promise<void>
}

/** The transactions of one request. */
export interface RequestSteps {
  /** @param name What the transaction is, the same with each try; of several with one name, each the next. */
  next(name: string): RequestStep
}

const stepsByDb = new WeakMap<Db, RequestSteps>()

/** The same database, whose transactions are steps of one request (docs/adr/0013-requests-in-steps.md). */
export function withSteps(db: Db, steps: RequestSteps): Db {
  const own = db.withoutPlugins()
  stepsByDb.set(own, steps)
  return own
}

const RETRIED = new Set(['40001', '40P01'])
const ATTEMPTS = 5

/**
 * Runs `work` in a transaction, again from the start when PostgreSQL chose it as the victim of a deadlock or of a
 * serialization failure: at most 5 times, so `work` must have no effect outside the transaction.
 * Inside a transaction it joins that one, and the outermost decides about another try.
 *
 * On the database of a request with an Idempotency-Key it is a step of that request (`withSteps`): what an earlier try
 * has committed is not done again, its result is returned. So a result holds all that the answer needs, a new secret
 * too, and is plain data.
 */
export async function transaction<Result>(db: Db | Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  if (db.isTransaction) return work(db as Tx)
  // Its own text tells a transaction from the others of the operation, which may skip what it finds done.
  const step = stepsByDb.get(db)?.next(work.toString())
  // Of the same operation, checked to be the same request.
  if (step?.given) return step.given.value as Result
  const run = async (tx: Tx): Promise<Result> => {
    const result = await work(tx)
    await step?.keep(tx, result)
    return result
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await db.transaction().execute(run)
      if (step) crashPoint('request.step_committed')
      return result
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRIED.has(sqlState(error) ?? '')) throw error
      // The rivals must not meet again in step.
      await sleep(Math.random() * 10 * 2 ** attempt)
    }
  }
}

/** The SQLSTATE of an error of the database, the only thing to tell such errors apart by (names differ on a cluster). */
export function sqlState(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])

/**
 * Whether the database could not be asked at all (down, restarting, out of connections, memory or disk, or a standby
 * that takes no writes), as the error that callers
 * answer 503 with; any other error is returned as it is. The outcome of a statement that was under way is unknown.
 */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const isDown =
    UNREACHABLE.has(code) ||
    (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') ||
    /^(08...|53...|57P0[123]|25006|58030)$/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client .* is not queryable$)/.test(error.message)
  return isDown ? new BuylinkError('database_unavailable', 'The database cannot be reached.', { cause: error }) : error
}
