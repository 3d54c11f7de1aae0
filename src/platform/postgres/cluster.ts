import { once } from 'node:events'
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { StartError } from '../start-error.ts'
import { type Account, spawnAs } from './account.ts'
import type { Binaries } from './binaries.ts'

/** Name of the database, and of the role that owns it. */
export const NAME = 'buylink'

export interface ClusterOptions {
  readonly binaries: Binaries
  readonly account: Account
  readonly major: number
  readonly clusterFolder: string
  /** Whether files are flushed to disk while the cluster is made; tests go without. */
  readonly isFlushed: boolean
}

/**
 * Makes the cluster where there is none yet, complete or not at all: it grows beside and is moved into place, so a
 * start that is cut short leaves nothing that looks usable.
 *
 * @throws {StartError} The cluster belongs to another major version, or cannot be made.
 */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const { clusterFolder, major } = options
  const found = versionOf(clusterFolder)
  if (found === major) return
  if (found !== undefined)
    throw new StartError(
      `${clusterFolder} was made by PostgreSQL ${found}, this is ${major}: start the release that made it, or restore a dump`,
    )
  if (statSync(clusterFolder, { throwIfNoEntry: false }))
    throw new StartError(`${clusterFolder} is there but holds no database: move it away, or restore it from a backup`)

  const draft = `${clusterFolder}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  if (options.account.kind === 'user') chownSync(draft, options.account.uid, options.account.gid)
  await initialise(options, draft)
  await createDatabase(options, draft)
  renameSync(draft, clusterFolder)
}

function versionOf(clusterFolder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(clusterFolder, 'PG_VERSION'), 'utf8'), 10)
  } catch {
    return undefined
  }
}

/**
 * Text sorts by code point: the same order on every machine and in every later release, which a language's order is
 * not. Whoever reaches the socket may do all (`trust`): it lies in a directory that only the owner of these very
 * files can enter.
 */
async function initialise({ binaries, account, major, isFlushed }: ClusterOptions, folder: string): Promise<void> {
  const locale =
    major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C.UTF-8']
  const args = ['-D', folder, `--username=${NAME}`, '--auth=trust', '--encoding=UTF8', '--no-instructions', ...locale]
  if (!isFlushed) args.push('--no-sync')
  const child = spawnAs(account, binaries, 'initdb', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await finished(child, `Cannot make a database in ${folder}`)
}

async function createDatabase({ binaries, account, isFlushed }: ClusterOptions, folder: string): Promise<void> {
  const args = ['--single', '-D', folder, '-c', `fsync=${isFlushed ? 'on' : 'off'}`, 'postgres']
  const child = spawnAs(account, binaries, 'postgres', args, { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin?.end(`create database ${NAME};\n`)
  await finished(child, `Cannot make a database in ${folder}`)
}

async function finished(child: ReturnType<typeof spawnAs>, what: string): Promise<void> {
  // A start that is ended leaves nobody at work in a folder that the next one removes.
  const endWithUs = () => void child.kill()
  process.once('exit', endWithUs)
  const [words, status] = await Promise.all([
    child.stderr ? text(child.stderr) : '',
    once(child, 'close').then(([code]: unknown[]) => code),
  ])
  process.off('exit', endWithUs)
  if (status !== 0) throw new StartError(`${what}: ${words.trim().split('\n').at(-1) || `status ${String(status)}`}`)
}
