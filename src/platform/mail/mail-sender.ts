import { createTransport, type Transporter } from 'nodemailer'
import type { SellerId } from '../../kernel/ids.ts'
import type { Db } from '../db.ts'
import type { Subscriber } from '../events/subscriber.ts'
import { MAIL_QUEUED } from './queue-mail.ts'

export interface MailSender {
  readonly subscriber: Subscriber
  /** Closes connections to the mail server. */
  close(): void
}

/** About four days, as mail servers themselves try; then it is `failed`. */
const MAX_ATTEMPTS = 25
const MAX_ERROR_LENGTH = 500

/**
 * Sends what `queueMail` put into the outbox. Without a mail server it keeps the mail to be read there.
 *
 * At least once: a crash between sending and noting it sends again, with the same Message-ID, by which mail programs
 * recognise the copy.
 *
 * @param options.smtpUrl `smtp://user:password@host:587`; `undefined`: keep all mail.
 * @param options.publicUrl Its host is the sender's domain.
 */
export function createMailSender(options: {
  readonly smtpUrl: string | undefined
  readonly publicUrl: string
}): MailSender {
  const host = new URL(options.publicUrl).hostname
  const from = { name: 'Buylink', address: `no-reply@${host}` }
  const transport = options.smtpUrl === undefined ? undefined : openTransport(options.smtpUrl)

  return {
    subscriber: {
      name: 'send-mail',
      on: [MAIL_QUEUED],
      maxAttempts: MAX_ATTEMPTS,
      async handle({ sellerId, subject: { id } }, { db, clock, attempt, maxAttempts }) {
        const mail = await findQueued(db, sellerId, id)
        if (!mail) return
        if (!transport) return note(db, sellerId, id, { status: 'kept', attempts: 0, last_error: null })
        try {
          await transport.sendMail({
            from,
            // As an object it is one address, whatever characters it has.
            to: { name: '', address: mail.recipient },
            subject: mail.subject,
            text: mail.body_text,
            html: mail.html,
            messageId: `<${id}@${host}>`,
            date: mail.created_at,
            headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          })
        } catch (error) {
          const isFinal = isRefusal(error) || attempt >= maxAttempts
          await note(db, sellerId, id, {
            status: isFinal ? 'failed' : 'queued',
            attempts: attempt,
            last_error: reasonOf(error),
          })
          // Thrown for another try; the reason is in the outbox, since it may name the recipient.
          if (!isFinal) throw new Error('The mail server could not take a mail')
          return
        }
        await note(db, sellerId, id, { status: 'sent', attempts: attempt, last_error: null, sent_at: clock.now() })
      },
    },
    close: () => transport?.close(),
  }
}

function openTransport(url: string): Transporter {
  return createTransport(
    { url, pool: true, maxConnections: 2, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 },
    // A mail's contents never make the server read files or addresses.
    { disableFileAccess: true, disableUrlAccess: true },
  )
}

const findQueued = (db: Db, sellerId: SellerId, id: string) =>
  db
    .selectFrom('mails')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .select(['recipient', 'subject', 'html', 'body_text', 'created_at'])
    .executeTakeFirst()

async function note(
  db: Db,
  sellerId: SellerId,
  id: string,
  outcome: {
    status: 'queued' | 'kept' | 'sent' | 'failed'
    attempts: number
    last_error: string | null
    sent_at?: Date
  },
): Promise<void> {
  await db.updateTable('mails').set(outcome).where('seller_id', '=', sellerId).where('id', '=', id).execute()
}

/** A permanent refusal of this mail (5xx to its sender, recipient or contents, RFC 5321 §4.2.1): asking again is no use. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('command' in error)) return false
  const code = Number(error.responseCode)
  return code >= 500 && code < 600 && /^(MAIL|RCPT|DATA)/.test(String(error.command))
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR_LENGTH)
