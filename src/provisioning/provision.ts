import type { Clock } from '../kernel/time.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { systemLabel } from '../platform/actor.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Connector, ProvisioningResult, ProvisioningTask } from './schema.ts'
import { awaitAnswer, beginAttempt, finishTask, noteError } from './store.ts'

/** With the job runner's back-off (e^n seconds) the last of these comes after about an hour. */
export const MAX_ATTEMPTS = 8

/** The connector of all services that are asked over HTTPS, by whatever name. */
export const OVER_HTTPS = 'https'

export type Connectors = ReadonlyMap<string, Connector>

/**
 * Carries out one task: asks its connector, then records the outcome. Safe to run again at any point, by several
 * processes: the connector recognises the task's id, and the outcome is recorded once.
 * Publishes `provisioning.completed` or `provisioning.failed`.
 *
 * @throws What the connector threw, after noting it, so that the job is tried again with back-off.
 */
export async function provision(
  db: Db,
  clock: Clock,
  connectors: Connectors,
  sellerId: SellerId,
  taskId: string,
): Promise<void> {
  const attempt = await beginAttempt(db, sellerId, taskId, clock.now())
  if (!attempt) return
  const { task, request } = attempt
  const connector = connectors.get(task.connector) ?? connectors.get(OVER_HTTPS)
  crashPoint('provisioning.attempt_counted')
  let result: ProvisioningResult
  try {
    result = connector
      ? await connector.perform(request)
      : { kind: 'refused', message: `This installation has no connector "${task.connector}".` }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (task.attempts < MAX_ATTEMPTS) {
      await noteError(db, task, message, clock.now())
      throw error
    }
    result = { kind: 'refused', message: `Given up after ${task.attempts} attempts: ${message}` }
  }
  if (result.kind === 'accepted') return awaitAnswer(db, task, result.deadlineAt, clock.now())
  crashPoint('provisioning.connector_answered')
  await recordOutcome(db, clock, task, result)
}

/** Records how a task ended, once. Publishes what follows from it. */
export async function recordOutcome(
  db: Db,
  clock: Clock,
  task: ProvisioningTask,
  result: Exclude<ProvisioningResult, { kind: 'accepted' }>,
): Promise<void> {
  await transaction(db, async (tx) => {
    const at = clock.now()
    const message = result.kind === 'done' ? null : result.message
    if (!(await finishTask(tx, task, result.kind === 'done' ? 'done' : 'failed', message, at))) return
    await publish(tx, {
      sellerId: task.sellerId,
      type: result.kind === 'done' ? 'provisioning.completed' : 'provisioning.failed',
      subject: task.orderId ? { kind: 'order', id: task.orderId } : { kind: 'subscription', id: task.subscriptionId },
      tenantId: null,
      payload: {
        task_id: task.id,
        operation: task.operation,
        order_id: task.orderId,
        subscription_id: task.subscriptionId,
        message,
      },
      actor: systemLabel('provisioning'),
      correlationId: task.correlationId,
      at,
    })
    crashPoint('provisioning.before_commit')
  })
  crashPoint('provisioning.recorded')
}
