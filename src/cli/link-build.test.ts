import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from './testing.ts'

const SETTLE = 'https://test.activeplatform.com/external_dispatcher/settle'
const build = (...flags: string[]) => runCli(['link', 'build', ...flags])

for (const { name, flags, url } of [
  {
    name: 'the first',
    flags: '--domain test.activeplatform.com --plan 425 --period 1840',
    url: `${SETTLE}?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application`,
  },
  {
    name: 'the second',
    flags: '--domain test.activeplatform.com --plan 425 --period 1840 --manager-key carter81',
    url: `${SETTLE}?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application&manager_key=carter81`,
  },
  {
    name: 'the third, without its braces',
    flags: '--domain test.activeplatform.com --plan 569 --period 2072 --topup 1000 --skip-all-steps',
    url: `${SETTLE}?shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]=1000&skip_all_steps=1`,
  },
])
  test(`writes ${name} documented example, alone on a line`, async () => {
    assert.deepEqual(await build(...flags.split(' ')), { code: 0, out: `${url}\n`, err: '' })
  })

test('writes every part in its place, whatever the order of the flags', async () => {
  const { out } = await build(
    ...'--lang de --ga 2.1 --order-type SalesOrder --resource 8=3 --resource 7=0 --base http://localhost:8080/x --period 2 --plan 1'.split(
      ' ',
    ),
  )
  assert.equal(
    out,
    'http://localhost:8080/x?shopping_cart_items[][plan_id]=1&shopping_cart_items[][plan_period_id]=2&shopping_cart_items[][resources][][id]=8&shopping_cart_items[][resources][][quantity]=3&shopping_cart_items[][resources][][id]=7&shopping_cart_items[][resources][][quantity]=0&shopping_cart_items[][type]=application&order_type=SalesOrder&_ga=2.1&lang=de\n',
  )
})

for (const { name, flags, message } of [
  { name: 'no plan', flags: '--domain d --period 1', message: /Give --plan/ },
  { name: 'neither domain nor base', flags: '--plan 1 --period 1', message: /Give --domain, or --base/ },
  { name: 'domain and base', flags: '--domain d --base /x --plan 1 --period 1', message: /not both/ },
  {
    name: 'a plan that is no number',
    flags: '--domain d --plan x --period 1',
    message: /application.plan_id: An id is a whole number/,
  },
  {
    name: 'a resource without a quantity',
    flags: '--domain d --plan 1 --period 1 --resource 7',
    message: /--resource ID=QUANTITY/,
  },
  { name: 'an unknown flag', flags: '--domain d --plan 1 --period 1 --colour red', message: /--colour/ },
  { name: 'a stray argument', flags: '--domain d --plan 1 --period 1 more', message: /Unexpected argument “more”/ },
])
  test(`refuses ${name} with exit code 2 and an empty answer`, async () => {
    const { code, out, err } = await build(...flags.split(' '))
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
  })
