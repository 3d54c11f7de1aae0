import { sql } from 'kysely'
import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byNumber, byText, byTime, readPage, sortInput, listing } from '../platform/http/list.ts'
import { Instant, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { Channel, type Delivery, type DeliveryId, DeliveryStatus } from './schema.ts'
import { sellersOf } from './sellers.ts'

export const DeliveryView = z.object({
  id: Uuid.meta({ description: 'The `webhook-id` that the receiver sees' }),
  eventId: Uuid,
  eventType: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  channel: Channel,
  handler: z.string().nullable().meta({ description: 'Of a handler: its id, or the key of a built-in one' }),
  webhookId: Uuid.nullable(),
  webhookUrl: z.string().nullable(),
  mailId: Uuid.nullable(),
  recipient: z.string().nullable().meta({ description: 'Address that a mail goes to' }),
  status: DeliveryStatus,
  attempts: z.int(),
  nextTryAt: Instant.nullable(),
  lastStatus: z.int().nullable().meta({ description: 'HTTP status of the latest answer' }),
  lastError: z.string().nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
})
export type DeliveryView = z.output<typeof DeliveryView>

export const DeliveryDetails = DeliveryView.extend({
  body: z.string().nullable().meta({ description: 'What is sent to a webhook, as it was signed' }),
  tries: z.array(
    z.object({
      number: z.int(),
      startedAt: Instant,
      durationMs: z.int(),
      status: z.int().nullable(),
      error: z.string().nullable(),
    }),
  ),
})

export const DeliveryList = pageOf(DeliveryView)
const LISTING = listing('newest', {
  created_at: byTime('createdAt'),
  event_type: byText('eventType'),
  channel: byText('channel'),
  status: byText('status'),
  attempts: byNumber('attempts'),
})
export const DeliveryQuery = z.object({
  ...pageInput,
  ...sortInput(LISTING),
  status: DeliveryStatus.optional(),
  channel: Channel.optional(),
  webhookId: Uuid.optional(),
  handler: z.string().max(100).optional(),
  eventType: z.string().max(100).optional(),
  subjectId: z.string().max(100).optional(),
  since: Instant.optional(),
  until: Instant.optional().meta({ description: 'Before then' }),
})

type Row = Delivery & { readonly webhookUrl: string | null; readonly recipient: string | null }

/** What becomes of a mail is in the outbox; `kept` is delivered there, since nowhere else is set. */
const STATUS = sql`(case m.status when 'queued' then 'waiting' when 'failed' then 'failed' else
  case when m.id is null then d.status else 'delivered' end end)`

const DELIVERIES = sql`
  select d.seller_id as "sellerId", d.id, d.event_id as "eventId", d.event_type as "eventType",
         d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.tenant_id as "tenantId", d.channel, d.handler,
         d.endpoint_id as "endpointId", e.url as "webhookUrl", d.mail_id as "mailId", m.recipient,
         ${STATUS} as status,
         coalesce(m.attempts, d.attempts) as attempts, d.next_try_at as "nextTryAt", d.last_status as "lastStatus",
         coalesce(m.last_error, d.last_error) as "lastError", d.correlation_id as "correlationId",
         d.created_at as "createdAt", case when m.id is null then d.finished_at else m.sent_at end as "finishedAt"
    from deliveries d
    left join webhook_endpoints e on e.seller_id = d.seller_id and e.id = d.endpoint_id
    left join mails m on m.seller_id = d.seller_id and m.id = d.mail_id`

/** The log of the sellers that the caller sees: one of the reviewed reads over several sellers. */
export async function listDeliveries(
  db: Db,
  actor: Principal,
  query: z.output<typeof DeliveryQuery>,
): Promise<z.output<typeof DeliveryList>> {
  const is = (column: string, value: string | undefined) =>
    sql`(${value ?? null}::text is null or ${sql.ref(column)}::text = ${value ?? null})`
  const rows = sql`
    ${DELIVERIES}
     where d.seller_id = any(${await sellersOf(db, actor)}::uuid[])
       and (${query.status ?? null}::text is null or ${STATUS} = ${query.status ?? null}) and ${is('d.channel', query.channel)}
       and (${query.webhookId ?? null}::uuid is null or d.endpoint_id = ${query.webhookId ?? null}::uuid)
       and ${is('d.handler', query.handler)} and ${is('d.event_type', query.eventType)}
       and ${is('d.subject_id', query.subjectId)}
       and (${query.since ?? null}::timestamptz is null or d.created_at >= ${query.since ?? null})
       and (${query.until ?? null}::timestamptz is null or d.created_at < ${query.until ?? null})`
  const page = await readPage<Row>(db, rows, LISTING, query)
  return { items: page.items.map(view), nextCursor: page.nextCursor }
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getDelivery(
  db: Db | Tx,
  actor: Principal,
  id: DeliveryId,
): Promise<z.output<typeof DeliveryDetails> & { readonly sellerId: SellerId }> {
  const sellers = await sellersOf(db, actor)
  const { rows } = await sql<Row>`${DELIVERIES} where d.seller_id = any(${sellers}::uuid[]) and d.id = ${id}`.execute(
    db,
  )
  const row = rows[0]
  if (!row) throw new BuylinkError('not_found', 'There is no such delivery.')
  const { rows: tries } = await sql<z.output<typeof DeliveryDetails>['tries'][number] & { body: string | null }>`
    select number, started_at as "startedAt", duration_ms as "durationMs", status, error
      from delivery_attempts where seller_id = ${row.sellerId} and delivery_id = ${id}
     order by number desc limit 100`.execute(db)
  const { rows: bodies } = await sql<{ body: string | null }>`
    select body from deliveries where seller_id = ${row.sellerId} and id = ${id}`.execute(db)
  return { ...view(row), sellerId: row.sellerId, body: bodies[0]?.body ?? null, tries }
}

const view = ({ subjectKind, subjectId, endpointId, sellerId: _s, tenantId: _t, correlationId: _c, ...row }: Row) => ({
  ...row,
  subject: { kind: subjectKind, id: subjectId },
  webhookId: endpointId,
})
