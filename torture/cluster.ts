import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { freePort, type ServerProcess, startServer, temporaryDataDir } from '../test/harness/server.ts'
import { defer } from './cleanup.ts'
import { SETTINGS } from './people.ts'

/** A PostgreSQL of its own, flushed to disk as in earnest, that servers reach by `DATABASE_URL`. */
export interface Database {
  readonly address: string
  readonly dataDir: string
}

export async function startDatabase(settings: Readonly<Record<string, string>> = {}): Promise<Database> {
  const dataDir = await temporaryDataDir()
  // What it complains of is what is done to it.
  const quiet = { info: () => undefined, warn: () => undefined }
  const server = await startEmbeddedPostgres({ dataDir, log: quiet, settings })
  defer(() => server.stop())
  return { address: server.connectionString, dataDir }
}

export interface MemberOptions {
  /** Where the database is for this one, if not where it really is. */
  readonly address: string
  /** What all members say of themselves; the first one's origin by default. */
  readonly publicUrl?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

/** What a server on a database of the run is started with. */
export const memberSettings = (address: string, publicUrl: string): Readonly<Record<string, string>> => ({
  ...SETTINGS,
  DATABASE_URL: address,
  BUYLINK_SECRET: 'a secret that all servers of a run share, long enough',
  BUYLINK_DEMO: '1',
  BUYLINK_PUBLIC_URL: publicUrl,
  BUYLINK_ADMIN_EMAIL: 'root@torture.example',
  BUYLINK_ADMIN_PASSWORD: 'a-password-of-this-run',
})

/** One of several servers on a database; the first loads the demonstration. */
export async function startMember({
  address,
  publicUrl,
  env,
  args = ['scripts/start.mjs'],
}: MemberOptions): Promise<ServerProcess> {
  const port = await freePort()
  return startServer({
    port,
    args,
    env: { ...memberSettings(address, publicUrl ?? `http://localhost:${port}`), ...env },
  })
}

/** Several servers, one after the other: the first makes the tables. */
export async function startMembers(
  count: number,
  options: MemberOptions,
): Promise<[ServerProcess, ...ServerProcess[]]> {
  const first = await startMember(options)
  const publicUrl = options.publicUrl ?? first.origin
  const others = await Promise.all(Array.from({ length: count - 1 }, () => startMember({ ...options, publicUrl })))
  return [first, ...others]
}
