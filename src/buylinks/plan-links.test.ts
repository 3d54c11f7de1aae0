import assert from 'node:assert/strict'
import { test } from 'node:test'
import { period, plan, resource } from '../../test/harness/catalog-values.ts'
import { decimal } from '../kernel/decimal.ts'
import { build, parse } from '../link/index.ts'
import { linkBase, periodLink, planLinks } from './plan-links.ts'

const BASE = 'https://test.activeplatform.com/external_dispatcher/settle'
const FIRST = `${BASE}?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application`
const store = { origin: 'https://test.activeplatform.com', externalApplicationUrl: null }
const backup = plan({
  id: '425',
  periods: [period('1840', { recurringFeeMinor: 4900n }), period('1841', { recurringFeeMinor: 9900n })],
})
const payAsYouGo = plan({
  id: '569',
  billingType: 'pay_as_you_go_internal',
  minimumTopupMinor: 100_000n,
  periods: [period('2072', { duration: null }), period('2073', { trial: true })],
  resources: [resource('1', { unitPrice: decimal('0.01') })],
})
const METERED =
  'shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application'
const TOPUP = '&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]='

test('the documents’ first example, byte for byte', () =>
  assert.equal(planLinks(linkBase(store), backup, 'USD').buyNow?.url, FIRST))

test('the documents’ second example: the first with a manager’s key', () =>
  assert.equal(
    build({ base: BASE, application: { plan_id: '425', plan_period_id: '1840' }, manager_key: 'carter81' }),
    `${FIRST}&manager_key=carter81`,
  ))

test('the documents’ third example, without the braces that they slipped in', () => {
  const url = planLinks(linkBase(store), payAsYouGo, 'USD').buyNow?.url
  assert.equal(url, `${BASE}?${METERED}${TOPUP}1000&skip_all_steps=1`)
})

test('every period has a link of its own', () =>
  assert.equal(periodLink(BASE, backup, period('1841'), 'USD'), FIRST.replace('1840', '1841')))

test('the minimum top-up is written as short as it can be', () => {
  for (const [minor, currency, amount] of [
    [4990n, 'USD', '49.90'],
    [5000n, 'USD', '50'],
    [5000n, 'JPY', '5000'],
    [5000n, 'KWD', '5'],
    [5001n, 'KWD', '5.001'],
  ] as const) {
    const url = planLinks(BASE, { ...payAsYouGo, minimumTopupMinor: minor }, currency).buyNow?.url ?? ''
    assert.ok(url.includes(`${TOPUP}${amount}&`), `${url} has ${amount}`)
  }
})

test('a top-up comes along only where the plan takes one, and never with a trial', () => {
  const buyNow = (rest: Partial<typeof payAsYouGo>) => planLinks(BASE, { ...payAsYouGo, ...rest }, 'USD').buyNow?.url
  assert.equal(buyNow({ minimumTopupMinor: null }), `${BASE}?${METERED}&skip_all_steps=1`)
  assert.equal(buyNow({ paymentModels: ['postpay'] }), `${BASE}?${METERED}&skip_all_steps=1`)
  assert.equal(buyNow({ resources: [resource('1', { overuseFeeMinor: 1n })] }), `${BASE}?${METERED}&skip_all_steps=1`)
  assert.equal(buyNow({ billingType: 'pay_as_you_go_external' }), `${BASE}?${METERED}${TOPUP}1000`)
  assert.equal(buyNow({ billingType: 'pay_in_full' }), `${BASE}?${METERED}`)
  assert.equal(
    planLinks(BASE, payAsYouGo, 'USD').tryIt?.url,
    `${BASE}?${METERED.replace('2072', '2073')}&skip_all_steps=1`,
  )
})

test('no trial, no Try it; only trials, no Buy now', () => {
  assert.equal(planLinks(BASE, backup, 'USD').tryIt, null)
  const { buyNow, tryIt } = planLinks(BASE, plan({ periods: [period('1', { trial: true })] }), 'USD')
  assert.deepEqual([buyNow, tryIt?.period.id], [null, '1'])
})

test('an external application’s address replaces everything before the query', () => {
  const externalApplicationUrl = 'https://panel.example.com/client/new_order'
  const url = planLinks(linkBase({ ...store, externalApplicationUrl }), backup, 'USD').buyNow?.url
  assert.equal(url, FIRST.replace(BASE, externalApplicationUrl))
})

test('what a store writes, it reads without a problem', () => {
  for (const each of [backup, payAsYouGo])
    for (const link of Object.values(planLinks(BASE, each, 'USD'))) {
      const read = parse(link?.url ?? FIRST)
      assert.ok(!('error' in read) && read.link)
      assert.deepEqual([read.errors, read.warnings], [[], []])
      assert.equal(build(read.link), link?.url ?? FIRST)
    }
})
