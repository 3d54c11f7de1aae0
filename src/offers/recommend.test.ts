import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { period, plan, resource } from '../../test/harness/catalog-values.ts'
import { anySituation, fact, running, situation } from '../../test/harness/offer-values.ts'
import { bestByForce } from '../../test/harness/offers-by-force.ts'
import { numberOf } from './combine.ts'
import { priceStep, recommend } from './recommend.ts'
import { compareRank, doesAsMuch, isShort, isWell, type Rank, usedIn } from './rules.ts'
import { type Answer, HORIZONS, type Offer, type Situation, type Step } from './schema.ts'

const horizon = fc.constantFrom(...HORIZONS)
const listed = (answer: Answer): readonly Offer[] =>
  answer.kind === 'offers' ? [answer.recommended, ...answer.alternatives] : []

describe('offers for any small shop', () => {
  test('the recommended one is what trying everything finds', () => {
    let offered = 0
    fc.assert(
      fc.property(anySituation, horizon, (where, days) => {
        const answer = recommend(where, days)
        const best = bestByForce(where, days)
        if (answer.kind === 'offers' && answer.horizonDays === days) {
          offered++
          assert.ok(best, 'force finds nothing')
          const rank = rankOf(answer.recommended, where)
          assert.equal(
            compareRank(rank, best),
            0,
            JSON.stringify([rank, rank.ids(), best, best.ids()], (_, it) => (typeof it === 'bigint' ? `${it}` : it)),
          )
        } else if (where.quotas.some(isShort)) assert.equal(best, undefined)
      }),
      { numRuns: 4000 },
    )
    assert.ok(offered > 1000, `only ${offered} situations had an offer`)
  })

  test('none leaves a quota short, takes one away, or is dearer than another listed that does as much', () => {
    fc.assert(
      fc.property(anySituation, horizon, (where, days) => {
        const answer = recommend(where, days)
        const offers = listed(answer)
        const lasts = answer.kind === 'offers' ? answer.horizonDays : 0
        for (const offer of offers) {
          for (const quota of where.quotas.filter(isShort)) {
            const value = offer.raises.find(({ usageName }) => usageName === quota.usageName)?.to ?? quota.value
            assert.ok(isWell({ ...quota, value }, usedIn(quota, lasts)), `${quota.usageName} stays short`)
          }
          assert.ok(offer.raises.every(({ from, to }) => to >= from))
          assert.ok(offer.coversDays === null || offer.coversDays >= lasts)
          for (const other of offers)
            if (other !== offer && doesAsMuch(other, offer)) assert.ok(other.costOfThirty >= offer.costOfThirty)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('what it costs today is what its orders will say, and an order of a subscription is one', () =>
    fc.assert(
      fc.property(anySituation, horizon, (where, days) => {
        for (const offer of listed(recommend(where, days))) {
          const total = offer.steps.reduce((sum, step) => sum + priceStep(step, where).totalMinor, 0n)
          assert.equal(offer.todayMinor, total)
          assert.equal(offer.todayNetMinor + offer.todayTaxMinor, total)
          assert.equal(
            offer.costOfThirty,
            total * 30n + offer.extraMonthlyMinor * BigInt(Math.max(30, lastsOf(where, days))),
          )
          const targets = offer.steps.map((step) => (step.kind === 'addon' ? step.planId : step.subscriptionId))
          assert.equal(new Set(targets).size, targets.length)
        }
      }),
    ))
})

const lastsOf = (where: Situation, days: (typeof HORIZONS)[number]): number => {
  const answer = recommend(where, days)
  return answer.kind === 'offers' ? answer.horizonDays : 0
}

/** An offer as it is ranked, read back from what it orders. */
function rankOf(offer: Offer, where: Situation): Rank {
  const short = where.quotas.filter(isShort).map(({ usageName }) => usageName)
  const changed = (step: Step): bigint[] => {
    const of = where.catalog.plans.get(step.planId)
    const before = where.subscriptions.find((each) => step.kind !== 'addon' && each.id === step.subscriptionId)
    return short.flatMap((usageName) =>
      (of?.resources ?? [])
        .filter(({ quota }) => quota?.usageName === usageName)
        .filter(({ id, minimum }) => {
          const from = step.kind === 'change' ? before?.resources.find((each) => each.id === id)?.quantity : minimum
          return step.quantities.get(id) !== from
        })
        .map(({ id }) => BigInt(id)),
    )
  }
  const ids = offer.steps.map((step) => [
    BigInt(step.planId),
    BigInt(step.planPeriodId),
    ...(step.kind === 'addon' ? [] : [numberOf(step.subscriptionId)]),
    ...(step.kind === 'switch' ? [] : changed(step)),
  ])
  return {
    costOfThirty: offer.costOfThirty,
    extraMonthlyMinor: offer.extraMonthlyMinor,
    actions: offer.steps.reduce((sum, step) => sum + (step.kind === 'change' ? changed(step).length : 1), 0),
    ids: () =>
      ids.sort((one, other) => {
        const at = one.findIndex((id, index) => id !== other[index])
        return at < 0 ? 0 : (one[at] ?? 0n) < (other[at] ?? 0n) ? -1 : 1
      }),
  }
}

/** The demonstration's shop: storage by 100 GB (here 100 units), workstations, and the next plan. */
describe('offers of a backup shop', () => {
  const storage = (id: string, included: bigint) =>
    resource(id, { included, limit: 100n, recurringFeeMinor: 400n, quota: { usageName: 'storage', perUnit: 100n } })
  const seats = (id: string, included: bigint, limit = 500n) =>
    resource(id, { included, limit, recurringFeeMinor: 250n, quota: { usageName: 'workstations', perUnit: 1n } })
  const business = plan({
    id: '425',
    switchablePlanIds: ['426'],
    periods: [period('1840', { recurringFeeMinor: 4900n }), period('1842', { trial: true })],
    resources: [storage('9001', 5n), seats('9002', 10n)],
  })
  const enterprise = plan({
    id: '426',
    periods: [period('1850', { recurringFeeMinor: 14900n })],
    resources: [storage('9011', 20n), seats('9012', 50n)],
  })
  const pack = plan({
    id: '430',
    addonToPlanIds: ['425'],
    periods: [period('1860', { recurringFeeMinor: 900n })],
    resources: [seats('9021', 5n, 5n)],
  })
  const almost = fact('storage', 500n, 430n)
  const exceeded = fact('workstations', 10n, 12n)
  const at = (quotas: Situation['quotas'], plans = [business, enterprise, pack], rest: Partial<Situation> = {}) =>
    situation(plans, [running(business)], quotas, rest)
  const summary = (answer: Answer) =>
    listed(answer).map(({ steps, todayMinor, extraMonthlyMinor, coversDays }) => [
      steps.map((step) => `${step.kind} ${[...step.quantities].map(([id, n]) => `${id}:${n}`).join(' ')}`).join(' + '),
      todayMinor,
      extraMonthlyMinor,
      coversDays,
    ])

  test('more of what runs first, the next plan for who wants more', () =>
    assert.deepEqual(summary(recommend(at([almost, exceeded]), 0)), [
      ['change 9001:6 9002:12', 600n, 900n, null],
      ['change 9001:6 9002:10 + addon 9021:5', 1167n, 1300n, null],
      ['switch 9011:20 9012:50', 11633n, 10000n, null],
    ]))
  test('the add-on where it is cheaper by the month', () => {
    const [first] = summary(recommend(at([fact('workstations', 10n, 15n)]), 0))
    assert.deepEqual(first, ['addon 9021:5', 900n, 900n, null])
  })
  test('grows with the trend, and says for how long', () => {
    const growing = fact('workstations', 10n, 12n, { units: 6n, days: 60n })
    const answer = recommend(at([growing], [business]), 90)
    assert.deepEqual(summary(answer), [['change 9001:5 9002:21', 1833n, 2750n, 90]])
    assert.deepEqual(answer.kind === 'offers' && answer.reason, { key: 'offer.reason.covers', values: { days: 90 } })
  })
  test('falls back to what lasts shorter, and says so', () => {
    const few = plan({ ...business, switchablePlanIds: [], resources: [seats('9002', 10n, 15n)] })
    const growing = fact('workstations', 10n, 12n, { units: 6n, days: 60n })
    const answer = recommend(situation([few], [running(few)], [growing]), 365)
    assert.deepEqual(answer.kind === 'offers' && [answer.horizonDays, answer.reason], [
      30,
      { key: 'offer.reason.shorter', values: { days: 30, wanted: 365 } },
    ])
  })
  test('a trial goes on as the paid plan that it can be switched to, credited nothing', () =>
    assert.deepEqual(
      summary(recommend(situation([business, enterprise], [running(business, {}, { trial: true })], [exceeded]), 0)),
      [['switch 9011:20 9012:50', 14900n, 14900n, null]],
    ))
  test('nothing is needed where all is well', () =>
    assert.deepEqual(recommend(at([fact('storage', 500n, 399n), fact('workstations', 10n, 10n)]), 90), {
      kind: 'solved',
    }))
  test('storage at 80 % is not well', () =>
    assert.equal(recommend(at([fact('storage', 500n, 400n)]), 0).kind, 'offers'))
  test('what ran out for the user alone is given by an administrator, not bought', () =>
    assert.deepEqual(
      recommend(at([fact('storage', 500n, 100n)], undefined, { personal: [fact('storage', 50n, 45n)] }), 0),
      { kind: 'reassign', items: [{ usageName: 'storage', from: 50n, to: 57n }] },
    ))
  test('what ran out for both is bought', () => {
    const answer = recommend(
      at([almost], undefined, { personal: [fact('storage', 50n, 45n), fact('workstations', 1n, 2n)] }),
      0,
    )
    assert.deepEqual(answer.kind === 'offers' && answer.reassign, [{ usageName: 'workstations', from: 1n, to: 2n }])
  })
  for (const [name, of, runs] of [
    ['a trial of a plan that leads nowhere', { ...business, switchablePlanIds: [] }, { trial: true }],
    ['an order under way', business, { isFree: false }],
    ['pay as you go', { ...business, billingType: 'pay_as_you_go_internal' as const }, {}],
    ['no period that is paid for', { ...business, switchablePlanIds: [] }, { term: null }],
  ] as const)
    test(`nothing is offered on ${name}, so somebody is asked`, () => {
      const answer = recommend(situation([of, enterprise], [running(of, {}, runs)], [exceeded]), 90)
      assert.deepEqual(answer, { kind: 'contact', isOrderUnderWay: name === 'an order under way' })
    })
  for (const [name, other] of [
    ['not for sale', { status: 'retired' as const }],
    ['hidden', { isPublic: false }],
    ['with a question to answer first', { orderAttributes: [{ key: 'domain', label: 'Domain', required: true }] }],
    ['of another service', { connector: 'webhook' }],
    ['that takes a quota away', { resources: [seats('9012', 50n)] }],
  ] as const)
    test(`the next plan is not offered: ${name}`, () => {
      const next = plan({ ...enterprise, ...other })
      const kinds = listed(recommend(at([exceeded], [business, next]), 0)).flatMap(({ steps }) =>
        steps.map(({ kind }) => kind),
      )
      assert.deepEqual(kinds, ['change'])
    })
  test('an add-on that runs already is not ordered again, unless its plan allows it', () => {
    const owned = { ownedPlanIds: new Set(['425', '430']) }
    const uses = (answer: Answer) => listed(answer).some(({ steps }) => steps.some(({ kind }) => kind === 'addon'))
    assert.equal(uses(recommend(at([exceeded], undefined, owned), 0)), false)
    assert.equal(uses(recommend(at([exceeded], [business, { ...pack, secondSubscription: 'allow' }], owned), 0)), true)
  })
  test('what was ordered on other terms is raised by those', () => {
    const older = running(business)
    const resources = older.resources.map((each) => (each.id === '9001' ? { ...each, quotaPerUnit: 50n } : each))
    const answer = recommend(situation([business], [{ ...older, resources }], [fact('storage', 250n, 240n)]), 0)
    assert.deepEqual(listed(answer)[0]?.raises, [{ usageName: 'storage', from: 250n, to: 350n }])
  })
})
