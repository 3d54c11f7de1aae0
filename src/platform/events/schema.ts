import type { ColumnType } from 'kysely'
import type { CorrelationId, SellerId, TenantId } from '../../kernel/ids.ts'

/** What an event or an entry of the audit log is about: `{kind: 'order', id}`. */
export interface Subject {
  readonly kind: string
  readonly id: string
}

/** An event as subscribers get it. `payload` has snake_case keys; ids only, never personal data. */
export interface StoredEvent {
  readonly sellerId: SellerId
  readonly id: string
  readonly type: string
  readonly subject: Subject
  readonly tenantId: TenantId | null
  readonly payload: Readonly<Record<string, unknown>>
  readonly actor: { readonly kind: string; readonly id: string | null }
  readonly correlationId: CorrelationId
  readonly at: Date
}

type Json<Value> = ColumnType<Value, string, string>

declare module '../db.ts' {
  interface Database {
    events: {
      seller_id: SellerId
      id: string
      type: string
      subject_kind: string
      subject_id: string
      tenant_id: TenantId | null
      payload: Json<Record<string, unknown>>
      actor: Json<{ kind: string; id: string | null }>
      correlation_id: CorrelationId
      occurred_at: Date
      relayed_at: Date | null
    }
    audit_log: {
      seller_id: SellerId
      id: string
      action: string
      subject_kind: string
      subject_id: string
      tenant_id: TenantId | null
      actor: Json<{ kind: string; id: string | null }>
      details: Json<Record<string, unknown>>
      correlation_id: CorrelationId
      occurred_at: Date
    }
  }
}
