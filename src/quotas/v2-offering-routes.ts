import { z } from 'zod'
import { BACKUP, DEFAULT_EDITION, EDITION_WARNINGS } from '../applications/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { type AnyRoute } from '../platform/http/route.ts'
import { idOf, Instant, Uuid } from '../platform/http/schemas.ts'
import { QueryFlag, v2Route } from '../platform/http/v2.ts'
import { getTenant } from '../tenants/index.ts'
import { TenantKind } from '../tenants/schema.ts'
import { changeOffering } from './change-offering.ts'
import { itemsForChild, itemsOf, type TenantItem } from './offering-view.ts'
import { listTenantsBelow } from './subtree-view.ts'
import { switchEdition, warningsOfSwitch } from './switch-edition.ts'
import { OfferingItemV2, presentItem, QuotaV2 } from './v2-schema.ts'

const tag = 'offering items (v2)'
const PATH = '/api/2/tenants/:tenantId/offering_items'
const Status = z.enum(['0', '1']).optional()
const Names = z.string().max(4000).optional().meta({ description: 'Several, joined by commas' })

const ItemFilter = {
  edition: z.string().max(64).default(DEFAULT_EDITION).meta({
    description: 'Only items of this edition, and those of none; `*`: of all',
  }),
  status: Status,
  type: z.enum(['count', 'feature', 'infra']).optional(),
  usageNames: Names,
}

interface Filter {
  readonly edition: string
  readonly status?: '0' | '1' | undefined
  readonly type?: string | undefined
  readonly usageNames?: string | undefined
}

/** Items without an edition are in every one. */
const select = (items: readonly TenantItem[], { edition, status, type, usageNames }: Filter): TenantItem[] =>
  items.filter(
    ({ item, isOn }) =>
      (edition === '*' || item.edition === null || edition.split(',').includes(item.edition)) &&
      (status === undefined || isOn === (status === '1')) &&
      (type === undefined || item.type === type) &&
      (usageNames === undefined || usageNames.split(',').includes(item.usageName)),
  )

const Edition = z.object({ tenantId: idOf<TenantId>(), targetEdition: z.string().max(64), applicationId: Uuid })
const Warnings = z.object({ warnings: z.array(z.enum(EDITION_WARNINGS)) })
const List = z.object({ timestamp: Instant, items: z.array(OfferingItemV2) })

/** What tenants can have, with quotas, and customers' editions (facts/acronis-upsell.md §5). */
export const offeringV2Routes: AnyRoute[] = [
  v2Route({
    method: 'GET',
    path: '/api/2/tenants/offering_items',
    scope: 'offerings:read',
    tag,
    summary: 'List the items of a tenant and all below it',
    input: z.object({
      ...ItemFilter,
      subtreeRootTenantId: idOf<TenantId>(),
      limit: z.coerce.number().int().min(1).max(5000).default(5000),
      after: Uuid.optional().meta({ description: 'The last tenant of the page before' }),
    }),
    output: List.extend({ paging: z.object({ cursors: z.object({ after: Uuid.optional() }) }) }),
    async handle({ db, clock, actor }, { subtreeRootTenantId, limit, after, ...filter }) {
      await getTenant(db, actor, subtreeRootTenantId)
      const items: TenantItem[] = []
      const tenants = await listTenantsBelow(db, actor, subtreeRootTenantId, after)
      let last: TenantId | undefined
      for (const tenant of tenants) {
        const own = select(await itemsOf(db, tenant), filter)
        // Whole tenants only, so that the next page begins with one; a limit below one tenant's items still gets that one.
        if (items.length > 0 && items.length + own.length > limit) break
        items.push(...own)
        last = tenant.id
      }
      const isEnd = last === undefined || last === tenants.at(-1)?.id
      return {
        timestamp: clock.now(),
        items: items.map(presentItem),
        paging: { cursors: isEnd || last === undefined ? {} : { after: last } },
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: PATH,
    scope: 'offerings:read',
    tag,
    summary: 'List the items of a tenant with their quotas',
    input: z.object({ tenantId: idOf<TenantId>(), ...ItemFilter }),
    output: List,
    async handle({ db, clock, actor }, { tenantId, ...filter }) {
      const items = await itemsOf(db, await getTenant(db, actor, tenantId))
      return { timestamp: clock.now(), items: select(items, filter).map(presentItem) }
    },
  }),
  v2Route({
    method: 'PUT',
    path: PATH,
    scope: 'offerings:write',
    tag,
    summary: 'Switch items on or off and set their quotas',
    description:
      'All or nothing. A quota is the total: what subscriptions grant stays. Its three fields are required, `version` as last read.',
    input: z.object({
      tenantId: idOf<TenantId>(),
      offeringItems: z
        .array(
          z.object({
            applicationId: Uuid,
            name: z.string().max(80),
            status: z.int().min(0).max(1).optional(),
            infraId: Uuid.optional(),
            quota: QuotaV2.optional(),
          }),
        )
        .max(500),
      checkUsage: z.boolean().optional(),
    }),
    output: z.object({ items: z.array(OfferingItemV2) }),
    async handle({ db, clock, actor }, { tenantId, offeringItems, checkUsage }) {
      const items = await changeOffering(db, clock, actor, { tenantId, items: offeringItems, checkUsage })
      return { items: items.map(presentItem) }
    },
  }),
  v2Route({
    method: 'GET',
    path: `${PATH}/available_for_child`,
    scope: 'offerings:read',
    tag,
    summary: 'List the items that a new tenant below this one could have',
    input: z.object({
      tenantId: idOf<TenantId>(),
      kind: TenantKind.default('customer'),
      edition: ItemFilter.edition,
    }),
    output: z.object({ items: z.array(OfferingItemV2) }),
    async handle({ db, actor }, { tenantId, kind, edition }) {
      const tenant = await getTenant(db, actor, tenantId)
      const child = { kind, edition: edition === '*' ? DEFAULT_EDITION : edition }
      return { items: select(await itemsForChild(db, tenant, child), { edition }).map(presentItem) }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/api/2/tenants/:tenantId/edition',
    scope: 'offerings:read',
    tag,
    summary: 'What a switch to another edition would mean',
    input: Edition.extend({ applicationId: Uuid.default(BACKUP.id), dryRun: QueryFlag.optional() }),
    output: Warnings,
    handle: ({ db, actor }, input) => warningsOfSwitch(db, actor, input),
  }),
  v2Route({
    method: 'PUT',
    path: '/api/2/tenants/:tenantId/edition',
    scope: 'offerings:write',
    tag,
    summary: 'Switch a customer to another edition',
    input: Edition,
    output: Warnings,
    handle: ({ db, clock, actor }, input) => switchEdition(db, clock, actor, input),
  }),
]
