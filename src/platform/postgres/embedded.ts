import { accessSync, chownSync, constants, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { type Account, chooseAccount } from './account.ts'
import { type Binaries, embeddedBinaries } from './binaries.ts'
import { ensureCluster, NAME } from './cluster.ts'
import { lockDataDir } from './data-lock.ts'
import { endLeftover } from './leftover.ts'
import { type Supervised, superviseServer } from './supervise.ts'

export interface EmbeddedOptions {
  /** Made when missing; the cluster lies in `postgres` below it. */
  readonly dataDir: string
  readonly log: { info(message: string): void; warn(message: string): void }
  /** Another build, for tests; by default the one that comes with the packages. */
  readonly binaries?: Binaries
  /** Server settings on top of the usual ones. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  readonly connectionString: string
  /** Of the postmaster. */
  readonly pid: number
  /** Ends the server cleanly: transactions under way are rolled back, all else is on disk. */
  stop(): Promise<void>
  /** Tells when PostgreSQL ended without `stop`, with a line to print before exiting. */
  onExit(listener: (reason: string) => void): void
}

/**
 * Starts the PostgreSQL that comes with Buylink as a child of this process, on a unix socket alone. It takes over
 * from a server that was killed (the leftover is ended first, then crash recovery runs as usual).
 *
 * @throws {StartError} It cannot: the directory is not usable or in use, or PostgreSQL does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = usableDirectory(options.dataDir)
  const clusterFolder = join(dataDir, 'postgres')
  const binaries = options.binaries ?? embeddedBinaries()
  const unlock = await lockDataDir(dataDir)
  let supervised: Supervised
  let socket: SocketFolder
  try {
    const { account, major } = chooseAccount(binaries, dataDir, clusterFolder)
    await endLeftover(clusterFolder, (message) => options.log.info(message))
    const isFlushed = options.settings?.['fsync'] !== 'off'
    await ensureCluster({ binaries, account, major, clusterFolder, isFlushed })
    socket = socketFolderFor(clusterFolder, account)
    const settings = { ...usualSettings(major), ...options.settings, unix_socket_directories: socket.path }
    supervised = await superviseServer({ binaries, account, clusterFolder, settings, log: options.log })
  } catch (error) {
    unlock()
    throw error
  }
  return {
    connectionString: `postgresql://${NAME}@/${NAME}?host=${encodeURIComponent(socket.path)}`,
    pid: supervised.pid,
    onExit: supervised.onExit,
    async stop() {
      await supervised.stop()
      socket.remove()
      unlock()
    },
  }
}

function usableDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return realpathSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StartError(
      `Cannot read and write the data directory ${path} (${code}): set BUYLINK_DATA to one that can be`,
    )
  }
}

/** Small, and safe: nothing here trades durability for speed. Errors of statements stay out of the log (they hold data). */
function usualSettings(major: number): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: '100',
    shared_buffers: '128MB',
    // A container's /dev/shm is often 64 MB.
    dynamic_shared_memory_type: 'mmap',
    max_parallel_workers_per_gather: '0',
    jit: 'off',
    // What is read often is in memory, and disks turn no more: as by default, an index would count as worse than it is.
    random_page_cost: '1.1',
    // A backup copies the log while the server runs, which `minimal` does not allow; there is no standby to feed.
    wal_level: 'replica',
    max_wal_senders: '0',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'log',
    log_checkpoints: 'off',
    // Three processes less; reads are mostly cached.
    ...(major >= 18 && { io_method: 'sync' }),
  }
}

interface SocketFolder {
  readonly path: string
  remove(): void
}

/** Room for a socket's path in its address: 108 bytes on Linux, 104 on macOS, the last one a NUL. */
const SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103

/** The cluster's own folder, which nobody else can enter; for a long path one like it below the temporary folder. */
function socketFolderFor(clusterFolder: string, account: Account): SocketFolder {
  if (Buffer.byteLength(join(clusterFolder, '.s.PGSQL.5432')) <= SOCKET_PATH_BYTES)
    return { path: clusterFolder, remove: () => undefined }
  const path = mkdtempSync(join(tmpdir(), 'buylink-'))
  if (account.kind === 'user') chownSync(path, account.uid, account.gid)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
