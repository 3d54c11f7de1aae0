import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readPostmaster } from '../../src/platform/postgres/leftover.ts'
import { processesIn, startOf, waitUntil } from '../../src/platform/postgres/processes.ts'
import { atEnd } from './at-end.ts'

export interface Exit {
  /** `null` when a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** A real server in a process of its own. */
export interface ServerProcess {
  /** `http://localhost:{port}`: the demonstration's canonical store, and the operator's own pages. */
  readonly origin: string
  readonly port: number
  readonly pid: number
  /** Of its embedded PostgreSQL; undefined while there is none. */
  postmasterPid(): number | undefined
  stdout(): string
  stderr(): string
  readonly exited: Promise<Exit>
  /** Ends it politely, and waits. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
  /** `kill -9` of the server alone, and waits. Its PostgreSQL is left behind. */
  kill(): Promise<Exit>
}

export interface ServerOptions {
  /** Of the embedded PostgreSQL; leave it out with `DATABASE_URL` in `env`. */
  readonly dataDir?: string
  readonly port?: number
  /** On top of an environment with nothing of ours. */
  readonly env?: Readonly<Record<string, string>>
  /** Another Node. */
  readonly node?: string
  /** What it runs: `src/server.ts` by default. */
  readonly args?: readonly string[]
}

const ROOT = join(import.meta.dirname, '../..')
const READY_MS = 60_000
const EXIT_MS = 45_000

const living = new Set<ChildProcess>()
const folders = new Set<string>()

// Imported at the top of a test file, so this hook is the file's own: nothing that it started outlives it.
atEnd(async () => {
  for (const child of living) child.kill('SIGKILL')
  await waitUntil(() => living.size === 0, 5_000)
  for (const folder of folders) {
    const postmaster = readPostmaster(join(folder, 'postgres'))
    if (postmaster && processesIn(join(folder, 'postgres')).includes(postmaster.pid))
      process.kill(postmaster.pid, 'SIGQUIT')
    await waitUntil(() => leftOf(folder).length === 0, 5_000)
    rmSync(folder, { recursive: true, force: true })
  }
})

/** An empty data directory, removed after the file's last test. */
export async function temporaryDataDir(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'buylink-journey-'))
  folders.add(folder)
  // Started by root, PostgreSQL runs as `nobody`, who must be able to pass.
  await chmod(folder, 0o711)
  return folder
}

/** Where the run of all tests has a data directory with the demonstration, stopped cleanly. */
export const DEMONSTRATION_VARIABLE = 'BUYLINK_TEST_DEMONSTRATION'

/**
 * A data directory for a server with the demonstration: a copy where the run of all tests has made one, which saves each
 * file the first start of all; else empty, and the start fills it.
 */
export async function demonstrationDataDir(): Promise<string> {
  const folder = await temporaryDataDir()
  const ready = process.env[DEMONSTRATION_VARIABLE]
  if (ready !== undefined) copyDataDir(ready, folder)
  return folder
}

/** Copies the data directory of a server that was stopped. Node's own copy does not keep the owner, who may be `nobody`. */
export const copyDataDir = (from: string, to: string): void => {
  execFileSync('cp', ['-a', `${from}/.`, to])
}

/** Ids of the PostgreSQL processes that work in a data directory (Linux alone tells). */
export const leftOf = (dataDir: string): number[] => processesIn(join(dataDir, 'postgres'))

/** Address of a data directory's PostgreSQL, while a server runs on it. */
export const addressOf = (dataDir: string): string =>
  `postgresql://buylink@/buylink?host=${encodeURIComponent(join(dataDir, 'postgres'))}`

/** A port that nobody listens on, below those the system gives out by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false))
      server.listen(port, () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/** Starts a server and does not wait: for starts that fail. */
export async function spawnServer(options: ServerOptions): Promise<ServerProcess> {
  const port = options.port ?? (await freePort())
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env
  const child = spawn(options.node ?? process.execPath, options.args ?? ['src/server.ts'], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      // Tests start many; the second one has its modules compiled.
      NODE_COMPILE_CACHE: join(ROOT, '.cache/compiled'),
      PORT: String(port),
      ...(options.dataDir !== undefined && { BUYLINK_DATA: options.dataDir }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  living.add(child)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => {
      living.delete(child)
      resolve({ status, signal })
    })
  })
  exited.catch(() => living.delete(child))
  const end = async (signal: NodeJS.Signals): Promise<Exit> => {
    child.kill(signal)
    const late = new AbortController()
    const exit = await Promise.race([exited, sleep(EXIT_MS, undefined, { signal: late.signal })])
    late.abort()
    if (!exit) throw new Error(`The server did not end within ${EXIT_MS / 1000} s of ${signal}: ${err}`)
    return exit
  }
  const { dataDir } = options
  return {
    origin: `http://localhost:${port}`,
    port,
    pid: child.pid ?? 0,
    postmasterPid: () => (dataDir === undefined ? undefined : readPostmaster(join(dataDir, 'postgres'))?.pid),
    stdout: () => out,
    stderr: () => err,
    exited,
    stop: (signal = 'SIGTERM') => end(signal),
    kill: () => end('SIGKILL'),
  }
}

/** Starts a server and waits until it takes requests. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const server = await spawnServer(options)
  const giveUpAtMs = performance.now() + READY_MS
  let exit: Exit | undefined
  server.exited.then(
    (how) => (exit = how),
    (error: unknown) => (exit = { status: -1, signal: null, ...Object(error) }),
  )
  while (!(await isReady(server.origin))) {
    if (exit)
      throw new Error(`The server ended (${exit.signal ?? exit.status}) before it was ready: ${server.stderr()}`)
    if (performance.now() > giveUpAtMs)
      throw new Error(`The server is not ready after ${READY_MS / 1000} s: ${server.stderr()}`)
    await sleep(15)
  }
  return server
}

/** What it tells whoever started it, once it has told all. */
export async function welcomeOf(server: ServerProcess): Promise<string> {
  assert.ok(await waitUntil(() => server.stdout().includes('Stop with'), 10_000))
  return server.stdout()
}

/** A start that must fail, with no more than a line for each reason and no stack. @returns What it said. */
export async function refused(options: ServerOptions): Promise<string> {
  const server = await spawnServer(options)
  const { status } = await server.exited
  assert.equal(status, 1, server.stderr())
  assert.equal(server.stdout(), '')
  assert.doesNotMatch(server.stderr(), /^\s+at /m)
  return server.stderr()
}

const isReady = (origin: string): Promise<boolean> =>
  fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Whether a process of ours is gone; a number alone could be somebody else's by now. */
export const isGone = (pid: number): boolean => startOf(pid) === undefined
