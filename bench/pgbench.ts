import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { defer } from './cleanup.ts'
import type { Outcome } from './loader.ts'

export interface LimitLoad {
  /** File beside this one with the statement: `order-limit.sql`. */
  readonly script: string
  readonly connectionString: string
  readonly callers: number
  /** Rows prepared for each caller. */
  readonly each: number
  /** How long they work; undefined: until each has done its own. */
  readonly seconds?: number
  /** Number of the first prepared row, and the sellers they are of (see `Checkouts`). */
  readonly first: number
  readonly firstSeller: number
  readonly sellers: number
}

/** What does the work of the limit here. */
export const limitTool = (): string =>
  findPgbench() ? 'pgbench -M prepared' : 'a bare pg client (there is no pgbench)'

const findPgbench = (): string | undefined =>
  ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench').sort().reverse()].find((path) =>
    existsSync(path),
  )

/** Does the work by one prepared statement each, straight in the database. */
export const workByLimit = (options: LimitLoad): Promise<Outcome> => {
  const pgbench = findPgbench()
  return pgbench ? byPgbench(pgbench, options) : byClient(options)
}

async function byPgbench(pgbench: string, options: LimitLoad): Promise<Outcome> {
  const logs = await mkdtemp(join(tmpdir(), 'buylink-pgbench-'))
  defer(() => rm(logs, { recursive: true, force: true }))
  const { callers, each } = options
  const variables = { i: 0, first: options.first, each, seller: options.firstSeller, sellers: options.sellers }
  const { stdout } = await promisify(execFile)(
    pgbench,
    [
      '--no-vacuum',
      '--protocol=prepared',
      `--file=${join(import.meta.dirname, options.script)}`,
      '--log',
      `--log-prefix=${join(logs, 'log')}`,
      `--client=${callers}`,
      `--jobs=${Math.min(callers, availableParallelism())}`,
      options.seconds ? `--time=${options.seconds}` : `--transactions=${each}`,
      ...Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`),
      options.connectionString,
    ],
    { timeout: 60_000 },
  )
  // A line a transaction: client, number, microseconds it took, script, and when it ended in seconds and microseconds.
  const lines = (await Promise.all(globSync(join(logs, 'log*')).map((path) => readFile(path, 'utf8'))))
    .join('')
    .trimEnd()
  const transactions = lines.split('\n').map((line) => {
    const [client = 0, , micros = 0, , seconds = 0, rest = 0] = line.split(' ').map(Number)
    return { client, tookMs: micros / 1000, endMs: seconds * 1000 + rest / 1000 }
  })
  if (lines === '') throw new Error(`pgbench did nothing: ${stdout}`)
  return oncePlanned(transactions)
}

/** Each connection plans its statement anew in its first transactions: Buylink's have done so long ago. */
const PLANNING = 6

interface Transaction {
  readonly client: number
  readonly tookMs: number
  readonly endMs: number
}

/** What was done from when all had planned, or in the second half where that took longer. */
function oncePlanned(transactions: readonly Transaction[]): Outcome {
  const started = Math.min(...transactions.map(({ endMs, tookMs }) => endMs - tookMs))
  const until = Math.max(...transactions.map(({ endMs }) => endMs))
  const planned = [...Map.groupBy(transactions, ({ client }) => client).values()].map(
    (own) => own[PLANNING - 1]?.endMs ?? until,
  )
  const from = Math.min(Math.max(...planned), (started + until) / 2)
  const counted = transactions.filter(({ endMs }) => endMs > from)
  return {
    requests: transactions.length,
    perSecond: (counted.length * 1000) / (until - from),
    latenciesMs: counted.map(({ tookMs }) => tookMs),
  }
}

/** The same statement by the driver, for machines without pgbench. It costs more than pgbench, so the limit is lower. */
async function byClient(options: LimitLoad): Promise<Outcome> {
  const statement = (await readFile(join(import.meta.dirname, options.script), 'utf8'))
    .replaceAll(/^(--|\\set).*\n/gm, '')
    .replace(/;\s*$/, '')
    .replaceAll(':s::', '$1::')
    .replaceAll(':n::', '$2::')
  const clients = await Promise.all(
    Array.from({ length: options.callers }, async () => {
      const client = new Client({ connectionString: options.connectionString })
      await client.connect()
      return client
    }),
  )
  const transactions: Transaction[] = []
  const deadline = performance.now() + (options.seconds ?? 60) * 1000
  await Promise.all(
    clients.map(async (client, caller) => {
      for (let i = 0; i < options.each && performance.now() < deadline; i++) {
        const n = options.first + caller * options.each + i
        const begun = performance.now()
        await client.query({
          name: options.script,
          text: statement,
          values: [options.firstSeller + (n % options.sellers), n],
        })
        const endMs = performance.now()
        transactions.push({ client: caller, tookMs: endMs - begun, endMs })
      }
    }),
  )
  await Promise.all(clients.map((client) => client.end()))
  return oncePlanned(transactions)
}
