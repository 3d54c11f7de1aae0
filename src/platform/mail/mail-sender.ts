import type { SendMailOptions, Transporter } from 'nodemailer'
import type { CorrelationId, SellerId, TenantId } from '../../kernel/ids.ts'
import { type Clock, DAY_MS } from '../../kernel/time.ts'
import { type Db, transaction, type Tx } from '../db.ts'
import type { Subscriber } from '../events/subscriber.ts'
import type { OutboundGuard } from '../outbound/guard.ts'
import { type MailSenderName, reasonOf, sendThrough } from './mail-server.ts'
import { announceMail, MAIL_QUEUED } from './queue-mail.ts'
import type { Attachment } from './schema.ts'

export interface MailSender {
  readonly subscriber: Subscriber
  /** Closes connections to the mail server. */
  close(): void
}

/** How long a mail is tried (spec/commerce.md "Events, handlers, notifications"); then it is `failed`. */
const TRIED_MS = 3 * DAY_MS
/** More than fit into that time: the waits grow from seconds to six hours. */
const MAX_ATTEMPTS = 25
const INSTALLATION: MailSenderName = { name: 'Buylink' }

/** Whose name a mail carries and whose server takes it: the brand of the tenant that it concerns. */
export interface MailBrands {
  /** @param mail.tenantId null: a mail of the seller itself. */
  senderOf(db: Db, mail: { readonly sellerId: SellerId; readonly tenantId: TenantId | null }): Promise<MailSenderName>
  /** Keeps why the brand's own server failed, null once it works, for those who look after it. */
  noteOutcome(db: Db, owner: TenantId, failure: string | null, at: Date): Promise<void>
}

/** Makes the file that a mail carries; undefined: there is no such document any more. */
export type MakeAttachment = (
  db: Db,
  sellerId: SellerId,
  attachment: Attachment,
) => Promise<{ readonly filename: string; readonly content: Buffer; readonly contentType: string } | undefined>

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
  readonly attach?: MakeAttachment
}): MailSender {
  const { smtpUrl, brands, guard, attach } = options
  const host = new URL(options.publicUrl).hostname
  const address = `no-reply@${host}`
  let opened: Promise<Transporter> | undefined

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
        // One that has to wait for another is announced again when that one is done with.
        if (!mail || (await nextIn(db, sellerId, mail))?.id !== id) return
        const finish = (outcome: MailOutcome) => finishMail(db, sellerId, mail, outcome, clock.now())
        const sender = (await brands?.senderOf(db, { sellerId, tenantId: mail.tenant_id })) ?? INSTALLATION
        // Nobody takes it; then no file needs to be drawn for it either.
        if (!(guard && sender.server) && smtpUrl === undefined)
          return finish({ status: 'kept', attempts: 0, last_error: null })
        const file = mail.attachment && (await attach?.(db, sellerId, mail.attachment))
        const message: SendMailOptions = {
          from: { name: sender.name, address },
          // As an object it is one address, whatever characters it has.
          to: { name: '', address: mail.recipient },
          ...(sender.address !== undefined && { replyTo: { name: sender.name, address: sender.address } }),
          subject: mail.subject,
          text: mail.body_text,
          html: mail.html,
          ...(file && { attachments: [{ ...file }] }),
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
        const outcome =
          byBrand && (byBrand.failure === undefined || smtpUrl === undefined)
            ? byBrand
            : await attemptTo(async () => (await (opened ??= openTransport(smtpUrl))).sendMail(message))
        const { failure } = outcome
        if (failure === undefined)
          return finish({
            status: 'sent',
            attempts: attempt,
            last_error: null,
            warning,
            sent_at: clock.now(),
          })
        const isOver = clock.now().getTime() - mail.queued_at.getTime() >= TRIED_MS || attempt >= maxAttempts
        const noted = { attempts: attempt, last_error: reasonOf(failure), warning }
        if (isOver || isRefusal(failure)) return finish({ status: 'failed', ...noted })
        await note(db, sellerId, id, { status: 'queued', ...noted })
        // Thrown for another try; the reason is in the outbox, since it may name the recipient.
        throw new Error('The mail server could not take a mail')
      },
    },
    close: () => void opened?.then((transport) => transport.close()),
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

const attemptTo = async (send: () => Promise<unknown>): Promise<Outcome> => {
  try {
    await send()
    return { failure: undefined }
  } catch (failure) {
    return { failure }
  }
}

/** Loads the mail program with the first mail: memory that a server without a mail server never needs. */
async function openTransport(url: string | undefined): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport(
    { url, pool: true, maxConnections: 2, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 },
    // A mail's contents never make the server read files or addresses.
    { disableFileAccess: true, disableUrlAccess: true },
  )
}

interface QueuedMail {
  readonly id: string
  readonly recipient: string
  readonly thread: string | null
  readonly correlation_id: CorrelationId
  readonly purpose: string
}

const findQueued = (db: Db, sellerId: SellerId, id: string) =>
  db
    .selectFrom('mails')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .selectAll()
    .executeTakeFirst()

/** The first that waits of the mails about the same thing to the same person; one about nothing waits for none. */
const nextIn = async (
  db: Db | Tx,
  sellerId: SellerId,
  mail: QueuedMail,
): Promise<Pick<QueuedMail, 'id' | 'correlation_id' | 'purpose'> | undefined> =>
  mail.thread === null
    ? mail
    : db
        .selectFrom('mails')
        .where('seller_id', '=', sellerId)
        .where('thread', '=', mail.thread)
        .where('recipient', '=', mail.recipient)
        .where('status', '=', 'queued')
        .select(['id', 'correlation_id', 'purpose'])
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()

interface MailOutcome {
  readonly status: 'queued' | 'kept' | 'sent' | 'failed'
  readonly attempts: number
  readonly last_error: string | null
  readonly warning?: string | null
  readonly sent_at?: Date
}

async function note(db: Db | Tx, sellerId: SellerId, id: string, outcome: MailOutcome): Promise<void> {
  await db.updateTable('mails').set(outcome).where('seller_id', '=', sellerId).where('id', '=', id).execute()
}

/** The mail is done with, one way or the other: the next one about the same thing has its turn. */
const finishMail = (db: Db, sellerId: SellerId, mail: QueuedMail, outcome: MailOutcome, at: Date): Promise<void> =>
  transaction(db, async (tx) => {
    await note(tx, sellerId, mail.id, outcome)
    const next = mail.thread === null ? undefined : await nextIn(tx, sellerId, mail)
    if (next)
      await announceMail(tx, { sellerId, id: next.id, purpose: next.purpose, correlationId: next.correlation_id, at })
  })

/** A permanent refusal of this mail (5xx to its sender, recipient or contents, RFC 5321 §4.2.1): asking again is no use. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('command' in error)) return false
  const code = Number(error.responseCode)
  return code >= 500 && code < 600 && /^(MAIL|RCPT|DATA)/.test(String(error.command))
}
