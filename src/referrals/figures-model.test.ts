import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing } from '../../test/harness/shop.ts'
import { relinkAccount } from '../attribution/index.ts'
import type { OrderId, TenantId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { cancelOrder, createCheckout, placeOrder, startPaidOrder } from '../orders/index.ts'
import { approvePayment } from '../payments/index.ts'
import { FIGURES_LISTING, listFigures } from './figures-view.ts'
import { figuresOf, settleOpenRewards, settleRewards } from './index.ts'
import { createPartner } from './save-partner.ts'
import { createProgram } from './save-program.ts'

const shop = await openShop(await testDatabase())
const { db, pool, clock, managers, store, operator, quotasOf } = shop
const { sellerId } = store
const deps = { ...shop, quotasOf, termsUrlOf: () => null }
const seller = sellerId as string as TenantId
const NET = 4900n
/** Two partners: of every purchase, of the first one. */
const TERMS = [
  { basisPoints: 1234n, appliesTo: 'all' },
  { basisPoints: 777n, appliesTo: 'first' },
] as const

type Act =
  | { readonly kind: 'order'; readonly customer: number; readonly key: number | null }
  | { readonly kind: 'pay' | 'cancel' | 'return' | 'settle'; readonly order: number }
  | { readonly kind: 'relink'; readonly customer: number; readonly partner: number }
  | { readonly kind: 'pass' }

const customer = fc.nat(1)
const partner = fc.nat(1)
const acts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('order' as const), customer, key: fc.option(partner) }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constantFrom('pay', 'pay', 'cancel', 'return', 'settle'), order: fc.nat(4) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('relink' as const), customer, partner }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'pass' as const }) },
  ),
  { minLength: 10, maxLength: 25 },
)

/** What a partner is owed, told by the rules in words and by nothing of the program. */
interface Told {
  accounts: number
  orders: number
  paidOrders: number
  netMinor: bigint
  rewardMinor: bigint
}

interface ModelOrder {
  readonly id: OrderId
  readonly customer: number
  readonly partner: number | null
  state: 'waiting' | 'paid' | 'gone'
  earnsMinor: bigint
}

let run = 0

async function play(story: readonly Act[]): Promise<void> {
  run++
  const programId = await createProgram(db, clock, operator, { sellerId: seller, name: `Run ${run}`, basisPoints: 1 })
  const keys = TERMS.map((_, index) => `run${run}-${index}`)
  const ids: string[] = []
  for (const [index, { basisPoints, appliesTo }] of TERMS.entries()) {
    const key = keys[index] ?? ''
    const terms = { programId, basisPoints: Number(basisPoints), appliesTo }
    ids.push(await createPartner(db, clock, operator, { name: key, key, ...terms }))
  }
  await managers.refresh()
  const people = await Promise.all([0, 1].map((index) => shop.customer(`Run ${run} ${index}`)))

  const creditedTo: (number | null)[] = [null, null]
  const hadFirst = [false, false]
  const linked = [0, 0]
  const orders: ModelOrder[] = []

  const perform: { [Kind in Act['kind']]: (act: Extract<Act, { kind: Kind }>) => Promise<void> } = {
    async order({ customer: index, key }) {
      const person = people[index]
      assert.ok(person)
      const link = key === null ? LINK.monthly : `${LINK.monthly}&manager_key=${keys[key]}`
      const request = { accountId: person.id, storeId: store.storeId, link, cookieKey: null, idempotencyKey: null }
      const checkout = await createCheckout(deps, person.actor, request)
      const { id } = await placeOrder(deps, person.actor, { ...placing(checkout, NET), allowSecond: true })
      if (creditedTo[index] === null && key !== null) {
        creditedTo[index] = key
        linked[key] = (linked[key] ?? 0) + 1
      }
      orders.push({ id, customer: index, partner: creditedTo[index] ?? null, state: 'waiting', earnsMinor: 0n })
    },
    async pay({ order: index }) {
      const order = orders[index]
      if (order?.state !== 'waiting') return
      const { rows } = await pool.query('select id from payments where order_id = $1', [order.id])
      await approvePayment(db, clock, operator, { sellerId, paymentId: rows[0].id })
      await startPaidOrder(db, clock, sellerId, order.id)
      await settleRewards(db, clock, sellerId, order.id)
      order.state = 'paid'
      if (order.partner === null) return
      const terms = TERMS[order.partner]
      const isFirst = !hadFirst[order.customer]
      hadFirst[order.customer] = true
      if (terms && (terms.appliesTo === 'all' || isFirst)) order.earnsMinor = (NET * terms.basisPoints) / 10_000n
    },
    async cancel({ order: index }) {
      const order = orders[index]
      if (order?.state !== 'waiting') return
      await cancelOrder(db, clock, operator, { sellerId, orderId: order.id, reason: 'Changed', byStaff: true })
      order.state = 'gone'
    },
    async return({ order: index }) {
      const order = orders[index]
      if (order?.state !== 'paid') return
      // Its service could not be set up: staff return the money.
      await pool.query(`update orders set status = 'provisioning_failed' where id = $1`, [order.id])
      await pool.query(
        `update subscriptions set status = 'installation_failed' where id = (select subscription_id from orders where id = $1)`,
        [order.id],
      )
      await cancelOrder(db, clock, operator, { sellerId, orderId: order.id, reason: 'Sold out', byStaff: true })
      Object.assign(order, { state: 'gone', earnsMinor: 0n })
    },
    async settle({ order: index }) {
      const order = orders[index]
      if (order) await Promise.all([1, 2].map(() => settleRewards(db, clock, sellerId, order.id)))
    },
    async relink({ customer: index, partner: to }) {
      const [person, managerId] = [people[index], ids[to]]
      assert.ok(person && managerId)
      await relinkAccount(db, clock, operator, { accountId: person.id, managerId, reason: 'Played' })
      if (creditedTo[index] !== to) linked[to] = (linked[to] ?? 0) + 1
      creditedTo[index] = to
    },
    pass: async () => clock.advance(DAY_MS),
  }

  const from = new Date(clock.now().getTime() - DAY_MS)
  for (const act of story) await perform[act.kind](act as never)
  // What no event told of is found by the hour.
  await settleOpenRewards(db, clock)

  for (const [index, id] of ids.entries()) {
    const mine = orders.filter((order) => order.partner === index)
    const paidOnes = mine.filter(({ state }) => state === 'paid')
    const expected: Told = {
      accounts: linked[index] ?? 0,
      orders: mine.filter(({ state }) => state !== 'gone').length,
      paidOrders: paidOnes.length,
      netMinor: NET * BigInt(paidOnes.length),
      rewardMinor: paidOnes.reduce((sum, { earnsMinor }) => sum + earnsMinor, 0n),
    }
    const { total, steps } = await figuresOf(db, id, { from, until: clock.now() })
    assert.deepEqual(told([total]), expected)
    assert.deepEqual(told(steps), expected, 'the days sum to the whole')
  }
  await listedInOrder({ from, until: clock.now() })
}

/** The two of this run, a page each, in every order: as their own figures say. */
async function listedInOrder(range: { from: Date; until: Date }): Promise<void> {
  const viewer = { path: operator.path, onlyManagerId: null }
  const ask = (wish: object) =>
    listFigures(db, viewer, range, { isPartner: true, query: `RUN${run}-`, limit: 1, ...wish })
  const size = {
    name: ({ manager }: Listed) => manager.name,
    key: ({ manager }: Listed) => manager.key ?? '',
    visits: ({ visits }: Listed) => visits,
    accounts: ({ accounts }: Listed) => accounts,
    orders: ({ orders }: Listed) => orders,
    paid_net: ({ amounts }: Listed) => amounts[0]?.netMinor ?? 0n,
    reward: ({ amounts }: Listed) => amounts[0]?.rewardMinor ?? 0n,
  }
  assert.deepEqual(Object.keys(FIGURES_LISTING.keys).sort(), Object.keys(size).sort())
  for (const [key, of] of Object.entries(size))
    for (const sort of [key, `-${key}`]) {
      const first = await ask({ sort })
      const second = await ask({ sort, cursor: first.nextCursor })
      const [one, other] = [...first.items, ...second.items]
      assert.ok(one && other && second.nextCursor === null && one.manager.id !== other.manager.id)
      assert.ok(sort === key ? of(one) <= of(other) : of(one) >= of(other), `by ${sort}: ${of(one)}, ${of(other)}`)
    }
}

type Listed = Awaited<ReturnType<typeof listFigures>>['items'][number]

type Shown = Awaited<ReturnType<typeof figuresOf>>['total']

const told = (figures: readonly Shown[]): Told =>
  figures.reduce(
    (sum, { accounts, orders, paidOrders, amounts }) => ({
      accounts: sum.accounts + accounts,
      orders: sum.orders + orders,
      paidOrders: sum.paidOrders + paidOrders,
      netMinor: amounts.reduce((net, { netMinor }) => net + netMinor, sum.netMinor),
      rewardMinor: amounts.reduce((reward, { rewardMinor }) => reward + rewardMinor, sum.rewardMinor),
    }),
    { accounts: 0, orders: 0, paidOrders: 0, netMinor: 0n, rewardMinor: 0n },
  )

test('row 63: whatever is ordered, paid, cancelled, returned and linked anew, the figures are those of the orders', async () => {
  await fc.assert(fc.asyncProperty(acts, play), { numRuns: 20 })
})
