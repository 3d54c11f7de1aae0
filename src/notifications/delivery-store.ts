import { sql } from 'kysely'
import type { CorrelationId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Channel, DeliveryId, DeliveryStatus, WebhookId } from './schema.ts'

export interface NewDelivery {
  readonly sellerId: SellerId
  readonly id: DeliveryId
  readonly eventId: string
  readonly eventType: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly tenantId: TenantId | null
  readonly channel: Channel
  readonly target: string
  readonly handler: string | null
  readonly endpointId: WebhookId | null
  readonly mailId?: string | null
  readonly body: string | null
  readonly status: DeliveryStatus
  readonly error?: string | null
  readonly correlationId: CorrelationId
  readonly at: Date
}

/** @returns false where this event has one for this target already: the event was handled before. */
export async function insertDelivery(tx: Db | Tx, delivery: NewDelivery): Promise<boolean> {
  const isWaiting = delivery.status === 'waiting'
  const row = await tx
    .insertInto('deliveries')
    .values({
      seller_id: delivery.sellerId,
      id: delivery.id,
      event_id: delivery.eventId,
      event_type: delivery.eventType,
      subject_kind: delivery.subject.kind,
      subject_id: delivery.subject.id,
      tenant_id: delivery.tenantId,
      channel: delivery.channel,
      target: delivery.target,
      handler: delivery.handler,
      endpoint_id: delivery.endpointId,
      mail_id: delivery.mailId ?? null,
      body: delivery.body,
      status: delivery.status,
      tried_since: delivery.at,
      next_try_at: isWaiting ? delivery.at : null,
      last_status: null,
      last_error: delivery.error ?? null,
      correlation_id: delivery.correlationId,
      created_at: delivery.at,
      finished_at: isWaiting ? null : delivery.at,
    })
    .onConflict((conflict) => conflict.columns(['seller_id', 'event_id', 'target']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ties a mail in the outbox to the delivery that caused it. */
export async function setMail(tx: Tx, sellerId: SellerId, id: DeliveryId, mailId: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ mail_id: mailId })
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .execute()
}

/** A try that was handed out: nobody else makes it until `leaseUntil` of the claim. */
export interface Claimed {
  readonly sellerId: SellerId
  readonly id: DeliveryId
  readonly endpointId: WebhookId
  readonly body: string
  /** Of this try; the outcome is written only while it is the latest. */
  readonly attempt: number
  readonly tries: number
  readonly triedSince: Date
  readonly eventType: string
  readonly correlationId: CorrelationId
}

/** Sellers with something to send now. A reviewed read over all sellers, like the relay's. */
export async function listDueSellers(db: Db, at: Date, limit: number): Promise<SellerId[]> {
  const { rows } = await sql<{ seller_id: SellerId }>`
    select distinct seller_id from deliveries where status = 'waiting' and next_try_at <= ${at} limit ${limit}`.execute(
    db,
  )
  return rows.map((row) => row.seller_id)
}

/**
 * Hands out tries that are due, of one seller: of every endpoint and subject only the first that waits, so that
 * deliveries of a subject keep their order; of every endpoint at most `perEndpoint`, so that a slow one leaves room.
 */
export async function claimDue(
  db: Db,
  claim: {
    readonly sellerId: SellerId
    readonly at: Date
    readonly leaseUntil: Date
    readonly busy: readonly WebhookId[]
    readonly perEndpoint: number
    readonly limit: number
  },
): Promise<Claimed[]> {
  const { sellerId, at } = claim
  const { rows } = await sql<Claimed>`
    with heads as (
      select d.id, row_number() over (partition by d.endpoint_id order by d.next_try_at, d.id) as place, d.next_try_at
        from deliveries d
       where d.seller_id = ${sellerId} and d.status = 'waiting' and d.next_try_at <= ${at}
         and d.endpoint_id <> all(${[...claim.busy]}::uuid[])
         and not exists (select from deliveries e
                          where e.seller_id = ${sellerId} and e.endpoint_id = d.endpoint_id and e.status = 'waiting'
                            and e.subject_kind = d.subject_kind and e.subject_id = d.subject_id
                            and (e.event_id, e.id) < (d.event_id, d.id))
    ), mine as (
      select id from deliveries
       where seller_id = ${sellerId} and status = 'waiting' and next_try_at <= ${at}
         and id in (select id from heads where place <= ${claim.perEndpoint} order by next_try_at limit ${claim.limit})
         for update skip locked
    )
    update deliveries set attempts = attempts + 1, tries = tries + 1, next_try_at = ${claim.leaseUntil}
     where seller_id = ${sellerId} and id in (select id from mine)
    returning seller_id as "sellerId", id, endpoint_id as "endpointId", body, attempts as attempt, tries,
              tried_since as "triedSince", event_type as "eventType", correlation_id as "correlationId"`.execute(db)
  return rows
}

export interface Outcome {
  readonly status: DeliveryStatus
  readonly nextTryAt: Date | null
  readonly startedAt: Date
  readonly durationMs: number
  readonly httpStatus: number | null
  readonly error: string | null
  readonly at: Date
}

/** Notes how a try went. @returns false where a later try was handed out meanwhile: that one's outcome counts. */
export async function noteOutcome(tx: Tx, claimed: Claimed, outcome: Outcome): Promise<boolean> {
  await tx
    .insertInto('delivery_attempts')
    .values({
      seller_id: claimed.sellerId,
      delivery_id: claimed.id,
      number: claimed.attempt,
      started_at: outcome.startedAt,
      duration_ms: outcome.durationMs,
      status: outcome.httpStatus,
      error: outcome.error,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await tx
    .updateTable('deliveries')
    .set({
      status: outcome.status,
      next_try_at: outcome.nextTryAt,
      last_status: outcome.httpStatus,
      last_error: outcome.error,
      finished_at: outcome.status === 'waiting' ? null : outcome.at,
    })
    .where('seller_id', '=', claimed.sellerId)
    .where('id', '=', claimed.id)
    .where('attempts', '=', claimed.attempt)
    .where('status', '=', 'waiting')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** An endpoint takes no more: what waits for it is cancelled, to be replayed when it is back. */
export async function cancelWaiting(
  tx: Tx,
  sellerId: SellerId,
  endpointId: WebhookId,
  reason: string,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ status: 'cancelled', next_try_at: null, last_error: reason, finished_at: at })
    .where('seller_id', '=', sellerId)
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'waiting')
    .execute()
}

/** Sends again what is finished, with three days anew and the same id. @returns How many. */
export async function replayDeliveries(
  tx: Tx,
  which: {
    readonly sellerId: SellerId
    readonly at: Date
    readonly id?: DeliveryId
    readonly endpointId?: WebhookId
    readonly since?: Date
  },
): Promise<number> {
  const { id, endpointId, since } = which
  const rows = await tx
    .updateTable('deliveries')
    .set({ status: 'waiting', tries: 0, tried_since: which.at, next_try_at: which.at, finished_at: null })
    .where('seller_id', '=', which.sellerId)
    .where('channel', '=', 'webhook')
    .where('status', '<>', 'waiting')
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .$if(endpointId !== undefined, (query) => query.where('endpoint_id', '=', endpointId ?? ''))
    .$if(since !== undefined, (query) => query.where('created_at', '>=', since ?? which.at))
    .returning('id')
    .execute()
  return rows.length
}

/** Forgets what was finished before then: the log keeps what happened lately. */
export async function deleteOldDeliveries(db: Db, before: Date): Promise<void> {
  const { rows } = await sql<{ seller_id: SellerId }>`
    select distinct seller_id from deliveries where status <> 'waiting' and finished_at < ${before}`.execute(db)
  for (const { seller_id } of rows)
    await db
      .deleteFrom('deliveries')
      .where('seller_id', '=', seller_id)
      .where('status', '<>', 'waiting')
      .where('finished_at', '<', before)
      .execute()
}
