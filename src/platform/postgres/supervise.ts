import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { type Account, spawnAs } from './account.ts'
import type { Binaries } from './binaries.ts'
import { readPostmaster } from './leftover.ts'

export interface Supervised {
  readonly pid: number
  stop(): Promise<void>
  onExit(listener: (reason: string) => void): void
}

export interface SuperviseOptions {
  readonly binaries: Binaries
  readonly account: Account
  readonly clusterFolder: string
  readonly settings: Readonly<Record<string, string>>
  readonly log: { info(message: string): void; warn(message: string): void }
}

/**
 * Starts the postmaster and waits until it takes connections, however long crash recovery needs.
 * It gets a session of its own: Ctrl-C in a terminal is for the server, which then ends PostgreSQL in its turn.
 *
 * @throws {StartError} It ended before it was ready; with its last words.
 */
export async function superviseServer(options: SuperviseOptions): Promise<Supervised> {
  const { binaries, account, clusterFolder, settings } = options
  const args = ['-D', clusterFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const child = spawnAs(account, binaries, 'postgres', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  const words = follow(child, options.log)
  const listeners: ((reason: string) => void)[] = []
  let isStopping = false
  let end: string | undefined
  const ended = new Promise<void>((resolve) => {
    const onEnd = (how: string) => {
      end ??= `PostgreSQL ended unexpectedly (${how})${words.last()}`
      process.off('exit', endWithUs)
      if (!isStopping) for (const listener of listeners) listener(end)
      resolve()
    }
    child.once('error', (error) => onEnd(error.message))
    child.once('exit', (status, signal) => onEnd(signal ?? `status ${status}`))
  })
  /** The last chance when this process ends without `stop`: asks for a fast shutdown, which needs no parent. */
  const endWithUs = () => void child.kill('SIGINT')
  process.on('exit', endWithUs)

  await ready(child, clusterFolder, () => end, options.log)
  words.forget()
  // A child alone is no reason for this process to go on: a program that forgot `stop` ends, and takes it along.
  child.unref()
  words.unref()
  return {
    // Ready, so it was spawned and has one.
    pid: child.pid as number,
    async stop() {
      isStopping = true
      child.ref()
      // Fast, then without a last checkpoint (recovered at the next start), then not at all politely.
      for (const [signal, patienceMs] of [
        ['SIGINT', 20_000],
        ['SIGQUIT', 5_000],
        ['SIGKILL', 5_000],
      ] as const) {
        if (end !== undefined) return
        child.kill(signal)
        await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })])
      }
    },
    onExit(listener) {
      listeners.push(listener)
      if (end !== undefined && !isStopping) listener(end)
    },
  }
}

async function ready(
  child: ChildProcess,
  clusterFolder: string,
  end: () => string | undefined,
  log: SuperviseOptions['log'],
): Promise<void> {
  const started = performance.now()
  let toldMs = 5_000
  for (;;) {
    const reason = end()
    if (reason !== undefined) throw new StartError(reason)
    const postmaster = readPostmaster(clusterFolder)
    if (postmaster?.pid === child.pid && postmaster?.isReady) return
    if (performance.now() - started > toldMs) {
      log.info(`PostgreSQL is starting, for ${Math.round(toldMs / 1000)} s now (it may be recovering from a crash)`)
      toldMs *= 2
    }
    await sleep(5)
  }
}

interface Words {
  /** `: …`, ready to be put behind a sentence. */
  last(): string
  forget(): void
  /** No longer keeps this process alive. */
  unref(): void
}

/** Passes on what the server logs, and keeps the last trouble it told. */
function follow(child: ChildProcess, log: SuperviseOptions['log']): Words {
  let last = ''
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [, level, message = line] = /(FATAL|PANIC|ERROR|LOG|HINT|DETAIL):\s+(.*)/.exec(line) ?? []
      // Each connection says this at a stop, or when the postmaster was killed: then its end is told once.
      if (/^terminating connection due to (administrator|unexpected postmaster exit)/.test(message)) return
      if (level === 'FATAL' || level === 'PANIC') {
        last = message
        log.warn(`postgres: ${message}`)
      } else if (level === undefined && last === '') last = message
    })
  return {
    last: () => (last === '' ? '' : `: ${last}`),
    forget() {
      last = ''
    },
    // A pipe is a socket to Node, whose declarations only say that it is readable.
    unref: () => (child.stderr as Socket | null)?.unref(),
  }
}
