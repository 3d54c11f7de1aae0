import { existsSync, globSync, realpathSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Binaries } from '../../src/platform/postgres/binaries.ts'
import { lockDataDir } from '../../src/platform/postgres/data-lock.ts'
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts'
import { endLeftover } from '../../src/platform/postgres/leftover.ts'

/** The PostgreSQL servers that store tests run on. */
export type ServerName = 'embedded' | 'debian15' | 'citus'

export interface TestServer {
  /** Of a database that others are created from. */
  readonly connectionString: string
  stop(): Promise<void>
}

const DEBIAN: Binaries = { binFolder: '/usr/lib/postgresql/15/bin' }

/** Where a server that already runs is found: the runner starts one of each for the whole run. */
export const addressVariable = (name: ServerName): string =>
  name === 'citus' ? 'BUYLINK_TEST_CITUS_URL' : `BUYLINK_TEST_${name.toUpperCase()}_URL`

/** The servers that can be tried on this machine. */
export function availableServers(): ServerName[] {
  const servers: ServerName[] = ['embedded']
  if (existsSync(join(DEBIAN.binFolder, 'postgres'))) servers.push('debian15')
  if (process.env['BUYLINK_TEST_CITUS_URL']) servers.push('citus')
  return servers
}

const PREFIX = 'buylink-test-'

/** Ends what test runs that were killed left behind, so that servers nobody uses do not pile up. */
export async function endAbandonedServers(): Promise<void> {
  for (const folder of globSync(join(tmpdir(), `${PREFIX}*`))) {
    // Without a lock it is being made right now.
    if (!existsSync(join(folder, 'server.lock'))) continue
    try {
      const unlock = await lockDataDir(folder)
      await endLeftover(join(realpathSync(folder), 'postgres'), () => undefined)
      unlock()
      await rm(folder, { recursive: true, force: true })
    } catch {
      // In use, someone else's, or just being made.
    }
  }
}

/** Starts a server in a temporary folder; safe to lose, so it flushes nothing to disk. */
export async function startTestServer(name: Exclude<ServerName, 'citus'>): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  // Started by root, PostgreSQL runs as `nobody`, who must be able to pass.
  await chmod(folder, 0o711)
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    log: { info: () => undefined, warn: (message) => console.error(message) },
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
    ...(name === 'debian15' && { binaries: DEBIAN }),
  })
  return {
    connectionString: server.connectionString,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
