import { setTimeout as sleep } from 'node:timers/promises'
import { type ClaimResult, claimOf, type Effort } from './claim.ts'
import { openOrderBench } from './order.ts'
import { residentMiB, residentMiBOfPostgres } from './processes.ts'
import { makeDataDir, postgresOf, type RunningServer, startServer } from './server.ts'

/** How long a server is left alone before its memory counts as idle. */
const IDLE_MS = 3_000

/**
 * Measures the claim `start`: from the start of the process to its first answer, with a data directory that is there
 * and with none (initdb, migrations, demonstration store), and resident memory of Node and of PostgreSQL beside it.
 */
export async function measureStart(effort: Effort): Promise<ClaimResult[]> {
  const rounds = Math.min(effort.rounds, 3)
  const firsts: number[] = []
  const seconds: number[] = []
  const idle: Memory[] = []
  for (let round = 0; round < rounds; round++) {
    const dataDir = await makeDataDir()
    const first = await startServer(dataDir)
    firsts.push(first.startSeconds)
    await first.stop()
    const second = await startServer(dataDir)
    seconds.push(second.startSeconds)
    await sleep(Math.min(IDLE_MS, effort.roundMs * 2))
    idle.push(memoryOf(second, (await postgresOf(dataDir)).pid))
    await second.stop()
  }
  const busy = await memoryUnderOrders(effort)
  const line = { claim: 'start', bound: 'most' } as const
  return [
    claimOf(
      { ...line, variant: 'to the first answer', goal: 1.5, unit: 's', info: 'data directory is there' },
      seconds,
    ),
    claimOf(
      { ...line, variant: 'first start of all', goal: 5, unit: 's', info: 'with initdb and demonstration' },
      firsts,
    ),
    claimOf(
      { ...line, variant: 'memory of Node, idle', goal: 120, unit: 'MiB', info: postgresInfo(idle) },
      idle.map(({ node }) => node),
    ),
    claimOf(
      { ...line, variant: 'memory of Node, peak under `order`', goal: 250, unit: 'MiB', info: postgresInfo([busy]) },
      [busy.node],
    ),
  ]
}

interface Memory {
  readonly node: number
  readonly postgres: number
}

const memoryOf = (server: RunningServer, postgresPid: number): Memory => ({
  node: residentMiB(server.pid).now,
  postgres: residentMiBOfPostgres(postgresPid),
})

/** The most that Node held while 128 callers placed orders at many stores, then at one. */
async function memoryUnderOrders(effort: Effort): Promise<Memory> {
  const bench = await openOrderBench(effort)
  const callers = Math.max(...effort.orderCallers)
  const count = Math.ceil(effort.maxOrders / 2 / callers) * callers
  await bench.place('many stores', callers, count)
  await bench.place('one store', callers, count)
  const postgres = residentMiBOfPostgres(bench.postgresPid)
  return { node: residentMiB(bench.server.pid).peak, postgres }
}

const postgresInfo = (memories: readonly Memory[]): string =>
  `PostgreSQL beside it ${Math.round(Math.max(...memories.map(({ postgres }) => postgres)))} MiB`
