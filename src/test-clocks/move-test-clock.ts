import { setTimeout as sleep } from 'node:timers/promises'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import type { ScheduledJob } from '../platform/jobs.ts'
import { endMove, findTestClock, isQuiet, type SellerClocks, stepTestClock } from '../platform/seller-clocks.ts'
import { nextDue } from './next-due-view.ts'

export const MOVE = 'test_clock.move_requested'
const NAME = 'move-test-clock'
/** What follows from a step has this long; then time goes on without it, as it would outside. */
const QUIET_MS = 10_000
const LOOK_MS = 20

export interface MoveDeps {
  readonly clocks: SellerClocks
  /** What time asks for, of those who live by a clock. */
  readonly jobsBy: (clock: Clock) => readonly ScheduledJob[]
}

/**
 * Takes the clock of a sandbox to where it is to be: to the next thing that is due, does it, lets everybody hear of it, and
 * goes on. One mover at a time goes on: a step is a guarded update.
 */
export async function moveTestClock({ clocks, jobsBy }: MoveDeps, db: Db, sellerId: SellerId): Promise<void> {
  for (;;) {
    await clocks.refresh()
    await settle(db, sellerId)
    for (const job of jobsBy(clocks.of(sellerId))) await job.run()
    await settle(db, sellerId)
    const clock = await findTestClock(db, sellerId)
    if (!clock || (clock.now >= clock.target && (await endMove(db, sellerId)))) return
    const due = await nextDue(db, sellerId, clock.now)
    const to = due && due < clock.target ? due : clock.target
    if (to > clock.now && !(await stepTestClock(db, sellerId, clock.now, to))) return
  }
}

async function settle(db: Db, sellerId: SellerId): Promise<void> {
  const giveUpAtMs = performance.now() + QUIET_MS
  while (!(await isQuiet(db, sellerId, NAME)) && performance.now() < giveUpAtMs) await sleep(LOOK_MS)
}

export const testClockSubscriber = (deps: MoveDeps): Subscriber => ({
  name: NAME,
  on: [MOVE],
  handle: ({ sellerId }, { db }) => moveTestClock(deps, db, sellerId),
})
