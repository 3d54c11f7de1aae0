import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { actorAt } from '../../test/harness/sellers.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { createAccount, createSeller } from '../accounts/index.ts'
import { saveDelegation } from '../catalog/delegate.ts'
import { createPlan } from '../catalog/index.ts'
import { serviceCosts } from '../cost-statements/service-costs-view.ts'
import { runningCosts } from '../cost-statements/statements-view.ts'
import { issueMissing } from '../invoices/index.ts'
import { decimal } from '../kernel/decimal.ts'
import type { BuylinkError } from '../kernel/errors.ts'
import { newId, type SubscriptionId } from '../kernel/ids.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { verifyLedger } from '../ledger/index.ts'
import { transaction } from '../platform/db.ts'
import { createStore } from '../stores/index.ts'
import type { Tenant } from '../tenants/index.ts'
import { consumptionOf } from './consumption-view.ts'
import { rateDue } from './index.ts'
import { takeAmounts } from './take-amounts.ts'
import { isBelowCost, type ToldAmount } from './told-shape.ts'
import { toldBelow } from './told-view.ts'

let shop: Shop
let middle: Tenant
let own: Awaited<ReturnType<typeof running>>
let sold: Awaited<ReturnType<typeof running>>
let metered = ''
let link = ''

const running = (name: string, of: Shop = shop) => changesOf(of).running(name, link, 0n)
const rate = () => rateDue(shop.db, shop.clock, shop.catalog)
const amountOf = (id: SubscriptionId, rest: Partial<ToldAmount> & { readonly id: string }): ToldAmount => ({
  subscriptionId: id,
  time: shop.clock.now().toISOString(),
  currency: 'USD',
  amount: '1.00',
  ...rest,
})
const tell = async (told: readonly ToldAmount[], by = shop.operator, source = 'vendor'): Promise<boolean[]> => {
  const known = await toldBelow(shop.db, by.path, [...new Set(told.map((each) => each.subscriptionId))])
  return takeAmounts(shop, { source, actor: by, correlationId: newId() }, told, known)
}
const refusalOf = (told: readonly ToldAmount[], by = shop.operator): Promise<string> =>
  tell(told, by).then(
    () => 'taken',
    (error: BuylinkError) => error.problems.map(({ path, code }) => `${path} ${code}`).join(', '),
  )
const chargedTo = async (id: SubscriptionId): Promise<string[]> => {
  const { rows } = await shop.pool.query(
    'select period::text, status, resource_id::text as resource, net_minor::text as net from charges where subscription_id = $1 order by period, resource_id',
    [id],
  )
  return rows.map(({ period, status, resource, net }) => [period.slice(0, 7), status, resource, net].join(' '))
}

before(async () => {
  shop = await openShop(await testDatabase())
  const { sellerId } = shop.store
  const at = shop.clock.now()
  const { rows: products } = await shop.pool.query('select product_id::text as id from plans where id = 569')
  const productId = products[0].id
  const planId = await transaction(shop.db, (tx) =>
    createPlan(
      tx,
      sellerId,
      {
        productId,
        name: 'Compute by its vendor',
        billingType: 'pay_as_you_go_external',
        periods: [{ duration: null }],
        resources: [
          { name: 'Traffic', unit: 'GB' },
          { name: 'Servers', unit: 'server', unitPrice: decimal('0.01'), quota: { usageName: 'servers', perUnit: 1n } },
        ],
      },
      at,
    ),
  )
  const { rows } = await shop.pool.query<{ id: string; priced: boolean }>(
    'select id::text, unit_price is not null as priced from plan_resources where plan_id = $1',
    [planId],
  )
  metered = rows.find(({ priced }) => priced)?.id ?? ''
  const { rows: periods } = await shop.pool.query('select id from plan_periods where plan_id = $1', [planId])
  await shop.catalog.refreshChanged()
  link = `?shopping_cart_items[][plan_id]=${planId}&shopping_cart_items[][plan_period_id]=${periods[0].id}&shopping_cart_items[][type]=application`
  middle = await createSeller(shop.db, shop.clock, shop.operator, {
    parentId: sellerId as unknown as Tenant['id'],
    name: 'Middle',
    currency: 'USD',
  })
  await saveDelegation(shop.db, shop.clock, shop.operator, {
    planId,
    sellerId: middle.id,
    markupBasisPoints: 2000,
    exchangeRate: '0.5',
  })
  await createStore(shop.db, shop.clock, shop.operator, {
    sellerId: middle.id,
    name: 'Middle',
    origin: 'https://middle.example',
  })
  await shop.stores.refresh()
  await shop.catalog.refreshChanged()
  const [store] = shop.stores.listOf(middle.sellerId)
  assert.ok(store)
  own = await running('Own')
  sold = await running('Sold on', {
    ...shop,
    store,
    async customer(name) {
      const details = { customerType: 'business', companyName: name, country: 'US' } as const
      const made = { parentId: middle.id, name, registration: 'full', details } as const
      const account = await createAccount(shop.db, shop.clock, shop.operator, made)
      return { id: account.id, actor: actorAt(account) }
    },
  })
  // They may owe: what is looked at here is what is charged.
  await shop.pool.query('update account_classes set hold_threshold_minor = -100000000, subzero_period_days = -1')
})

test('what a service says is charged as it says, once, and holds funds until the month is closed', async () => {
  const { subscriptionId: id, account } = own
  const told = [amountOf(id, { id: 'a', amount: '1.004' }), amountOf(id, { id: 'b', amount: '0.004' })]
  assert.deepEqual(await tell(told), [true, true])
  assert.deepEqual(await tell([...told, amountOf(id, { id: 'a', amount: '99' })].toReversed()), [false, false, false])
  await rate()
  await rate()
  // 1.004 + 0.004 is 1.008: summed first, rounded once.
  assert.deepEqual(await chargedTo(id), ['2026-03 blocked 0 101'])
  const { periods } = (await consumptionOf(shop.db, account.actor, id)) ?? { periods: [] }
  assert.deepEqual(
    periods.map(({ total, charges }) => [total.amountMinor, charges.map(({ name }) => name)]),
    [[101n, ['Compute by its vendor']]],
  )
  const { rows } = await shop.pool.query(
    `select a.kind, a.balance_minor::text as minor from ledger_accounts a where a.account_id = $1 and a.balance_minor <> 0 order by 1`,
    [account.id],
  )
  assert.deepEqual(rows, [
    { kind: 'blocked_funds', minor: '-101' },
    { kind: 'customer_balance', minor: '101' },
  ])
})

test('whatever order and batch it is told and rated in, the charges are the same to the cent', async () => {
  const amounts = fc.array(fc.integer({ min: -5_000_000, max: 20_000_000 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(amounts, fc.integer({ min: 1, max: 8 }), fc.boolean(), async (micros, size, isTurned) => {
      const { subscriptionId: id } = sold
      await shop.pool.query('delete from told_amounts where subscription_id = $1', [id])
      await shop.pool.query('delete from charges where subscription_id = $1', [id])
      const all = micros.map((micro, at) => {
        const amount = `${micro < 0 ? '-' : ''}${(Math.abs(micro) / 1e6).toFixed(6)}`
        return amountOf(id, { id: `n ${at}`, amount })
      })
      const order = isTurned ? all.toReversed() : all
      for (let from = 0; from < order.length; from += size) {
        await tell(order.slice(from, from + size))
        await rate()
      }
      const exact = BigInt(micros.reduce((sum, micro) => sum + micro, 0)) * 6n
      const sign = exact < 0n ? -1n : 1n
      // Sold on at a fifth more and half of it: 0.60 for each 1.00.
      const net = sign * ((2n * exact * sign + 100_000n) / 200_000n)
      assert.deepEqual(await chargedTo(id), [`2026-03 blocked 0 ${net}`])
    }),
    { numRuns: 15 },
  )
  await shop.pool.query('delete from told_amounts where subscription_id = $1', [sold.subscriptionId])
  await shop.pool.query('delete from charges where subscription_id = $1', [sold.subscriptionId])
})

for (const { name, amount, by, says } of [
  { name: 'another currency', amount: { currency: 'EUR' }, says: 'amounts.0.currency currency' },
  { name: 'a time to come', amount: { time: '2027-01-01T00:00:00Z' }, says: 'amounts.0.time future' },
  { name: 'a metered resource', amount: 'metered', says: 'amounts.0.resource_id unknown' },
  { name: 'a subscription nobody has', amount: { subscriptionId: newId() }, says: 'amounts.0.subscription_id unknown' },
  { name: 'a subscription of the seller above', by: 'middle', says: 'amounts.0.subscription_id unknown' },
  { name: 'the customer’s own subscription', by: 'customer', says: 'amounts.0.subscription_id unknown' },
] as const)
  test(`an amount that names ${name} is refused, and all that is told with it`, async () => {
    const { subscriptionId: id, account } = own
    const actor = by === 'middle' ? actorAt(middle) : by === 'customer' ? account.actor : shop.operator
    const change = amount === 'metered' ? { resourceId: metered } : amount
    const before = await chargedTo(id)
    const wrong = amountOf(id, { id: `wrong ${name}`, ...change })
    assert.equal(
      (await refusalOf([wrong, amountOf(sold.subscriptionId, { id: `right ${name}` })], actor)).split(',')[0],
      says,
    )
    await rate()
    assert.deepEqual([await chargedTo(id), await chargedTo(sold.subscriptionId)], [before, []])
  })

for (const { name, amount, netCost, is } of [
  { name: 'for more', amount: '1.000000002', netCost: '1.000000001', is: false },
  { name: 'for the same', amount: '1', netCost: '1.00', is: false },
  { name: 'for less', amount: '0.999999999', netCost: '1', is: true },
  { name: 'at its net cost alone', amount: undefined, netCost: '1', is: false },
  { name: 'at a net cost nobody tells', amount: '1', netCost: undefined, is: false },
  { name: 'taken back', amount: '-1.20', netCost: '-1.00', is: false },
])
  test(`sold ${name} is ${is ? '' : 'not '}below net cost`, () => assert.equal(isBelowCost({ amount, netCost }), is))

test('below net cost is taken and noted, or refused where the plan’s owner has set that', async () => {
  const { subscriptionId: id } = own
  const cheap = (eventId: string) => [amountOf(id, { id: eventId, amount: '0.50', netCost: '0.60' })]
  await tell(cheap('warned'))
  const noted = await shop.pool.query(
    `select details->>'net_cost' as cost from audit_log where action = 'usage.below_cost' and subject_id = $1`,
    [id],
  )
  assert.deepEqual(noted.rows, [{ cost: '0.60' }])
  const set = (to: string) =>
    shop.pool.query('update price_lists set below_cost = $1 where seller_id = $2', [to, shop.store.sellerId])
  await set('refuse')
  assert.equal(await refusalOf(cheap('refused')), 'amounts.0.amount below_cost')
  await set('warn')
  await rate()
  assert.deepEqual(await chargedTo(id), ['2026-03 blocked 0 151'])
})

test('of what is sold on, the statement says the price above; a net cost alone is sold on from there', async () => {
  const { subscriptionId: id } = sold
  await tell([
    amountOf(id, { id: 'x', amount: '10.00', netCost: '8.00' }),
    { ...amountOf(id, { id: 'y', netCost: '4.00' }), amount: undefined },
  ])
  await rate()
  assert.deepEqual(await chargedTo(id), ['2026-03 blocked 0 840'])
  // The month is over, and what is told of it meanwhile is in it.
  shop.clock.set('2026-03-31T23:00:00Z')
  await tell([amountOf(id, { id: 'z', amount: '2.00' })])
  shop.clock.set('2026-04-02T00:00:00Z')
  await rate()
  await issueMissing(shop.db, shop.clock)
  assert.deepEqual(await chargedTo(id), ['2026-03 closed 0 960'])
  const { items } = await runningCosts(shop.db, shop.clock, shop.operator)
  assert.deepEqual(
    items.map(({ reseller, sales, cost }) => [reseller.name, cost.currency, sales.amountMinor, cost.amountMinor]),
    [['Middle', 'USD', 960n, 800n]],
  )
  const { rows: invoices } = await shop.pool.query(
    `select l.description, l.net_minor::text as net from invoices i join invoice_lines l on l.seller_id = i.seller_id and l.invoice_id = i.id
      where i.subscription_id = $1`,
    [id],
  )
  assert.deepEqual(invoices, [{ description: 'Compute by its vendor', net: '960' }])
})

test('what is told of a closed month is charged with the open one, of what stands still too', async () => {
  const { subscriptionId: id } = sold
  await tell([amountOf(id, { id: 'late', amount: '-1.00', time: '2026-03-20T00:00:00Z' })])
  await rate()
  assert.deepEqual(await chargedTo(id), ['2026-03 closed 0 960', '2026-04 blocked 0 -60'])
  await shop.pool.query(`update subscriptions set status = 'stopped' where id = $1`, [id])
  await shop.pool.query(
    'insert into subscription_pauses (seller_id, subscription_id, starts_at) select seller_id, id, $2 from subscriptions where id = $1',
    [id, shop.clock.now()],
  )
  shop.clock.advance(2 * HOUR_MS)
  await tell([amountOf(id, { id: 'later', amount: '3.00' })])
  await rate()
  assert.deepEqual(await chargedTo(id), ['2026-03 closed 0 960', '2026-04 blocked 0 120'])
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('what a service asks of the plan’s owner is shown to the owner, by month, wherever it was sold, and to nobody below', async () => {
  await shop.pool.query('delete from told_amounts')
  shop.clock.set('2026-06-30T23:00:00Z')
  await tell([
    amountOf(own.subscriptionId, { id: 'june 1', amount: '2.00', netCost: '1.004' }),
    amountOf(own.subscriptionId, { id: 'june 2', amount: '1.00' }),
  ])
  await tell([amountOf(sold.subscriptionId, { id: 'june 3', amount: '3.00', netCost: '1.004' })])
  shop.clock.set('2026-07-01T00:00:00Z')
  await tell([amountOf(sold.subscriptionId, { id: 'july', amount: '4.00', netCost: '0.50' })])
  const seen = async (actor: Parameters<typeof serviceCosts>[2]) =>
    (await serviceCosts(shop.db, shop.clock, actor)).items.map((each) =>
      [each.period, each.plan.name, each.amount.amountMinor, each.netCost.amountMinor, each.withoutCost].join(' '),
    )
  const whole = ['2026-07-01 Compute by its vendor 400 50 0', '2026-06-01 Compute by its vendor 600 201 1']
  assert.deepEqual(await seen(shop.operator), whole)
  for (const below of [actorAt(middle), own.account.actor]) assert.deepEqual(await seen(below), [])
})
