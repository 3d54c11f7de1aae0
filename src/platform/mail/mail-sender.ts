import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer'
import type { SellerId, TenantId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../db.ts'
import type { Subscriber } from '../events/subscriber.ts'
import type { OutboundGuard } from '../outbound/guard.ts'
import { type MailSenderName, reasonOf, sendThrough } from './mail-server.ts'
import { MAIL_QUEUED } from './queue-mail.ts'

export interface MailSender {
  readonly subscriber: Subscriber
  /** Closes connections to the mail server. */
  close(): void
}

/** About four days, as mail servers themselves try; then it is `failed`. */
const MAX_ATTEMPTS = 25
const INSTALLATION: MailSenderName = { name: 'Buylink' }

/** Whose name a mail carries and whose server takes it: the brand of the tenant that it concerns. */
export interface MailBrands {
  /** @param mail.tenantId null: a mail of the seller itself. */
  senderOf(db: Db, mail: { readonly sellerId: SellerId; readonly tenantId: TenantId | null }): Promise<MailSenderName>
  /** Keeps why the brand's own server failed, null once it works, for those who look after it. */
  noteOutcome(db: Db, owner: TenantId, failure: string | null, at: Date): Promise<void>
}

/**
 * Sends what `queueMail` put into the outbox: through the mail server of the tenant's brand, where it has one and that
 * works, else through the installation's. Without either it keeps the mail to be read there.
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
  /** undefined: all mail is the installation's. */
  readonly brands?: MailBrands
  readonly guard?: OutboundGuard
}): MailSender {
  const { brands, guard } = options
  const host = new URL(options.publicUrl).hostname
  const address = `no-reply@${host}`
  const transport = options.smtpUrl === undefined ? undefined : openTransport(options.smtpUrl)

  async function byBrandServer(
    db: Db,
    clock: Clock,
    outbound: OutboundGuard,
    { name, address: own, server }: MailSenderName,
    message: SendMailOptions,
  ): Promise<Outcome | undefined> {
    if (!server) return undefined
    const outcome = await attemptTo(() =>
      sendThrough(outbound, server, { ...message, from: { name, address: own ?? address } }),
    )
    const failure = outcome.failure === undefined ? null : reasonOf(outcome.failure)
    await brands?.noteOutcome(db, server.tenantId, failure, clock.now())
    return outcome
  }

  return {
    subscriber: {
      name: 'send-mail',
      on: [MAIL_QUEUED],
      maxAttempts: MAX_ATTEMPTS,
      async handle({ sellerId, subject: { id } }, { db, clock, attempt, maxAttempts }) {
        const mail = await findQueued(db, sellerId, id)
        if (!mail) return
        const sender = (await brands?.senderOf(db, { sellerId, tenantId: mail.tenant_id })) ?? INSTALLATION
        const message: SendMailOptions = {
          from: { name: sender.name, address },
          // As an object it is one address, whatever characters it has.
          to: { name: '', address: mail.recipient },
          ...(sender.address !== undefined && { replyTo: { name: sender.name, address: sender.address } }),
          subject: mail.subject,
          text: mail.body_text,
          html: mail.html,
          messageId: `<${id}@${host}>`,
          date: mail.created_at,
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            ...unsubscribeHeaders(mail.unsubscribe_url),
          },
        }
        const byBrand = guard && sender.server && (await byBrandServer(db, clock, guard, sender, message))
        const warning =
          byBrand?.failure === undefined ? null : `The brand's mail server failed: ${reasonOf(byBrand.failure)}`
        if (!byBrand && !transport) return note(db, sellerId, id, { status: 'kept', attempts: 0, last_error: null })
        const outcome =
          byBrand && (byBrand.failure === undefined || !transport)
            ? byBrand
            : await attemptTo(() => transport?.sendMail(message))
        const { failure } = outcome
        if (failure === undefined)
          return note(db, sellerId, id, {
            status: 'sent',
            attempts: attempt,
            last_error: null,
            warning,
            sent_at: clock.now(),
          })
        const isFinal = isRefusal(failure) || attempt >= maxAttempts
        await note(db, sellerId, id, {
          status: isFinal ? 'failed' : 'queued',
          attempts: attempt,
          last_error: reasonOf(failure),
          warning,
        })
        // Thrown for another try; the reason is in the outbox, since it may name the recipient.
        if (!isFinal) throw new Error('The mail server could not take a mail')
      },
    },
    close: () => transport?.close(),
  }
}

/** What a mail program shows its own button by. By itself it posts to https alone (RFC 8058 §3.1). */
const unsubscribeHeaders = (url: string | null): Record<string, string> =>
  url === null
    ? {}
    : {
        'List-Unsubscribe': `<${url}>`,
        ...(url.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
      }

interface Outcome {
  /** undefined: it was taken. */
  readonly failure: unknown
}

const attemptTo = async (send: () => Promise<unknown> | undefined): Promise<Outcome> => {
  try {
    await send()
    return { failure: undefined }
  } catch (failure) {
    return { failure }
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
    .select(['recipient', 'subject', 'html', 'body_text', 'tenant_id', 'created_at', 'unsubscribe_url'])
    .executeTakeFirst()

async function note(
  db: Db,
  sellerId: SellerId,
  id: string,
  outcome: {
    status: 'queued' | 'kept' | 'sent' | 'failed'
    attempts: number
    last_error: string | null
    warning?: string | null
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
