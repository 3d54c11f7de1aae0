import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { usageStage } from '../../test/harness/usage-stage.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import type { OrderId, TenantId } from '../kernel/ids.ts'
import { undoChange } from '../orders/undo-change.ts'
import type { Principal } from '../platform/actor.ts'
import { quotaOf } from '../quotas/index.ts'
import { makeOffers } from './make-offers.ts'
import { findOffers } from './offers-view.ts'
import { placeOffer } from './place-offer.ts'
import { personalRise } from './rules.ts'
import { offerSubscriber } from './subscriber.ts'

const GB = 1_073_741_824n
const stage = usageStage()

test('a personal quota rises by as much as the customer’s, at least until nothing is short', () => {
  const at = (value: bigint | null, used: bigint | null) => personalRise({ measure: 'count', value, used }, 2n)
  assert.equal(at(3n, 4n), 2n)
  assert.equal(at(3n, 9n), 6n)
  assert.equal(at(3n, null), 2n)
  assert.equal(at(null, 9n), 0n)
  assert.equal(personalRise({ measure: 'bytes', value: 10n, used: 80n }, 1n), 91n)
})

test('where the user’s own quota ran out too, the purchase raises it once, and it falls once when the order is taken back', async () => {
  const { shop } = stage
  const { sellerId } = shop.store
  const changes = changesOf(shop)
  const user = await shop.db
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.id', 'users.tenant_id')
    .where('users.email', '=', SIGN_INS.customer)
    .select(['users.id', 'users.tenant_id', 'users.personal_tenant_id', 'tenants.path'])
    .executeTakeFirstOrThrow()
  const personal = user.personal_tenant_id as TenantId
  const actor: Principal = {
    ...shop.operator,
    kind: 'user',
    id: user.id,
    tenantId: user.tenant_id,
    sellerId,
    path: user.path,
    scopes: new Set(['checkouts:write']),
    onlyManagerId: null,
  }
  await stage.set(personal, 'storage', 100n * GB)
  await stage.send(stage.report(personal, 'storage', { value: 300n * GB }))
  const id = await makeOffers({ ...shop, returnHosts: async () => new Set() }, actor, { horizonDays: 0, place: 'api' })
  const offers = await findOffers(shop.db, actor, id)
  assert.ok(offers)
  assert.ok(offers.answer.items.some(({ of, usageName }) => of === 'user' && usageName === 'storage'))
  const offer = offers.answer.offers[0]
  assert.ok(offer)
  await placeOffer({ ...changes.deps, storeIdOf: () => shop.store.storeId }, actor, {
    offerId: id,
    position: 0,
    expectedTotal: offer.today,
    acceptRecurring: offer.recurringAfter,
    acceptTerms: true,
    payFromBalance: false,
  })
  const order = (await findOffers(shop.db, actor, id))?.orders[0]
  assert.ok(order)
  await changes.pay(order as unknown as Parameters<typeof changes.pay>[0])
  await changes.serve(order.id as OrderId)
  const own = async () => (await quotaOf(shop.db, sellerId, { tenantId: personal, usageName: 'storage' })).value
  assert.equal(await own(), 100n * GB)
  const completed = async (orderId: string): Promise<void> => {
    const event = { sellerId, subject: { kind: 'order', id: orderId }, correlationId: offers.correlationId }
    await offerSubscriber.handle(
      event as Parameters<typeof offerSubscriber.handle>[0],
      { db: shop.db, clock: shop.clock } as unknown as Parameters<typeof offerSubscriber.handle>[1],
    )
  }
  await Promise.all([completed(order.id), completed(order.id)])
  await completed(order.id)
  const after = await own()
  assert.ok(after && after * 8n > 300n * GB * 10n, 'the user is short no more')
  const { rows } = await sql<{ units: bigint }>`select units from personal_raises`.execute(shop.db)
  assert.deepEqual(rows, [{ units: after - 100n * GB }])

  const undo = await undoChange(shop.db, shop.clock, shop.operator, sellerId, order.id as OrderId)
  await completed(order.id)
  assert.equal(await own(), after)
  await changes.serve(undo)
  await Promise.all([completed(undo), completed(undo)])
  await completed(undo)
  assert.equal(await own(), 100n * GB)
})
