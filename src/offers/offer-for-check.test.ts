import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { openShop } from '../../test/harness/shop.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { OrderId, TenantId } from '../kernel/ids.ts'
import { setQuota } from '../quotas/index.ts'
import { checkUsage } from '../quotas/check-usage.ts'
import { systemActor } from '../tenants/index.ts'
import { offerForCheck } from './offer-for-check.ts'
import type { OfferView } from './offer-shape.ts'
import { findOffers } from './offers-view.ts'
import { placeOffer } from './place-offer.ts'
import type { OfferId } from './store.ts'

test('a program that hits a hard limit gets the offer; ordered and paid, the same call succeeds', async () => {
  const database = await testDatabase()
  const shop = await openShop(database)
  const changes = changesOf(shop)
  const { rows } = await database.pool.query<{ id: TenantId; path: string }>(
    `select id, path::text from tenants where name = 'Contoso Dental'`,
  )
  const contoso = rows[0]
  assert.ok(contoso)
  const program = systemActor(shop.store.sellerId, contoso.id, contoso.path, 'program')
  const check = { tenantId: contoso.id, usageName: 'servers', units: 2n }
  await setQuota(shop.db, shop.clock, shop.operator, { ...check, to: { base: 0n, overage: 0n } })
  const refused = await checkUsage(shop.db, program, check).then(
    () => assert.fail('There is no room for two more'),
    (error: unknown) => error,
  )
  assert.ok(refused instanceof BuylinkError && refused.status === 402)
  const deps = { ...shop, returnHosts: async () => new Set<string>(), buyUrlOf: () => 'http://localhost:8080/upgrade' }
  const told = await offerForCheck(deps, program, check, refused)
  assert.deepEqual(
    [told['quota'], told['shortage'], told['buyUrl']],
    [{ used: '1', value: '1', overage: '0' }, '2', 'http://localhost:8080/upgrade'],
  )
  const offer = told['offer'] as OfferView & { readonly id: OfferId }
  assert.equal(offer.raises.find(({ usageName }) => usageName === 'servers')?.to, 3n)
  // Asked again and again, it is the same offer: a program may not be patient.
  assert.equal(((await offerForCheck(deps, program, check, refused))['offer'] as typeof offer).id, offer.id)
  await placeOffer({ ...changes.deps, storeIdOf: () => shop.store.storeId }, program, {
    offerId: offer.id,
    position: offer.position,
    expectedTotal: offer.today,
    acceptRecurring: offer.recurringAfter,
    acceptTerms: true,
    payFromBalance: false,
  })
  const [order] = (await findOffers(shop.db, program, offer.id))?.orders ?? []
  assert.ok(order)
  await changes.pay(order as unknown as Parameters<typeof changes.pay>[0])
  await changes.serve(order.id as OrderId)
  assert.deepEqual(await checkUsage(shop.db, program, check), { room: 2n })
  const stranger = await testSeller(shop.db, shop.clock, 'stranger.example')
  assert.equal((await offerForCheck(deps, stranger.actor, check, refused))['offer'], null)
})
