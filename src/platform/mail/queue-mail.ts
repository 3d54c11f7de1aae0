import { type CorrelationId, newId, type SellerId, type TenantId } from '../../kernel/ids.ts'
import { systemLabel } from '../actor.ts'
import type { Tx } from '../db.ts'
import { publish } from '../events/publish.ts'
import type { Subject } from '../events/schema.ts'
import type { Attachment } from './schema.ts'

export interface NewMail {
  readonly sellerId: SellerId
  /** The tenant that it concerns, whose brand's mail server sends it; by default the seller. */
  readonly tenantId?: TenantId
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
  /** What it is for, as a word of the outbox: `confirm_registration`. */
  readonly purpose: string
  /** Ends mails of this kind by one POST (RFC 8058); undefined: mails that nobody can end. */
  readonly unsubscribeUrl?: string
  /** What it is about: of one thing, nobody gets a later mail before an earlier one. */
  readonly subjectOf?: Subject
  readonly attachment?: Attachment | undefined
  readonly correlationId: CorrelationId
  readonly at: Date
}

/** Announces a mail to whoever sends it. */
export const MAIL_QUEUED = 'mail.queued'

/**
 * Puts a mail into the outbox, in the transaction of what it tells about. It is sent soon after the commit, at least
 * once; where no mail server is set it is kept, to be read in the outbox page.
 *
 * @returns Its id.
 */
export async function queueMail(tx: Tx, mail: NewMail): Promise<string> {
  const id = newId(mail.at.getTime())
  await tx
    .insertInto('mails')
    .values({
      seller_id: mail.sellerId,
      id,
      tenant_id: mail.tenantId ?? null,
      recipient: mail.to,
      subject: mail.subject,
      html: mail.html,
      body_text: mail.text,
      purpose: mail.purpose,
      unsubscribe_url: mail.unsubscribeUrl ?? null,
      attachment: mail.attachment ? JSON.stringify(mail.attachment) : null,
      status: 'queued',
      attempts: 0,
      last_error: null,
      warning: null,
      correlation_id: mail.correlationId,
      thread: mail.subjectOf ? `${mail.subjectOf.kind} ${mail.subjectOf.id}` : null,
      queued_at: mail.at,
      created_at: mail.at,
      sent_at: null,
    })
    .execute()
  await announceMail(tx, { ...mail, id })
  return id
}

/** Has a queued mail sent soon after the commit. */
export const announceMail = (
  tx: Tx,
  mail: Pick<NewMail, 'sellerId' | 'purpose' | 'correlationId' | 'at'> & { readonly id: string },
): Promise<void> =>
  publish(tx, {
    sellerId: mail.sellerId,
    type: MAIL_QUEUED,
    subject: { kind: 'mail', id: mail.id },
    tenantId: null,
    payload: { purpose: mail.purpose },
    actor: systemLabel('mail'),
    correlationId: mail.correlationId,
    at: mail.at,
  })

/** Sends a mail again that was sent, or could not be, with the same Message-ID. @returns false: it is under way, or gone. */
export async function requeueMail(
  tx: Tx,
  mail: { readonly sellerId: SellerId; readonly id: string; readonly correlationId: CorrelationId; readonly at: Date },
): Promise<boolean> {
  const row = await tx
    .updateTable('mails')
    .set({ status: 'queued', attempts: 0, last_error: null, warning: null, queued_at: mail.at, sent_at: null })
    .where('seller_id', '=', mail.sellerId)
    .where('id', '=', mail.id)
    .where('status', '<>', 'queued')
    .returning('purpose')
    .executeTakeFirst()
  if (row) await announceMail(tx, { ...mail, purpose: row.purpose })
  return row !== undefined
}
