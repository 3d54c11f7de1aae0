import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { decodeCursor, Instant, pageInput, pageOf, toPage, Uuid } from '../platform/http/schemas.ts'
import { listVisibleSellerIds, visibleTo } from '../tenants/index.ts'

const AuditEntry = z.object({
  id: Uuid,
  at: Instant,
  action: z.string().meta({ examples: ['plan.update'] }),
  subject: z.object({ kind: z.string(), id: z.string() }),
  tenant: z.object({ id: Uuid, name: z.string() }),
  actor: z.object({
    kind: z.string(),
    id: z.string().nullable(),
    name: z.string().nullable().meta({ description: 'E-mail address of a person' }),
  }),
  details: z.record(z.string(), z.unknown()).meta({ description: 'Where something changed: `changes`, by field' }),
})
type AuditEntry = z.output<typeof AuditEntry>

interface AuditSearch {
  readonly subjectKind?: string | undefined
  readonly subjectId?: string | undefined
  readonly action?: string | undefined
  readonly before?: string | undefined
  readonly limit: number
}

/** What was done at the caller's tenant and below it, newest first. One of the reviewed reads over several sellers. */
async function listAudit(db: Db, actor: Principal, search: AuditSearch): Promise<AuditEntry[]> {
  const sellers: SellerId[] = [...new Set([actor.sellerId, ...(await listVisibleSellerIds(db, actor))])]
  const { subjectKind, subjectId, action, before, limit } = search
  const { rows } = await sql<AuditEntry>`
    select a.id, a.occurred_at as at, a.action, jsonb_build_object('kind', a.subject_kind, 'id', a.subject_id) as subject,
           jsonb_build_object('id', t.id, 'name', t.name) as tenant,
           jsonb_build_object('kind', a.actor->>'kind', 'id', a.actor->>'id', 'name',
             (select u.email from users u where u.seller_id = any(${sellers}::uuid[]) and a.actor->>'kind' = 'user' and u.id::text = a.actor->>'id')) as actor,
           a.details
      from audit_log a join tenants t on t.id = coalesce(a.tenant_id, a.seller_id)
     where a.seller_id = any(${sellers}::uuid[]) and ${visibleTo(actor, 't')}
       and (${subjectKind ?? null}::text is null or a.subject_kind = ${subjectKind ?? null})
       and (${subjectId ?? null}::text is null or a.subject_id = ${subjectId ?? null})
       and (${action ?? null}::text is null or a.action like ${`${(action ?? '').replace(/[\\%_]/g, '\\$&')}%`})
       and (${before ?? null}::uuid is null or a.id < ${before ?? null}::uuid)
     order by a.id desc limit ${limit}`.execute(db)
  return rows
}

export const auditRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/audit-log',
    scope: 'audit:read',
    tag: 'Audit log',
    summary: 'Read who changed what, newest first',
    description:
      'Of your tenant and those below it. `action` matches its beginning: `plan.` finds all that was done to plans.',
    input: z.object({
      ...pageInput,
      subjectKind: z.string().max(60).optional(),
      subjectId: z.string().max(100).optional(),
      action: z.string().max(100).optional(),
    }),
    output: pageOf(AuditEntry),
    async handle({ db, actor }, { cursor, limit, ...search }) {
      const [before] = cursor === undefined ? [] : decodeCursor(cursor, z.tuple([Uuid]))
      const rows = await listAudit(db, actor, { ...search, before, limit: limit + 1 })
      return toPage(rows, limit, (entry) => [entry.id])
    },
  }),
]
