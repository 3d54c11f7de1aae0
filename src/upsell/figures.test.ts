import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { usageStage } from '../../test/harness/usage-stage.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { FIGURES_BY, readFigures, type UpsellFigures } from './figures-view.ts'
import { createShownCounter } from './shown.ts'

const stage = usageStage()
const PLACES = ['alert_on_virtual_machines', 'email_notification', 'mc_usage_info', 'usage_check'] as const
const STATUSES = ['waiting_for_payment', 'provisioning', 'completed', 'cancelled'] as const
const SPAN = { from: '2000-01-01', until: '2100-01-01' }

let number = 1_000

/** A story of one arrival: where from, about what, and the orders that it became. */
const Story = fc.record({
  place: fc.constantFrom(...PLACES),
  items: fc.uniqueArray(fc.constantFrom('storage', 'vms', 'servers'), { minLength: 1 }),
  orders: fc.array(fc.record({ status: fc.constantFrom(...STATUSES), minor: fc.bigInt(0n, 10_000n) }), {
    maxLength: 2,
  }),
  isRaised: fc.boolean(),
})

async function tell(
  sellerId: string,
  accountId: TenantId,
  { place, items, orders, isRaised }: typeof Story extends fc.Arbitrary<infer S> ? S : never,
) {
  const { db, clock } = stage.shop
  const [id, at] = [newId(), clock.now()]
  await sql`
    insert into offers (seller_id, id, account_id, place, usage_names, horizon_days, kind, answer, status, chosen, correlation_id, created_at, raised_at)
    values (${sellerId}, ${id}, ${accountId}, ${place}, ${items}, 0, 'offers', '{}', ${orders.length > 0 ? 'placed' : 'open'},
            ${orders.length > 0 ? 0 : null}, ${newId()}, ${at}, ${isRaised && orders.length > 0 ? at : null})`.execute(
    db,
  )
  for (const [position, { status, minor }] of orders.entries()) {
    const [orderId, checkoutId, subscriptionId] = [newId(), newId(), newId()]
    // As the demonstration's own, but for what a figure looks at.
    await sql`
      insert into checkouts select (jsonb_populate_record(c, jsonb_build_object('id', ${checkoutId}::text, 'order_id', null, 'idempotency_key', null))).*
        from checkouts c where c.seller_id = ${sellerId} and c.order_id is not null limit 1`.execute(db)
    await sql`
      insert into subscriptions select (jsonb_populate_record(s, jsonb_build_object('id', ${subscriptionId}::text, 'number', ${++number}::int))).*
        from subscriptions s where s.seller_id = ${sellerId} and s.status = 'active' order by s.number limit 1`.execute(
      db,
    )
    await sql`
      insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', ${orderId}::text, 'number', ${`T${orderId}`}::text, 'checkout_id', ${checkoutId}::text, 'subscription_id', ${subscriptionId}::text,
               'status', ${status}::text, 'net_minor', ${minor}::bigint, 'tax_minor', 0, 'total_minor', ${minor}::bigint))).*
        from orders o where o.seller_id = ${sellerId} and o.number not like 'T%' limit 1`.execute(db)
    await sql`insert into offer_orders (seller_id, offer_id, position, order_id) values (${sellerId}, ${id}, ${position}, ${orderId})`.execute(
      db,
    )
  }
}

const paidMinor = ({ amounts }: UpsellFigures['total']): bigint =>
  amounts.reduce((sum, { paid }) => sum + paid.amountMinor, 0n)

test('figures reconcile with the offers and their orders, whatever happened', async () => {
  const { shop } = stage
  const { sellerId } = shop.store
  const { rows } = await sql<{
    id: TenantId
  }>`select tenant_id as id from accounts where seller_id = ${sellerId}`.execute(shop.db)
  const account = rows[0]?.id
  assert.ok(account)
  const actor: Principal = { ...shop.operator }
  await fc.assert(
    fc.asyncProperty(fc.array(Story, { maxLength: 6 }), async (stories) => {
      await sql`delete from offer_orders`.execute(shop.db)
      await sql`delete from offers`.execute(shop.db)
      await sql`delete from orders where number like 'T%'`.execute(shop.db)
      for (const story of stories) await tell(sellerId, account, story)
      const isPaid = (status: string) => status === 'provisioning' || status === 'completed'
      const wanted = {
        clicked: stories.length,
        ordered: stories.filter(({ orders }) => orders.length > 0).length,
        paid: stories.filter(({ orders }) => orders.length > 0 && orders.every(({ status }) => isPaid(status))).length,
        raised: stories.filter(({ orders, isRaised }) => orders.length > 0 && isRaised).length,
      }
      const paid = stories.flatMap(({ orders }) => orders).filter(({ status }) => isPaid(status))
      for (const by of FIGURES_BY) {
        const { total, lines } = await readFigures(shop.db, actor, SPAN, by)
        assert.deepEqual(
          { clicked: total.clicked, ordered: total.ordered, paid: total.paid, raised: total.raised },
          wanted,
        )
        assert.equal(
          paidMinor(total),
          paid.reduce((sum, { minor }) => sum + minor, 0n),
        )
        for (const step of ['clicked', 'ordered', 'paid', 'raised'] as const) {
          const sum = lines.reduce((all, line) => all + line[step], 0)
          // Of several items each has its line; of everything else a line is a part of the whole.
          if (by === 'item') assert.ok(sum >= total[step])
          else assert.equal(sum, total[step], `${by} ${step}`)
        }
        for (const line of lines) assert.ok(line.clicked >= line.ordered && line.ordered >= line.paid)
      }
    }),
    { numRuns: 12 },
  )
})

test('what was shown counts once a day, alert and place, and never for a stranger', async () => {
  const { shop } = stage
  const { sellerId } = shop.store
  const counter = createShownCounter(shop.pool, shop.clock)
  const alertId = newId()
  const shown = { alertId, usageName: 'vms', place: 'mc_usage_info' }
  counter.note(sellerId, [shown, shown, { ...shown, place: 'email_notification' }])
  await counter.flush()
  counter.note(sellerId, [shown])
  await counter.flush()
  // Another server has noted the same.
  const other = createShownCounter(shop.pool, shop.clock)
  other.note(sellerId, [shown])
  await other.flush()
  const { lines } = await readFigures(shop.db, shop.operator, SPAN, 'place')
  const header = lines.find(({ key }) => key === 'mc_usage_info')
  assert.equal(header?.shown, 1)
  const stranger: Principal = { ...shop.operator, sellerId: newId(), path: '999999' }
  assert.deepEqual((await readFigures(shop.db, stranger, SPAN, 'place')).lines, [])
})
