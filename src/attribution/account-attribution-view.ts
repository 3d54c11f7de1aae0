import { sql } from 'kysely'
import { z } from 'zod'
import { getAccount } from '../accounts/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { listAncestorsOrSelf } from '../tenants/index.ts'
import { Instant, Uuid, Version } from '../platform/http/schemas.ts'

const Named = z.object({ id: Uuid, name: z.string() })

const AttributionLine = z.object({
  id: Uuid,
  at: Instant,
  outcome: z.enum(['linked', 'unlinked', 'refused']),
  reason: z.enum(['registration', 'order', 'relinked']).meta({ description: 'What the touch met' }),
  refusal: z
    .enum(['no_manager', 'inactive', 'not_sales', 'other_seller', 'already_linked', 'self_referral'])
    .nullable()
    .meta({ description: 'Why it linked nobody' }),
  channel: z.enum(['store_page', 'buy_link', 'token', 'cookie', 'staff']).nullable().meta({
    description: 'How the key came: `token` from another domain of the reseller, `cookie` from one that does not say',
  }),
  touchedAt: Instant.nullable().meta({ description: 'When the link with the key was visited' }),
  manager: Named.extend({ isPartner: z.boolean() }).nullable(),
  managerKey: z.string().nullable(),
  orderId: Uuid.nullable(),
  by: z.object({ kind: z.string(), name: z.string().nullable() }).nullable(),
  note: z.string(),
})

export const AccountAttribution = z.object({
  accountId: Uuid,
  manager: Named.nullable().meta({ description: 'Who is credited, at the moment asked about' }),
  since: Instant.nullable(),
  lines: z.array(AttributionLine),
  version: Version,
})
export type AccountAttribution = z.output<typeof AccountAttribution>

/**
 * Why an account is credited to whom, at any moment: what every touch led to, the newest first. Sales alone reads the
 * lines of other managers without their names and keys.
 *
 * @param at The moment asked about: later lines are left out.
 * @throws {BuylinkError} `not_found`.
 */
export async function accountAttribution(
  db: Db,
  actor: Principal,
  accountId: TenantId,
  at: Date,
): Promise<AccountAttribution> {
  const account = await getAccount(db, actor, accountId)
  // Whoever linked it anew is of this seller's staff or of one's above.
  const above = await listAncestorsOrSelf(db, accountId)
  const { rows } = await sql<z.output<typeof AttributionLine>>`
    select l.id, l.occurred_at as at, l.outcome, l.reason, l.refusal, l.channel, l.touched_at as "touchedAt",
           case when m.id is not null then jsonb_build_object('id', m.id, 'name', m.name, 'isPartner', m.is_partner) end as manager,
           l.manager_key as "managerKey", l.order_id as "orderId",
           case when l.actor is not null then jsonb_build_object('kind', l.actor->>'kind', 'name',
             case when l.reason = 'relinked' then (select nullif(trim(u.first_name || ' ' || u.last_name), '') from users u
                where u.seller_id = any(${above.map(({ sellerId }) => sellerId)}::uuid[]) and u.id::text = l.actor->>'id') end) end as by,
           l.note
      from attributions l
      left join managers m on m.id = l.manager_id
     where l.seller_id = ${account.sellerId} and l.account_id = ${accountId} and l.occurred_at <= ${at}
     order by l.id desc limit 500`.execute(db)
  const lines = rows.map((line) =>
    actor.onlyManagerId === null || line.manager?.id === actor.onlyManagerId
      ? line
      : { ...line, manager: null, managerKey: null, note: '' },
  )
  const deciding = lines.find(({ outcome }) => outcome !== 'refused')
  const current = deciding?.outcome === 'linked' ? deciding.manager : null
  return {
    accountId,
    manager: current && { id: current.id, name: current.name },
    since: current ? (deciding?.at ?? null) : null,
    lines,
    version: account.version,
  }
}
