import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { ClaimResult, Effort } from './claim.ts'
import { startDatabase } from './database.ts'
import { hostOf, managerKeyOf, planOf, resourceOf, writeSellers } from './data.ts'
import { build } from '../src/link/index.ts'
import { headersOf, startLimitServer } from './limit.ts'
import { ask } from './loader.ts'
import { against, inTurns, loadAndAccount, type Pair } from './measure.ts'
import { makeDataDir, startServer } from './server.ts'

const CALLERS = 32
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/**
 * Measures the claim `dispatch`: clicks on links to every plan of every store, one in four with a manager key in the
 * link (which sets the cookie), one in four with the cookie of an earlier visit; each counted as a visit, which is
 * checked in the end. Limit: a bare `node:http` server that answers a fixed 302 to the very same requests.
 */
export async function measureDispatch(effort: Effort): Promise<ClaimResult[]> {
  const dataDir = await makeDataDir()
  const { client, settings } = await startDatabase(dataDir)
  await writeSellers(client, { count: effort.stores, plansEach: effort.plansEach, accountsOf: () => 0 })
  const server = await startServer(dataDir, settings)

  const links = Array.from({ length: effort.stores * effort.plansEach }, (_, index) => clickOn(effort, index))
  const known = links.map(([start, rest]) => Buffer.from(start + rest))
  // A stride without a common factor: one click after the other is of another store.
  let turn = 0
  const nextOf = <Item>(items: readonly Item[]): Item => items[(turn += 7919) % items.length] as Item

  const example = await ask(server.port, nextOf(known))
  const limit = await startLimitServer({ status: 302, headers: headersOf(example.head), body: '' })

  let clicks = 1
  const compare = async (next: () => Buffer): Promise<Pair[]> => {
    const side = (target: { port: number; pid: number }) => () =>
      loadAndAccount(target.pid, {
        port: target.port,
        connections: CALLERS,
        durationMs: effort.roundMs,
        status: 302,
        next,
      })
    return inTurns(
      effort.rounds,
      async () => {
        const run = await side(server)()
        clicks += run.requests
        return run
      },
      side(limit),
    )
  }
  const again = await compare(() => nextOf(known))
  const fresh = await compare(() => {
    const [start, rest] = nextOf(links)
    return Buffer.from(`${start}&_ga=click-${turn}${rest}`)
  })
  await confirmVisits(client, clicks)
  return [
    against('dispatch', 0.8, `${known.length} links, each clicked again and again`, again),
    against('dispatch', 0.8, 'every link new, with a click id of its own', fresh),
  ]
}

/** A click: the request up to the end of its link, and the rest of it. */
type Click = readonly [start: string, rest: string]

/** A click on a plan's link, the `index`th of all plans. */
export function clickOn({ stores, plansEach }: Pick<Effort, 'stores' | 'plansEach'>, index: number): Click {
  const seller = index % stores
  const nth = Math.floor(index / stores) % plansEach
  const plan = planOf(seller, nth, plansEach)
  const visit = (index + nth) % 4
  const link = build({
    base: '/external_dispatcher/settle',
    application: {
      plan_id: String(plan),
      plan_period_id: String(plan),
      resources: nth % 2 === 0 ? [] : [{ id: String(resourceOf(plan)), quantity: '7' }],
    },
    topup: null,
    manager_key: visit === 0 ? managerKeyOf(seller) : null,
    order_type: null,
    skip_all_steps: false,
    ga: null,
    other: {},
  })
  const cookie = visit === 1 ? `Cookie: buylink_manager=${managerKeyOf(seller)}\r\n` : ''
  return [
    `GET ${link}`,
    ` HTTP/1.1\r\nHost: ${hostOf(seller)}\r\nUser-Agent: ${AGENT}\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: en\r\n${cookie}\r\n`,
  ]
}

/** @throws {Error} A click that was answered is not counted: then it was not the promised work that was measured. */
async function confirmVisits(client: Client, clicks: number): Promise<void> {
  let counted = 0
  for (let tries = 0; tries < 100; tries++) {
    const { rows } = await client.query<{ sum: string | null }>('select sum(visits) from link_visits')
    counted = Number(rows[0]?.sum ?? 0)
    if (counted === clicks) return
    await sleep(200)
  }
  throw new Error(`${clicks} clicks were answered, ${counted} are counted as visits`)
}
