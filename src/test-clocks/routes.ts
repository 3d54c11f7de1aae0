import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Instant, idOf } from '../platform/http/schemas.ts'
import { findTestClock } from '../platform/seller-clocks.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { listHappenings } from './happenings-view.ts'
import { HappeningList, HappeningQuery, TestClockView } from './schema.ts'
import { MOST_DAYS, setTestClock } from './set-test-clock.ts'

const Key = z.object({ sellerId: idOf<SellerId>() })

export const testClockRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/resellers/:sellerId/test-clock',
    scope: 'tenants:read',
    summary: 'Read the time of a sandbox reseller',
    input: Key,
    output: TestClockView,
    async handle({ db, actor }, { sellerId }) {
      const { id, name } = await getTenant(db, actor, tenantOf(sellerId))
      const clock = await findTestClock(db, sellerId)
      if (!clock) throw new BuylinkError('not_found', 'This reseller lives by the usual clock.')
      return { reseller: { id, name }, ...clock }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/resellers/:sellerId/test-clock/happenings',
    scope: 'audit:read',
    summary: 'List what happened as the time of a sandbox reseller moved, latest first',
    description: 'Events, usage that was held or charged, and mails, each at its time by the reseller’s clock.',
    input: Key.extend(HappeningQuery.shape),
    output: HappeningList,
    async handle({ db, actor }, { sellerId, ...query }) {
      await getTenant(db, actor, tenantOf(sellerId))
      const clock = await findTestClock(db, sellerId)
      if (!clock) throw new BuylinkError('not_found', 'This reseller lives by the usual clock.')
      return listHappenings(db, sellerId, { ...query, since: query.since ?? clock.from ?? clock.now })
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/resellers/:sellerId/test-clock',
    scope: 'tenants:write',
    summary: 'Make a reseller a sandbox with a clock of its own, or move that clock forward',
    description: `The clock stands still until it is moved. On the way to \`now\`, at most ${MOST_DAYS} days, what is due happens in its order: hours are charged, periods renewed, orders expire, services stop, mails go out. Poll until \`is_moving\` is false. A reseller that has orders cannot become a sandbox.`,
    input: Key.extend({ now: Instant }),
    output: TestClockView,
    handle: ({ db, clock, actor }, { sellerId, now }) => setTestClock({ db, clock }, actor, sellerId, now),
  }),
]
