import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Account, chooseAccount, spawnAs } from '../../src/platform/postgres/account.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts'
import { readPostmaster } from '../../src/platform/postgres/leftover.ts'
import { waitUntil } from '../../src/platform/postgres/processes.ts'
import { addressOf, temporaryDataDir } from './server.ts'

const binaries = { binFolder: '/usr/lib/postgresql/15/bin' }
const silent = { info: () => undefined, warn: () => undefined }

/** Whether this machine has the tools that make a standby. */
export const canHaveStandby = (): boolean => existsSync(join(binaries.binFolder, 'pg_basebackup'))

/** A PostgreSQL whose commits wait for a standby, as docs/operations.md describes it, and that standby. */
export interface Pair {
  readonly primary: EmbeddedPostgres
  readonly standbyAddress: string
  /** `kill -9` of the primary's every process. */
  killPrimary(): Promise<void>
  stop(): Promise<void>
}

/** Starts both; the primary acknowledges nothing before the standby has it on disk. */
export async function startPair(): Promise<Pair> {
  const [primaryDir, standbyDir] = [await temporaryDataDir(), await temporaryDataDir()]
  const settings = { wal_level: 'replica', max_wal_senders: '4', synchronous_standby_names: '*' }
  // Nobody waits for a standby before there is one.
  const alone = await startEmbeddedPostgres({
    dataDir: primaryDir,
    log: silent,
    binaries,
    settings: { ...settings, synchronous_standby_names: '' },
  })
  const folder = join(standbyDir, 'postgres')
  const { account } = chooseAccount(binaries, primaryDir, join(primaryDir, 'postgres'))
  baseBackup(account, join(primaryDir, 'postgres'), folder)
  await alone.stop()
  const primary = await startEmbeddedPostgres({ dataDir: primaryDir, log: silent, binaries, settings })
  const standby = spawnAs(
    account,
    binaries,
    'postgres',
    ['-D', folder, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`],
    { stdio: 'ignore' },
  )
  const isUp = await waitUntil(() => readPostmaster(folder) !== undefined, 20_000)
  if (!isUp) throw new Error('The standby does not start')
  const ended = once(standby, 'exit')
  return {
    primary,
    standbyAddress: addressOf(standbyDir),
    async killPrimary() {
      process.kill(primary.pid, 'SIGKILL')
      await waitUntil(() => spawnSync('pgrep', ['-f', join(primaryDir, 'postgres')]).status !== 0, 10_000)
    },
    async stop() {
      standby.kill('SIGINT')
      await ended
    },
  }
}

function baseBackup(account: Account, from: string, to: string): void {
  const args = ['-h', from, '-U', 'buylink', '-D', to, '-R', '-X', 'stream', '-c', 'fast']
  const options = account.kind === 'user' ? { uid: account.uid, gid: account.gid } : {}
  // The folder above may be root's alone.
  mkdirSync(to, { mode: 0o700 })
  if (account.kind === 'user') chownSync(to, account.uid, account.gid)
  const { status, stderr } = spawnSync(join(binaries.binFolder, 'pg_basebackup'), args, { ...options, cwd: '/' })
  if (status !== 0) throw new Error(`pg_basebackup: ${stderr.toString()}`)
}
