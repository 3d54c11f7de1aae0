import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { startOf } from './processes.ts'

/** Who uses a data directory: `{"pid": 4711, "start": "8123456"}` in `server.lock`. */
interface Holder {
  readonly pid: number
  readonly start: string
}

/**
 * Takes a data directory for this process. PostgreSQL guards its own files; this lock comes first, since a second
 * server would otherwise take the first one's PostgreSQL for a leftover and stop it.
 *
 * @returns Gives it back.
 * @throws {StartError} Another server that is alive has it.
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  const path = join(dataDir, 'server.lock')
  const own = JSON.stringify({ pid: process.pid, start: startOf(process.pid) ?? '' })
  for (let attempt = 0; !tryCreate(path, own); attempt++) {
    const seen = read(path)
    const holder = parse(seen)
    if (holder && startOf(holder.pid) === holder.start)
      throw new StartError(
        `Another Buylink server (process ${holder.pid}) uses ${dataDir}: stop it, or set BUYLINK_DATA to another directory`,
      )
    // A file without contents may be in the making right now.
    if (!holder && attempt < 5) await sleep(50)
    else removeStale(path, seen)
  }
  return () => {
    if (read(path) === own) rmSync(path, { force: true })
  }
}

function tryCreate(path: string, contents: string): boolean {
  try {
    writeFileSync(path, contents, { flag: 'wx', mode: 0o644 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Two servers may find the same stale file: the slower one must not remove the lock that the faster one then made. */
function removeStale(path: string, seen: string): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = read(aside)
  rmSync(aside, { force: true })
  if (moved !== seen) tryCreate(path, moved)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, start } = JSON.parse(text) as Partial<Holder>
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : undefined
  } catch {
    return undefined
  }
}
