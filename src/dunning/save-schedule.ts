import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import { scheduleProblem } from './rules.ts'
import type { DunningStep } from './schema.ts'
import { findSchedule, saveSchedule } from './store.ts'

/**
 * Sets how a seller asks for what becomes due from now on; what is asked for already keeps its schedule.
 *
 * @throws {BuylinkError} `unprocessable`; `version_mismatch`.
 */
export async function changeSchedule(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  steps: readonly DunningStep[],
  expectedVersion: bigint | undefined,
): Promise<void> {
  const problem = scheduleProblem(steps)
  if (problem !== undefined)
    throw new BuylinkError('unprocessable', problem, {
      problems: [{ path: 'steps', code: 'invalid', message: problem }],
    })
  await transaction(db, async (tx) => {
    const at = clock.now()
    const before = await findSchedule(tx, sellerId)
    if (before.version !== null && JSON.stringify(before.steps) === JSON.stringify(steps)) return
    if (!(await saveSchedule(tx, sellerId, steps, expectedVersion, at)))
      throw new BuylinkError('version_mismatch', 'Somebody changed this schedule meanwhile. Load it again.')
    await audit(tx, {
      sellerId,
      subject: { kind: 'dunning_settings', id: sellerId },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'dunning_settings.change',
      details: { steps: steps.map(({ day, action }) => `${day} ${action}`) },
    })
  })
}
