import { setTimeout as sleep } from 'node:timers/promises'
import { residentMiB } from '../bench/processes.ts'
import { openReceiver, type Receiver } from '../test/harness/receiver.ts'
import type { ServerProcess } from '../test/harness/server.ts'
import { checkDatabase } from './check.ts'
import { checkDeliveries, EVENT_TYPES } from './deliveries.ts'
import { createJournal, Cut, type Journal } from './journal.ts'
import { createLoad, type Load } from './load.ts'
import { checkOutcomes } from './outcomes.ts'
import { gatherPeople, type People } from './people.ts'
import { untilQuiet } from './quiet.ts'
import type { Random } from './random.ts'
import type { Outcome } from './stories.ts'
import type { Tally } from './tally.ts'

/** Servers and callers that something is done to. */
export interface FaultStage {
  readonly people: People
  readonly receiver: Receiver
  readonly journal: Journal
  readonly load: Load
  /** What is done beside the stories. */
  readonly others: Outcome[]
  /** Of the database itself. */
  readonly address: string
  readonly tally: Tally
}

/** More than a server needs for what waits while something is gone. */
const MOST_GROWTH_MIB = 300
const CALLERS = 4

export async function setFaultStage(
  server: ServerProcess,
  address: string,
  random: Random,
  tally: Tally,
): Promise<FaultStage> {
  const receiver = await openReceiver()
  const people = await gatherPeople(server, 4)
  const wanted = { url: receiver.url, event_types: EVENT_TYPES, tenant_id: people.northwindId }
  await people.program.call('POST', '/api/v1/webhooks', wanted)
  const journal = createJournal(tally)
  const load = createLoad({ people, journal, random, tally })
  return { people, receiver, journal, load, others: [], address, tally }
}

/** Callers at work until `during` has ended; cut off or put off, they come again. */
export async function underLoad(stage: FaultStage, during: () => Promise<void>): Promise<void> {
  const until = new AbortController()
  const working = (async () => {
    while (!until.signal.aborted) {
      await stage.load.run(until.signal, CALLERS)
      if (!until.signal.aborted) await sleep(100)
    }
  })()
  try {
    await sleep(500)
    await during()
  } finally {
    until.abort()
    await working
  }
}

/** What a server tells while its database cannot be asked: that it lives, that it is not ready, and 503 to the rest. */
export async function expectClearErrors(
  { origin }: ServerProcess,
  { people, tally }: FaultStage,
  what: string,
): Promise<void> {
  for (const [path, expected] of [
    ['/healthz', [200]],
    ['/readyz', [503]],
    ['/api/v1/orders', [503]],
    ['/api/v1/session', [200, 503]],
    ['/client', [200]],
  ] as const) {
    const started = performance.now()
    const answer = await people.program
      .at(origin)
      .request('GET', path)
      .catch(() => undefined)
    const tookMs = Math.round(performance.now() - started)
    tally.count('answers_in_trouble')
    if (!answer || !(expected as readonly number[]).includes(answer.status))
      tally.problem(
        'wrong',
        `${what}: GET ${path} answers ${answer?.status ?? 'nothing'} after ${tookMs} ms: ${JSON.stringify(answer?.body).slice(0, 200)}`,
      )
    if (tookMs > 15_000) tally.problem('wrong', `${what}: GET ${path} takes ${tookMs} ms`)
  }
}

/** It is ready again by itself. @returns After how many milliseconds. */
export async function expectRecovery(
  { origin, stderr }: ServerProcess,
  tally: Tally,
  what: string,
  withinMs = 30_000,
): Promise<void> {
  const started = performance.now()
  while (performance.now() - started < withinMs) {
    const isReady = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return tally.say(`${what}: ready again after ${Math.round(performance.now() - started)} ms`)
    await sleep(100)
  }
  tally.problem('wrong', `${what}: not ready ${withinMs / 1000} s afterwards: ${stderr().slice(-300)}`)
}

/** Everything that was begun ends, and all of it is there once. */
export async function expectWhole({ load, receiver, others, address, tally }: FaultStage, what: string): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const cut = await load.finish().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (cut === undefined) break
    if (!(cut instanceof Cut) || tries === 4) tally.problem('half', `${what}: a story does not end: ${String(cut)}`)
    await sleep(1_000)
  }
  const left = await untilQuiet(address, { deliveries: true, timeoutMs: 120_000 })
  if (left !== undefined) tally.problem('lost', `${what}: ${left}`)
  await checkDatabase(address, tally, what, { deliveries: left === undefined })
  await checkOutcomes(address, load.ended, tally, others)
  await checkDeliveries(address, receiver, tally)
}

/** Watches memory while something is wrong: what waits must be bounded. */
export async function withinMemory(
  { pid }: ServerProcess,
  tally: Tally,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  const before = residentMiB(pid).now
  await work()
  const growth = Math.round(residentMiB(pid).now - before)
  if (growth > MOST_GROWTH_MIB) tally.problem('wrong', `${what}: the server grew by ${growth} MiB`)
}
