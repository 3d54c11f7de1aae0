import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { period, plan, resource, snapshot } from '../../test/harness/catalog-values.ts'
import { NOBODY } from '../discounts/rules.ts'
import type { Subscription } from '../subscriptions/schema.ts'
import { judgeSwitch } from './judge-switch.ts'

const at = (text: string): Date => new Date(text)
const JANUARY = { startsAt: at('2026-01-10T12:00:00Z'), endsAt: at('2026-02-10T12:00:00Z') }
const MONTH = period('7', { recurringFeeMinor: 4900n })
const SMALL = plan({
  id: '425',
  name: 'Small',
  switchablePlanIds: ['426'],
  periods: [MONTH, period('8', { duration: { value: 1, unit: 'years' }, recurringFeeMinor: 4500n })],
  resources: [resource('1', { included: 5n, recurringFeeMinor: 400n, quota: { usageName: 'storage', perUnit: 100n } })],
})
const LARGE = plan({
  id: '426',
  name: 'Large',
  periods: [period('9', { recurringFeeMinor: 14_900n })],
  resources: [
    resource('11', {
      included: 2n,
      recurringFeeMinor: 900n,
      limit: 20n,
      quota: { usageName: 'storage', perUnit: 250n },
    }),
    resource('12', { included: 3n, quota: { usageName: 'servers', perUnit: 1n } }),
  ],
})
const runs = (rest: Partial<Subscription> = {}, quantity = 5n) => ({
  subscription: {
    sellerId: 's',
    id: 'x',
    number: 1n,
    accountId: 'a',
    tenantId: 'a',
    planId: '425',
    planPeriodId: '7',
    name: 'Small',
    status: 'active',
    paymentModel: 'prepay',
    trial: false,
    connector: 'builtin',
    currency: 'USD',
    recurringMinor: 4900n,
    periodStartsAt: JANUARY.startsAt,
    periodEndsAt: JANUARY.endsAt,
    anchorDay: 10,
    autoRenew: true,
    endsWithPeriod: false,
    stoppedAt: null,
    stopReason: null,
    previousStatus: null,
    discount: null,
    version: 1n,
    ...rest,
  } satisfies Subscription,
  resources: [
    { id: '1', name: 'Storage', unit: 'unit', quantity, included: 5n, usageName: 'storage', quotaPerUnit: 100n },
  ],
})
const switched = (running = runs(), asked: Record<string, bigint> = {}, basisPoints = 0) =>
  judgeSwitch(
    snapshot([SMALL, LARGE], {
      taxRates: [{ country: '*', customerType: '*', name: 'VAT', basisPoints, reverseCharge: false }],
    }),
    running,
    { planId: '426', planPeriodId: '9', asked },
    { ...NOBODY, country: 'DE', customerType: 'business', vatId: '' },
    at('2026-01-20T12:00:00Z'),
  )

for (const { name, running, tax, total, surplus, quantities: mapped } of [
  {
    name: '21 of 31 days of 49.00 are credited',
    running: runs(),
    tax: 0,
    total: 14_900n - 3319n,
    surplus: 0n,
    quantities: { '11': 2n, '12': 3n },
  },
  {
    name: 'more storage is taken along, in the new units',
    running: runs({ recurringMinor: 5700n }, 7n),
    tax: 0,
    total: 14_900n + 900n - 3861n,
    surplus: 0n,
    quantities: { '11': 3n, '12': 3n },
  },
  {
    name: 'a trial has nothing to credit',
    running: runs({ trial: true, recurringMinor: 0n }),
    tax: 0,
    total: 14_900n,
    surplus: 0n,
    quantities: { '11': 2n, '12': 3n },
  },
  {
    name: 'what a year paid ahead is worth more becomes balance',
    running: runs({ planPeriodId: '8', recurringMinor: 4500n, periodEndsAt: at('2027-01-10T12:00:00Z') }),
    tax: 0,
    total: 0n,
    surplus: 52_521n - 14_900n,
    quantities: { '11': 2n, '12': 3n },
  },
  {
    name: 'tax is credited as it is charged',
    running: runs(),
    tax: 2000,
    total: 17_880n - 3983n,
    surplus: 0n,
    quantities: { '11': 2n, '12': 3n },
  },
])
  test(`a switch is priced: ${name}`, () => {
    const priced = switched(running, {}, tax)
    assert.ok(!('kind' in priced))
    assert.equal(priced.quote.totalMinor, total)
    assert.equal(priced.surplus.netMinor + priced.surplus.taxMinor, surplus)
    assert.deepEqual(Object.fromEntries(priced.resources.map(({ id, quantity }) => [id, quantity])), mapped)
    assert.equal(
      priced.quote.lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0n),
      total,
    )
  })

test('a switch is refused to a plan that is not listed, beyond a limit, and while something is under way', () => {
  assert.deepEqual(refusalOf(switched(runs({}, 60n))), 'quantity_out_of_range')
  assert.deepEqual(refusalOf(switched(runs({ status: 'updating' }))), 'conflict')
  assert.deepEqual(refusalOf(switched(runs({ planId: '426', planPeriodId: '9' }))), 'unprocessable')
  assert.deepEqual(refusalOf(switched(runs({ connector: 'other' }))), 'unprocessable')
})

const refusalOf = (judged: ReturnType<typeof switched>): string | undefined =>
  'kind' in judged ? judged.code : undefined

test('credit and charge of a switch agree to the cent with what is owed, whatever the amounts', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10_000_000n }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 365 }),
      (recurringMinor, basisPoints, days) => {
        const priced = switched(
          runs({ recurringMinor, periodEndsAt: new Date(JANUARY.startsAt.getTime() + (days + 11) * 86_400_000) }),
          {},
          basisPoints,
        )
        assert.ok(!('kind' in priced))
        const { lines, totalMinor, netMinor, taxMinor } = priced.quote
        assert.equal(
          lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0n),
          totalMinor,
        )
        assert.ok(netMinor >= 0n && taxMinor >= 0n && priced.surplus.netMinor >= 0n && priced.surplus.taxMinor >= 0n)
      },
    ),
  )
})
