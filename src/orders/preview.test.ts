import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { replaceTaxRates } from '../catalog/index.ts'
import type { OrderId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'

const [STORAGE, WORKSTATIONS] = ['9001', '9002']
let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
  const rate = { country: '*', customerType: '*', name: 'VAT', basisPoints: 1925, reverseCharge: false } as const
  await replaceTaxRates(shop.db, shop.clock, shop.operator, shop.store.sellerId, [rate])
  await shop.catalog.refresh(shop.store.sellerId)
})

/** What the books hold of an order as income, with its tax: minor units. */
async function bookedOf(orderId: OrderId): Promise<bigint> {
  const { rows } = await sql<{ minor: bigint | null }>`
    select -sum(e.amount_minor)::bigint as minor
      from ledger_postings p
      join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
      join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
     where p.order_id = ${orderId} and p.kind = 'order_booked' and a.kind in ('revenue', 'tax')`.execute(shop.db)
  return rows[0]?.minor ?? 0n
}

const amount = fc.bigInt({ min: 1n, max: 30n })
const day = fc.integer({ min: 0, max: 27 })

for (const isSwitch of [false, true])
  test(`whatever is asked for and whenever, a ${isSwitch ? 'switch' : 'change'} is charged, line by line, as it was previewed`, async () => {
    await fc.assert(
      fc.asyncProperty(amount, amount, day, async (storage, workstations, days) => {
        // 49.00 and 19.25 % of it.
        const { account, subscriptionId } = await changes.running('Previews', undefined, 5843n)
        shop.clock.advance(days * DAY_MS)
        const checkoutId = isSwitch
          ? await changes.draftSwitch(account, subscriptionId, '426', '1850')
          : await changes.draft(account, subscriptionId, {
              [STORAGE]: 5n + storage,
              [WORKSTATIONS]: 10n + workstations,
            })
        const view = await changes.view(account, checkoutId)
        const sum = view.lines.reduce((total, { net, tax }) => total + net.amountMinor + tax.amountMinor, 0n)
        assert.equal(view.total.amountMinor, sum)
        const placed = await changes.place(account, checkoutId)
        assert.deepEqual(placed.payment?.total, view.total)
        await changes.pay(placed)
        await changes.serve(placed.id)
        assert.equal(await bookedOf(placed.id), view.total.amountMinor)
        const { rows } = await sql<{ net: bigint; tax: bigint }>`
          select net_minor as net, tax_minor as tax from order_lines where order_id = ${placed.id} order by position`.execute(
          shop.db,
        )
        assert.deepEqual(
          rows,
          view.lines.map(({ net, tax }) => ({ net: net.amountMinor, tax: tax.amountMinor })),
        )
        assert.equal((await changes.stateOf(subscriptionId)).recurring, view.change?.recurring.amountMinor)
      }),
      { numRuns: 5 },
    )
  })
