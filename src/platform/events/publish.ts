import { sql } from 'kysely'
import { type CorrelationId, newId, type SellerId, type TenantId } from '../../kernel/ids.ts'
import { type ActorLabel, actorLabel } from '../actor.ts'
import type { Tx } from '../db.ts'

/** What every event and every audit entry says: about what, whose, by whom, caused by what, when. */
export interface Occurrence {
  readonly sellerId: SellerId
  readonly subject: { readonly kind: string; readonly id: string }
  readonly tenantId: TenantId | null
  readonly actor: ActorLabel
  readonly correlationId: CorrelationId
  readonly at: Date
}

/** `payload` has the names of the wire (snake_case) and decimal strings for amounts; it is what receivers get. */
export interface NewEvent extends Occurrence {
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** `details` holds ids and amounts, no secrets and no personal data. */
export interface NewAuditEntry extends Occurrence {
  readonly action: string
  readonly details: Readonly<Record<string, unknown>>
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
export const auditRow = (entry: NewAuditEntry) => ({ ...common(entry), action: entry.action, details: entry.details })

/** Writes an event in the transaction of the change it tells of (the outbox); the relay hands it on after the commit. */
export async function publish(tx: Tx, event: NewEvent): Promise<void> {
  const row = eventRow(event)
  await sql`
    insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at)
    values (${event.sellerId}, ${row.id}, ${row.type}, ${row.subject_kind}, ${row.subject_id}, ${row.tenant_id},
            ${JSON.stringify(row.payload)}::jsonb, ${JSON.stringify(row.actor)}::jsonb, ${row.correlation_id}, ${event.at})`.execute(
    tx,
  )
}

/** Writes who changed what, in the transaction of the change. */
export async function audit(tx: Tx, entry: NewAuditEntry): Promise<void> {
  const row = auditRow(entry)
  await sql`
    insert into audit_log (seller_id, id, action, subject_kind, subject_id, tenant_id, actor, details, correlation_id, occurred_at)
    values (${entry.sellerId}, ${row.id}, ${row.action}, ${row.subject_kind}, ${row.subject_id}, ${row.tenant_id},
            ${JSON.stringify(row.actor)}::jsonb, ${JSON.stringify(row.details)}::jsonb, ${row.correlation_id}, ${entry.at})`.execute(
    tx,
  )
}
