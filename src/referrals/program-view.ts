import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byNumber, byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { visibleTo } from '../tenants/index.ts'
import type { PartnerView, ProgramView } from './schema.ts'

type Viewer = { readonly path: string }

export const PROGRAM_LISTING = listing('oldest', {
  name: byText('name'),
  percent: byNumber('percent'),
  valid_from: byTime('validFrom'),
  valid_until: byTime('validUntil'),
  partners: byNumber('partners'),
})
export const PARTNER_LISTING = listing('oldest', {
  name: byText('name'),
  key: byText('key'),
  joined_at: byTime('joinedAt'),
})

const PROGRAMS = sql`
  select p.id, p.name, p.basis_points as percent, p.applies_to as "appliesTo", p.valid_from as "validFrom",
         p.valid_until as "validUntil", p.seller_id as "sellerId", p.version,
         (select count(*)::int from referral_partners r join managers m on m.id = r.manager_id
           where r.program_id = p.id and m.deleted_at is null) as partners
    from referral_programs p
    join tenants s on s.id = p.seller_id`

/** Programmes of resellers at or below the caller's tenant. */
export const listPrograms = (db: Db, viewer: Viewer, wish: PageWish): ReturnType<typeof readPage<ProgramView>> =>
  readPage(db, sql`${PROGRAMS} where ${visibleTo(viewer, 's')}`, PROGRAM_LISTING, wish)

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getProgram(db: Db | Tx, viewer: Viewer, id: string): Promise<ProgramView> {
  const { rows } = await sql<ProgramView>`${PROGRAMS} where p.id = ${id} and ${visibleTo(viewer, 's')}`.execute(db)
  if (!rows[0]) throw new BuylinkError('not_found', 'There is no such programme.')
  return rows[0]
}

const PARTNERS = sql`
  select r.manager_id as id, m.name, m.email, m.key, m.active,
         case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name) end as account,
         jsonb_build_object('id', p.id, 'name', p.name) as program,
         coalesce(r.basis_points, p.basis_points) as percent, coalesce(r.applies_to, p.applies_to) as "appliesTo",
         r.basis_points as "ownPercent", r.applies_to as "ownAppliesTo", r.joined_at as "joinedAt",
         r.report_linked_at as "reportLinkedAt", r.version
    from referral_partners r
    join managers m on m.id = r.manager_id and m.deleted_at is null
    join referral_programs p on p.id = r.program_id
    join tenants s on s.id = r.seller_id
    left join tenants a on a.id = m.account_id`

/** Partners of resellers at or below the caller's tenant, the oldest first. */
export function listPartners(
  db: Db,
  viewer: Viewer,
  { programId, ...wish }: PageWish & { readonly programId?: string | undefined },
): ReturnType<typeof readPage<PartnerView>> {
  const rows = sql`
    ${PARTNERS}
     where ${visibleTo(viewer, 's')}
       and (${programId ?? null}::uuid is null or r.program_id = ${programId ?? null}::uuid)`
  return readPage(db, rows, PARTNER_LISTING, wish)
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getPartner(db: Db | Tx, viewer: Viewer, id: string): Promise<PartnerView> {
  const { rows } = await sql<PartnerView>`
    ${PARTNERS} where r.manager_id = ${id} and ${visibleTo(viewer, 's')}`.execute(db)
  if (!rows[0]) throw new BuylinkError('not_found', 'There is no such partner.')
  return rows[0]
}
