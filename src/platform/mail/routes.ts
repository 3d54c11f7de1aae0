import { z } from 'zod'
import { type AnyRoute, route } from '../http/route.ts'
import { withCsv } from '../http/csv.ts'
import { searchInput, sortInput } from '../http/list.ts'
import { Instant, pageInput, pageOf, Uuid } from '../http/schemas.ts'
import { listMails, MAIL_LISTING, readMail } from './outbox.ts'

const Mail = z.object({
  id: Uuid,
  recipient: z.string(),
  subject: z.string(),
  purpose: z.string(),
  status: z.enum(['queued', 'kept', 'sent', 'failed']).meta({ description: '`kept`: no mail server is set' }),
  createdAt: Instant,
  sentAt: Instant.nullable(),
  lastError: z.string().nullable(),
  warning: z
    .string()
    .nullable()
    .meta({ description: 'What went wrong though it was sent, say by the brand’s own server' }),
})

/** The outbox page of the operator: what was mailed to whom, and what became of it. */
export const mailRoutes: AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/mails',
      scope: 'mails:read',
      summary: 'List mails, newest first',
      input: z.object({ ...pageInput, ...sortInput(MAIL_LISTING), ...searchInput }),
      output: pageOf(Mail),
      handle: ({ db, actor }, wish) => listMails(db, actor, wish),
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/mails/:mailId',
    scope: 'mails:read',
    summary: 'Read a mail',
    description: 'Its contents are personal data: the audit log keeps who read it.',
    input: z.object({ mailId: Uuid }),
    output: Mail.extend({ html: z.string(), bodyText: z.string() }),
    handle: ({ db, clock, actor }, { mailId }) => readMail(db, clock, actor, mailId),
  }),
]
