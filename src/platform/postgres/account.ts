import { type ChildProcess, type SpawnOptions, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import type { Binaries } from './binaries.ts'

/**
 * Who runs PostgreSQL, which refuses to be root. `self`: we are no root. `user`: root hands it to this uid.
 * `namespace`: root as seen from outside, `nobody` as seen from inside, without any of root's powers.
 */
export type Account = { kind: 'self' } | { kind: 'user'; uid: number; gid: number } | { kind: 'namespace' }

/** `nobody` on Debian and its like. initdb wants a uid that has a name. */
const NOBODY = 65534

/**
 * Finds an account that can enter both the data directory and the folder of the binaries, by trying.
 *
 * @param clusterFolder PostgreSQL's own directory below `dataDir`; where it exists its owner decides.
 * @returns The account and PostgreSQL's major version.
 * @throws {StartError} None can, or the binaries do not run here.
 */
export function chooseAccount(
  binaries: Binaries,
  dataDir: string,
  clusterFolder: string,
): { account: Account; major: number } {
  let words = ''
  for (const account of candidates(clusterFolder)) {
    const { stdout, stderr } = tryAs(account, binaries, dataDir)
    const major = /PostgreSQL\) (\d+)/.exec(stdout)?.[1]
    if (major) return { account, major: Number(major) }
    words ||= stderr.trim().split('\n').at(-1) ?? ''
  }
  if (process.getuid?.() !== 0)
    throw new StartError(`The embedded PostgreSQL does not run here (${words}): set DATABASE_URL`)
  throw new StartError(
    `PostgreSQL must not run as root, and no other user can enter ${dataDir} or ${binaries.binFolder} (${words}): ` +
      'start as an ordinary user, or open the folders above them (chmod o+x)',
  )
}

function candidates(clusterFolder: string): Account[] {
  if (process.getuid?.() !== 0) return [{ kind: 'self' }]
  const existing = statSync(clusterFolder, { throwIfNoEntry: false })
  if (!existing) return [{ kind: 'user', uid: NOBODY, gid: NOBODY }, { kind: 'namespace' }]
  return existing.uid === 0 ? [{ kind: 'namespace' }] : [{ kind: 'user', uid: existing.uid, gid: existing.gid }]
}

function tryAs(account: Account, binaries: Binaries, dataDir: string): SpawnSyncReturns<string> {
  const script = 'cd "$1" && exec "$2" --version'
  const args = ['-c', script, 'sh', dataDir, join(binaries.binFolder, 'postgres')]
  const [file, allArgs, options] = commandAs(account, binaries, '/bin/sh', args)
  const result = spawnSync(file, allArgs, { ...options, encoding: 'utf8' })
  return { ...result, stdout: result.stdout ?? '', stderr: result.stderr ?? result.error?.message ?? '' }
}

/** Starts a program as the account, with nothing of our environment but the path. */
export function spawnAs(
  account: Account,
  binaries: Binaries,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const [file, allArgs, own] = commandAs(account, binaries, join(binaries.binFolder, program), args)
  return spawn(file, allArgs, { ...own, ...options })
}

function commandAs(
  account: Account,
  { libFolder }: Binaries,
  file: string,
  args: readonly string[],
): [file: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number }] {
  const library = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(libFolder && { [library]: libFolder }),
  }
  // Our current directory may be one that the account cannot enter.
  const options = { cwd: '/', env }
  if (account.kind === 'user') return [file, [...args], { ...options, uid: account.uid, gid: account.gid }]
  if (account.kind === 'self') return [file, [...args], options]
  const mapping = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--']
  return ['unshare', [...mapping, file, ...args], options]
}
