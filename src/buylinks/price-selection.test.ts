import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { period, plan, resource, snapshot } from '../../test/harness/catalog-values.ts'
import { backup, payAsYouGo, shop, BUYER, selection } from '../../test/harness/link-values.ts'
import type { Plan } from '../catalog/schema.ts'
import { priceSelection, stepsOf } from './rules.ts'
import type { Selection } from './schema.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

describe('a selection', () => {
  const price = (chosen: Selection, buyer: Parameters<typeof priceSelection>[2] = BUYER, from = shop) => {
    const priced = priceSelection(from, chosen, buyer, NOW)
    assert.ok('quote' in priced, 'message' in priced ? priced.message : '')
    return priced
  }
  test('prepaid with a total is paid before it starts', () =>
    assert.deepEqual(price(selection(backup, '1840')).payment, { purpose: 'order', totalMinor: 4900n }))
  test('a trial, and pay as you go without top-up, cost nothing and are not paid', () => {
    for (const chosen of [selection(backup, '1842'), selection(payAsYouGo, '2072')]) {
      const { payment, quote } = price(chosen)
      assert.deepEqual([payment, quote.totalMinor], [null, 0n])
    }
  })
  test('with a top-up is an order of 0 and a payment of the top-up, prepaid whatever the account’s model', () => {
    const { payment, quote, paymentModel } = price(selection(payAsYouGo, '2072', { topupMinor: 5000n }), {
      ...BUYER,
      paymentModel: 'postpay',
    })
    assert.deepEqual(
      [payment, quote.totalMinor, paymentModel],
      [{ purpose: 'top_up', totalMinor: 5000n }, 0n, 'prepay'],
    )
  })
  test('takes the account’s model where the plan has it, else the plan’s first', () => {
    const both = snapshot([plan({ ...backup, paymentModels: ['prepay', 'postpay'] })])
    const postpay = price(selection(backup, '1840'), { ...BUYER, paymentModel: 'postpay' }, both)
    assert.deepEqual([postpay.paymentModel, postpay.payment], ['postpay', null])
    assert.equal(price(selection(backup, '1840'), { ...BUYER, paymentModel: 'postpay' }).paymentModel, 'prepay')
  })
  for (const [name, chosen] of [
    ['a plan that is gone', selection(plan({ id: '999' }), '1')],
    ['a retired plan', selection(plan({ id: '3' }), '30')],
    ['a plan of an unpublished product', selection(plan({ id: '7' }), '70')],
    ['a hidden period', selection(backup, '1843')],
    ['a period of another plan', selection(backup, '2072')],
    ['more than the present limit', selection(backup, '1840', { quantities: { '9001': 101n } })],
    ['a resource that is gone', selection(backup, '1840', { quantities: { '77': 1n } })],
    ['a top-up where none is taken any more', selection(backup, '1840', { topupMinor: 100n })],
  ] as const)
    test(`of ${name} is no longer sold`, () => {
      const priced = priceSelection(shop, chosen, BUYER, NOW)
      assert.ok('kind' in priced && priced.message !== '')
    })
})

describe('the steps', () => {
  const steps = (of: Plan, periodId: string, rest: Partial<Selection> = {}) => {
    const priced = priceSelection(snapshot([of]), selection(of, periodId, rest), BUYER, NOW)
    assert.ok('quote' in priced)
    return stepsOf(priced, selection(of, periodId, rest)).join(' ')
  }
  const one = plan({ ...backup, periods: [period('1840', { recurringFeeMinor: 4900n })], resources: [] })
  const asking = (required: boolean) =>
    plan({ ...one, orderAttributes: [{ key: 'domain', label: 'Domain', required }] })
  const skip = { skipAllSteps: true }
  test('configuration is shown where a period or a quantity can be chosen', () => {
    assert.equal(steps(backup, '1840'), 'configure confirm pay')
    assert.equal(steps(plan({ ...one, resources: backup.resources }), '1840'), 'configure confirm pay')
  })
  test('skip_all_steps=1 skips it', () => assert.equal(steps(backup, '1840', skip), 'confirm pay'))
  test('one period and no orderable resource skips it', () => {
    assert.equal(steps(one, '1840'), 'confirm pay')
    assert.equal(
      steps(
        plan({ ...one, resources: [resource('1', { included: 3n, limit: 3n }), resource('2', { isPublic: false })] }),
        '1840',
      ),
      'confirm pay',
    )
    assert.equal(steps(payAsYouGo, '2072'), 'confirm')
  })
  test('a trial alone has nothing to choose: its quantities are fixed', () =>
    assert.equal(steps(plan({ ...backup, periods: [period('1842', { trial: true })] }), '1842'), 'confirm'))
  test('a required attribute is always asked for, until it is answered', () => {
    assert.equal(steps(asking(true), '1840', skip), 'configure confirm pay')
    assert.equal(steps(asking(true), '1840', { ...skip, attributes: { domain: '  ' } }), 'configure confirm pay')
    assert.equal(steps(asking(true), '1840', { ...skip, attributes: { domain: 'contoso.example' } }), 'confirm pay')
    assert.equal(steps(asking(false), '1840'), 'configure confirm pay')
    assert.equal(steps(asking(false), '1840', skip), 'confirm pay')
  })
  test('paying is shown for a total or a top-up', () =>
    assert.equal(steps(payAsYouGo, '2072', { topupMinor: 5000n, ...skip }), 'confirm pay'))
})
