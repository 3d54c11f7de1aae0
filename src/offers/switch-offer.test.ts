import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { DAY_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { makeOffers } from './make-offers.ts'
import { findOffers } from './offers-view.ts'
import { placeOffer } from './place-offer.ts'

const GB = 1_073_741_824n

let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
})

async function ask(actor: Principal) {
  const id = await makeOffers({ ...shop, returnHosts: async () => new Set() }, actor, { horizonDays: 0, place: 'api' })
  const offers = await findOffers(shop.db, actor, id)
  assert.ok(offers)
  return offers
}

test('the next plan, where it is cheaper than more of the running one, is ordered, paid, and ends the shortage', async () => {
  const { account, subscriptionId } = await changes.running('Outgrown')
  const at = shop.clock.now()
  await createUsageIntake(shop.db, shop.clock).report(
    shop.operator,
    (
      [
        ['storage', 1000n * GB],
        ['workstations', 50n],
      ] as const
    ).map(([usageName, value]) => ({
      source: 'test',
      eventId: `outgrown ${usageName}`,
      tenantId: account.id,
      usageName,
      at,
      change: { value },
    })),
  )
  shop.clock.advance(10 * DAY_MS)
  const buyer = { ...account.actor, scopes: new Set(['checkouts:write'] as const) }
  const offers = await ask(buyer)
  const [offer] = offers.answer.offers
  assert.ok(offer)
  assert.deepEqual(
    offer.steps.map(({ kind, subscription, plan }) => [kind, subscription?.id, plan.name]),
    [['switch', subscriptionId, 'Backup Enterprise']],
  )
  assert.equal(offer.recurringAfter.amountMinor, 14_900n)
  const place = () =>
    placeOffer({ ...changes.deps, storeIdOf: () => shop.store.storeId }, buyer, {
      offerId: offers.id,
      position: 0,
      expectedTotal: offer.today,
      acceptRecurring: offer.recurringAfter,
      acceptTerms: true,
      payFromBalance: false,
    })
  await Promise.all([place(), place()])
  await place()
  const placed = await findOffers(shop.db, buyer, offers.id)
  const [order, second] = placed?.orders ?? []
  assert.ok(order?.payment)
  assert.equal(second, undefined)
  assert.deepEqual(order.total, offer.today)
  await changes.pay(order as unknown as Parameters<typeof changes.pay>[0])
  await changes.serve(order.id as Parameters<typeof changes.serve>[0])
  const state = await changes.stateOf(subscriptionId)
  assert.equal(state.status, 'active')
  assert.deepEqual(
    [state.grants['storage'], state.grants['workstations'], state.recurring],
    [String(2000n * GB), '50', 14_900n],
  )
  assert.equal((await ask(buyer)).answer.kind, 'solved')
  const open = shop.db.selectFrom('alerts').where('tenant_id', '=', account.id).where('cleared_at', 'is', null)
  assert.deepEqual(await open.select('usage_name').execute(), [])
})
