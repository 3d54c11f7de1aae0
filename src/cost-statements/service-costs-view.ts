import { sql } from 'kysely'
import { z } from 'zod'
import { divideHalfUp } from '../kernel/decimal.ts'
import { minorDigits } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Amount, Uuid } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'
import { monthStart } from './rules.ts'

const MONTHS = 12

export const ServiceCosts = z.object({
  items: z.array(
    z.object({
      period: z.iso.date().meta({ description: 'First day of the month, UTC' }),
      owner: z.object({ id: Uuid, name: z.string() }).meta({ description: 'Whose plan it is, and who is asked' }),
      plan: z.object({ id: z.string(), name: z.string() }),
      service: z.string().meta({ description: 'The connector of the plan' }),
      amount: Amount.meta({ description: 'What the owner asks for it, net of tax, before any markup below' }),
      netCost: Amount.meta({ description: 'What the service asks of the owner, as far as it says' }),
      count: z.int().meta({ description: 'How often it told an amount' }),
      withoutCost: z.int().meta({ description: 'How many of these came without a net cost' }),
    }),
  ),
})

interface Row {
  readonly period: string
  readonly ownerId: string
  readonly ownerName: string
  readonly planId: string
  readonly planName: string
  readonly service: string
  readonly currency: string
  readonly amount: string
  readonly netCost: string
  readonly count: number
  readonly withoutCost: number
}

/**
 * What external services ask of those whose plans they serve (facts A3.5: their net costs come from the service), month
 * by month, latest first, a year back: for the owner of the plan and those above it, wherever it is sold (a reviewed
 * fan-out over several sellers). Of sandboxes nothing is real. Each sum is rounded once.
 */
export async function serviceCosts(db: Db, clock: Clock, actor: Principal): Promise<z.output<typeof ServiceCosts>> {
  const since = monthStart(clock.now())
  since.setUTCMonth(since.getUTCMonth() - MONTHS)
  const { rows } = await sql<Row>`
    select to_char(t.at at time zone 'UTC', 'YYYY-MM') || '-01' as period, owner.id as "ownerId", owner.name as "ownerName",
           p.id::text as "planId", p.name as "planName", p.connector as service, l.currency,
           round(sum(t.amount) * 1000000000)::text as amount, round(coalesce(sum(t.net_cost), 0) * 1000000000)::text as "netCost",
           count(*)::integer as count, count(*) filter (where t.net_cost is null)::integer as "withoutCost"
      from told_amounts t
      join subscriptions s on s.seller_id = t.seller_id and s.id = t.subscription_id
      join plans p on p.id = s.plan_id
      join tenants owner on owner.id = p.seller_id
      join price_lists l on l.seller_id = p.seller_id
     where t.at >= ${since} and ${visibleTo(actor, 'owner')}
       and not exists (select from test_clocks c where c.seller_id in (t.seller_id, p.seller_id))
     group by 1, owner.id, owner.name, p.id, p.name, p.connector, l.currency
     order by 1 desc, owner.name, p.name, p.id`.execute(db)
  return {
    items: rows.map(({ ownerId, ownerName, planId, planName, currency, amount, netCost, ...row }) => {
      const money = (billionths: string) => ({
        amountMinor: divideHalfUp(BigInt(billionths) * 10n ** BigInt(minorDigits(currency)), 10n ** 9n),
        currency,
      })
      return {
        ...row,
        owner: { id: ownerId, name: ownerName },
        plan: { id: planId, name: planName },
        amount: money(amount),
        netCost: money(netCost),
      }
    }),
  }
}
