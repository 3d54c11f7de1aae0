import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { anyPlan } from '../../test/harness/catalog-values.ts'
import { priceOrder, renewalLines } from '../catalog/rules.ts'
import {
  appliesTo,
  candidatesFor,
  granted,
  highestOf,
  isFor,
  type Line,
  nextOf,
  nextTurn,
  NOBODY,
  normalCode,
  reductionOf,
  refusalOf,
  withHighest,
  without,
} from './rules.ts'
import type { Discount, Fee, NamedCode, Off } from './schema.ts'

const NOON = new Date('2026-03-01T12:00:00Z')
const ORDERED = { productId: '1', planId: '425', planPeriodId: '1840' }

const discount = (rest: Partial<Discount> = {}): Discount => ({
  id: 'a',
  name: 'Spring sale',
  off: { kind: 'percent', basisPoints: 1000 },
  fees: ['setup', 'recurring', 'renewal'],
  periods: 1,
  productIds: [],
  planIds: [],
  planPeriodIds: [],
  accountIds: [],
  ownedPlanIds: [],
  startsAt: null,
  endsAt: null,
  ...rest,
})
const percent = (basisPoints: number): Off => ({ kind: 'percent', basisPoints })
/** It has plan 569, and nothing else. */
const CONTOSO = { id: 'contoso', owns: [{ subscriptionId: 'S', planId: '569' }] }
const amount = (amountMinor: bigint): Off => ({ kind: 'amount', amountMinor })
const line = (kind: string, netMinor: bigint, taxMinor = 0n): Line => ({ kind, netMinor, taxMinor })

const LINES = [
  line('period_setup', 1000n, 190n),
  line('period_recurring', 4900n, 931n),
  line('resource_recurring', 1333n, 253n),
]

describe('what a discount takes off', () => {
  for (const { name, off, fees, lines = LINES, net, tax, recurring } of [
    {
      name: 'a share of everything, half up',
      off: percent(1000),
      fees: undefined,
      net: 723n,
      tax: 137n,
      recurring: 623n,
    },
    {
      name: 'a share of the recurring fees alone',
      off: percent(1000),
      fees: ['recurring'],
      net: 623n,
      tax: 118n,
      recurring: 623n,
    },
    { name: 'a share of the setup alone', off: percent(5000), fees: ['setup'], net: 500n, tax: 95n, recurring: 0n },
    {
      name: 'all of it, with all of its tax',
      off: percent(10_000),
      fees: undefined,
      net: 7233n,
      tax: 1374n,
      recurring: 6233n,
    },
    { name: 'an amount', off: amount(500n), fees: undefined, net: 500n, tax: 95n, recurring: 431n },
    {
      name: 'an amount, at most all there is',
      off: amount(9_999_999n),
      fees: ['setup'],
      net: 1000n,
      tax: 190n,
      recurring: 0n,
    },
    {
      name: 'nothing off fees that are not charged',
      off: percent(5000),
      fees: ['renewal'],
      net: 0n,
      tax: 0n,
      recurring: 0n,
    },
    {
      name: 'a share of the price that was agreed on, where a line keeps it',
      off: percent(5000),
      fees: ['recurring'],
      lines: [line('period_recurring', 5900n), line('period_kept', -1000n), line('period_renewal', 100n)],
      net: 2450n,
      tax: 0n,
      recurring: 2450n,
    },
    {
      name: 'nothing off what another plan’s unused days are worth',
      off: percent(10_000),
      fees: undefined,
      lines: [line('period_recurring', 100n), line('period_credit', -40n)],
      net: 100n,
      tax: 0n,
      recurring: 100n,
    },
  ] as {
    name: string
    off: Off
    fees: readonly Fee[] | undefined
    lines?: readonly Line[]
    net: bigint
    tax: bigint
    recurring: bigint
  }[])
    test(name, () =>
      assert.deepEqual(reductionOf(lines, { off, fees: fees ?? ['setup', 'recurring', 'renewal'] }), {
        netMinor: net,
        taxMinor: tax,
        recurringMinor: recurring,
      }),
    )
})

describe('of several discounts', () => {
  const best = (...candidates: readonly Partial<Discount & { code: string | null }>[]) =>
    highestOf(
      LINES,
      candidates.map(({ code = null, ...rest }) => ({ terms: discount(rest), code })),
    )?.terms.id
  test('10 % and 15 % are 15 %, not 25 % (facts A6.5)', () => {
    assert.equal(best({ id: 'ten' }, { id: 'fifteen', off: percent(1500) }), 'fifteen')
  })
  test('an amount is compared by what it takes off this order', () => {
    assert.equal(best({ id: 'share' }, { id: 'amount', off: amount(724n) }), 'amount')
    assert.equal(best({ id: 'share' }, { id: 'amount', off: amount(722n) }), 'share')
  })
  test('of equal ones the code stays unused, then the one that lasts is taken, then the older', () => {
    assert.equal(best({ id: '1', code: 'A', periods: null }, { id: '2' }), '2')
    assert.equal(best({ id: '1', periods: 2 }, { id: '2', periods: null }), '2')
    assert.equal(best({ id: '2' }, { id: '1' }), '1')
  })
  test('what takes nothing off is none', () => assert.equal(best({ fees: ['renewal'] }), undefined))
})

describe('a discount applies', () => {
  for (const { name, rest, expected } of [
    { name: 'to everything', rest: {}, expected: true },
    { name: 'to a product that is listed', rest: { productIds: ['1'] }, expected: true },
    { name: 'not to another product', rest: { productIds: ['2'] }, expected: false },
    { name: 'not to another plan', rest: { planIds: ['426'] }, expected: false },
    { name: 'not to another period', rest: { planIds: ['425'], planPeriodIds: ['1841'] }, expected: false },
    { name: 'from its first instant on', rest: { startsAt: NOON }, expected: true },
    { name: 'not before', rest: { startsAt: new Date(NOON.getTime() + 1) }, expected: false },
    { name: 'until just before its end', rest: { endsAt: new Date(NOON.getTime() + 1) }, expected: true },
    { name: 'not at its end', rest: { endsAt: NOON }, expected: false },
  ])
    test(name, () => assert.equal(appliesTo(discount(rest), ORDERED, NOON), expected))
})

describe('a discount is', () => {
  for (const { name, rest, customer = CONTOSO, expected } of [
    { name: 'for everybody, a visitor too', rest: {}, customer: NOBODY, expected: true },
    { name: 'for an account that is listed', rest: { accountIds: ['fabrikam', 'contoso'] }, expected: true },
    { name: 'for no other account', rest: { accountIds: ['fabrikam'] }, expected: false },
    {
      name: 'for no visitor where accounts are listed',
      rest: { accountIds: ['contoso'] },
      customer: NOBODY,
      expected: false,
    },
    { name: 'for who has the plan it asks for', rest: { ownedPlanIds: ['426', '569'] }, expected: true },
    { name: 'not for who has another plan', rest: { ownedPlanIds: ['426'] }, expected: false },
    {
      name: 'not for what is only being replaced',
      rest: { ownedPlanIds: ['569'] },
      customer: without(CONTOSO, 'S'),
      expected: false,
    },
    {
      name: 'for who has the plan while something else is replaced',
      rest: { ownedPlanIds: ['569'] },
      customer: without(CONTOSO, 'other'),
      expected: true,
    },
    {
      name: 'for an account with the plan where both are asked',
      rest: { accountIds: ['contoso'], ownedPlanIds: ['569'] },
      expected: true,
    },
    {
      name: 'not for the account without the plan',
      rest: { accountIds: ['contoso'], ownedPlanIds: ['1'] },
      expected: false,
    },
    {
      name: 'not for another account with the plan',
      rest: { accountIds: ['fabrikam'], ownedPlanIds: ['569'] },
      expected: false,
    },
  ])
    test(name, () => assert.equal(isFor(discount(rest), customer), expected))
})

test('the next turn is the first beginning or end that is still to come', () => {
  const later = (hours: number) => new Date(NOON.getTime() + hours * 3_600_000)
  const turns = [discount({ startsAt: later(-1), endsAt: later(5) }), discount({ startsAt: later(3) }), discount()]
  assert.deepEqual(nextTurn(turns, NOON), later(3))
  assert.deepEqual(nextTurn(turns, later(3)), later(5))
  assert.equal(nextTurn(turns, later(5)), null)
})

test('what was granted goes on for the periods it was granted for, and then no more', () => {
  const counted = (periods: number | null) => {
    const lasts: string[] = []
    let candidate: ReturnType<typeof nextOf> = { terms: discount({ periods }), code: 'SPRING' }
    while (candidate && lasts.length < 5) {
      const chosen = highestOf(LINES, [candidate])
      assert.ok(chosen)
      lasts.push(chosen.code ?? '')
      candidate = nextOf(granted(chosen))
    }
    return lasts.length
  }
  assert.deepEqual([counted(1), counted(3), counted(null)], [1, 3, 5])
  assert.equal(nextOf(null), undefined)
})

test('a code is read however it was typed', () => assert.equal(normalCode(' spring- 26 '), 'SPRING-26'))

describe('a code is refused', () => {
  const named = (rest: Partial<NamedCode> = {}): NamedCode => ({
    code: 'SPRING',
    discount: discount(),
    isActive: true,
    maxUses: null,
    maxUsesPerAccount: null,
    uses: 0n,
    usesOfAccount: 0n,
    ...rest,
  })
  for (const [name, code, words] of [
    ['where there is none', undefined, /no such code/],
    ['that is switched off, as if there were none', named({ isActive: false }), /no such code/],
    ['that has ended', named({ discount: discount({ endsAt: NOON }) }), /no longer/],
    ['that has not begun', named({ discount: discount({ startsAt: new Date('2027-01-01') }) }), /not valid yet/],
    ['that is used up', named({ maxUses: 3n, uses: 3n }), /used up/],
    ['that the account has used', named({ maxUsesPerAccount: 1, usesOfAccount: 1n }), /used this code already/],
    ['that the account has used twice', named({ maxUsesPerAccount: 2, usesOfAccount: 2n }), /2 times/],
    ['that is for something else', named({ discount: discount({ planIds: ['9'] }) }), /not for this plan/],
    [
      'that is for another account',
      named({ discount: discount({ accountIds: ['fabrikam'] }) }),
      /not for your account/,
    ],
    ['that asks for a plan', named({ discount: discount({ ownedPlanIds: ['426'] }) }), /have another plan/],
  ] as const)
    test(name, () => assert.match(refusalOf(code, ORDERED, CONTOSO, NOON) ?? '', words))
  test('and else is not', () =>
    assert.equal(refusalOf(named({ maxUses: 3n, uses: 2n, maxUsesPerAccount: 1 }), ORDERED, CONTOSO, NOON), undefined))
})

const anyDiscount = fc.record({
  off: fc.oneof(fc.integer({ min: 1, max: 10_000 }).map(percent), fc.bigInt({ min: 1n, max: 5_000_000n }).map(amount)),
  fees: fc.uniqueArray(fc.constantFrom<Fee>('setup', 'recurring', 'renewal'), { minLength: 1 }),
  periods: fc.option(fc.integer({ min: 1, max: 3 })),
  id: fc.string({ minLength: 1, maxLength: 4 }),
  accountIds: fc.constantFrom<string[]>([], [], ['contoso'], ['fabrikam'], ['fabrikam', 'contoso']),
  ownedPlanIds: fc.constantFrom<string[]>([], [], ['569'], ['426']),
  planIds: fc.constantFrom<string[]>([], [], ['425'], ['426']),
})

test('whatever is granted, by code, account, combination or to all: the highest alone comes off, and lines, tax and total agree', () => {
  fc.assert(
    fc.property(
      anyPlan,
      fc.array(anyDiscount, { maxLength: 4 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.boolean(),
      ({ plan, period }, discounts, basisPoints, hasCode) => {
        const quote = priceOrder(plan, period, new Map(), 'EUR', basisPoints)
        const renewing = renewalLines(plan, period, new Map(), basisPoints)
        const [code, ...others] = discounts.map(discount)
        const named = hasCode && code ? { code: 'SPRING', discount: code } : null
        const automatic = named ? others : discounts.map(discount)
        const priced = withHighest(quote, candidatesFor(automatic, named, ORDERED, CONTOSO, NOON), renewing, period.id)
        // What they are by the words of their conditions, not by the code under test.
        const allowed = discounts.filter(
          ({ accountIds, ownedPlanIds, planIds }) =>
            String(accountIds) !== 'fabrikam' && String(ownedPlanIds) !== '426' && String(planIds) !== '426',
        )
        const sum = (pick: (each: Line) => bigint) => priced.lines.reduce((total, each) => total + pick(each), 0n)
        assert.equal(
          priced.netMinor,
          sum((each) => each.netMinor),
        )
        assert.equal(
          priced.taxMinor,
          sum((each) => each.taxMinor),
        )
        assert.equal(priced.totalMinor, priced.netMinor + priced.taxMinor)
        assert.ok(priced.netMinor >= 0n && priced.taxMinor >= 0n && (priced.renewalMinor ?? 0n) >= 0n)
        assert.ok(priced.netMinor > 0n || priced.taxMinor === 0n)
        // Each line's tax is half a unit off at most, and so is that of the discount.
        const exact = Number(priced.netMinor) * (basisPoints / 10_000)
        assert.ok(Math.abs(Number(priced.taxMinor) - exact) <= (quote.lines.length + 1) / 2 + 0.5)
        const taken = quote.netMinor - priced.netMinor
        const most = allowed.map((each) => reductionOf(quote.lines, each).netMinor)
        assert.equal(
          taken,
          most.reduce((best, net) => (net > best ? net : best), 0n),
        )
        assert.equal(priced.lines.filter(({ kind }) => kind === 'discount').length, taken > 0n ? 1 : 0)
      },
    ),
    { numRuns: 500 },
  )
})
