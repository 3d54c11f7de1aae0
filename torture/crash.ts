import { setTimeout as sleep } from 'node:timers/promises'
import { openReceiver, type Receiver } from '../test/harness/receiver.ts'
import { addressOf, freePort, type ServerProcess, startServer, temporaryDataDir } from '../test/harness/server.ts'
import { checkDatabase } from './check.ts'
import { checkDeliveries, EVENT_TYPES } from './deliveries.ts'
import type { Effort } from './effort.ts'
import { createJournal, type Journal } from './journal.ts'
import { crashPoints, KILLS } from './kills.ts'
import { createLoad, type Load } from './load.ts'
import { checkOutcomes } from './outcomes.ts'
import { gatherPeople, SETTINGS } from './people.ts'
import { untilQuiet } from './quiet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** How often the next kill is one at a named point. */
const AT_A_POINT = 0.35
const CUSTOMERS = 8

/** One data directory that goes through all crashes, at one address. */
interface World {
  readonly dataDir: string
  readonly port: number
  readonly address: string
  readonly receiver: Receiver
  readonly journal: Journal
  readonly load: Load
}

/**
 * Kills the server, its database, or both, under load and again and again, at random moments and at named points; after
 * each start callers go on where they were cut off, and then the database is asked whether all that was acknowledged is
 * there, once and whole.
 */
export async function runCrash(tally: Tally, random: Random, effort: Effort): Promise<void> {
  const world = await createWorld(tally, random)
  const points = crashPoints()
  // Of its own, so that a seed kills the same way whatever callers come to.
  const choices = random.fork('kills')
  for (let crash = 1; crash <= effort.crashes; crash++) {
    const point = choices.happens(AT_A_POINT) ? `${choices.pick(points)}#${1 + choices.below(6)}` : undefined
    const how = await untilKilled(world, { tally, random: choices, effort, point })
    tally.count('crashes')
    tally.count(`crashes_${how === point ? 'at_points' : how}`)
    const { load, journal } = world
    tally.say(
      `crash ${crash} of ${effort.crashes}: ${how}; ${load.ended.size} stories, ${journal.acknowledged} acknowledged`,
    )
  }
  await settle(world, tally)
}

async function createWorld(tally: Tally, random: Random): Promise<World> {
  const receiver = await openReceiver()
  const dataDir = await temporaryDataDir()
  const port = await freePort()
  const server = await startServer({ dataDir, port, env: SETTINGS, args: START })
  const people = await gatherPeople(server, CUSTOMERS)
  const wanted = { url: receiver.url, event_types: EVENT_TYPES, tenant_id: people.northwindId }
  await people.program.call('POST', '/api/v1/webhooks', wanted)
  await server.stop()
  const journal = createJournal(tally)
  const load = createLoad({ people, journal, random, tally })
  return { dataDir, port, address: addressOf(dataDir), receiver, journal, load }
}

/** As `npm start` does. */
const START = ['scripts/start.mjs']

const start = ({ dataDir, port }: World, point?: string): Promise<ServerProcess> =>
  startServer({ dataDir, port, args: START, env: { ...SETTINGS, ...(point && { BUYLINK_CRASH_AT: point }) } })

interface Round {
  readonly tally: Tally
  readonly random: Random
  readonly effort: Effort
  /** Where the server ends by itself, if it comes by. */
  readonly point: string | undefined
}

/** Finishes what the last crash cut off, checks, loads, and kills. @returns How it ended. */
async function untilKilled(world: World, { tally, random, effort, point }: Round): Promise<string> {
  const { load, address } = world
  const kill = random.pick(KILLS.flatMap((each) => Array<typeof each>(each.weight).fill(each)))
  const loadMs = point === undefined ? effort.loadMs * (0.2 + 0.8 * random.next()) : 2 * effort.loadMs
  const server = await start(world, point).catch((error: unknown) => {
    // Some points are passed before the first request is taken.
    if (point === undefined) throw error
  })
  if (!server) return point ?? ''
  let isGone = false
  void server.exited.then(() => (isGone = true))
  try {
    await load.finish()
    await load.again(3)
    await checkQuiet(address, tally, () => isGone)
  } catch (error) {
    // Others are passed while recovering.
    if (point === undefined) throw error
    await within(server.exited, `the end of a server that dies at ${point}, after ${String(error)}`)
    return point
  }
  const until = new AbortController()
  const loading = load.run(until.signal, 8)
  for (const giveUpAtMs = performance.now() + loadMs; !isGone && performance.now() < giveUpAtMs; ) await sleep(5)
  if (isGone) {
    await loading
    if (point === undefined) tally.problem('wrong', `the server ended by itself: ${server.stderr().slice(-500)}`)
    return point ?? 'by_itself'
  }
  // The callers are still at it.
  await kill.now(server, address)
  if (kill.survives) {
    await sleep(300)
    until.abort()
    await assertRecovers(server, tally)
  }
  until.abort()
  await loading
  await server.kill()
  return kill.name
}

async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const late = sleep(30_000, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`Not within 30 s: ${what}`)),
  )
  return Promise.race([promise, late])
}

async function checkQuiet(address: string, tally: Tally, isGone: () => boolean): Promise<void> {
  const left = await untilQuiet(address, { isGone })
  if (left !== undefined) tally.problem('half', `after a start ${left}`)
  else await checkDatabase(address, tally, 'after a crash')
  tally.count('checks')
}

/** After PostgreSQL has restarted by itself the server takes requests again, without a start. */
async function assertRecovers(server: ServerProcess, tally: Tally): Promise<void> {
  const giveUpAtMs = performance.now() + 20_000
  while (performance.now() < giveUpAtMs) {
    const isReady = await fetch(`${server.origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await sleep(100)
  }
  tally.problem(
    'wrong',
    `20 s after one of its sessions was killed the server is not ready: ${server.stderr().slice(-500)}`,
  )
}

/** The last start: all stories end, all deliveries come, and every figure is looked at. */
async function settle(world: World, tally: Tally): Promise<void> {
  const { address, load, receiver } = world
  const server = await start(world)
  await load.finish()
  await load.again(20)
  const left = await untilQuiet(address, { deliveries: true, timeoutMs: 180_000 })
  if (left !== undefined) tally.problem('lost', `in the end ${left}`)
  await checkDatabase(address, tally, 'in the end', { deliveries: true })
  await checkOutcomes(address, load.ended, tally)
  await checkDeliveries(address, receiver, tally)
  tally.count('stories', load.ended.size)
  tally.say(`in the end: ${load.ended.size} stories, ${receiver.received.length} webhooks received`)
  await server.stop()
}
