import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId } from '../kernel/ids.ts'
import { EVENT_NAMES, EVENT_TYPES, isPublicEvent } from '../notifications/index.ts'
import type { Db } from '../platform/db.ts'
import { decodeCursor, Instant, toPage, Uuid } from '../platform/http/schemas.ts'
import type { HappeningKind, HappeningList } from './schema.ts'

/** Postings that time brings by itself; others come with an event that says more. */
const BOOKINGS: Readonly<Record<string, string>> = {
  usage_blocked: 'Funds are held for usage',
  usage_released: 'Funds that were held for usage are free again',
  usage_charged: 'A month of usage is charged',
}

interface Row {
  readonly id: string
  readonly kind: z.output<typeof HappeningKind>
  readonly at: Date
  readonly type: string
  readonly text: string | null
  readonly tenantId: string | null
  readonly tenantName: string | null
  readonly subjectKind: string | null
  readonly subjectId: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly recipient: string | null
}

/**
 * What happened to a sandbox reseller since an instant of its own, latest first. A mail stands at the time of the event that it
 * tells of: mails themselves are sent by the machine's clock.
 */
export async function listHappenings(
  db: Db,
  sellerId: SellerId,
  {
    since,
    kind,
    cursor,
    limit,
  }: {
    readonly since: Date
    readonly kind?: z.output<typeof HappeningKind> | undefined
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Promise<z.output<typeof HappeningList>> {
  const [at, id] = cursor === undefined ? [null, null] : decodeCursor(cursor, z.tuple([Instant, Uuid]))
  const { rows } = await sql<Row>`
    select h.*, t.name as "tenantName" from (
      select e.id, 'event' as kind, e.occurred_at as at, e.type, null as text, e.tenant_id as "tenantId", e.subject_kind as "subjectKind",
             e.subject_id as "subjectId", null::bigint as "amountMinor", null as currency, null as recipient
        from events e where e.seller_id = ${sellerId} and e.occurred_at >= ${since} and e.type = any(${[...EVENT_NAMES]}::text[])
      union all
      select p.id, 'charge', p.occurred_at, p.kind, null, p.account_id, null, null,
             (select sum(n.amount_minor)::bigint from ledger_entries n where n.seller_id = p.seller_id and n.posting_id = p.id and n.amount_minor > 0),
             (select min(n.currency) from ledger_entries n where n.seller_id = p.seller_id and n.posting_id = p.id), null
        from ledger_postings p
       where p.seller_id = ${sellerId} and p.occurred_at >= ${since} and p.kind = any(${Object.keys(BOOKINGS)}::text[])
      union all
      select d.id, 'mail', e.occurred_at, e.type, m.subject, e.tenant_id, e.subject_kind, e.subject_id, null, null, m.recipient
        from events e
        join deliveries d on d.seller_id = e.seller_id and d.event_id = e.id
        join mails m on m.seller_id = d.seller_id and m.id = d.mail_id
       where e.seller_id = ${sellerId} and e.occurred_at >= ${since}
    ) h
      left join tenants t on t.id = h."tenantId"
     where (${kind ?? null}::text is null or h.kind = ${kind ?? null})
       and (${at}::timestamptz is null or (h.at, h.id) < (${at}::timestamptz, ${id}::uuid))
     order by h.at desc, h.id desc limit ${limit + 1}`.execute(db)
  const page = toPage(rows, limit, (row) => [row.at.toISOString(), row.id])
  return {
    items: page.items.map((row) => ({
      id: row.id,
      kind: row.kind,
      at: row.at,
      type: row.type,
      summary: row.text ?? BOOKINGS[row.type] ?? (isPublicEvent(row.type) ? EVENT_TYPES[row.type].summary : row.type),
      tenant: row.tenantId && row.tenantName ? { id: row.tenantId, name: row.tenantName } : null,
      subject: row.subjectKind && row.subjectId ? { kind: row.subjectKind, id: row.subjectId } : null,
      amount:
        row.amountMinor !== null && row.currency ? { amountMinor: row.amountMinor, currency: row.currency } : null,
      recipient: row.recipient,
    })),
    nextCursor: page.nextCursor,
  }
}
