import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { testDatabase } from '../../test/harness/database.ts'
import { actorAt, stranger, testSeller } from '../../test/harness/sellers.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { createManager } from '../attribution/index.ts'
import { createPriceList, setTaxRate } from '../catalog/index.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { viewCheckout } from '../orders/checkout-view.ts'
import { createCheckout, placeOrder } from '../orders/index.ts'
import type { Actor, Principal } from '../platform/actor.ts'
import { transaction } from '../platform/db.ts'
import { Explanation, explainLink } from './explain-link.ts'

let shop: Shop
let customer: { readonly id: TenantId; readonly actor: Principal }
before(async () => {
  shop = await openShop(await testDatabase())
  const { sellerId } = shop.store
  await transaction(shop.db, (tx) =>
    setTaxRate(
      tx,
      sellerId,
      { country: '*', customerType: '*', name: 'VAT', basisPoints: 1925, reverseCharge: false },
      shop.clock.now(),
    ),
  )
  await shop.catalog.refresh(sellerId)
  customer = await shop.customer('Explained')
})

const explain = (url: string, actor: Actor = stranger(), host = 'localhost') => explainLink(shop, actor, host, url)
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code)
const setStore = async (change: { status?: string; externalUrl?: string | null }) => {
  await shop.pool.query(
    `update stores set status = coalesce($2, status), external_application_url = $3 where id = $1`,
    [shop.store.storeId, change.status ?? null, change.externalUrl ?? null],
  )
  await shop.stores.refresh()
}
const order = (link: string) =>
  createCheckout(shop, customer.actor, {
    accountId: customer.id,
    storeId: shop.store.storeId,
    link,
    cookieKey: null,
    idempotencyKey: null,
  })

test('says plan, period, price with tax and steps of the documents’ first example', async () => {
  const told = await explain(`http://test.activeplatform.com/external_dispatcher/settle${LINK.monthly}`)
  const money = (amountMinor: bigint) => ({ amountMinor, currency: 'USD' })
  assert.deepEqual(
    { ...told, resources: [] },
    {
      valid: true,
      store: { name: 'Northwind Cloud', origin: 'http://localhost:8080' },
      product: { id: '1', name: 'Backup' },
      plan: { id: '425', name: 'Backup Business' },
      period: { id: '1840', trial: false, duration: { value: 1, unit: 'months' } },
      resources: [],
      lines: [{ description: 'Backup Business', quantity: 1n, net: money(4900n) }],
      net: money(4900n),
      tax: money(943n),
      total: money(5843n),
      topup: null,
      steps: ['configure', 'confirm', 'pay'],
      attributed: null,
      manager: null,
      errors: [],
      warnings: [],
    },
  )
  assert.deepEqual(told.resources[0], { id: '9001', name: 'Storage', unit: '100 GB', quantity: 5n })
})

test('says that a trial costs nothing, and a top-up beside an order of 0', async () => {
  const trial = await explain(LINK.trial)
  assert.deepEqual([trial.total?.amountMinor, trial.steps], [0n, ['configure', 'confirm']])
  const topup = await explain(LINK.topup)
  assert.deepEqual(
    [topup.total?.amountMinor, topup.topup?.amountMinor, topup.steps, codes(topup.warnings)],
    [0n, 100_000n, ['confirm', 'pay'], ['amount_braces']],
  )
})

test('the price is what an order of the same link charges, for every period and quantity', async () => {
  const units = ['9001', '9002', '9003', '9004', '9005']
  const least = [5n, 10n, 1n, 2n, 0n]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('1840', '1841'),
      fc.array(fc.option(fc.bigInt({ min: 0n, max: 40n })), { minLength: 5, maxLength: 5 }),
      fc.boolean(),
      async (periodId, more, skips) => {
        const resources = units.flatMap((id, at) => {
          const extra = more[at] ?? null
          return extra === null
            ? []
            : [
                `&shopping_cart_items[][resources][][id]=${id}&shopping_cart_items[][resources][][quantity]=${(least[at] ?? 0n) + extra}`,
              ]
        })
        const link = `?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=${periodId}${resources.join('')}&shopping_cart_items[][type]=application${skips ? '&skip_all_steps=1' : ''}`
        const told = await explain(link)
        assert.deepEqual(told.errors, [])
        const deps = { ...shop, documentsOf: () => ({ termsUrl: null, privacyUrl: null }) }
        const view = await viewCheckout(deps, customer.actor, await order(link))
        assert.deepEqual([told.net, told.tax, told.total, told.steps], [view.net, view.tax, view.total, view.steps])
        assert.deepEqual(
          told.lines.map(({ net }) => net),
          view.lines.map(({ net }) => net),
        )
        // It can be sent: every value fits what the reference says of it.
        Explanation.encode(told)
      },
    ),
    { numRuns: 40 },
  )
})

test('the price is what placing charges', async () => {
  const deps = { ...shop, termsUrlOf: () => null }
  for (const link of [LINK.monthly, LINK.topup, LINK.monthly.replace('1840', '1841')]) {
    const told = await explain(link)
    const wanted = { ...placing(await order(link), told.total?.amountMinor ?? -1n), allowSecond: true }
    const placed = await placeOrder(deps, customer.actor, wanted)
    assert.deepEqual(placed.total, told.total)
    assert.deepEqual(placed.payment?.total, told.topup ?? told.total)
  }
})

describe('the manager key', () => {
  const keyed = (key: string) => `${LINK.monthly}&manager_key=${key}`
  test('counts, does not count, or is absent', async () => {
    for (const [link, attributed, warnings] of [
      [keyed('carter81'), true, []],
      [keyed('Carter81'), false, ['manager_key_unmatched']],
      [keyed('nobody'), false, ['manager_key_unmatched']],
      [keyed('a%20b'), false, ['manager_key_unmatched']],
      [LINK.monthly, null, []],
    ] as const) {
      const told = await explain(link)
      assert.deepEqual([told.valid, told.attributed, codes(told.warnings)], [true, attributed, warnings], link)
    }
  })
  test('of another reseller’s manager does not count', async () => {
    const other = await testSeller(shop.db, shop.clock, 'other.example.com')
    await createManager(shop.db, shop.clock, shop.operator, {
      sellerId: other.tenant.id,
      name: 'Other',
      role: 'sales',
      key: 'other9',
    })
    await shop.managers.refresh()
    assert.equal((await explain(keyed('other9'))).attributed, false)
  })
  test('names its manager to the reseller’s own people and those above, and to nobody else', async () => {
    const staff = (actor: Principal): Principal => ({ ...actor, scopes: new Set(['managers:read']) })
    const seller = actorAt({
      id: shop.store.sellerId as string as TenantId,
      sellerId: shop.store.sellerId,
      path: shop.store.sellerPath,
    })
    const carter = shop.managers.findByKey('carter81')?.id ?? ''
    const elsewhere = await testSeller(shop.db, shop.clock, 'elsewhere.example.com')
    for (const [actor, isTold] of [
      [staff(seller), true],
      [staff(shop.operator), true],
      [{ ...staff(seller), onlyManagerId: carter }, true],
      [{ ...staff(seller), onlyManagerId: newId<string>() }, false],
      [seller, false],
      [staff(customer.actor), false],
      [staff(elsewhere.actor), false],
      [stranger(), false],
    ] as const) {
      const told = await explain(keyed('carter81'), actor)
      assert.deepEqual([told.attributed, told.manager], [true, isTold ? { name: 'Carter Evans' } : null])
    }
  })
})

describe('the host', () => {
  for (const [url, host] of [
    [`http://localhost:8080/external_dispatcher/settle${LINK.monthly}`, 'test.activeplatform.com'],
    [`HTTP://LOCALHOST/external_dispatcher/settle${LINK.monthly}`, 'x.example.com'],
    [`test.activeplatform.com/external_dispatcher/settle${LINK.monthly}`, 'x.example.com'],
    [`localhost:8080/external_dispatcher/settle${LINK.monthly}`, 'x.example.com'],
    [`/external_dispatcher/settle${LINK.monthly}`, 'localhost'],
    [LINK.monthly, 'localhost'],
    [LINK.monthly.slice(1), 'localhost'],
  ] as const)
    test(`is read from ${url.split('?', 1)[0] || 'the one that was asked'}`, async () => {
      const told = await explain(url, stranger(), host)
      assert.deepEqual([told.valid, told.store?.name], [true, 'Northwind Cloud'])
    })
  test('that no store answers at is said, beside what else is wrong', async () => {
    const told = await explain(
      `https://unknown.example.com/external_dispatcher/settle${LINK.monthly}&shopping_cart_items[][type]=x`,
    )
    assert.deepEqual(
      [told.valid, told.store, codes(told.errors)],
      [false, null, ['store_not_found', 'item_type_unknown']],
    )
  })
  test('of a URL without a query: nothing is ordered', async () =>
    assert.deepEqual(codes((await explain('http://localhost:8080/')).errors), ['no_items']))
  test('may be that of the asked store’s external application', async () => {
    await setStore({ externalUrl: 'https://panel.example.net/client/new_order' })
    const link = `https://panel.example.net/client/new_order${LINK.monthly}`
    assert.equal((await explain(link)).valid, true)
    assert.deepEqual(codes((await explain(link, stranger(), 'unknown.example.com')).errors), ['store_not_found'])
    await setStore({})
  })
  test('of a closed store is unavailable, and what is wrong with the link is told all the same', async () => {
    await setStore({ status: 'maintenance' })
    const told = await explain(LINK.monthly.replace('425', '999'))
    assert.deepEqual([told.valid, codes(told.errors)], [false, ['store_unavailable', 'plan_not_found']])
    assert.deepEqual(codes((await explain(LINK.monthly)).errors), ['store_unavailable'])
    await setStore({ status: 'inactive' })
    assert.deepEqual(codes((await explain(LINK.monthly)).errors), ['store_not_found'])
    await setStore({ status: 'active' })
  })
  test('of a reseller that sells nothing yet finds no plan', async () => {
    const { tenant } = await testSeller(shop.db, shop.clock, 'empty.example.com')
    await shop.stores.refresh()
    const link = `https://empty.example.com/external_dispatcher/settle${LINK.monthly}`
    assert.deepEqual(codes((await explain(link)).errors), ['plan_not_found', 'period_not_found'])
    await transaction(shop.db, (tx) => createPriceList(tx, tenant.sellerId, 'USD', shop.clock.now()))
    await shop.catalog.refreshChanged()
    assert.deepEqual(codes((await explain(link)).errors), ['plan_not_found', 'period_not_found'])
  })
})

test('a malformed link is told as such', async () => {
  const told = await explain(`${LINK.monthly}&x=%`)
  assert.deepEqual([told.valid, codes(told.errors)], [false, ['malformed']])
})

test('a link with problems still says what it is about', async () => {
  const told = await explain(LINK.monthly.replace('1840', '2072'))
  assert.deepEqual(
    [told.valid, told.product?.name, told.plan?.id, told.period, told.total, codes(told.errors)],
    [false, 'Backup', '425', null, null, ['period_not_of_plan']],
  )
})

test('whatever is sent, the answer can be sent back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 200, unit: 'binary' }), async (text) => {
      for (const url of [text, `http://${text}`, `${LINK.monthly}&${text}`]) Explanation.encode(await explain(url))
    }),
    { numRuns: 200 },
  )
})
