import { z } from 'zod'
import { findDefaultClass, saveAccountClass } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { sellerOf } from '../tenants/rules.ts'

const BillingSettings = z.object({
  sellerId: Uuid,
  billingDay: z.int().meta({ description: 'Of the month, UTC: pay as you go is closed and invoiced on it' }),
})
const Asked = z.object({ sellerId: idOf<TenantId>().optional() })

/** The seller asked for: the caller's own, or one below it. @throws {BuylinkError} `not_found`. */
async function sellerFor(db: Db, actor: Principal, asked: TenantId | undefined): Promise<SellerId> {
  const tenant = await getTenant(db, actor, asked ?? tenantOf(actor.sellerId))
  if (!isSeller(tenant.kind)) throw new BuylinkError('not_found', 'There is no such reseller.')
  return sellerOf(tenant.id)
}

const read = async (db: Db, sellerId: SellerId): Promise<z.output<typeof BillingSettings>> => ({
  sellerId,
  billingDay: (await findDefaultClass(db, sellerId))?.billingDay ?? 1,
})

/** When a reseller closes and invoices what is paid for by use. */
export const billingDayRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/billing-settings',
    scope: 'invoices:read',
    summary: 'Read on which day of the month pay as you go is invoiced',
    input: Asked,
    output: BillingSettings,
    handle: async ({ db, actor }, { sellerId }) => read(db, await sellerFor(db, actor, sellerId)),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/billing-settings',
    scope: 'invoices:write',
    summary: 'Set on which day of the month pay as you go is invoiced',
    description:
      'A period that is open keeps its end. The next one begins there and goes to the next billing day, so it may be shorter; no hour is charged twice or left out.',
    input: Asked.extend({ billingDay: z.int().min(1).max(28) }),
    output: BillingSettings,
    handle: async ({ db, clock, actor }, { sellerId: asked, billingDay }) => {
      const sellerId = await sellerFor(db, actor, asked)
      await saveAccountClass(db, clock, actor, sellerId, { billingDay })
      return read(db, sellerId)
    },
  }),
]
