import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid, Version } from '../platform/http/schemas.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { sellerOf } from '../tenants/rules.ts'
import { DunningList, DunningQuery, listDunnings } from './dunning-view.ts'
import { changeSchedule } from './save-schedule.ts'
import { DunningAction } from './schema.ts'
import { findSchedule } from './store.ts'

const Step = z.object({ day: z.int().meta({ description: 'After the due date; 0: on it' }), action: DunningAction })
const ScheduleView = z.object({
  sellerId: Uuid,
  steps: z.array(Step),
  version: Version.nullable().meta({ description: 'null: it was never changed' }),
})

/** The seller asked for: the caller's own, or one below it. @throws {BuylinkError} `not_found`. */
async function sellerFor(db: Db, actor: Principal, asked: TenantId | undefined): Promise<SellerId> {
  const tenant = await getTenant(db, actor, asked ?? tenantOf(actor.sellerId))
  if (!isSeller(tenant.kind)) throw new BuylinkError('not_found', 'There is no such reseller.')
  return sellerOf(tenant.id)
}

export const dunningRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/dunnings',
    scope: 'payments:read',
    summary: 'List what is asked for by a schedule: what was done, and what comes next',
    description: 'Payments of renewals and owed invoices, newest first.',
    input: DunningQuery,
    output: DunningList,
    handle: ({ db, actor }, query) => listDunnings(db, actor, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/dunning-settings',
    scope: 'invoices:read',
    summary: 'Read how a reseller asks for what is due',
    input: z.object({ sellerId: idOf<TenantId>().optional() }),
    output: ScheduleView,
    handle: async ({ db, actor }, { sellerId: asked }) => {
      const sellerId = await sellerFor(db, actor, asked)
      const { steps, version } = await findSchedule(db, sellerId)
      return { sellerId, steps: [...steps], version }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/dunning-settings',
    scope: 'invoices:write',
    summary: 'Set how a reseller asks for what is due',
    description:
      'The due date of a renewal is the end of the period that is paid for, that of an invoice is on it. What is asked for already keeps its schedule. No steps: nothing is charged or asked for by itself.',
    input: z.object({ sellerId: idOf<TenantId>().optional(), steps: z.array(Step).max(50) }),
    output: ScheduleView,
    handle: async ({ db, clock, actor, request }, { sellerId: asked, steps }) => {
      const sellerId = await sellerFor(db, actor, asked)
      await changeSchedule(db, clock, actor, sellerId, steps, request.ifMatch)
      const saved = await findSchedule(db, sellerId)
      return { sellerId, steps: [...saved.steps], version: saved.version }
    },
  }),
]
