import { sql } from 'kysely'
import type { CorrelationId, OrderId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Operation, ProvisioningRequest, ProvisioningTask } from './schema.ts'

interface WireRequest {
  /** Absent in tasks of older versions. */
  readonly revision?: string
  readonly tenant_id: string
  readonly plan_id: string
  readonly resources: readonly {
    id: string
    quantity: string
    usage_name: string | null
    quota_per_unit: string | null
  }[]
}

/** How a request is kept in `provisioning_tasks.request`; bigints as decimal strings. */
export const requestToRow = (
  request: Pick<ProvisioningRequest, 'revision' | 'tenantId' | 'planId' | 'resources'>,
): WireRequest => ({
  revision: request.revision.toString(),
  tenant_id: request.tenantId,
  plan_id: request.planId,
  resources: request.resources.map((resource) => ({
    id: resource.id,
    quantity: resource.quantity.toString(),
    usage_name: resource.usageName,
    quota_per_unit: resource.quotaPerUnit?.toString() ?? null,
  })),
})

const TASK = sql`seller_id as "sellerId", id, order_id as "orderId", subscription_id as "subscriptionId", connector, operation, status,
  attempts, last_error as "lastError", correlation_id as "correlationId"`

/** Counts one more attempt of a pending task and hands it out; undefined when it is finished or unknown. */
export async function beginAttempt(
  db: Db,
  sellerId: SellerId,
  taskId: string,
  at: Date,
): Promise<{ task: ProvisioningTask; request: ProvisioningRequest } | undefined> {
  const { rows } = await sql<ProvisioningTask & { request: WireRequest }>`
    update provisioning_tasks set attempts = attempts + 1, updated_at = ${at}
     where seller_id = ${sellerId} and id = ${taskId} and status = 'pending'
    returning ${TASK}, request`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { request, ...task } = row
  return {
    task,
    request: {
      id: task.id,
      operation: task.operation,
      connector: task.connector,
      revision: BigInt(request.revision ?? 0),
      sellerId: task.sellerId,
      correlationId: task.correlationId,
      subscriptionId: task.subscriptionId,
      tenantId: request.tenant_id,
      planId: request.plan_id,
      resources: request.resources.map((resource) => ({
        id: resource.id,
        quantity: BigInt(resource.quantity),
        usageName: resource.usage_name,
        quotaPerUnit: resource.quota_per_unit === null ? null : BigInt(resource.quota_per_unit),
      })),
    },
  }
}

/** Ends a pending task; false where it had ended already. */
export async function finishTask(
  tx: Tx,
  task: ProvisioningTask,
  status: 'done' | 'failed',
  lastError: string | null,
  at: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable('provisioning_tasks')
    .where('seller_id', '=', task.sellerId)
    .where('id', '=', task.id)
    .where('status', '=', 'pending')
    .set({ status, last_error: lastError, updated_at: at, deadline_at: null })
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function noteError(db: Db, task: ProvisioningTask, lastError: string, at: Date): Promise<void> {
  await db
    .updateTable('provisioning_tasks')
    .where('seller_id', '=', task.sellerId)
    .where('id', '=', task.id)
    .where('status', '=', 'pending')
    .set({ last_error: lastError, updated_at: at })
    .execute()
}

export interface NewTask {
  readonly sellerId: SellerId
  readonly id: string
  readonly orderId: OrderId | null
  readonly subscriptionId: SubscriptionId
  readonly connector: string
  readonly operation: Operation
  readonly request: WireRequest
  readonly correlationId: CorrelationId
  readonly at: Date
}

export async function insertTask(tx: Tx, task: NewTask): Promise<void> {
  await sql`
    insert into provisioning_tasks (seller_id, id, order_id, subscription_id, connector, operation, request, status, correlation_id, created_at, updated_at)
    values (${task.sellerId}, ${task.id}, ${task.orderId}, ${task.subscriptionId}, ${task.connector}, ${task.operation},
            ${JSON.stringify(task.request)}::jsonb, 'pending', ${task.correlationId}, ${task.at}, ${task.at})`.execute(
    tx,
  )
}

/** Opens a failed task of an order again, its attempts counted from 0; undefined where none failed. */
export async function reopenTask(
  tx: Tx,
  sellerId: SellerId,
  orderId: OrderId,
  at: Date,
): Promise<ProvisioningTask | undefined> {
  const { rows } = await sql<ProvisioningTask>`
    update provisioning_tasks set status = 'pending', attempts = 0, updated_at = ${at}
     where seller_id = ${sellerId} and order_id = ${orderId} and status = 'failed'
    returning ${TASK}`.execute(tx)
  return rows[0]
}

/** The same for the latest task of a subscription that no order asked for. */
export async function reopenTaskOf(
  tx: Tx,
  sellerId: SellerId,
  subscriptionId: SubscriptionId,
  at: Date,
): Promise<ProvisioningTask | undefined> {
  const { rows } = await sql<ProvisioningTask>`
    update provisioning_tasks set status = 'pending', attempts = 0, updated_at = ${at}
     where seller_id = ${sellerId} and status = 'failed'
       and id = (select max(id::text)::uuid from provisioning_tasks
                  where seller_id = ${sellerId} and subscription_id = ${subscriptionId} and order_id is null)
    returning ${TASK}`.execute(tx)
  return rows[0]
}

export async function findTaskOfOrder(
  db: Db,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<ProvisioningTask | undefined> {
  const { rows } = await sql<ProvisioningTask>`
    select ${TASK} from provisioning_tasks where seller_id = ${sellerId} and order_id = ${orderId} order by id desc limit 1`.execute(
    db,
  )
  return rows[0]
}

/** The service answers later: notes until when. */
export async function awaitAnswer(db: Db, task: ProvisioningTask, deadlineAt: Date, at: Date): Promise<void> {
  await db
    .updateTable('provisioning_tasks')
    .where('seller_id', '=', task.sellerId)
    .where('id', '=', task.id)
    .where('status', '=', 'pending')
    .set({ deadline_at: deadlineAt, last_error: null, updated_at: at })
    .execute()
}

export async function findTask(db: Db, sellerId: SellerId, id: string): Promise<ProvisioningTask | undefined> {
  const { rows } = await sql<ProvisioningTask>`
    select ${TASK} from provisioning_tasks where seller_id = ${sellerId} and id = ${id}`.execute(db)
  return rows[0]
}

/** Tasks whose service has not answered in time, of all sellers (a reviewed fan-out). */
export async function lateTasks(db: Db, at: Date, limit: number): Promise<ProvisioningTask[]> {
  const { rows } = await sql<ProvisioningTask>`
    select ${TASK} from provisioning_tasks where deadline_at <= ${at} and status = 'pending'
     order by deadline_at limit ${limit}`.execute(db)
  return rows
}
