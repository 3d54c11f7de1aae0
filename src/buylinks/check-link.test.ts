import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { plan, snapshot } from '../../test/harness/catalog-values.ts'
import {
  ITEM,
  backup,
  payAsYouGo,
  shop,
  check,
  order,
  preset,
  topup,
  good,
  metered,
  told,
  BUYER,
  selection,
} from '../../test/harness/link-values.ts'
import { priceSelection, statusOfProblems } from './rules.ts'

describe('a good link', () => {
  test('gives plan, period, and nothing to complain about', () => {
    const checked = check(good)
    assert.deepEqual([checked.plan, checked.period?.id, checked.errors, checked.warnings], [backup, '1840', [], []])
  })
  test('presets totals; absent resources are left to their minimum', () =>
    assert.deepEqual(check(order('425', '1840', `${preset('9002', '3')}&${preset('9001', '007')}`)).quantities, {
      '9001': 7n,
      '9002': 3n,
    }))
  test('may write ids with zeros before them', () => {
    const checked = check(order('00425', '01840', preset('09001', '6')))
    assert.deepEqual(
      [checked.errors, checked.plan?.id, checked.period?.id, checked.quantities],
      [[], '425', '1840', { '9001': 6n }],
    )
  })
  test('of a trial may name the quantities it has anyway', () =>
    assert.deepEqual(check(order('425', '1842', preset('9001', '5'))).errors, []))
  for (const [amount, minor] of [
    ['50', 5000n],
    ['50.5', 5050n],
    ['50.00', 5000n],
    ['{1000}', 100_000n],
    ['0050', 5000n],
    ['999999999999.99', 99_999_999_999_999n],
  ] as const)
    test(`tops up ${amount}`, () => {
      const { errors, topupMinor } = check(`${metered}&${topup(amount)}&skip_all_steps=1`)
      assert.deepEqual([errors, topupMinor], [[], minor])
    })
  test('counts the decimals of the store’s own currency', () => {
    for (const [currency, amount, isGood] of [
      ['JPY', '50', true],
      ['JPY', '50.0', false],
      ['KWD', '50.125', true],
      ['KWD', '50.1250', false],
    ] as const) {
      const inCurrency = snapshot([plan({ ...payAsYouGo, minimumTopupMinor: null })], { currency })
      assert.equal(
        check(`${metered}&${topup(amount)}`, inCurrency).errors.length === 0,
        isGood,
        `${amount} ${currency}`,
      )
    }
  })
})

describe('several problems', () => {
  test('of one link are told together', () =>
    assert.deepEqual(
      told(
        check(
          `${order('425', '2072', `${preset('9001', '1')}&${preset('77', '1')}`)}&${topup('0')}&${topup('5')}&skip_all_steps=yes`,
        ).errors,
      ).sort(),
      [
        'amount_invalid items[1].amount',
        'period_not_of_plan items[0].plan_period_id',
        'quantity_out_of_range items[0].resources[0].quantity',
        'resource_not_of_plan items[0].resources[1].id',
        'topup_duplicate items[2]',
        'topup_not_allowed items[1]',
      ],
    ))
  test('an unknown plan does not hide that the period is unknown too, or that the amount is wrong', () =>
    assert.deepEqual(told(check(`${order('999', '99999')}&${topup('1.234')}`).errors), [
      'plan_not_found items[0].plan_id',
      'period_not_found items[0].plan_period_id',
      'amount_invalid items[1].amount',
    ]))
  test('a plan of another reseller is not found, whatever else is right about it', () => {
    const { errors, plan: found } = check(good, snapshot([payAsYouGo]))
    assert.deepEqual(
      [told(errors), found],
      [['plan_not_found items[0].plan_id', 'period_not_found items[0].plan_period_id'], undefined],
    )
  })
  test('answer with malformed before not found before unavailable before the rest', () => {
    const status = (...codes: string[]) => statusOfProblems(codes.map((code) => ({ code })))
    assert.equal(status('plan_not_found', 'malformed', 'store_unavailable'), 400)
    assert.equal(status('amount_invalid', 'store_unavailable', 'period_not_found'), 404)
    assert.equal(status('store_not_found'), 404)
    assert.equal(status('amount_invalid', 'store_unavailable'), 503)
    assert.equal(status('amount_invalid', 'period_not_of_plan'), 422)
  })
  test('are found without a throw in whatever is asked', () => {
    const names = [
      '[plan_id]',
      '[plan_period_id]',
      '[type]',
      '[amount]',
      '[resources][][id]',
      '[resources][][quantity]',
      '[resources]',
      '',
    ].map((name) => ITEM + name)
    const pair = fc.tuple(
      fc.constantFrom(...names, 'skip_all_steps', 'manager_key', 'order_type'),
      fc.constantFrom(
        '425',
        '1840',
        '1842',
        '569',
        '2072',
        '9001',
        'application',
        'topup',
        '5',
        '{50}',
        '',
        '-1',
        '00',
        '__proto__',
      ),
    )
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 14 }), (pairs) => {
        const query = pairs.map(([name, value]) => `${name}=${value}`).join('&')
        const { errors, warnings, plan: found, period: at, quantities } = check(query)
        for (const problem of [...errors, ...warnings]) {
          assert.ok(problem.message && problem.suggestion && problem.part)
          assert.ok(problem.position === null || problem.position < query.length)
        }
        // What has no problem can be priced: the dispatcher lets through nothing the panel would refuse.
        if (errors.length === 0) {
          assert.ok(found && at)
          assert.ok('quote' in priceSelection(shop, selection(found, at.id, { quantities }), BUYER, new Date(0)))
        }
      }),
      { numRuns: 2000 },
    )
  })
})
