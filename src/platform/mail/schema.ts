import type { ColumnType } from 'kysely'
import type { CorrelationId, SellerId, TenantId } from '../../kernel/ids.ts'

/** `kept`: no mail server is set, so it is read in the outbox page. */
export type MailStatus = 'queued' | 'kept' | 'sent' | 'failed'

/** A document that a mail carries, by what it is and its id. */
export interface Attachment {
  readonly kind: 'invoice'
  readonly id: string
}

declare module '../db.ts' {
  interface Database {
    mails: {
      seller_id: SellerId
      id: string
      /** Whose brand it carries; null: its seller's. */
      tenant_id: TenantId | null
      recipient: string
      subject: string
      html: string
      body_text: string
      purpose: string
      unsubscribe_url: string | null
      /** A document that goes with it, made when it is sent: kind and id, as JSON. */
      attachment: ColumnType<Attachment | null, string | null>
      status: MailStatus
      attempts: number
      last_error: string | null
      /** What went wrong though it was sent. */
      warning: string | null
      /** What it is about, as `order 019a…`; null: about nothing else. */
      thread: string | null
      /** Since when it is tried. */
      queued_at: Date
      correlation_id: CorrelationId
      created_at: Date
      sent_at: Date | null
    }
  }
}
