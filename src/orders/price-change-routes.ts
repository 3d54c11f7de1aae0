import { z } from 'zod'
import type { Catalog } from '../catalog/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Instant, NumericId } from '../platform/http/schemas.ts'
import { announcePriceChange, NOTICE_DAYS } from './announce-price-change.ts'
import { announcedPrices } from './price-change-store.ts'

const Key = z.object({ planId: NumericId })

/** Prices of plans for those who have them already, each reseller's own. */
export const priceChangeRoutes = (catalog: Catalog): readonly AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/plans/:planId/price-changes',
    scope: 'plans:read',
    summary: 'List the price changes that were announced to running subscriptions of a plan',
    input: Key,
    output: z.object({ items: z.array(z.object({ effectiveAt: Instant, announcedAt: Instant })) }),
    async handle({ db, actor }, { planId }) {
      const { plans } = await catalog.refresh(actor.sellerId)
      if (!plans.has(planId)) throw new BuylinkError('not_found', 'There is no such plan.')
      const items = await announcedPrices(db, actor.sellerId, planId)
      return { items: items.map(({ effectiveAt, announcedAt }) => ({ effectiveAt, announcedAt })) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/plans/:planId/price-changes',
    scope: 'plans:write',
    summary: 'Announce the plan’s prices of now to its running subscriptions',
    description: `Periods that begin from \`effective_at\` on, at least ${NOTICE_DAYS} days away, cost at most these prices. Until then, and without an announcement, what runs keeps the price a month that was agreed. Each subscription that will cost more is told by mail, notice and webhook.`,
    input: Key.extend({ effectiveAt: Instant }),
    output: z.object({
      effectiveAt: Instant,
      told: z.int().meta({ description: 'Subscriptions that will cost more; 0 where it was announced before' }),
    }),
    async handle({ db, clock, actor }, { planId, effectiveAt }) {
      const told = await announcePriceChange({ db, clock, catalog }, actor, {
        sellerId: actor.sellerId,
        planId,
        effectiveAt,
      })
      return { effectiveAt, told }
    },
  }),
]
