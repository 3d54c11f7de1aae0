import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { AnyRoute, RouteContext } from '../platform/http/route.ts'
import { decodeCursor, encodeCursor, idOf, Instant, Uuid } from '../platform/http/schemas.ts'
import { platformError, QueryFlag, QueryUuids, v2Route } from '../platform/http/v2.ts'
import { CHILD_ORDERS, listChildren, listTenants, placeOf, type TenantQuery } from './list-tenants.ts'
import { type Presentation, presentTenant, presentTenants } from './present-tenants.ts'
import { findProfile } from './profile-store.ts'
import type { TenantServices } from './tree-needs.ts'
import { atLevel, LevelOfDetail, ListedTenantV2, TenantV2 } from './v2-schema.ts'

const TAG = 'tenants (v2)'
const Limit = z.coerce.number().int().min(1).max(1000).default(100)
const After = z.string().max(100_000).optional().meta({ description: '`paging.cursors.after` of the page before' })
const paged = <Item extends z.ZodType>(item: Item) =>
  z.object({
    timestamp: Instant.meta({ description: 'When it was read: `updated_since` of the next time' }),
    items: z.array(item),
    paging: z.object({
      cursors: z.object({ after: z.string().optional().meta({ description: 'None on the last page' }) }),
    }),
  })

const ListInput = z.object({
  uuids: QueryUuids.optional(),
  parentId: idOf<TenantId>().optional(),
  subtreeRootId: idOf<TenantId>().optional(),
  updatedSince: Instant.optional(),
  limit: Limit,
  after: After,
  lod: LevelOfDetail.default('full'),
  withContacts: QueryFlag.default(false),
  allowDeleted: QueryFlag.default(false),
  embedPath: QueryFlag.default(false),
  withOfferingItems: QueryFlag.default(false),
  includeRelativePath: QueryFlag.default(false),
})
type ListInput = z.output<typeof ListInput>

/** What a cursor carries: the whole question, so that the next page is asked for with it alone, and where it ended. */
const Place = z.tuple([
  z.enum(['uuids', 'parent', 'subtree']),
  z.string().refine((ids) => ids.split(',').every((id) => Uuid.safeParse(id).success)),
  z.string().refine((since) => since === '' || !Number.isNaN(Date.parse(since))),
  LevelOfDetail,
  z.string().max(5),
  z.string().regex(/^\d{1,19}(\.\d{1,19})*$/),
])

/** Reading tenants in the compatible API (facts/acronis-upsell.md §4.3). */
export const tenantV2Routes = (services: Pick<TenantServices, 'brandOwnersOf' | 'listedItems'>): AnyRoute[] => {
  const presentation = (
    { clock, actor }: Pick<RouteContext<Principal>, 'clock' | 'actor'>,
    more: Pick<Presentation, 'withContacts' | 'embedPath'> = {},
  ): Presentation => ({ brandOwnersOf: services.brandOwnersOf, now: clock.now(), viewer: actor, ...more })

  return [
    v2Route({
      method: 'GET',
      path: '/api/2/tenants',
      scope: 'tenants:read',
      tag: TAG,
      summary: 'List tenants by ids, by parent, or of a subtree with its root',
      description:
        'Give exactly one of `uuids`, `parent_id` and `subtree_root_id`. Ids that nobody knows, or that are not the caller’s to see, are just not in the list.',
      input: ListInput,
      output: paged(
        ListedTenantV2.extend({
          offeringItems: z.array(services.listedItems.shape).optional().meta({ description: 'Those that are on' }),
          relativePath: z.array(Uuid).optional().meta({
            description: 'Ancestors up to the root of the subtree that was asked for, the nearest first',
          }),
        }),
      ),
      async handle(context, input) {
        const { db, actor, clock } = context
        const { query, question, after } = await readQuestion(context, input)
        const has = (flag: string): boolean => question.flags.includes(flag)
        const limit = has('o') ? Math.min(input.limit, MOST_WITH_ITEMS) : input.limit
        const rows = await listTenants(db, actor, query, { after, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const last = rows.length > limit ? page.at(-1) : undefined
        const shown = await presentTenants(
          db,
          page,
          presentation(context, {
            withContacts: has('c'),
            embedPath: has('p') || has('r'),
          }),
        )
        const items = await Promise.all(
          page.map(async (tenant) => (has('o') ? await services.listedItems.of(db, tenant) : undefined)),
        )
        const rootId = question.by === 'subtree' ? question.ids : undefined
        return {
          timestamp: clock.now(),
          items: shown.map(({ path = [], ...tenant }, index) => ({
            ...atLevel(has('p') ? { ...tenant, path } : tenant, question.lod),
            ...(items[index] && { offeringItems: items[index] }),
            ...(has('r') && { relativePath: tenant.id === rootId ? [] : upTo(path, rootId) }),
          })),
          paging: { cursors: last ? { after: cursorOf(question, last.path) } : {} },
        }
      },
    }),
    v2Route({
      method: 'GET',
      path: '/api/2/tenants/:tenantId',
      scope: 'tenants:read',
      tag: TAG,
      summary: 'Read a tenant',
      input: z.object({
        tenantId: idOf<TenantId>(),
        allowDeleted: QueryFlag.optional(),
        embedPath: QueryFlag.optional(),
        withContacts: QueryFlag.optional(),
      }),
      output: TenantV2,
      async handle(context, { tenantId, allowDeleted, embedPath, withContacts }) {
        const tenant = await findProfile(context.db, context.actor, tenantId, allowDeleted)
        if (!tenant) throw noTenant()
        return presentTenant(context.db, tenant, presentation(context, { embedPath, withContacts }))
      },
    }),
    v2Route({
      method: 'GET',
      path: '/api/2/tenants/:tenantId/children',
      scope: 'tenants:read',
      tag: TAG,
      summary: 'List the children of a tenant',
      description: 'Their ids; the tenants themselves with `include_details`. All of them, or `limit` at a time.',
      input: z.object({
        tenantId: idOf<TenantId>(),
        includeDetails: QueryFlag.default(false),
        order: z.enum(CHILD_ORDERS).default('name'),
        limit: Limit.default(1000),
        after: After,
        allowDeleted: QueryFlag.default(false),
        withContacts: QueryFlag.default(false),
      }),
      output: z.object({
        items: z.array(z.union([Uuid, TenantV2])),
        paging: z.object({ cursors: z.object({ after: z.string().optional() }) }),
      }),
      async handle(context, { tenantId, includeDetails, order, limit, after, allowDeleted, withContacts }) {
        const { db, actor } = context
        if (!(await findProfile(db, actor, tenantId, allowDeleted))) throw noTenant()
        const from = after === undefined ? undefined : decodeCursor(after, z.tuple([z.string(), Uuid]))
        const rows = await listChildren(db, actor, tenantId, order, { after: from, limit: limit + 1, allowDeleted })
        const page = rows.slice(0, limit)
        const last = rows.length > limit ? page.at(-1) : undefined
        const items = includeDetails
          ? await presentTenants(db, page, presentation(context, { withContacts }))
          : page.map(({ id }) => id)
        return { items, paging: { cursors: last ? { after: encodeCursor(placeOf(last, order)) } : {} } }
      },
    }),
  ]
}

/** Each costs some queries; a page may be shorter than what was asked for. */
const MOST_WITH_ITEMS = 100

const upTo = (path: readonly string[], id: string | undefined): string[] =>
  id === undefined ? [...path] : path.slice(0, path.indexOf(id) + 1)

const noTenant = () => platformError('tenant_not_found', 'There is no such tenant.')

interface Question {
  readonly by: 'uuids' | 'parent' | 'subtree'
  readonly ids: string
  readonly since: string
  readonly lod: z.output<typeof LevelOfDetail>
  /** `c`: with contacts, `p`: with paths, `d`: deleted ones too, `o`: with offering items, `r`: with relative paths. */
  readonly flags: string
}

const cursorOf = ({ by, ids, since, lod, flags }: Question, path: string): string =>
  encodeCursor([by, ids, since, lod, flags, path])

async function readQuestion({ db, actor }: Pick<RouteContext<Principal>, 'db' | 'actor'>, input: ListInput) {
  const place = input.after === undefined ? undefined : decodeCursor(input.after, Place)
  const question: Question = place
    ? { by: place[0], ids: place[1], since: place[2], lod: place[3], flags: place[4] }
    : questionOf(input)
  const [id = ''] = question.ids.split(',')
  const allowDeleted = question.flags.includes('d')
  const query: TenantQuery = {
    allowDeleted,
    ...(question.since !== '' && { updatedSince: new Date(question.since) }),
    ...(question.by === 'uuids' && { uuids: question.ids.split(',') }),
    ...(question.by === 'parent' && { parentId: id }),
  }
  if (question.by === 'uuids') return { query, question, after: place?.[5] }
  const tenant = await findProfile(db, actor, id, allowDeleted)
  if (!tenant) throw noTenant()
  return {
    query: question.by === 'subtree' ? { ...query, subtreePath: tenant.path } : query,
    question,
    after: place?.[5],
  }
}

function questionOf(input: ListInput): Question {
  const given = [
    input.uuids && (['uuids', input.uuids.join(',')] as const),
    input.parentId && (['parent', input.parentId] as const),
    input.subtreeRootId && (['subtree', input.subtreeRootId] as const),
  ].filter((each) => each !== undefined)
  const [first] = given
  if (first === undefined || given.length > 1)
    throw new BuylinkError('invalid_request', 'Give exactly one of uuids, parent_id and subtree_root_id.')
  const flags = Object.entries({
    c: input.withContacts,
    p: input.embedPath,
    d: input.allowDeleted,
    o: input.withOfferingItems,
    r: input.includeRelativePath,
  })
    .filter(([, isSet]) => isSet)
    .map(([flag]) => flag)
    .join('')
  const since = input.updatedSince?.toISOString() ?? ''
  return { by: first[0], ids: first[1], since, lod: input.lod, flags }
}
