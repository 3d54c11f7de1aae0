import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ITEM, check, order, preset, topup, good, metered, told } from '../../test/harness/link-values.ts'
import { statusOfProblems } from './rules.ts'

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
