import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { withCsv } from '../platform/http/csv.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid, Whole } from '../platform/http/schemas.ts'
import { getTenant } from '../tenants/index.ts'
import { UsageName } from '../usage/index.ts'
import { checkUsage, type UsageCheck } from './check-usage.ts'
import { quotaTenant } from './level-view.ts'
import { quotaOf, quotasOf } from './quota-view.ts'
import { setQuota } from './set-quota.ts'
import { usageHistoryOf } from './usage-history-view.ts'

/** A base may be below 0, where less was wanted than is granted. */
const Signed = z.codec(z.string().regex(/^-?(0|[1-9]\d{0,17})$/, 'Must be a whole number'), z.bigint(), {
  decode: BigInt,
  encode: String,
})
/** Up to as much as a base: sums of them fit the database. */
const Amount = z.codec(z.string().regex(/^(0|[1-9]\d{0,17})$/, 'Must be a whole number'), z.bigint().nonnegative(), {
  decode: BigInt,
  encode: String,
})
const Stamp = z.codec(z.int().nonnegative(), z.bigint().nonnegative(), { decode: BigInt, encode: Number })

const QuotaView = z.object({
  tenantId: Uuid,
  usageName: z.string(),
  measurementUnit: z.enum(['bytes', 'quantity']),
  base: Signed.nullable().meta({ description: 'Set by hand or API; null: unlimited' }),
  granted: Whole.meta({ description: 'What live subscriptions grant; a change of the base never touches it' }),
  value: Whole.nullable().meta({ description: 'Base plus grants, the soft quota; null: unlimited' }),
  overage: Whole.nullable().meta({ description: 'null: soft. Else the hard limit is value + overage' }),
  used: Whole.nullable().meta({ description: 'With units and users below; null: never reported' }),
  state: z.enum(['fine', 'almost_reached', 'reached', 'exceeded']),
  version: Stamp.meta({ description: 'Raised by every change, of grants too; 0: nothing was ever set' }),
})

const Day = z.iso.date().meta({ description: 'A day in UTC' })
const ForecastView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unlimited') }),
  z.object({ kind: z.literal('out') }),
  z.object({
    kind: z.literal('not_enough_data'),
    days: z.int().meta({ description: 'Days of the last 30 that something was reported for' }),
    needed: z.int(),
  }),
  z.object({ kind: z.literal('not_at_this_rate') }),
  z.object({
    kind: z.literal('runs_out'),
    day: Day,
    earliest: Day,
    latest: Day.nullable().meta({ description: 'null: at the slowest likely pace, not within two years' }),
  }),
])

/** A name that no usage can have answers as one that has no quota, once the rest of the request is looked at. */
const Place = { tenantId: idOf<TenantId>(), usageName: z.string().max(64) }

function knownName(usageName: string): string {
  if (!UsageName.safeParse(usageName).success) throw new BuylinkError('not_found', 'There is no such usage.')
  return usageName
}

/** `GET /api/v1/quotas/{tenant_id}` and what belongs to it. */
/** What to offer a program that is refused; offers live above quotas, so the application hands this in. */
export type WayOut = (
  context: { readonly db: Db; readonly clock: Clock },
  actor: Principal,
  check: UsageCheck,
  refusal: BuylinkError,
) => Promise<Record<string, unknown>>

export const quotaRoutes = (wayOut?: WayOut): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/quotas/:tenantId',
    scope: 'quotas:read',
    summary: 'List a tenant’s quotas with what is used of them',
    input: z.object({ tenantId: idOf<TenantId>() }),
    output: z.object({ items: z.array(QuotaView) }),
    async handle({ db, actor }, { tenantId }) {
      const tenant = await quotaTenant(db, actor, tenantId)
      return { items: await quotasOf(db, tenant.sellerId, tenantId) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/quotas/:tenantId/:usageName',
    scope: 'quotas:read',
    summary: 'Read one quota of a tenant',
    input: z.object(Place),
    output: QuotaView,
    async handle({ db, actor }, { tenantId, usageName }) {
      const tenant = await quotaTenant(db, actor, tenantId)
      return quotaOf(db, tenant.sellerId, { tenantId, usageName: knownName(usageName) })
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/quotas/:tenantId/:usageName',
    scope: 'quotas:write',
    summary: 'Set the base of a quota',
    description:
      'What is left out stays as it is; grants of subscriptions are kept apart and stay. Needs `If-Match` with the version that was read ("0" where nothing was ever set). Alerts follow at once.',
    input: z.object({ ...Place, base: Signed.nullable().optional(), overage: Amount.nullable().optional() }),
    output: QuotaView,
    async handle({ db, clock, actor, request }, { tenantId, usageName, base, overage }) {
      const tenant = await quotaTenant(db, actor, tenantId)
      const before = await quotaOf(db, tenant.sellerId, { tenantId, usageName: knownName(usageName) })
      if (request.ifMatch === undefined)
        throw new BuylinkError('precondition_required', 'Send If-Match with the ETag of the quota that you read.')
      const to = {
        base: base === undefined ? before.base : base,
        overage: overage === undefined ? before.overage : overage,
      }
      const change = { tenantId, usageName, to, ifVersion: request.ifMatch }
      return setQuota(db, clock, actor, change)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tenants/:tenantId/usage-history',
    scope: 'quotas:read',
    tag: 'quotas',
    summary: 'Read what a tenant used day by day, and when its quotas will run out',
    description:
      'A sample is the last total of a day that something was reported for. The forecast goes on from what is used now at the median pace of the last 30 days, with a range from their spread; with reports of fewer than 7 days there is none.',
    input: z.object({
      tenantId: idOf<TenantId>(),
      usageName: UsageName.optional().meta({ description: 'This one alone; else all that have a quota' }),
      days: z.coerce.number().int().min(1).max(366).default(90),
    }),
    output: z.object({
      tenant: z.object({ id: Uuid, name: z.string(), kind: z.string() }),
      items: z.array(
        QuotaView.extend({ samples: z.array(z.object({ day: Day, value: Whole })), forecast: ForecastView }),
      ),
    }),
    async handle({ db, clock, actor }, { tenantId, usageName, days }) {
      const { id, name, kind, sellerId } = await getTenant(db, actor, tenantId)
      const tenant = { id, name, kind }
      return { tenant, items: await usageHistoryOf(db, sellerId, tenantId, { now: clock.now(), days, usageName }) }
    },
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/tenants/:tenantId/daily-usage',
      scope: 'quotas:read',
      tag: 'quotas',
      summary: 'List what a tenant used on each day, latest first: the figures behind a chart',
      input: z.object({
        tenantId: idOf<TenantId>(),
        usageName: UsageName.optional().meta({ description: 'This one alone; else all that have a quota' }),
        days: z.coerce.number().int().min(1).max(366).default(90),
      }),
      output: z.object({
        items: z.array(
          z.object({
            day: Day,
            usageName: z.string(),
            measurementUnit: z.string(),
            value: Whole,
            quota: Whole.nullable(),
          }),
        ),
      }),
      async handle({ db, clock, actor }, { tenantId, usageName, days }) {
        const { sellerId } = await getTenant(db, actor, tenantId)
        const quotas = await usageHistoryOf(db, sellerId, tenantId, { now: clock.now(), days, usageName })
        return {
          items: quotas.flatMap(({ samples, value: quota, ...rest }) =>
            samples.toReversed().map(({ day, value }) => ({
              day,
              usageName: rest.usageName,
              measurementUnit: rest.measurementUnit,
              value,
              quota,
            })),
          ),
        }
      },
    }),
  ),
  route({
    method: 'POST',
    path: '/api/v1/usage-checks',
    scope: 'usage:read',
    tag: 'usage',
    summary: 'Ask, before something is used, whether a hard quota forbids it',
    description:
      'Looks at the tenant’s own quota and, within a customer, at those above it. Answers 402 `quota_exceeded` with `platform_code` 1022 when a hard limit would be passed, with `quota`, `shortage`, the `offer` that ends it and a `buy_url` for a person. Reserves nothing.',
    input: z.object({
      tenantId: idOf<TenantId>(),
      usageName: UsageName,
      units: Whole.optional().meta({ description: '0 unless said: how it stands' }),
    }),
    output: z.object({
      allowed: z.literal(true),
      room: Whole.nullable().meta({ description: 'How much more a hard quota lets through; null: none is hard' }),
    }),
    async handle({ db, clock, actor }, { units = 0n, ...check }) {
      try {
        const { room } = await checkUsage(db, actor, { ...check, units })
        return { allowed: true as const, room }
      } catch (error) {
        if (!(error instanceof BuylinkError) || error.code !== 'quota_exceeded' || !wayOut) throw error
        const more = await wayOut({ db, clock }, actor, { ...check, units }, error)
        throw new BuylinkError('quota_exceeded', error.message, { extra: { ...error.extra, ...more } })
      }
    },
  }),
]
