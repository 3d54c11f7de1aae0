import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerProcess } from '../test/harness/server.ts'
import { asking } from './quiet.ts'

/** How something is killed while callers are under way. */
export interface Kill {
  readonly name: string
  /** Whether the server should go on by itself. */
  readonly survives: boolean
  /** How often it is chosen. */
  readonly weight: number
  now(server: ServerProcess, address: string): Promise<void>
}

export const KILLS: readonly Kill[] = [
  { name: 'server', survives: false, weight: 5, now: async (server) => void (await server.kill()) },
  {
    name: 'database',
    survives: false,
    weight: 3,
    async now(server) {
      killPostgres(server)
      // It ends by itself, and says why.
      await server.exited
    },
  },
  {
    name: 'both',
    survives: false,
    weight: 3,
    async now(server) {
      killPostgres(server)
      await server.kill()
    },
  },
  {
    // PostgreSQL ends all sessions and recovers; the server has to do without it for as long.
    name: 'backend',
    survives: true,
    // A request that it cut off holds its key for a minute.
    weight: 1,
    now: (_server, address) =>
      asking(address, async (client) => {
        const { rows } = await client.query<{ pid: number }>(
          `select pid from pg_stat_activity where application_name like 'buylink%' order by random() limit 1`,
        )
        if (rows[0]) process.kill(rows[0].pid, 'SIGKILL')
      }),
  },
]

function killPostgres(server: ServerProcess): void {
  const pid = server.postmasterPid()
  if (pid === undefined) throw new Error('There is no PostgreSQL to kill')
  process.kill(pid, 'SIGKILL')
}

/** Every `crashPoint` of the sources, between any two steps of what the server does. */
export function crashPoints(): string[] {
  const root = join(import.meta.dirname, '..')
  return globSync('src/**/*.{ts,tsx}', { cwd: root })
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\bcrashPoint\('([^']+)'\)/g)])
    .map(([, name = '']) => name)
    .sort()
}
