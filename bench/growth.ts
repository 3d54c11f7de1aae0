import type { Client } from 'pg'
import { type ClaimResult, claimOf, type Effort, median } from './claim.ts'
import { cleanUp } from './cleanup.ts'
import { loadAverage } from './conditions.ts'
import { clientOf, firstAccountOf, idOf, type Sellers, writeCheckouts, writeSellers } from './data.ts'
import { startDatabase } from './database.ts'
import { clickOn } from './dispatch.ts'
import { writeUsage } from './growth-data.ts'
import { type Load, load } from './loader.ts'
import { placeRequest, tokensOf } from './order.ts'
import { cpuSeconds, cpuSecondsOfPostgres } from './processes.ts'
import { makeDataDir, type RunningServer, startServer } from './server.ts'
import { readAlertsRequest, writeBuyers } from './upsell.ts'
import { createEvents, requestOf } from './usage-data.ts'

const WORKS = ['dispatch', 'order', 'usage', 'upsell'] as const
type Work = (typeof WORKS)[number]
/** Microseconds of CPU an operation, Node and PostgreSQL together, one figure a round. */
type Costs = Readonly<Record<Work, readonly number[]>>

const PLANS_EACH = 10
const BUYERS = 50
/** Sellers that report usage; each batch is of one. */
const REPORTERS = 40
const MOST_SELLERS = 1_000

/**
 * Measures the claim `growth`: what an operation costs the server in CPU with ever more tenants, a tenth or a hundredth
 * of them resellers (at most 1,000), each tenant with quotas, usage and ten usage events. Limit: itself with the fewest.
 */
export async function measureGrowth({ growth, rounds, roundMs }: Effort): Promise<ClaimResult[]> {
  const measured: { size: number; costs: Costs }[] = []
  for (const size of growth) {
    console.error(`  with ${size} tenants (load average ${loadAverage()}) …`)
    const grown = await openGrown(size)
    measured.push({ size, costs: await costsOf(grown, Math.min(rounds, 3), roundMs) })
    await cleanUp()
  }
  const [least] = measured
  return measured.slice(1).flatMap(({ size, costs }) =>
    WORKS.map((work) => {
      const before = median(least?.costs[work] ?? [])
      const micros = measured.map((each) => `${Math.round(median(each.costs[work]))} µs at ${each.size}`)
      return claimOf(
        {
          claim: 'growth',
          variant: `${work}, ${size} tenants`,
          goal: 1.2,
          bound: 'most',
          unit: '×',
          info: `CPU each: ${micros.join(', ')}`,
        },
        costs[work].map((cost) => cost / before),
      )
    }),
  )
}

interface Grown {
  readonly server: RunningServer
  readonly postgresPid: number
  readonly client: Client
  readonly sellers: Sellers
}

async function openGrown(size: number): Promise<Grown> {
  const dataDir = await makeDataDir()
  const { client, pid: postgresPid, settings } = await startDatabase(dataDir)
  const count = Math.min(MOST_SELLERS, Math.ceil(size / 100))
  const accountsEach = Math.ceil(size / count)
  const sellers: Sellers = { count, plansEach: PLANS_EACH, accountsOf: () => accountsEach }
  await writeSellers(client, sellers)
  await writeUsage(client, count * accountsEach, accountsEach)
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  const server = await startServer(dataDir, { ...settings, BUYLINK_UNLIMITED_CLIENTS: clientOf(0).id })
  return { server, postgresPid, client, sellers }
}

/** All works in turns, after one round of each that does not count. */
async function costsOf(grown: Grown, rounds: number, roundMs: number): Promise<Costs> {
  const works = await worksOf(grown)
  const costs: Record<Work, number[]> = { dispatch: [], order: [], usage: [], upsell: [] }
  for (let round = 0; round <= rounds; round++)
    for (const work of WORKS) {
      const requests = await works[work]()
      const cpu = () => cpuSeconds(grown.server.pid) + cpuSecondsOfPostgres(grown.postgresPid)
      const before = cpu()
      const outcome = await load({ port: grown.server.port, durationMs: roundMs, ...requests })
      if (round > 0) costs[work].push(((cpu() - before) * 1e6) / outcome.requests)
    }
  return costs
}

type Requests = Pick<Load, 'connections' | 'status' | 'next'>

/** What each work sends, prepared anew for each round where it can be sent only once. */
async function worksOf({ server, client, sellers }: Grown): Promise<Readonly<Record<Work, () => Promise<Requests>>>> {
  const { port } = server
  const { count, plansEach } = sellers
  const accountsEach = sellers.accountsOf(0)
  const clicks = Array.from({ length: count * plansEach }, (_, index) => {
    const [start, rest] = clickOn({ stores: count, plansEach }, index)
    return Buffer.from(start + rest)
  })
  const tokens = await tokensOf(port, Math.min(count, REPORTERS))
  const reporters = tokens.map((token, nth) => {
    const next = createEvents(`/growth-${nth}`, firstAccountOf(sellers, nth), accountsEach)
    return () => requestOf(port, token, `/growth-${nth}`, next())
  })
  const buyers = Math.min(BUYERS, accountsEach)
  await writeBuyers(client, 0, buyers)
  const reads: Buffer[] = []
  for (let n = 0; n < buyers; n++)
    reads.push(await readAlertsRequest({ server, token: tokens[0] ?? '', firstAccount: 0 }, n))
  let turn = 0
  const endless = <Item>(items: readonly Item[]) => items[(turn += 7919) % items.length] as Item
  let orders = 0
  return {
    dispatch: async () => ({ connections: 32, status: 302, next: () => endless(clicks) }),
    order: async () => {
      const prepared = { kind: 'checkout', first: orders, count: 4_000, firstSeller: 0, sellers: 1 } as const
      await writeCheckouts(client, { ...prepared, accountsEach, firstAccount: 0, plansEach })
      orders += prepared.count
      const requests = Array.from({ length: prepared.count }, (_, n) =>
        placeRequest(port, idOf('checkout', prepared.first + n), tokens[0] ?? ''),
      )
      return { connections: 16, status: 200, next: () => requests.pop() }
    },
    usage: async () => ({ connections: 4, status: 202, next: () => endless(reporters)() }),
    upsell: async () => ({ connections: 32, status: 200, next: () => endless(reads) }),
  }
}
