import { sql } from 'kysely'
import { type CorrelationId, newId, type SellerId, type TenantId } from '../../kernel/ids.ts'
import { type ActorLabel, actorLabel } from '../actor.ts'
import type { Db, Tx } from '../db.ts'
import type { Subject } from './schema.ts'

/** What every event and every audit entry says: about what, whose, by whom, caused by what, when. */
export interface Occurrence {
  readonly sellerId: SellerId
  readonly subject: Subject
  /** The tenant it concerns, for those who may see it; null where it concerns the seller as a whole. */
  readonly tenantId: TenantId | null
  /** Any `Actor` will do. */
  readonly actor: ActorLabel
  readonly correlationId: CorrelationId
  readonly at: Date
}

/**
 * `type` says what has happened, in the past tense: `order.placed`. `payload` has the names of the wire (snake_case) and
 * decimal strings for amounts; it is what receivers get. A bigint becomes a decimal string.
 */
export interface NewEvent extends Occurrence {
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** `action` says what was done: `payment.approve`. `details` holds ids and amounts, no secrets and no personal data. */
export interface NewAuditEntry extends Occurrence {
  readonly action: string
  readonly details?: Readonly<Record<string, unknown>>
}

const common = (occurrence: Occurrence) => ({
  id: newId<string>(occurrence.at.getTime()),
  subject_kind: occurrence.subject.kind,
  subject_id: occurrence.subject.id,
  tenant_id: occurrence.tenantId,
  actor: actorLabel(occurrence.actor),
  correlation_id: occurrence.correlationId,
})

/** An event as a hot statement inserts it itself, from JSON; `seller_id` and `occurred_at` are the statement's. */
export const eventRow = (event: NewEvent) => ({ ...common(event), type: event.type, payload: event.payload })

/** An audit entry likewise. */
export const auditRow = (entry: NewAuditEntry) => ({
  ...common(entry),
  action: entry.action,
  details: entry.details ?? {},
})

/** JSON in which a bigint is a decimal string; for rows above too. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item))

/**
 * Writes an event in the transaction of the change it tells of (the outbox). Subscribers hear of it soon after the
 * commit: at least once, and in order for one subject.
 */
export async function publish(tx: Db | Tx, event: NewEvent): Promise<void> {
  const row = eventRow(event)
  await sql`
    insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at)
    values (${event.sellerId}, ${row.id}, ${row.type}, ${row.subject_kind}, ${row.subject_id}, ${row.tenant_id},
            ${toJson(row.payload)}::jsonb, ${toJson(row.actor)}::jsonb, ${row.correlation_id}, ${event.at})`.execute(tx)
}

/** The same for many events of one seller, in their order, by one statement. */
export async function publishAll(tx: Db | Tx, sellerId: SellerId, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event) => ({ ...eventRow(event), occurred_at: event.at }))
  await sql`
    insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at)
    select ${sellerId}::uuid, e.*
      from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as e (id uuid, type text, subject_kind text, subject_id text, tenant_id uuid, payload jsonb, actor jsonb,
              correlation_id uuid, occurred_at timestamptz)`.execute(tx)
}

/** Writes who changed what, in the transaction of the change. */
export async function audit(tx: Db | Tx, entry: NewAuditEntry): Promise<void> {
  const row = auditRow(entry)
  await sql`
    insert into audit_log (seller_id, id, action, subject_kind, subject_id, tenant_id, actor, details, correlation_id, occurred_at)
    values (${entry.sellerId}, ${row.id}, ${row.action}, ${row.subject_kind}, ${row.subject_id}, ${row.tenant_id},
            ${toJson(row.actor)}::jsonb, ${toJson(row.details)}::jsonb, ${row.correlation_id}, ${entry.at})`.execute(tx)
}

/** Whether this was ever done to this subject. */
export async function wasAudited(tx: Db | Tx, sellerId: SellerId, subject: Subject, action: string): Promise<boolean> {
  const { rows } = await sql`
    select from audit_log
     where seller_id = ${sellerId} and subject_kind = ${subject.kind} and subject_id = ${subject.id} and action = ${action}
     limit 1`.execute(tx)
  return rows.length > 0
}
