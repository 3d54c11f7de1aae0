import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Plan } from '../catalog/schema.ts'
import { period, plan, product, resource, snapshot } from '../catalog/testing.ts'
import { decimal } from '../kernel/decimal.ts'
import { inspect } from '../link/index.ts'
import type { Selection } from './schema.ts'
import {
  type CheckedLink,
  checkLink,
  malformedProblem,
  priceSelection,
  type Problem,
  statusOfProblems,
  stepsOf,
} from './rules.ts'

const ITEM = 'shopping_cart_items[]'
const APPLICATION = `${ITEM}[type]=application`

const backup = plan({
  id: '425',
  name: 'Backup',
  periods: [
    period('1840', { recurringFeeMinor: 4900n }),
    period('1842', { trial: true, duration: { value: 14, unit: 'days' } }),
    period('1843', { isPublic: false }),
  ],
  resources: [
    resource('9001', { name: 'Storage', included: 5n, minimum: 5n, limit: 100n, recurringFeeMinor: 400n }),
    resource('9002', { name: 'Seats', recurringFeeMinor: 250n }),
    resource('9003', { isPublic: false }),
  ],
})
const payAsYouGo = plan({
  id: '569',
  productId: '2',
  name: 'On demand',
  billingType: 'pay_as_you_go_internal',
  minimumTopupMinor: 5000n,
  periods: [period('2072', { duration: null })],
  resources: [resource('9021', { included: 9n, limit: 9n, unitPrice: decimal('0.004') })],
})
const shop = snapshot(
  [
    backup,
    payAsYouGo,
    plan({ id: '3', name: 'Old', status: 'retired', successorId: '4', periods: [period('30')] }),
    plan({ id: '4', name: 'Less old', status: 'retired', successorId: '425', periods: [period('40')] }),
    plan({ id: '5', name: 'Hidden', isPublic: false, periods: [period('50')] }),
    plan({ id: '6', name: 'Off', status: 'inactive', successorId: '6', periods: [period('60')] }),
    plan({ id: '7', productId: '9', name: 'Unpublished', periods: [period('70')] }),
    plan({
      id: '8',
      name: 'Metered',
      billingType: 'pay_as_you_go_external',
      paymentModels: ['postpay'],
      periods: [period('80')],
    }),
    plan({
      ...payAsYouGo,
      id: '10',
      minimumTopupMinor: null,
      resources: [resource('11', { overuseFeeMinor: 1n })],
      periods: [period('100')],
    }),
  ],
  { products: [product('1'), product('2'), product('9', { published: false })] },
)

function check(query: string, against = shop): CheckedLink {
  const read = inspect(`?${query}`)
  if ('error' in read)
    return {
      plan: undefined,
      period: undefined,
      quantities: {},
      topupMinor: null,
      errors: [malformedProblem(read)],
      warnings: [],
    }
  return checkLink(read, against)
}
const order = (planId: string | null, periodId: string | null, more = ''): string =>
  [
    planId === null ? '' : `${ITEM}[plan_id]=${planId}`,
    periodId === null ? '' : `${ITEM}[plan_period_id]=${periodId}`,
    more,
    APPLICATION,
  ]
    .filter((part) => part !== '')
    .join('&')
const preset = (id: string, quantity: string): string =>
  `${ITEM}[resources][][id]=${id}&${ITEM}[resources][][quantity]=${quantity}`
const topup = (amount: string | null): string =>
  `${ITEM}[type]=topup${amount === null ? '' : `&${ITEM}[amount]=${amount}`}`
const good = order('425', '1840')
const metered = order('569', '2072')

const told = (problems: readonly Problem[]) => problems.map(({ code, part }) => `${code} ${part}`)

describe('each problem of a link', () => {
  for (const { code, query, part, at, status, message = /./, suggestion = /./, warning = false } of [
    { code: 'malformed', query: `${good}&x=%zz`, part: 'query', at: 'x=%zz', status: 400 },
    { code: 'malformed', query: `shopping_cart_items=1&${good}`, part: 'query', at: `${ITEM}[plan_id]`, status: 400 },
    { code: 'malformed', query: `${good}&x=%ff`, part: 'query', at: 'x=%ff', status: 400 },
    { code: 'malformed', query: `${good}${'&a=1'.repeat(98)}`, part: 'query', status: 400 },
    { code: 'malformed', query: `${good}&x=${'y'.repeat(8192)}`, part: 'query', at: null, status: 400 },
    { code: 'no_items', query: 'manager_key=carter81', part: 'items', at: null },
    { code: 'application_missing', query: `${ITEM}[type]=domain`, part: 'items', at: ITEM },
    { code: 'too_many_applications', query: `${good}&${good}`, part: 'items[1]' },
    { code: 'item_type_missing', query: `${good}&${ITEM}[plan_id]=425`, part: 'items[1].type' },
    {
      code: 'item_type_unknown',
      query: `${good}&${ITEM}[type]=domain`,
      part: 'items[1].type',
      at: `${ITEM}[type]=domain`,
    },
    { code: 'topup_duplicate', query: `${metered}&${topup('50')}&${topup('60')}`, part: 'items[2]' },
    {
      code: 'topup_without_application',
      query: `${topup('50')}&${ITEM}[type]=application`,
      part: 'items[0]',
      at: `${ITEM}[type]=topup`,
    },
    { code: 'plan_missing', query: order(null, '1840'), part: 'items[0].plan_id' },
    { code: 'plan_missing', query: order('', '1840'), part: 'items[0].plan_id' },
    {
      code: 'plan_not_found',
      query: order('999', '1840'),
      part: 'items[0].plan_id',
      at: `${ITEM}[plan_id]`,
      status: 404,
      message: /no plan 999/,
      suggestion: /one of plan 425/,
    },
    {
      code: 'plan_not_available',
      query: order('3', '30'),
      part: 'items[0].plan_id',
      at: `${ITEM}[plan_id]`,
      message: /Plan Old is not for sale/,
      suggestion: /Use plan 425, Backup/,
    },
    { code: 'plan_not_available', query: order('5', '50'), part: 'items[0].plan_id', suggestion: /another plan/ },
    { code: 'plan_not_available', query: order('6', '60'), part: 'items[0].plan_id', suggestion: /another plan/ },
    { code: 'plan_not_available', query: order('7', '70'), part: 'items[0].plan_id' },
    { code: 'period_missing', query: order('425', null), part: 'items[0].plan_period_id', at: ITEM },
    {
      code: 'period_not_found',
      query: order('425', '99999'),
      part: 'items[0].plan_period_id',
      at: `${ITEM}[plan_period_id]`,
      status: 404,
      message: /no plan period 99999/,
      suggestion: /Use one of: 1840, 1842\./,
    },
    {
      code: 'period_not_of_plan',
      query: order('425', '2072'),
      part: 'items[0].plan_period_id',
      at: `${ITEM}[plan_period_id]`,
      message: /2072 does not belong to plan Backup/,
      suggestion: /Use one of: 1840, 1842\./,
    },
    {
      code: 'period_not_available',
      query: order('425', '1843'),
      part: 'items[0].plan_period_id',
      suggestion: /Use one of: 1840, 1842\./,
    },
    { code: 'id_invalid', query: order('4x5', '1840'), part: 'items[0].plan_id', at: `${ITEM}[plan_id]` },
    { code: 'id_invalid', query: order('425', '-1'), part: 'items[0].plan_period_id', at: `${ITEM}[plan_period_id]` },
    { code: 'id_invalid', query: order('425', '1840', preset('x', '1')), part: 'items[0].resources[0].id' },
    {
      code: 'resource_not_of_plan',
      query: order('425', '1840', preset('9021', '1')),
      part: 'items[0].resources[0].id',
      at: `${ITEM}[resources][][id]`,
      suggestion: /9001, 9002\./,
    },
    {
      code: 'resource_not_of_plan',
      query: order('425', '1840', preset('9003', '0')),
      part: 'items[0].resources[0].id',
    },
    {
      code: 'resource_invalid',
      query: order('425', '1840', preset('9001', '5.5')),
      part: 'items[0].resources[0].quantity',
    },
    {
      code: 'resource_invalid',
      query: order('425', '1840', `${preset('9001', '6')}&${preset('9001', '7')}`),
      part: 'items[0].resources[1]',
    },
    {
      code: 'resource_invalid',
      query: order('425', '1840', `${preset('9001', '6')}&${preset('09001', '7')}`),
      part: 'items[0].resources[1]',
      at: `${ITEM}[resources][][id]=09001`,
    },
    {
      code: 'quantity_out_of_range',
      query: order('425', '1840', preset('9001', '4')),
      part: 'items[0].resources[0].quantity',
      at: `${ITEM}[resources][][quantity]`,
      message: /Storage must be from 5 to 100, not 4/,
      suggestion: /included/,
    },
    {
      code: 'quantity_out_of_range',
      query: order('425', '1840', preset('9001', '101')),
      part: 'items[0].resources[0].quantity',
    },
    {
      code: 'quantity_out_of_range',
      query: order('425', '1840', preset('9002', '9'.repeat(3000))),
      part: 'items[0].resources[0].quantity',
      message: /^.{1,120}$/,
    },
    {
      code: 'quantity_out_of_range',
      query: order('425', '1842', preset('9001', '6')),
      part: 'items[0].resources[0].quantity',
      message: /trial/,
    },
    { code: 'topup_not_allowed', query: `${good}&${topup('50')}`, part: 'items[1]', at: `${ITEM}[type]=topup` },
    { code: 'topup_not_allowed', query: `${order('8', '80')}&${topup('50')}`, part: 'items[1]' },
    { code: 'topup_not_allowed', query: `${order('10', '100')}&skip_all_steps=1&${topup('50')}`, part: 'items[1]' },
    { code: 'amount_missing', query: `${metered}&${topup(null)}`, part: 'items[1].amount' },
    ...['0', '0.00', '-5', 'abc', '1e3', '1,000', '1234567890123', '.5', '5.', '+5', '{}', '{5', '５'].map(
      (amount) => ({
        code: 'amount_invalid',
        query: `${metered}&${topup(encodeURIComponent(amount))}`,
        part: 'items[1].amount',
      }),
    ),
    {
      code: 'amount_invalid',
      query: `${metered}&${topup('50.001')}`,
      part: 'items[1].amount',
      at: `${ITEM}[amount]`,
      message: /at most 2 decimals/,
    },
    { code: 'amount_invalid', query: `${metered}&${topup(`50.${'0'.repeat(30)}`)}`, part: 'items[1].amount' },
    {
      code: 'amount_too_small',
      query: `${metered}&${topup('49.99')}`,
      part: 'items[1].amount',
      at: `${ITEM}[amount]`,
      message: /at least 50\.00 USD/,
      suggestion: /50\.00 or more/,
    },
    {
      code: 'manager_key_unmatched',
      query: `${good}&manager_key=a%20b`,
      part: 'manager_key',
      at: 'manager_key',
      warning: true,
    },
    {
      code: 'amount_braces',
      query: `${metered}&${topup('{1000}')}&skip_all_steps=1`,
      part: 'items[1].amount',
      at: `${ITEM}[amount]`,
      warning: true,
    },
    {
      code: 'skip_value',
      query: `${good}&skip_all_steps=true`,
      part: 'skip_all_steps',
      at: 'skip_all_steps',
      warning: true,
    },
    { code: 'skip_recommended', query: metered, part: 'skip_all_steps', at: null, warning: true },
    {
      code: 'order_type_unknown',
      query: `${good}&order_type=gift`,
      part: 'order_type',
      at: 'order_type',
      warning: true,
    },
    { code: 'unknown_key', query: `${good}&utm_source=mail`, part: 'utm_source', at: 'utm_source', warning: true },
  ] as {
    code: string
    query: string
    part: string
    at?: string | null
    status?: number
    message?: RegExp
    suggestion?: RegExp
    warning?: boolean
  }[])
    test(`${code}: ${query.slice(0, 140)}`, () => {
      const { errors, warnings } = check(query)
      const problem = (warning ? warnings : errors).find((each) => each.code === code && each.part === part)
      assert.ok(problem, `told: ${told([...errors, ...warnings]).join(', ')}`)
      if (at !== undefined) assert.equal(problem.position, at === null ? null : query.indexOf(at))
      else assert.ok(problem.position === null || (problem.position >= 0 && problem.position < query.length))
      assert.match(problem.message, message)
      assert.match(problem.suggestion ?? '', suggestion)
      if (warning) assert.deepEqual(errors, [])
      else assert.equal(statusOfProblems(errors), status ?? 422)
    })
})

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
          assert.ok('quote' in priceSelection(shop, selection(found, at.id, { quantities }), BUYER))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

const BUYER = { country: null, customerType: 'business', paymentModel: 'prepay' } as const
const selection = (of: Plan, planPeriodId: string, rest: Partial<Selection> = {}): Selection => ({
  planId: of.id,
  planPeriodId,
  quantities: {},
  topupMinor: null,
  attributes: {},
  skipAllSteps: false,
  orderType: null,
  ga: null,
  ...rest,
})

describe('a selection', () => {
  const price = (chosen: Selection, buyer: Parameters<typeof priceSelection>[2] = BUYER, from = shop) => {
    const priced = priceSelection(from, chosen, buyer)
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
      const priced = priceSelection(shop, chosen, BUYER)
      assert.ok('kind' in priced && priced.message !== '')
    })
})

describe('the steps', () => {
  const steps = (of: Plan, periodId: string, rest: Partial<Selection> = {}) => {
    const priced = priceSelection(snapshot([of]), selection(of, periodId, rest), BUYER)
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
