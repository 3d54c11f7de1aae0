import { sql } from 'kysely'
import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, byTime, readPage, searchInput, sortInput, listing } from '../platform/http/list.ts'
import { idOf, Instant, pageInput, pageOf, Uuid, Whole } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'

const State = z.enum(['almost_reached', 'reached', 'exceeded'])

const LISTING = listing(
  'newest',
  {
    opened_at: byTime('openedAt'),
    tenant: byText(sql`coalesce(x."customerName", '') || x.name`),
    usage_name: byText('usageName'),
    state: byText('state'),
    used: byNumber('used'),
  },
  { search: ['name', 'customerName'] },
)

export const AlertQuery = z.object({
  ...pageInput,
  ...sortInput(LISTING),
  ...searchInput,
  state: State.optional(),
  usageName: z.string().max(64).optional(),
  tenantId: idOf<TenantId>().optional().meta({ description: 'Of this tenant and those below it' }),
  cleared: z.enum(['true', 'false']).default('false').meta({ description: '`true`: also those that are over' }),
})

export const AlertList = pageOf(
  z.object({
    id: Uuid,
    tenant: z.object({ id: Uuid, number: Whole, name: z.string(), kind: z.string() }),
    customer: z.object({ id: Uuid, name: z.string() }).nullable(),
    usageName: z.string(),
    state: State,
    used: Whole,
    value: Whole.nullable(),
    overage: Whole.nullable(),
    openedAt: Instant,
    changedAt: Instant,
    clearedAt: Instant.nullable(),
  }),
)

interface Row {
  readonly id: string
  readonly tenantId: string
  readonly number: bigint
  readonly name: string
  readonly kind: string
  readonly customerId: string | null
  readonly customerName: string | null
  readonly usageName: string
  readonly state: z.output<typeof State>
  readonly used: bigint
  readonly value: bigint | null
  readonly overage: bigint | null
  readonly openedAt: Date
  readonly changedAt: Date
  readonly clearedAt: Date | null
}

/**
 * Alerts of a subtree; a reviewed read over the sellers of it. A sales manager sees those of the
 * accounts attributed to them.
 */
export async function listAlerts(
  db: Db,
  actor: Principal,
  query: z.output<typeof AlertQuery>,
): Promise<z.output<typeof AlertList>> {
  const rows = sql`
    select x.id, t.id as "tenantId", t.number, t.name, t.kind, c.id as "customerId", c.name as "customerName", x.usage_name as "usageName",
           x.state, coalesce(u.value, 0) as used, greatest(q.base + coalesce(g.units, 0), 0) as value, q.overage,
           x.opened_at as "openedAt", x.changed_at as "changedAt", x.cleared_at as "clearedAt"
      from alerts x
      join tenants t on t.id = x.tenant_id
      left join tenants c on c.path @> t.path and c.kind = 'customer'
      left join accounts a on a.seller_id = x.seller_id and a.tenant_id = c.id
      left join usages u on u.seller_id = x.seller_id and u.tenant_id = x.tenant_id and u.usage_name = x.usage_name
      left join quotas q on q.seller_id = x.seller_id and q.tenant_id = x.tenant_id and q.usage_name = x.usage_name
      left join lateral (select sum(units)::bigint as units from quota_grants
                          where seller_id = x.seller_id and tenant_id = x.tenant_id and usage_name = x.usage_name) g on true
     where ${visibleTo(actor, 't')}
       and (${actor.onlyManagerId}::uuid is null or a.manager_id = ${actor.onlyManagerId}::uuid)
       and (${query.state ?? null}::text is null or x.state = ${query.state ?? null})
       and (${query.usageName ?? null}::text is null or x.usage_name = ${query.usageName ?? null})
       and (${query.tenantId ?? null}::uuid is null or exists (select from tenants o where o.id = ${query.tenantId ?? null}::uuid and o.path @> t.path))
       and (${query.cleared === 'true'} or x.cleared_at is null)`
  const page = await readPage<Row>(db, rows, LISTING, query)
  return {
    items: page.items.map(({ tenantId, number, name, kind, customerId, customerName, ...alert }) => ({
      ...alert,
      tenant: { id: tenantId, number, name, kind },
      customer: customerId === null ? null : { id: customerId, name: customerName ?? '' },
    })),
    nextCursor: page.nextCursor,
  }
}
