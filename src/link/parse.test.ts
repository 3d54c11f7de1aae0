import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inspect, type ParsedLink, parse } from './index.ts'

const URL_425 = 'https://test.activeplatform.com/external_dispatcher/settle'
/** Short for a query: `I[x]` is `shopping_cart_items[][x]`. */
const full = (query: string): string => query.replaceAll('I[', 'shopping_cart_items[][')
const GOOD = full('I[plan_id]=425&I[plan_period_id]=1840&I[type]=application')

function read(query: string): ParsedLink {
  const parsed = parse(`?${full(query)}`)
  assert.ok(!('error' in parsed), JSON.stringify(parsed))
  return parsed
}
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const codes = (problems: readonly { code: string; part: string }[]) =>
  problems.map(({ code, part }) => `${code} ${part}`)

test('reads a link with every part', () => {
  const query = full(
    'I[plan_id]=1&I[plan_period_id]=2&I[resources][][id]=7&I[resources][][quantity]=3&I[resources][][id]=8&I[resources][][quantity]=4&I[type]=application&manager_key=carter81&order_type=SalesOrder&I[type]=topup&I[amount]=5.50&skip_all_steps=1&_ga=2.1-3.4&lang=de',
  )
  const parsed = parse(`${URL_425}?${query}#top`)
  assert.ok(!('error' in parsed))
  assert.deepEqual(plain(parsed.link), {
    base: URL_425,
    application: {
      plan_id: '1',
      plan_period_id: '2',
      resources: [
        { id: '7', quantity: '3' },
        { id: '8', quantity: '4' },
      ],
    },
    topup: { amount: '5.50' },
    manager_key: 'carter81',
    order_type: 'SalesOrder',
    skip_all_steps: true,
    ga: '2.1-3.4',
    other: { lang: 'de' },
  })
  assert.deepEqual([parsed.errors, parsed.warnings], [[], []])
})

test('reads the third documented example, braces and all, with a warning that points at the amount', () => {
  const query = full(
    'I[plan_id]=569&I[plan_period_id]=2072&I[type]=application&I[type]=topup&I[amount]={1000}&skip_all_steps=1',
  )
  const { link, errors, warnings } = read(query)
  assert.deepEqual(errors, [])
  assert.equal(link?.topup?.amount, '1000')
  assert.equal(link.skip_all_steps, true)
  assert.deepEqual(warnings, [
    {
      code: 'amount_braces',
      part: 'items[1].amount',
      position: query.indexOf('shopping_cart_items[][amount]'),
      message: 'The amount stands in braces; it is read as 1000.',
      suggestion: 'Write 1000 without braces.',
    },
  ])
})

test('takes a URL, a path, a query with its question mark and one without', () => {
  for (const [text, base] of [
    [`${URL_425}?${GOOD}`, URL_425],
    [`/client/new_order?${GOOD}`, '/client/new_order'],
    [`shop.example/settle?${GOOD}`, 'shop.example/settle'],
    [`https://shop.example/a=b&c?${GOOD}`, 'https://shop.example/a=b&c'],
    [`?${GOOD}`, ''],
    [GOOD, ''],
    [`${GOOD}&note=why?`, ''],
  ] as const) {
    const parsed = parse(text)
    assert.ok(!('error' in parsed) && parsed.link, text)
    assert.equal(parsed.link.base, base)
  }
})

test('finds no items in a URL without a query, whatever its fragment says', () => {
  for (const text of ['https://shop.example/', `https://shop.example/#?${GOOD}`]) {
    const parsed = parse(text)
    assert.ok(!('error' in parsed))
    assert.deepEqual(codes(parsed.errors), ['no_items items'])
  }
})

for (const { name, query, errors = [], warnings = [] } of [
  { name: 'nothing at all', query: '', errors: ['no_items items'] },
  { name: 'items that are text', query: 'shopping_cart_items=1', errors: ['no_items items'] },
  { name: 'the type first', query: 'I[type]=application&I[plan_id]=1&I[plan_period_id]=2' },
  {
    name: 'no type',
    query: 'I[plan_id]=1&I[plan_period_id]=2',
    errors: ['item_type_missing items[0].type', 'application_missing items'],
  },
  {
    name: 'an item that is text',
    query: 'shopping_cart_items[]=1',
    errors: ['item_type_missing items[0].type', 'application_missing items'],
  },
  {
    name: 'an unknown type',
    query: 'I[type]=domain',
    errors: ['item_type_unknown items[0].type', 'application_missing items'],
  },
  {
    name: 'a type in capitals',
    query: 'I[type]=Application',
    errors: ['item_type_unknown items[0].type', 'application_missing items'],
  },
  {
    name: 'an application with nothing else',
    query: 'I[type]=application',
    errors: ['plan_missing items[0].plan_id', 'period_missing items[0].plan_period_id'],
  },
  {
    name: 'empty ids',
    query: 'I[plan_id]=&I[plan_period_id]&I[type]=application',
    errors: ['plan_missing items[0].plan_id', 'period_missing items[0].plan_period_id'],
  },
  {
    name: 'ids that are no numbers',
    query: 'I[plan_id]=42x&I[plan_period_id]=-3&I[type]=application',
    errors: ['id_invalid items[0].plan_id', 'id_invalid items[0].plan_period_id'],
  },
  {
    name: 'an id in an unfilled template',
    query: 'I[plan_id]={plan_id}&I[plan_period_id][x]=1&I[type]=application',
    errors: ['id_invalid items[0].plan_id', 'id_invalid items[0].plan_period_id'],
  },
  { name: 'two plans', query: `${GOOD}&${GOOD}`, errors: ['too_many_applications items[1]'] },
  {
    name: 'two top-ups',
    query: `${GOOD}&I[type]=topup&I[amount]=5&I[type]=topup&I[amount]=6`,
    errors: ['topup_duplicate items[2]'],
  },
  {
    name: 'a top-up alone',
    query: 'I[type]=topup&I[amount]=5',
    errors: ['topup_without_application items[0]', 'application_missing items'],
  },
  {
    name: 'a top-up that swallows the plan after it',
    query: 'I[type]=topup&I[amount]=5&I[plan_id]=1&I[plan_period_id]=2&I[type]=application',
    errors: [
      'topup_without_application items[0]',
      'plan_missing items[1].plan_id',
      'period_missing items[1].plan_period_id',
    ],
    warnings: ['unknown_key items[0].plan_id', 'unknown_key items[0].plan_period_id'],
  },
  { name: 'a top-up without an amount', query: `${GOOD}&I[type]=topup`, errors: ['amount_missing items[1].amount'] },
  ...['0', '0.00', '-5', '1,5', '1e3', ' 5', '5.', '.5', '1234567890123', '{}', '{{5}}', '{5'].map((amount) => ({
    name: `the amount ${JSON.stringify(amount)}`,
    query: `${GOOD}&I[type]=topup&I[amount]=${amount}`,
    errors: ['amount_invalid items[1].amount'],
  })),
  { name: 'an amount without its top-up', query: `${GOOD}&I[amount]=5`, warnings: ['unknown_key items[0].amount'] },
  {
    name: 'a resource without a quantity',
    query: `I[resources][][id]=7&${GOOD}`,
    errors: ['resource_invalid items[0].resources[0].quantity'],
  },
  {
    name: 'a resource without an id',
    query: `I[resources][][quantity]=7&${GOOD}`,
    errors: ['resource_invalid items[0].resources[0]'],
  },
  {
    name: 'a resource id that is no number',
    query: `I[resources][][id]=x&I[resources][][quantity]=1&${GOOD}`,
    errors: ['id_invalid items[0].resources[0].id'],
  },
  {
    name: 'a fraction of a resource',
    query: `I[resources][][id]=7&I[resources][][quantity]=1.5&${GOOD}`,
    errors: ['resource_invalid items[0].resources[0].quantity'],
  },
  { name: 'resources that are text', query: `I[resources]=7&${GOOD}`, errors: ['resource_invalid items[0].resources'] },
  {
    name: 'a resource that is text',
    query: `I[resources][]=7&${GOOD}`,
    errors: ['resource_invalid items[0].resources[0]', 'resource_invalid items[0].resources[0].quantity'],
  },
  {
    name: 'a resource twice',
    query: `I[resources][][id]=7&I[resources][][quantity]=1&I[resources][][id]=7&I[resources][][quantity]=2&${GOOD}`,
    errors: ['resource_invalid items[0].resources[1]'],
  },
  {
    name: 'resources after the top-up',
    query: `${GOOD}&I[type]=topup&I[amount]=5&I[resources][][id]=7`,
    warnings: ['unknown_key items[1].resources'],
  },
  {
    name: 'another value of skip_all_steps',
    query: `${GOOD}&skip_all_steps=true`,
    warnings: ['skip_value skip_all_steps'],
  },
  {
    name: 'an order type we do not know',
    query: `${GOOD}&order_type=quote`,
    warnings: ['order_type_unknown order_type'],
  },
  { name: 'empty optional parts', query: `${GOOD}&order_type=&_ga=` },
  {
    name: 'a manager key that cannot be one',
    query: `${GOOD}&manager_key={manager_key}`,
    warnings: ['manager_key_unmatched manager_key'],
  },
  {
    name: 'unknown names',
    query: `${GOOD}&utm_source=x&I[foo]=1`,
    warnings: ['unknown_key items[0].foo', 'unknown_key utm_source'],
  },
  {
    name: 'lists with indexes, as PHP writes them',
    query:
      'shopping_cart_items[0][type]=application&shopping_cart_items[0][plan_id]=1&shopping_cart_items[0][plan_period_id]=2&shopping_cart_items[0][resources][0][id]=7&shopping_cart_items[0][resources][0][quantity]=1',
    warnings: ['items_indexed items', 'items_indexed items[0].resources'],
  },
] as { name: string; query: string; errors?: string[]; warnings?: string[] }[])
  test(`judges ${name}`, () => {
    const parsed = read(query)
    assert.deepEqual(codes(parsed.errors), errors)
    assert.deepEqual(codes(parsed.warnings), warnings)
    assert.equal(parsed.link === null, errors.length > 0, 'a link is given exactly when there is no error')
    for (const problem of [...parsed.errors, ...parsed.warnings]) {
      assert.match(problem.message, /^[A-Z“].*\.$/, problem.message)
      assert.match(problem.suggestion ?? '', /^[A-Z].*\.$/)
    }
  })

test('points at the pair at fault, at the item when a part of it is missing, at nothing when there is nothing', () => {
  const query = full('a=1&I[plan_id]=x&I[type]=application&manager_key=%C3%A9')
  const { errors, warnings } = read(query)
  assert.deepEqual(
    [...errors, ...warnings].map(({ part, position }) => [
      part,
      position === null ? null : query.slice(position).split(/[=&]/)[0],
    ]),
    [
      ['items[0].plan_id', 'shopping_cart_items[][plan_id]'],
      ['items[0].plan_period_id', 'shopping_cart_items[][plan_id]'],
      ['a', 'a'],
      ['manager_key', 'manager_key'],
    ],
  )
  for (const nothing of ['', 'a=1']) assert.equal(read(nothing).errors[0]?.position, null)
})

test('gives a catalogue check the parts that could be read and the position of each', () => {
  const query = full(
    'I[plan_id]=1&I[plan_period_id]=x&I[resources][][id]=7&I[resources][][quantity]=y&I[type]=application&manager_key=k&I[type]=topup&I[amount]=5',
  )
  const inspected = inspect(`?${query}`)
  assert.ok(!('error' in inspected))
  assert.equal(inspected.link, null)
  assert.deepEqual(plain(inspected.draft), {
    base: '',
    application: {
      part: 'items[0]',
      plan_id: '1',
      plan_period_id: null,
      resources: [{ part: 'items[0].resources[0]', id: '7', quantity: null }],
    },
    topup: { part: 'items[1]', amount: '5' },
    manager_key: 'k',
    order_type: null,
    skip_all_steps: false,
    ga: null,
    other: {},
  })
  for (const [part, name] of [
    ['items[0]', 'I[plan_id]'],
    ['items[0].plan_period_id', 'I[plan_period_id]'],
    ['items[0].resources', 'I[resources][][id]'],
    ['items[0].resources[0].quantity', 'I[resources][][quantity]'],
    ['items[1].amount', 'I[amount]'],
    ['items[1].absent', 'I[amount]'],
    ['manager_key', 'manager_key'],
  ] as const) {
    if (part === 'items[1].absent') assert.equal(inspected.positionOf(part), query.indexOf(full('I[type]=topup')))
    else assert.equal(inspected.positionOf(part), query.indexOf(full(name)), part)
  }
  assert.equal(inspected.positionOf('absent'), null)
})

test('finds parts of lists with indexes', () => {
  const inspected = inspect('?shopping_cart_items[3][type]=application&shopping_cart_items[3][plan_id]=5')
  assert.ok(!('error' in inspected))
  assert.equal(inspected.positionOf('items[0].plan_id'), 41)
})

test('never throws, and answers in plain data', () => {
  const piece = fc.constantFrom(
    'I[',
    'plan_id',
    ']',
    'resources',
    '][]',
    '[0]',
    '=',
    '&',
    '1',
    'type]=application',
    '__proto__',
    '%',
    '?',
    '#',
    'https://x',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => full(pieces.join(''))),
      ),
      (text) => {
        const parsed = parse(text)
        if ('error' in parsed) assert.equal(parsed.error, 'malformed')
        else assert.equal(parsed.link === null, parsed.errors.length > 0)
      },
    ),
    { numRuns: 3000 },
  )
})
