import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { discountsOf } from '../../test/harness/discounts.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { explainLink } from '../buylinks/explain-link.ts'
import type { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { viewCheckout } from './checkout-view.ts'
import { placeOrder } from './place-order.ts'

let shop: Shop
let changes: ReturnType<typeof changesOf>
let discounts: ReturnType<typeof discountsOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
  discounts = discountsOf(shop)
})

describe('a discount for some', () => {
  test('of an account is seen and had by that account alone, and the highest of all still wins', async () => {
    const [known, other] = [await shop.customer('Is known'), await shop.customer('Is not')]
    const forAll = await discounts.save({
      needsCode: false,
      name: 'For all',
      off: { kind: 'percent', basisPoints: 500 },
    })
    const own = await discounts.save({ needsCode: false, name: 'For you', accountIds: [known.id] })
    await discounts.code('ACCOUNT-20', {
      name: 'Their code',
      accountIds: [known.id],
      off: { kind: 'percent', basisPoints: 2000 },
    })
    const { total } = await explainLink(shop, { kind: 'anonymous', correlationId: newId() }, 'localhost', LINK.monthly)
    assert.equal(total?.amountMinor, 4655n)
    assert.equal((await discounts.order(other)).placed.total.amountMinor, 4655n)
    assert.equal((await discounts.order(known)).placed.total.amountMinor, 4410n)
    assert.equal((await discounts.order(known, 'ACCOUNT-20')).placed.total.amountMinor, 3920n)
    await assert.rejects(discounts.draft(other, 'ACCOUNT-20'), {
      code: 'promo_code_refused',
      message: /not for your account/,
    })
    for (const id of [forAll, own]) await discounts.save({ active: false }, id)
  })
  test('of a combination is had by who has the other plan, from when it runs, and not by a switch away from it', async () => {
    const id = await discounts.save({ needsCode: false, name: 'Both', planIds: ['426'], ownedPlanIds: ['425'] })
    const enterprise = LINK.monthly.replace('=425', '=426').replace('=1840', '=1850')
    const account = await shop.customer('Has both')
    const waiting = await discounts.draft(account, undefined, enterprise)
    const today = async () => (await viewCheckout(changes.deps, account.actor, waiting)).total.amountMinor
    const seen = [await today()]
    const { placed } = await discounts.order(account)
    seen.push(await today())
    await changes.pay(placed)
    await changes.serve(placed.id)
    seen.push(await today())
    // Ordered, paid, running: until then nobody has it.
    assert.deepEqual(seen, [14_900n, 14_900n, 13_410n])
    const { discount } = await changes.view(
      account,
      await changes.draftSwitch(account, placed.subscription.id, '426', '1850'),
    )
    assert.equal(discount, null)
    assert.equal((await placeOrder(changes.deps, account.actor, placing(waiting, 13_410n))).total.amountMinor, 13_410n)
    const trying = await changes.running('Tries', LINK.trial, 0n)
    const theirs = await discounts.draft(trying.account, undefined, enterprise)
    assert.equal((await viewCheckout(changes.deps, trying.account.actor, theirs)).total.amountMinor, 14_900n)
    await discounts.save({ active: false }, id)
  })
  test('that names another seller’s customer, or a plan that is not sold, is refused; who has left stays named', async () => {
    const stranger = newId<TenantId>()
    await assert.rejects(discounts.save({ accountIds: [stranger], ownedPlanIds: ['999'] }), (error: BuylinkError) => {
      assert.deepEqual(
        error.problems?.map(({ path }) => path),
        ['account_ids', 'owned_plan_ids'],
      )
      return true
    })
    const id = await discounts.save({ needsCode: true })
    await sql`update discounts set account_ids = array[${stranger}::uuid] where id = ${id}`.execute(shop.db)
    await discounts.save({ name: 'Saved again' }, id)
  })
})
