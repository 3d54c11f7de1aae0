import { pino } from 'pino'
import { workOf } from '../src/application-jobs.ts'
import { createParts, type Parts } from '../src/application-parts.ts'
import type { Clock } from '../src/kernel/time.ts'
import type { Principal } from '../src/platform/actor.ts'
import { openDatabase, type OpenDatabase } from '../src/platform/db.ts'
import type { ScheduledJob } from '../src/platform/jobs.ts'
import type { Subscriber } from '../src/platform/events/subscriber.ts'
import { ensureRoot, systemActor } from '../src/tenants/index.ts'
import { loadBuiltPages } from '../src/web/built-pages.ts'
import type { Bank } from './bank.ts'
import { type Chance, chance } from './random.ts'
import { createPower, type Power } from './power.ts'
import { unsteady } from './unsteady-service.ts'

/** The application as it runs between two cuts. */
export interface Running {
  readonly parts: Parts
  readonly pool: OpenDatabase['pool']
  readonly subscribers: readonly Subscriber[]
  readonly jobs: ReadonlyMap<string, ScheduledJob>
  readonly operator: Principal
  readonly bank: Bank
  /** Cut off, so that whatever fails now fails for that. */
  isOff(): boolean
}

/** One installation over the whole year: its database stays, the application on it is cut off and started again. */
export interface Installation {
  /**
   * Does a piece of work, which must not mind being done again: in every so many of them the application is cut off
   * somewhere in the middle, started anew, and the piece is done from its beginning.
   */
  work<Result>(piece: (running: Running) => Promise<Result>): Promise<Result>
  /** Looks at what is there; never cut off. */
  look<Result>(at: (running: Running) => Promise<Result>): Promise<Result>
  /** How often it was cut off. */
  readonly crashes: number
  /** What failed behind the scenes though nothing was cut off. */
  readonly failures: readonly string[]
  stop(): Promise<void>
}

/** A piece of work seldom takes more statements than this. */
const WITHIN_STATEMENTS = 40

export async function openInstallation(options: {
  readonly connectionString: string
  readonly clock: Clock
  readonly seed: number
  readonly batch: number
  readonly crashEvery: number
  readonly nameOf: (tenantId: string) => string
  readonly bank: Bank
}): Promise<Installation> {
  const { connectionString, clock, seed, batch, crashEvery, nameOf, bank } = options
  const failures: string[] = []
  const built = await loadBuiltPages()
  const luck: Chance = chance(seed, 'crashes')
  let [pieces, crashes] = [0, 0]

  async function start(): Promise<Running & { readonly power: Power; close(): Promise<void> }> {
    const { pool, db, close } = openDatabase({ connectionString, applicationName: 'buylink-simulate' })
    const power = createPower(pool)
    const parts = createParts({
      config: { publicUrl: 'https://simulate.example', trustProxy: [], smtpUrl: undefined, allowInternal: false },
      secret: 'a secret of the simulated year, long enough for a key',
      connectionString,
      db,
      pool,
      clock,
      log: pino({ level: 'error' }, { write: (line) => void (power.isOff || failures.push(line.trim())) }),
      built,
      demonstration: false,
      isAlone: true,
      cards: bank.gateway,
      jobBatch: batch,
    })
    const builtin = parts.connectors.get('builtin')
    if (builtin) parts.connectors.set('builtin', unsteady(builtin, { seed, clock, nameOf }))
    const { subscribers, scheduled = [] } = workOf(parts)
    const root = await ensureRoot(db, clock)
    await Promise.all([parts.stores.refresh(), parts.managers.refresh()])
    return {
      parts,
      pool,
      subscribers,
      jobs: new Map(scheduled.map((job) => [job.name, job])),
      operator: systemActor(root.sellerId, root.id, root.path, 'simulate'),
      bank,
      power,
      isOff: () => power.isOff,
      close,
    }
  }

  let running = await start()

  async function restart(): Promise<void> {
    crashes += 1
    const { close } = running
    // The dead do not end their connections.
    void close().catch(() => undefined)
    running = await start()
  }

  return {
    async work(piece) {
      pieces += 1
      const isFated = crashEvery > 0 && pieces % crashEvery === 0
      if (isFated) {
        const { power } = running
        power.cutAfter(luck.between(1, WITHIN_STATEMENTS), luck.isWithin(0.5))
        await piece(running).catch((error: unknown) => {
          if (!power.isOff) throw error
        })
        // Where it was done before the cut, it is its end that nobody has heard of.
        power.cut()
        await restart()
      }
      return piece(running)
    },
    look: (at) => at(running),
    failures,
    get crashes() {
      return crashes
    },
    stop: () => running.close(),
  }
}
