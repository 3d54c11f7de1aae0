import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Amount, Instant, NumericId } from '../platform/http/schemas.ts'

export const Consumption = z.object({
  ratedUntil: Instant.nullable().meta({ description: 'Hours before it are charged; null before the first one' }),
  periods: z
    .array(
      z.object({
        period: z.iso.date().meta({ description: 'First day of a billing period, UTC' }),
        ends: z.iso.date().meta({ description: 'The day after its last one' }),
        status: z.enum(['blocked', 'closed']).meta({ description: '`blocked` holds funds until the period is closed' }),
        total: Amount,
        charges: z.array(
          z.object({
            resourceId: NumericId.meta({ description: '`0`: the subscription as a whole' }),
            name: z.string(),
            net: Amount,
            tax: Amount,
          }),
        ),
      }),
    )
    .meta({ description: 'The latest twelve, newest first' }),
})

interface Row {
  readonly period: string
  readonly ends: string
  readonly status: 'blocked' | 'closed'
  readonly resourceId: string
  readonly name: string
  readonly currency: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/** What a pay-as-you-go subscription has cost, period by period; undefined where the caller sees no such subscription. */
export async function consumptionOf(
  db: Db,
  actor: Principal,
  id: SubscriptionId,
): Promise<z.output<typeof Consumption> | undefined> {
  const { rows: found } = await sql<{ sellerId: SellerId; ratedUntil: Date | null }>`
    select s.seller_id as "sellerId", r.rated_until as "ratedUntil"
      from subscriptions s
      join tenants t on t.id = s.account_id
      join accounts a on a.seller_id = s.seller_id and a.tenant_id = s.account_id
      left join ratings r on r.seller_id = s.seller_id and r.subscription_id = s.id
     where s.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  const subscription = found[0]
  if (!subscription) return undefined
  const { rows } = await sql<Row>`
    select c.period::text, c.period_ends::text as ends, c.status, c.resource_id::text as "resourceId", coalesce(p.name, s.name) as name, c.currency, c.net_minor as "netMinor",
           c.tax_minor as "taxMinor"
      from charges c
      join subscriptions s on s.seller_id = c.seller_id and s.id = c.subscription_id
      left join plan_resources p on p.id = c.resource_id
     where c.seller_id = ${subscription.sellerId} and c.subscription_id = ${id}
       and c.period in (select distinct period from charges where seller_id = ${subscription.sellerId} and subscription_id = ${id}
                         order by period desc limit 12)
     order by c.period desc, p.position, c.resource_id`.execute(db)
  const periods = [...Map.groupBy(rows, ({ period }) => period)].map(([period, charges]) => {
    const currency = charges[0]?.currency ?? ''
    const money = (amountMinor: bigint) => ({ amountMinor, currency })
    return {
      period,
      ends: charges[0]?.ends ?? period,
      status: charges.some(({ status }) => status === 'blocked') ? ('blocked' as const) : ('closed' as const),
      total: money(charges.reduce((sum, { netMinor, taxMinor }) => sum + netMinor + taxMinor, 0n)),
      charges: charges.map(({ resourceId, name, netMinor, taxMinor }) => ({
        resourceId,
        name,
        net: money(netMinor),
        tax: money(taxMinor),
      })),
    }
  })
  return { ratedUntil: subscription.ratedUntil, periods }
}
