import { z } from 'zod'
import { BACKUP, EDITION_ITEMS } from '../applications/index.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { type AnyRoute } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import { v2Route } from '../platform/http/v2.ts'
import { getTenant } from '../tenants/index.ts'
import { UsageName, type UsageReport } from '../usage/index.ts'
import { itemsOf, type TenantItem } from './offering-view.ts'
import type { UsageIntake } from './report-usage.ts'
import { listVisibleTenants } from './subtree-view.ts'
import { presentUsage, UsageV2 } from './v2-schema.ts'

const tag = 'usages (v2)'
const Names = z.string().max(4000).optional().meta({ description: 'Several, joined by commas' })

/** UUIDs, joined by commas. */
const Tenants = z.codec(z.string().max(20_000), z.array(Uuid).min(1), {
  decode: (text) => text.split(','),
  encode: (ids) => ids.join(','),
})

interface Filter {
  readonly usageNames?: string | undefined
  readonly editions?: string | undefined
}

/** Of what is on. */
const select = (items: readonly TenantItem[], { usageNames, editions }: Filter): TenantItem[] =>
  items.filter(
    ({ item, isOn }) =>
      isOn &&
      (usageNames === undefined || usageNames.split(',').includes(item.usageName)) &&
      (editions === undefined ||
        editions === '*' ||
        item.edition === null ||
        editions.split(',').includes(item.edition)),
  )

/** One report of `PUT /tenants/usages`; `tenant_id` and `resource_id` both name the tenant. */
const Report = z.object({
  tenantId: Uuid.optional(),
  resourceId: Uuid.optional(),
  usageType: z.string().max(64).optional(),
  offeringItem: z.string().max(80).optional(),
  infraId: Uuid.optional(),
  usageValue: z.int().nonnegative().meta({ description: 'What is used now: bytes of storage, else a count' }),
})
const ReportError = z.object({ code: z.int(), message: z.string() })

/** Usages of the compatible API (facts/acronis-upsell.md §5.5). */
export const usageV2Routes = (intake: UsageIntake): AnyRoute[] => [
  v2Route({
    method: 'GET',
    path: '/api/2/tenants/usages',
    scope: 'usage:read',
    tag,
    summary: 'List the usages of several tenants',
    input: z.object({ tenants: Tenants, usageNames: Names, editions: Names }),
    output: z.object({ items: z.array(z.object({ tenant: Uuid, usages: z.array(UsageV2) })) }),
    async handle({ db, clock, actor }, { tenants, ...filter }) {
      const items: { tenant: TenantId; usages: ReturnType<typeof presentUsage>[] }[] = []
      for (const tenant of await listVisibleTenants(db, actor, tenants)) {
        const used = select(await itemsOf(db, tenant), filter)
        items.push({ tenant: tenant.id, usages: used.map((each) => presentUsage(each, tenant.number, clock.now())) })
      }
      return { items }
    },
  }),
  v2Route({
    method: 'PUT',
    path: '/api/2/tenants/usages',
    scope: 'usage:write',
    tag,
    summary: 'Report what tenants use now',
    description: 'Absolute values. A report that cannot be taken says so in its own `error`; the others are.',
    input: z.object({ items: z.array(Report).max(5000) }),
    output: z.object({ items: z.array(Report.extend({ error: ReportError.optional() })) }),
    async handle({ clock, actor }, { items }) {
      const at = clock.now()
      const read = items.map((item) => readReport(item, at))
      const reports = read.filter((each): each is UsageReport => !('message' in each))
      const results = await intake.report(actor, reports)
      return {
        items: items.map((item, index) => {
          const each = read[index]
          if (!each || 'message' in each) return { ...item, error: each ?? unknownTenant }
          return results[reports.indexOf(each)] === 'unknown_tenant' ? { ...item, error: unknownTenant } : item
        }),
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/tenants/:tenantId/usages',
    scope: 'usage:read',
    tag,
    summary: 'List the usages of a tenant',
    input: z.object({ tenantId: idOf<TenantId>(), usageNames: Names, editions: Names }),
    output: z.object({ items: z.array(UsageV2) }),
    async handle({ db, clock, actor }, { tenantId, ...filter }) {
      const tenant = await getTenant(db, actor, tenantId)
      const used = select(await itemsOf(db, tenant), filter)
      return { items: used.map((each) => presentUsage(each, tenant.number, clock.now())) }
    },
  }),
]

const unknownTenant = { code: 1005, message: 'There is no such tenant.' }

/** A report as the intake takes it, or why it cannot be one. */
function readReport(item: z.output<typeof Report>, at: Date): UsageReport | z.output<typeof ReportError> {
  const tenantId = item.tenantId ?? item.resourceId
  if (tenantId === undefined) return { code: 400, message: 'tenant_id: Is required.' }
  const named = EDITION_ITEMS.find(({ name }) => name === item.offeringItem)?.usageName ?? item.offeringItem
  const usageName = UsageName.safeParse(item.usageType ?? named)
  if (!usageName.success) return { code: 400, message: 'usage_type: There is no such usage.' }
  return {
    source: `urn:buylink:api-v2:${BACKUP.id}`,
    eventId: newId(at.getTime()),
    tenantId,
    usageName: usageName.data,
    at,
    change: { value: BigInt(item.usageValue) },
  }
}
