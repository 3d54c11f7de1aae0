import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { testAccount, testSeller } from '../../test/harness/sellers.ts'
import type { OrderId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { systemActor } from '../tenants/index.ts'
import { askProvider } from './ask-provider.ts'
import { makeOffers, type OfferRequest } from './make-offers.ts'
import { findOffers } from './offers-view.ts'
import { placeOffer } from './place-offer.ts'
import { offerSubscriber } from './subscriber.ts'
import { findTimeline } from './timeline-view.ts'

const GB = 1_073_741_824n

describe('offers of a customer that ran out', async () => {
  const database = await testDatabase()
  let shop: Shop
  let contoso: { readonly id: TenantId; readonly actor: Principal }
  let changes: ReturnType<typeof changesOf>
  const deps = () => ({ ...changes.deps, storeIdOf: () => shop.store.storeId })
  const making = () => ({ ...shop, returnHosts: async () => new Set(['localhost:8080']) })
  const ask = async (actor: Principal, rest: Partial<OfferRequest> = {}) => {
    const id = await makeOffers(making(), actor, { horizonDays: 0, place: 'api', ...rest })
    const offers = await findOffers(shop.db, actor, id)
    assert.ok(offers)
    return offers
  }
  type Offers = Awaited<ReturnType<typeof ask>>
  const place = (actor: Principal, offers: Offers, rest: Partial<Parameters<typeof placeOffer>[2]> = {}) => {
    const offer = offers.answer.offers[rest.position ?? 0]
    assert.ok(offer)
    return placeOffer(deps(), actor, {
      offerId: offers.id,
      position: 0,
      expectedTotal: offer.today,
      acceptRecurring: offer.recurringAfter,
      acceptTerms: true,
      payFromBalance: false,
      ...rest,
    })
  }
  const placeAt = (actor: Principal, { id }: Offers, position: number) =>
    placeOffer(deps(), actor, {
      offerId: id,
      position,
      expectedTotal: { amountMinor: 0n, currency: 'USD' },
      acceptTerms: true,
      payFromBalance: false,
    })
  const ordersOf = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from orders`.execute(shop.db)
    return rows[0]?.n ?? 0
  }

  before(async () => {
    shop = await openShop(database)
    changes = changesOf(shop)
    const { rows } = await sql<{ id: TenantId; path: string }>`
      select id, path::text from tenants where name = 'Contoso Dental'`.execute(shop.db)
    assert.ok(rows[0])
    const actor = systemActor(shop.store.sellerId, rows[0].id, rows[0].path, 'contoso')
    contoso = { id: rows[0].id, actor: { ...actor, scopes: new Set(['checkouts:write']) } }
  })

  test('say what is short today, and the cheapest that ends it first', async () => {
    const { answer, account, mayOrder, correlationId } = await ask(contoso.actor)
    assert.equal(account.name, 'Contoso Dental')
    assert.equal(mayOrder, true)
    assert.deepEqual(answer.items, [
      { usageName: 'storage', measure: 'bytes', of: 'customer', used: 430n * GB, value: 500n * GB },
      { usageName: 'workstations', measure: 'count', of: 'customer', used: 12n, value: 10n },
    ])
    const [first] = answer.offers
    assert.deepEqual(
      first?.steps.map(({ kind, resources }) => [
        kind,
        resources.map(({ id, before: was, after }) => [id, was, after]),
      ]),
      [
        [
          'change',
          [
            ['9001', 5n, 6n],
            ['9002', 10n, 12n],
          ],
        ],
      ],
    )
    // 18 of 28 days are left of 4.00 and 2 × 2.50 a month.
    assert.deepEqual(
      [first?.today.amountMinor, first?.recurringBefore.amountMinor, first?.recurringAfter.amountMinor],
      [578n, 4900n, 5800n],
    )
    const { rows } = await sql<{ correlation: string }>`
      select correlation_id as correlation from alerts where tenant_id = ${contoso.id} and cleared_at is null`.execute(
      shop.db,
    )
    if (rows.length > 0) assert.ok(rows.some(({ correlation }) => correlation === correlationId))
  })

  test('last longer where that is asked for', async () => {
    const now = await ask(contoso.actor)
    const long = await ask(contoso.actor, { horizonDays: 90 })
    const storage = (offers: Offers) =>
      offers.answer.offers[0]?.raises.find(({ usageName }) => usageName === 'storage')?.to ?? 0n
    assert.ok(storage(long) > storage(now))
    assert.ok((long.answer.offers[0]?.coversDays ?? 0) >= 90)
    assert.equal(long.answer.reason?.key, 'offer.reason.covers')
  })

  test('asked again are the same ones: a page that is loaded again was reached once', async () => {
    const user = { ...contoso.actor, kind: 'user' as const, id: '00000000-0000-7000-8000-00000000aaaa' }
    const [one, again] = [await ask(user, { place: 'mc_usage_info' }), await ask(user, { place: 'mc_usage_info' })]
    assert.equal(again.id, one.id)
    assert.notEqual((await ask(user, { place: 'email_notification' })).id, one.id)
  })

  test('are for whoever sees the customer, and for nobody else', async () => {
    const stranger = await testSeller(shop.db, shop.clock, 'stranger.example')
    const neighbour = await shop.customer('Fabrikam')
    const offers = await ask(contoso.actor)
    for (const actor of [stranger.actor, neighbour.actor]) {
      await assert.rejects(makeOffers(making(), actor, { tenantId: contoso.id, horizonDays: 0, place: 'api' }), {
        code: 'not_found',
      })
      assert.equal(await findOffers(shop.db, actor, offers.id), undefined)
      await assert.rejects(place(actor, offers), { code: 'not_found' })
      await assert.rejects(askProvider(shop, actor, { offerId: offers.id, message: '' }), { code: 'not_found' })
    }
    assert.equal((await ask(shop.operator, { tenantId: contoso.id })).account.id, contoso.id)
    const sold = await testAccount(shop.db, shop.clock, stranger)
    await assert.rejects(makeOffers(making(), contoso.actor, { tenantId: sold.id, horizonDays: 0, place: 'api' }), {
      code: 'not_found',
    })
  })

  test('count what a program is about to use', async () => {
    const wanted = new Map([['workstations', 5n]])
    const { answer } = await ask(contoso.actor, { wanted })
    assert.equal(answer.offers[0]?.raises.find(({ usageName }) => usageName === 'workstations')?.to, 17n)
  })

  test('are not ordered at another price, nor without agreeing to the higher month', async () => {
    const offers = await ask(contoso.actor)
    const before_ = await ordersOf()
    await assert.rejects(place(contoso.actor, offers, { expectedTotal: { amountMinor: 1n, currency: 'USD' } }), {
      code: 'price_changed',
      extra: { currentTotal: { amount: '5.78', currency: 'USD' } },
    })
    await assert.rejects(place(contoso.actor, offers, { acceptRecurring: undefined }), {
      code: 'recurring_not_accepted',
      extra: { currentRecurring: { amount: '58.00', currency: 'USD' } },
    })
    await assert.rejects(placeAt(contoso.actor, offers, 7), { code: 'not_found' })
    assert.equal(await ordersOf(), before_)
  })

  test('lead back to pages of the reseller alone', async () => {
    for (const [redirectUrl, returnUrl] of [
      ['http://localhost:8080/console?alert=1', 'http://localhost:8080/console?alert=1'],
      ['http://localhost/console', null],
      ['https://evil.example/', null],
      ['https://localhost:8080@evil.example/', null],
      ['http://someone@localhost:8080/', null],
      ['javascript:alert(1)', null],
      ['//localhost:8080/', null],
    ] as const)
      assert.equal((await ask(contoso.actor, { redirectUrl })).returnUrl, returnUrl, redirectUrl)
  })

  test('are on a timeline for whoever sees the customer, and for nobody else', async () => {
    const { correlationId } = await ask(contoso.actor)
    const types = async (actor: Principal) =>
      (await findTimeline(shop.db, actor, correlationId)).items.map(({ type }) => type)
    assert.ok((await types(contoso.actor)).includes('offer.made'))
    assert.ok((await types(shop.operator)).includes('offer.made'))
    const stranger = await testSeller(shop.db, shop.clock, 'timeline.example')
    assert.deepEqual(await types(stranger.actor), [])
    assert.deepEqual(await types((await shop.customer('Tailspin')).actor), [])
    assert.deepEqual(await types({ ...shop.operator, onlyManagerId: '00000000-0000-7000-8000-00000000bbbb' }), [])
  })

  test('hand what was offered to the provider once', async () => {
    const offers = await ask(contoso.actor, { place: 'email_notification' })
    for (let time = 0; time < 2; time++)
      await askProvider(shop, contoso.actor, { offerId: offers.id, message: 'Please call' })
    const { rows } = await sql<{ payload: { message: string; usage_names: string[] } }>`
      select payload from events where type = 'offer.contact_requested' and subject_id = ${offers.id}`.execute(shop.db)
    assert.deepEqual(
      rows.map(({ payload }) => [payload.message, payload.usage_names]),
      [['Please call', ['storage', 'workstations']]],
    )
  })

  test('one confirmation, however often and at once, is one order; paid, it raises the quotas and nothing is short', async () => {
    const offers = await ask(contoso.actor)
    const before_ = await ordersOf()
    await Promise.all(Array.from({ length: 5 }, () => place(contoso.actor, offers)))
    await place(contoso.actor, offers)
    assert.equal(await ordersOf(), before_ + 1)
    const placed = await findOffers(shop.db, contoso.actor, offers.id)
    assert.deepEqual(
      [placed?.status, placed?.chosen, placed?.orders.map(({ status }) => status)],
      ['placed', 0, ['waiting_for_payment']],
    )
    if (offers.answer.offers.length > 1) await assert.rejects(placeAt(contoso.actor, offers, 1), { code: 'conflict' })

    const underWay = await ask(contoso.actor)
    assert.deepEqual([underWay.answer.kind, underWay.answer.isOrderUnderWay], ['contact', true])

    const [order] = placed?.orders ?? []
    assert.ok(order?.payment)
    const row = await sql<{
      correlation: string
    }>`select correlation_id as correlation from orders where id = ${order.id}`.execute(shop.db)
    assert.equal(row.rows[0]?.correlation, offers.correlationId)
    await changes.pay({ ...order, payment: order.payment } as unknown as Parameters<typeof changes.pay>[0])
    await changes.serve(order.id as OrderId)
    await fulfil(order.id)
    await fulfil(order.id)
    const done = await findOffers(shop.db, contoso.actor, offers.id)
    assert.ok(done?.raisedAt)
    const quotas = await shop.quotasOf(shop.db, shop.store.sellerId, contoso.id)
    assert.deepEqual(
      quotas
        .filter(({ usageName }) => ['storage', 'workstations'].includes(usageName))
        .map(({ usageName, value }) => [usageName, value]),
      [
        ['storage', 600n * GB],
        ['workstations', 12n],
      ],
    )
    const after = await ask(contoso.actor)
    assert.equal(after.answer.kind, 'solved')
    const { rows } = await sql<{ type: string }>`
      select type from events where correlation_id = ${offers.correlationId} and type like 'offer.%' order by id`.execute(
      shop.db,
    )
    assert.equal(rows.filter(({ type }) => type === 'offer.fulfilled').length, 1)
    assert.equal(rows.filter(({ type }) => type === 'offer.placed').length, 1)
  })

  async function fulfil(orderId: string): Promise<void> {
    const event = { sellerId: shop.store.sellerId, subject: { kind: 'order', id: orderId } }
    await offerSubscriber.handle(
      event as Parameters<typeof offerSubscriber.handle>[0],
      { db: shop.db, clock: shop.clock } as unknown as Parameters<typeof offerSubscriber.handle>[1],
    )
  }
})
