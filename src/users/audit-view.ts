import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { ActorLabel, Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { byText, byTime, type PageWish, readPage, sortInput, listing } from '../platform/http/list.ts'
import { Instant, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { listVisibleSellerIds, visibleTo } from '../tenants/index.ts'
import { KnownActor, nameActors } from './name-actors.ts'

const AuditEntry = z.object({
  id: Uuid,
  at: Instant,
  action: z.string().meta({ examples: ['plan.update'] }),
  subject: z.object({ kind: z.string(), id: z.string() }),
  tenant: z.object({ id: Uuid, name: z.string() }),
  actor: KnownActor,
  details: z.record(z.string(), z.unknown()).meta({ description: 'Where something changed: `changes`, by field' }),
})
type AuditEntry = z.output<typeof AuditEntry>
type StoredEntry = Omit<AuditEntry, 'actor'> & { readonly actor: ActorLabel; readonly email: string | null }

const LISTING = listing('newest', {
  at: byTime('at'),
  action: byText('action'),
  tenant: byText(sql`x.tenant ->> 'name'`),
  actor: byText(sql`coalesce(x.email, x.actor ->> 'id')`),
})

interface AuditSearch extends PageWish {
  readonly subjectKind?: string | undefined
  readonly subjectId?: string | undefined
  readonly action?: string | undefined
}

/** What was done at the caller's tenant and below it. One of the reviewed reads over several sellers. */
async function listAudit(db: Db, actor: Principal, search: AuditSearch): ReturnType<typeof readPage<AuditEntry>> {
  const sellers: SellerId[] = [...new Set([actor.sellerId, ...(await listVisibleSellerIds(db, actor))])]
  const { subjectKind, subjectId, action } = search
  const rows = sql`
    select a.id, a.occurred_at as at, a.action, jsonb_build_object('kind', a.subject_kind, 'id', a.subject_id) as subject,
           jsonb_build_object('id', t.id, 'name', t.name) as tenant,
           a.actor,
           (select u.email from users u where u.seller_id = any(${sellers}::uuid[]) and a.actor->>'kind' = 'user' and u.id::text = a.actor->>'id') as email,
           a.details
      from audit_log a join tenants t on t.id = coalesce(a.tenant_id, a.seller_id)
     where a.seller_id = any(${sellers}::uuid[]) and ${visibleTo(actor, 't')}
       and (${subjectKind ?? null}::text is null or a.subject_kind = ${subjectKind ?? null})
       and (${subjectId ?? null}::text is null or a.subject_id = ${subjectId ?? null})
       and (${action ?? null}::text is null or a.action like ${`${(action ?? '').replace(/[\\%_]/g, '\\$&')}%`})`
  const page = await readPage<StoredEntry>(db, rows, LISTING, search)
  const who = await nameActors(
    db,
    actor,
    page.items.map(({ tenant }) => tenant.id as TenantId),
    page.items.map((entry) => entry.actor),
  )
  return { ...page, items: page.items.map(({ email: _, ...entry }) => ({ ...entry, actor: who(entry.actor) })) }
}

export const auditRoutes: readonly AnyRoute[] = withCsv(
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
      ...sortInput(LISTING),
      subjectKind: z.string().max(60).optional(),
      subjectId: z.string().max(100).optional(),
      action: z.string().max(100).optional(),
    }),
    output: pageOf(AuditEntry),
    handle: ({ db, actor }, search) => listAudit(db, actor, search),
  }),
)
