import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type BuildableLink, build, LinkBuildError, parse } from './index.ts'

const HOST = 'test.activeplatform.com'
const SETTLE = `https://${HOST}/external_dispatcher/settle`
const application = { plan_id: '425', plan_period_id: '1840' }

// The documents' own examples, byte for byte; the third without the braces they print by mistake.
for (const { name, link, url } of [
  {
    name: 'a plan and a period',
    link: { domain: HOST, application },
    url: `${SETTLE}?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application`,
  },
  {
    name: 'a manager key',
    link: { domain: HOST, application, manager_key: 'carter81' },
    url: `${SETTLE}?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application&manager_key=carter81`,
  },
  {
    name: 'a top-up',
    link: {
      domain: HOST,
      application: { plan_id: '569', plan_period_id: '2072' },
      topup: { amount: '1000' },
      skip_all_steps: true,
    },
    url: `${SETTLE}?shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]=1000&skip_all_steps=1`,
  },
  {
    name: 'everything, for an external application',
    link: {
      base: 'https://test.activeplatform.com/client/new_order',
      application: {
        ...application,
        resources: [
          { id: '8', quantity: '3' },
          { id: '7', quantity: '0' },
        ],
      },
      other: { utm: { tags: ['a&b', null] }, lang: 'de' },
      ga: '2.1 3',
      skip_all_steps: true,
      topup: { amount: '49.90' },
      order_type: 'SalesOrder',
      manager_key: 'a.b_c-D',
    },
    url: 'https://test.activeplatform.com/client/new_order?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][resources][][id]=8&shopping_cart_items[][resources][][quantity]=3&shopping_cart_items[][resources][][id]=7&shopping_cart_items[][resources][][quantity]=0&shopping_cart_items[][type]=application&manager_key=a.b_c-D&order_type=SalesOrder&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]=49.90&skip_all_steps=1&_ga=2.1%203&lang=de&utm[tags][]=a%26b&utm[tags][]',
  },
] as { name: string; link: BuildableLink; url: string }[])
  test(`writes ${name}`, () => assert.equal(build(link), url))

const id = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String)
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((value) => value.isWellFormed())
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const link: fc.Arbitrary<BuildableLink> = fc.record({
  base: fc.constantFrom(
    SETTLE,
    'http://localhost:8080/external_dispatcher/settle',
    '/client/new_order',
    'https://müller.example/a=b&c',
  ),
  application: fc.record({
    plan_id: id,
    plan_period_id: id,
    resources: fc.uniqueArray(fc.record({ id, quantity: id }), { selector: (resource) => resource.id, maxLength: 5 }),
  }),
  topup: optional(fc.record({ amount: fc.constantFrom('1', '0.01', '1000', '999999999999.99') })),
  manager_key: optional(fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/)),
  order_type: optional(text),
  skip_all_steps: fc.boolean(),
  ga: optional(text),
  other: fc.dictionary(
    fc.constantFrom('lang', 'utm_source', 'x y', '7', 'é', 'toString', '__proto__'),
    fc.oneof(
      text,
      fc.constant(''),
      fc.array(text, { minLength: 1 }),
      fc.dictionary(fc.constantFrom('a', '1', 'ü'), text, { minKeys: 1 }),
    ),
  ),
})

test('reads back what it wrote, and writes the same bytes again', () => {
  fc.assert(
    fc.property(link, (given) => {
      const url = build(given)
      const parsed = parse(url)
      assert.ok(!('error' in parsed) && parsed.link, url)
      const expected = { ...given, other: given.other ?? {} }
      assert.deepEqual(JSON.parse(JSON.stringify(parsed.link)), JSON.parse(JSON.stringify(expected)))
      assert.equal(build(parsed.link), url)
      assert.equal(build(given), url)
    }),
  )
})

for (const { name, part, change } of [
  { name: 'no plan', part: 'application', change: { application: undefined } },
  {
    name: 'a plan that is no number',
    part: 'application.plan_id',
    change: { application: { ...application, plan_id: '42&x=1' } },
  },
  {
    name: 'a plan that is no text',
    part: 'application.plan_id',
    change: { application: { ...application, plan_id: 425 } },
  },
  { name: 'no period', part: 'application.plan_period_id', change: { application: { plan_id: '1' } } },
  {
    name: 'half of a resource',
    part: 'application.resources[1].quantity',
    change: { application: { ...application, resources: [{ id: '1', quantity: '1' }, { id: '2' }] } },
  },
  {
    name: 'a resource twice',
    part: 'application.resources[1].id',
    change: {
      application: {
        ...application,
        resources: [
          { id: '1', quantity: '1' },
          { id: '1', quantity: '2' },
        ],
      },
    },
  },
  { name: 'braces around an amount', part: 'topup.amount', change: { topup: { amount: '{1000}' } } },
  { name: 'a top-up of nothing', part: 'topup.amount', change: { topup: { amount: '0.0' } } },
  { name: 'a manager key with a space', part: 'manager_key', change: { manager_key: 'carter 81' } },
  { name: 'an empty order type', part: 'order_type', change: { order_type: '' } },
  { name: 'half a character', part: 'ga', change: { ga: '\ud800' } },
  { name: 'a skip that is text', part: 'skip_all_steps', change: { skip_all_steps: '1' } },
  { name: 'no domain', part: 'domain', change: { domain: '' } },
  { name: 'a domain with a scheme', part: 'domain', change: { domain: 'https://shop.example' } },
  { name: 'a domain with a path', part: 'domain', change: { domain: 'shop.example/x' } },
  { name: 'a domain with a user', part: 'domain', change: { domain: 'a@shop.example' } },
  { name: 'a base that is a script', part: 'base', change: { base: 'javascript:alert(1)//' } },
  { name: 'a base with a query', part: 'base', change: { base: 'https://shop.example/?a=1' } },
  { name: 'a base that leads to another host', part: 'base', change: { base: '//evil.example/' } },
  { name: 'one of our own names among the others', part: 'other.manager_key', change: { other: { manager_key: 'x' } } },
  {
    name: 'a name that would become an item',
    part: 'other.shopping_cart_items]',
    change: { other: { 'shopping_cart_items]': 'x' } },
  },
  {
    name: 'a list that would read back otherwise',
    part: 'other.a',
    change: { other: { a: [{ x: '1' }, { y: '2' }] } },
  },
  { name: 'an empty list', part: 'other.a', change: { other: { a: [] } } },
  { name: 'a number among the others', part: 'other.a', change: { other: { a: 1 } } },
  { name: 'more than a server reads', part: 'link', change: { other: { a: 'x'.repeat(8200) } } },
])
  test(`refuses ${name} and says which part`, () => {
    const wrong = { domain: 'shop.example', application, ...change } as unknown as BuildableLink // what JavaScript lets pass
    assert.throws(
      () => build(wrong),
      (error) => error instanceof LinkBuildError && error.part === part && error.message !== '',
    )
  })
