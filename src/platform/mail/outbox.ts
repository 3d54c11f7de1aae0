import { type RawBuilder, sql } from 'kysely'
import { BuylinkError } from '../../kernel/errors.ts'
import type { SellerId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Principal } from '../actor.ts'
import { type Db, transaction } from '../db.ts'
import { audit } from '../events/publish.ts'
import { byText, byTime, type PageWish, readPage, listing } from '../http/list.ts'
import type { MailStatus } from './schema.ts'

export interface OutboxMail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly purpose: string
  readonly status: MailStatus
  readonly createdAt: Date
  readonly sentAt: Date | null
  readonly lastError: string | null
  readonly warning: string | null
}

export interface ReadMail extends OutboxMail {
  readonly html: string
  readonly bodyText: string
}

const COLUMNS = sql`m.id, m.recipient, m.subject, m.purpose, m.status, m.created_at as "createdAt",
  m.sent_at as "sentAt", m.last_error as "lastError", m.warning`

/** Mails of the sellers at and below the actor. A read over several sellers: it is in the reviewed list of them. */
const visibleMails = ({ path }: Principal): RawBuilder<unknown> => sql`
  from mails m join tenants t on t.id = m.seller_id
 where t.path <@ ${path}::ltree and t.access_path @> ${path}::ltree and t.deleted_at is null`

/** Newest first. @param before The last id of the page before. */
export const listMails = (db: Db, actor: Principal, wish: PageWish): ReturnType<typeof readPage<OutboxMail>> =>
  readPage(db, sql`select ${COLUMNS} ${visibleMails(actor)}`, MAIL_LISTING, wish)

export const MAIL_LISTING = listing(
  'newest',
  {
    created_at: byTime('createdAt'),
    subject: byText('subject'),
    recipient: byText('recipient'),
    status: byText('status'),
  },
  { search: ['subject', 'recipient'] },
)

/**
 * Reads one mail with its contents. They are personal data, so the audit log keeps who read it.
 *
 * @throws {BuylinkError} `not_found`.
 */
export async function readMail(db: Db, clock: Clock, actor: Principal, mailId: string): Promise<ReadMail> {
  return transaction(db, async (tx) => {
    const { rows } = await sql<ReadMail & { sellerId: SellerId }>`
      select ${COLUMNS}, m.html, m.body_text as "bodyText", m.seller_id as "sellerId"
      ${visibleMails(actor)} and m.id = ${mailId}`.execute(tx)
    const [mail] = rows
    if (!mail) throw new BuylinkError('not_found', 'There is no such mail.')
    await audit(tx, {
      sellerId: mail.sellerId,
      action: 'mail.read',
      subject: { kind: 'mail', id: mailId },
      tenantId: null,
      actor,
      correlationId: actor.correlationId,
      at: clock.now(),
    })
    return mail
  })
}
