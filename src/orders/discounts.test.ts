import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { discountsOf, TEN } from '../../test/harness/discounts.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { explainLink } from '../buylinks/explain-link.ts'
import { createCodes, saveCode, saveDiscount } from '../catalog/index.ts'
import { newId, type SubscriptionId } from '../kernel/ids.ts'
import { addDays, DAY_MS } from '../kernel/time.ts'
import { verifyLedger } from '../ledger/index.ts'
import { getSubscription } from '../subscriptions/index.ts'
import { approvePayment } from '../payments/index.ts'
import { startPaidOrder } from './advance-order.ts'
import { advanceTerms } from './advance-term.ts'
import { cancelOrder, expireOrders } from './cancel-order.ts'
import { changeCheckout } from './change-checkout.ts'
import { createPlacingQueue, placeOrder } from './place-order.ts'
import { findOrderView } from './order-view.ts'
import { viewCheckout } from './checkout-view.ts'

let shop: Shop
let changes: ReturnType<typeof changesOf>
let discounts: ReturnType<typeof discountsOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
  discounts = discountsOf(shop)
  await sql`update subscriptions set due_at = null`.execute(shop.db)
})

const sellerId = () => shop.store.sellerId
const deps = () => changes.deps
const uses = async (name: string) => {
  const { rows } = await sql<{ uses: number; orders: number }>`
    select uses::int, (select count(*)::int from promo_uses u where u.seller_id = p.seller_id and u.code = p.code and u.returned_at is null) as orders
      from promo_codes p where code = ${name}`.execute(shop.db)
  assert.equal(rows[0]?.uses, rows[0]?.orders)
  return rows[0]?.uses
}
const totalsOf = async (subscriptionId: SubscriptionId) => {
  const { rows } = await sql<{ total: bigint }>`
    select total_minor as total from orders where subscription_id = ${subscriptionId} and status <> 'cancelled' order by id`.execute(
    shop.db,
  )
  return rows.map(({ total }) => total)
}
const refused = { code: 'promo_code_refused' }

describe('a discount that is taken off by itself', () => {
  test('is in the link’s explanation, the checkout, the order and its lines, equal to the cent', async () => {
    const id = await discounts.save({ needsCode: false, off: { kind: 'percent', basisPoints: 1250 }, name: 'Opening' })
    const account = await shop.customer('Opens')
    const { total } = await explainLink(shop, { kind: 'anonymous', correlationId: newId() }, 'localhost', LINK.monthly)
    const { placed, checkoutId } = await discounts.order(account)
    const seen = await viewCheckout(deps(), account.actor, checkoutId)
    assert.deepEqual([total?.amountMinor, placed.total.amountMinor, seen.total.amountMinor], [4287n, 4287n, 4287n])
    assert.deepEqual(seen.renewal?.amount.amountMinor, 4900n)
    const view = await findOrderView(shop.db, account.actor, placed.id)
    assert.deepEqual(
      view?.lines.map(({ kind, net }) => [kind, net.amountMinor]),
      [
        ['period_recurring', 4900n],
        ['discount', -613n],
      ],
    )
    assert.equal(view?.discount?.name, 'Opening')
    // What was agreed a month is the price, not the price of today.
    assert.equal((await getSubscription(shop.db, sellerId(), placed.subscription.id))?.recurringMinor, 4900n)
    await discounts.save({ active: false }, id)
    assert.equal((await discounts.order(await shop.customer('Comes late'))).placed.total.amountMinor, 4900n)
  })
  test('is there from its beginning to its end, by the seller’s clock', async () => {
    const id = await discounts.save({
      needsCode: false,
      startsAt: addDays(shop.clock.now(), 1),
      endsAt: addDays(shop.clock.now(), 2),
    })
    const account = await shop.customer('Waits')
    const checkoutId = await discounts.draft(account)
    const today = async () => (await viewCheckout(deps(), account.actor, checkoutId)).total.amountMinor
    const seen = [await today()]
    shop.clock.advance(DAY_MS)
    seen.push(await today())
    shop.clock.advance(DAY_MS)
    seen.push(await today())
    assert.deepEqual(seen, [4900n, 4410n, 4900n])
    await discounts.save({ active: false }, id)
  })
})

describe('a promo code', () => {
  test('is entered in the checkout, however it is typed, and taken away again', async () => {
    await discounts.code('HELLO-26')
    const account = await shop.customer('Types')
    const checkoutId = await discounts.draft(account)
    await changeCheckout(shop, account.actor, checkoutId, { promoCode: ' hello-26 ' })
    const view = await viewCheckout(deps(), account.actor, checkoutId)
    assert.deepEqual(view.promo, { code: 'HELLO-26', status: 'applied', message: '' })
    assert.deepEqual([view.total.amountMinor, view.dueToday.amountMinor], [4410n, 4410n])
    assert.equal(view.periods.find(({ id }) => id === '1840')?.total.amountMinor, 4410n)
    await changeCheckout(shop, account.actor, checkoutId, { promoCode: null })
    assert.equal((await viewCheckout(deps(), account.actor, checkoutId)).total.amountMinor, 4900n)
    assert.equal(await uses('HELLO-26'), 0)
  })
  test('that takes nothing off is refused with the reason, and nothing else is lost', async () => {
    await discounts.code('ENTERPRISE', { planIds: ['426'] })
    const account = await shop.customer('Is refused')
    await assert.rejects(discounts.draft(account, 'NOSUCH'), refused)
    await assert.rejects(discounts.draft(account, 'ENTERPRISE'), { ...refused, message: /not for this plan/ })
    await assert.rejects(discounts.draft(account, 'HELLO-26', LINK.payAsYouGo), refused)
    await assert.rejects(discounts.draft(account, 'HELLO-26', LINK.trial), refused)
    const checkoutId = await discounts.draft(account, 'HELLO-26')
    await assert.rejects(changeCheckout(shop, account.actor, checkoutId, { promoCode: 'NOSUCH' }), refused)
    assert.equal((await viewCheckout(deps(), account.actor, checkoutId)).promo?.code, 'HELLO-26')
  })
  test('is beaten by a higher discount, and then not used', async () => {
    const id = await discounts.save({ needsCode: false, off: { kind: 'amount', amountMinor: 1000n }, name: 'Ten off' })
    const account = await shop.customer('Is better off')
    const { placed, checkoutId } = await discounts.order(account, 'HELLO-26')
    assert.equal(placed.total.amountMinor, 3900n)
    assert.equal((await viewCheckout(deps(), account.actor, checkoutId)).promo?.status, 'beaten')
    assert.equal(await uses('HELLO-26'), 0)
    await discounts.save({ active: false }, id)
  })
  test('is used as often as an account may, and given back by what is cancelled or never paid', async () => {
    await discounts.code('ONCE', {}, { maxUsesPerAccount: 1, maxUses: 2n })
    const account = await shop.customer('Comes back')
    const first = await discounts.order(account, 'ONCE')
    await assert.rejects(discounts.draft(account, 'once'), { ...refused, message: /used this code already/ })
    const cancellation = { sellerId: sellerId(), orderId: first.placed.id, reason: 'Changed my mind.', byStaff: false }
    for (let time = 0; time < 2; time++) await cancelOrder(shop.db, shop.clock, account.actor, cancellation)
    assert.equal(await uses('ONCE'), 0)
    await discounts.order(account, 'ONCE')
    await discounts.order(await shop.customer('Another'), 'ONCE')
    await assert.rejects(discounts.draft(await shop.customer('Third'), 'ONCE'), { ...refused, message: /used up/ })
    shop.clock.advance(90 * DAY_MS)
    await expireOrders(shop.db, shop.clock, { kind: 'system', id: 'test' })
    assert.equal(await uses('ONCE'), 0)
  })
  test('that runs out before the order is placed changes the price, which is asked for again', async () => {
    const discountId = await discounts.code('LAST', {}, { maxUses: 1n })
    const [one, other] = [await shop.customer('Quick'), await shop.customer('Slow')]
    const waiting = await discounts.draft(other, 'LAST')
    await discounts.order(one, 'LAST')
    await assert.rejects(placeOrder(deps(), other.actor, placing(waiting, 4410n)), { code: 'price_changed' })
    const { promo, total } = await viewCheckout(deps(), other.actor, waiting)
    assert.deepEqual([promo?.status, total.amountMinor], ['refused', 4900n])
    await assert.rejects(
      saveCode(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), discountId, code: 'UNKNOWN', change: {} }),
      { code: 'not_found' },
    )
    await saveCode(shop.db, shop.clock, shop.operator, {
      sellerId: sellerId(),
      discountId,
      code: 'LAST',
      change: { maxUses: 2n },
    })
    assert.equal((await placeOrder(deps(), other.actor, placing(waiting, 4410n))).total.amountMinor, 4410n)
    assert.equal(await uses('LAST'), 2)
  })
  test('with a limit of 7 is used 7 times by 60 who place at once, in three processes', async () => {
    await discounts.code('SEVEN', {}, { maxUses: 7n, maxUsesPerAccount: 2 })
    const accounts = await Promise.all(Array.from({ length: 20 }, (_, index) => shop.customer(`Rush ${index}`)))
    const checkouts = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const account = accounts[index % accounts.length]!
        return { account, id: await discounts.draft(account, 'SEVEN') }
      }),
    )
    const queues = [1, 2, 3].map(() => createPlacingQueue(shop.pool))
    const results = await Promise.allSettled(
      checkouts.map(({ account, id }, index) =>
        placeOrder({ ...deps(), queue: queues[index % 3]! }, account.actor, {
          ...placing(id, 4410n),
          allowSecond: true,
        }),
      ),
    )
    for (const result of results)
      if (result.status === 'rejected') assert.equal(result.reason.code, 'price_changed', String(result.reason))
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 7)
    assert.equal(await uses('SEVEN'), 7)
    const { rows } = await sql<{ most: number; discounted: number }>`
      select max(n)::int as most, sum(n)::int as discounted from (
        select u.account_id, count(*) as n from promo_uses u
          join orders o on o.seller_id = u.seller_id and o.id = u.order_id and o.snapshot->'discount'->>'code' = 'SEVEN'
         where u.code = 'SEVEN' group by 1) per_account`.execute(shop.db)
    assert.ok(rows[0] && rows[0].most <= 2 && rows[0].discounted === 7)
  })
  test('of another reseller is none', async () => {
    const { sellerId: above } = shop.operator
    assert.notEqual(above, sellerId())
    const discount = await saveDiscount(shop.db, shop.clock, shop.operator, {
      sellerId: above,
      draft: () => ({ ...TEN, planIds: [] }),
    })
    const theirs = { sellerId: above, discountId: discount.id, code: 'THEIRS', count: 1 }
    await createCodes(shop.db, shop.clock, shop.operator, { ...theirs, maxUses: null, maxUsesPerAccount: null })
    await assert.rejects(discounts.draft(await shop.customer('Stranger'), 'THEIRS'), {
      ...refused,
      message: /no such code/,
    })
  })
})

describe('what was granted', () => {
  const pass = () =>
    advanceTerms({
      db: shop.db,
      clock: shop.clock,
      catalog: shop.catalog,
      onError: (error) => assert.fail(String(error)),
    })
  const renewOnce = async (subscriptionId: SubscriptionId) => {
    const subscription = await getSubscription(shop.db, sellerId(), subscriptionId)
    assert.ok(subscription?.periodEndsAt)
    shop.clock.set(addDays(subscription.periodEndsAt, -7).toISOString())
    await pass()
    const { rows } = await sql<{ id: string; payment: string }>`
      select o.id, p.id as payment from orders o join payments p on p.order_id = o.id
       where o.subscription_id = ${subscriptionId} and o.status = 'waiting_for_payment'`.execute(shop.db)
    assert.ok(rows[0])
    await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), paymentId: rows[0].payment })
    await startPaidOrder(shop.db, shop.clock, sellerId(), rows[0].id)
  }
  test('for three periods is taken off two renewals, whatever becomes of the discount', async () => {
    const discountId = await discounts.code('THREE', { periods: 3, off: { kind: 'percent', basisPoints: 5000 } })
    const { placed } = await discounts.order(await shop.customer('Stays'), 'THREE')
    await changes.pay(placed)
    await changes.serve(placed.id)
    await discounts.save({ active: false, off: { kind: 'percent', basisPoints: 1 } }, discountId)
    for (let period = 0; period < 3; period++) await renewOnce(placed.subscription.id)
    assert.deepEqual(await totalsOf(placed.subscription.id), [2450n, 2450n, 2450n, 4900n])
    assert.equal((await getSubscription(shop.db, sellerId(), placed.subscription.id))?.discount, null)
  })
  test('for every renewal goes on; another plan ends it, and credits what the unused days were paid with', async () => {
    await discounts.code('ALWAYS', { periods: null, planIds: ['425'], off: { kind: 'percent', basisPoints: 5000 } })
    const account = await shop.customer('Switches')
    const { placed } = await discounts.order(account, 'ALWAYS')
    await changes.pay(placed)
    await changes.serve(placed.id)
    await renewOnce(placed.subscription.id)
    const running = await getSubscription(shop.db, sellerId(), placed.subscription.id)
    assert.ok(running?.periodStartsAt && running.periodEndsAt)
    shop.clock.set(addDays(running.periodStartsAt, 10).toISOString())
    const view = await changes.view(account, await changes.draftSwitch(account, placed.subscription.id, '426', '1850'))
    const days = Math.round((running.periodEndsAt.getTime() - running.periodStartsAt.getTime()) / DAY_MS)
    assert.equal(view.total.amountMinor, 14_900n - BigInt(Math.round((2450 * (days - 10)) / days)))
    assert.equal(view.discount, null)
  })
})

test('the books are in order afterwards', async () => {
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})
