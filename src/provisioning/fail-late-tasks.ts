import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { recordOutcome } from './provision.ts'
import { lateTasks } from './store.ts'

/** Gives up on services that said they would answer later and have not: a person decides what then. */
export async function failLateTasks(db: Db, clock: Clock): Promise<void> {
  for (const task of await lateTasks(db, clock.now(), 500))
    await recordOutcome(db, clock, task, { kind: 'refused', message: 'The service did not answer in time.' })
}
