import { type Stats, statSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { StartError } from '../start-error.ts'
import { NAME } from './cluster.ts'
import { lockDataDir } from './data-lock.ts'
import { readPostmaster } from './leftover.ts'
import { isAlive } from './processes.ts'

export interface BackUp {
  /** Copied while a server was running on it. */
  readonly isOnline: boolean
  readonly files: number
  readonly bytes: number
}

/**
 * Copies the data directory of an embedded database, running or not, so that a server started on the copy has all that
 * was acknowledged before this began: what `npx buylink backup` does. Where a server runs, the copy is a base backup with
 * the write-ahead log it needs (PostgreSQL 18, 25.3.3 "Making a Base Backup Using the Low Level API"); every file is
 * flushed to disk. It grows at `{to}.partial` and is moved into place in the end, so one that was cut short looks like none.
 *
 * @param to A folder that does not exist.
 * @throws {StartError} There is no database, `to` is there, or another server that cannot be asked has the directory.
 */
export async function backUp(dataDir: string, to: string): Promise<BackUp> {
  const from = await realpath(dataDir).catch(() => dataDir)
  if (!statSync(join(from, 'postgres/PG_VERSION'), { throwIfNoEntry: false }))
    throw new StartError(`${dataDir} has no embedded database: set BUYLINK_DATA to a data directory`)
  if (statSync(to, { throwIfNoEntry: false }))
    throw new StartError(`${to} is there already: name a folder that is not, so that nothing gets overwritten`)
  const draft = `${to}.partial`
  await rm(draft, { recursive: true, force: true })
  const copy = new Copy(from, draft)
  const postmaster = readPostmaster(join(from, 'postgres'))
  const isOnline = postmaster !== undefined && isAlive(postmaster.pid)
  if (isOnline) await copyOnline(copy, postmaster.socketFolder)
  else {
    const unlock = await lockDataDir(from)
    try {
      await copy.folder('', (path) => !isOfRunning(path))
    } finally {
      unlock()
    }
  }
  await rename(draft, to)
  return { isOnline, files: copy.files, bytes: copy.bytes }
}

/** Names a running server by its files; a new one writes its own. */
const isOfRunning = (path: string): boolean =>
  /^(server\.lock|postgres\.new)$|^postgres\/(postmaster\.(pid|opts)|\.s\.PGSQL\.)/.test(path)

/** Rebuilt at the start, or harmful in a base backup (PostgreSQL 18, 25.3.4 "Backing Up The Data Directory"). */
const EMPTY = /^postgres\/(pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//
const TEMPORARY = /(^|\/)pgsql_tmp|^postgres\/(backup_label|tablespace_map)$/
const LOG = /^postgres\/pg_wal\/[0-9A-F]{24}$/

async function copyOnline(copy: Copy, socketFolder: string): Promise<void> {
  const client = new Client({
    connectionString: `postgresql://${NAME}@/${NAME}?host=${encodeURIComponent(socketFolder)}`,
  })
  await client.connect()
  try {
    // Keeps the log from here on until this connection ends, however long the copy takes.
    await client.query(`select pg_create_physical_replication_slot('buylink_backup', true, true)`)
    await client.query(`select pg_backup_start('buylink backup', true)`)
    await copy.folder('', (path) => !isOfRunning(path) && !EMPTY.test(path) && !TEMPORARY.test(path) && !LOG.test(path))
    const { rows } = await client.query<{ label: string }>(
      'select labelfile as label from pg_backup_stop(wait_for_archive => false)',
    )
    await copy.write('postgres/backup_label', rows[0]?.label ?? '')
    // The log last: it reaches beyond the end of the copy, which is where recovery stops at the earliest.
    await copy.folder('postgres/pg_wal', (path) => LOG.test(path))
  } finally {
    await client.end()
  }
}

/** Copies file by file, with owner and mode, each flushed to disk. A file that vanishes meanwhile is none. */
class Copy {
  files = 0
  bytes = 0
  readonly #from: string
  readonly #to: string

  constructor(from: string, to: string) {
    this.#from = from
    this.#to = to
  }

  async folder(path: string, wants: (path: string) => boolean): Promise<void> {
    const stats = await lstat(join(this.#from, path))
    await mkdir(join(this.#to, path), { recursive: true })
    await this.#like(path, stats)
    for (const entry of await readdir(join(this.#from, path), { withFileTypes: true })) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`
      if (!wants(inside)) continue
      if (entry.isDirectory()) await this.folder(inside, wants).catch(ignoreGone)
      else if (entry.isFile()) await this.#file(inside).catch(ignoreGone)
    }
  }

  async write(path: string, text: string): Promise<void> {
    await using file = await open(join(this.#to, path), 'w', 0o600)
    await file.writeFile(text)
    await file.sync()
    await this.#like(path, await lstat(join(this.#from, 'postgres/PG_VERSION')))
  }

  async #file(path: string): Promise<void> {
    await using source = await open(join(this.#from, path), 'r')
    await using target = await open(join(this.#to, path), 'w', 0o600)
    // A file may grow while it is read: what is beyond is in the log.
    for await (const chunk of source.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
      await target.writeFile(chunk as Buffer)
      this.bytes += (chunk as Buffer).length
    }
    await target.sync()
    await this.#like(path, await source.stat())
    this.files++
  }

  async #like(path: string, { mode, uid, gid }: Stats): Promise<void> {
    await chmod(join(this.#to, path), mode & 0o777)
    if (process.getuid?.() === 0) await chown(join(this.#to, path), uid, gid)
  }
}

function ignoreGone(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
