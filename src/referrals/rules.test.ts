import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeOrder, missingLines, rangeOf, rewardMinor, stepFor, stepsOf } from './rules.ts'
import { Percent } from './schema.ts'

for (const { net, points, reward } of [
  { net: 4900n, points: 1000, reward: 490n },
  { net: 4999n, points: 1000, reward: 499n },
  { net: 1n, points: 9999, reward: 0n },
  { net: 100n, points: 1250, reward: 12n },
  { net: 4900n, points: 0, reward: 0n },
  { net: 4900n, points: 10_000, reward: 4900n },
  { net: 0n, points: 1000, reward: 0n },
  { net: -100n, points: 1000, reward: 0n },
])
  test(`${points / 100} % of ${net} is ${reward}, rounded down`, () => assert.equal(rewardMinor(net, points), reward))

const at = new Date('2026-03-01T00:00:00Z')
const movement = (netMinor: bigint, id = String(netMinor)) => ({ postingId: id, netMinor, at })

test('what is returned is taken back to the last unit', () => {
  const lines = missingLines(0n, [movement(4999n), movement(-4999n)], 1000)
  assert.deepEqual(
    lines.map((line) => line.rewardMinor),
    [499n, -499n],
  )
  assert.deepEqual(
    missingLines(4999n, [movement(-1000n)], 1000).map((line) => line.rewardMinor),
    [-100n],
  )
})

test('however revenue moves and is settled, the lines sum to the reward of the sum', () => {
  const amounts = fc.array(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), { maxLength: 20 })
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), fc.nat(20), (nets, points, cut) => {
      const movements = nets.map((net, index) => movement(net, String(index)))
      const first = missingLines(0n, movements.slice(0, cut), points)
      const before = nets.slice(0, cut).reduce((sum, net) => sum + net, 0n)
      const lines = [...first, ...missingLines(before, movements.slice(cut), points)]
      const sum = lines.reduce((total, line) => total + line.rewardMinor, 0n)
      assert.equal(
        sum,
        rewardMinor(
          nets.reduce((total, net) => total + net, 0n),
          points,
        ),
      )
    }),
  )
})

const day = (days: number) => new Date(at.getTime() + days * 86_400_000)
const question = {
  partner: { basisPoints: null, appliesTo: null, joinedAt: day(0) },
  program: { basisPoints: 1000, appliesTo: 'all', validFrom: day(0), validUntil: day(30) },
  isActive: true,
  isSelfReferral: false,
  isFirst: true,
  placedAt: day(1),
} as const
for (const { name, change, outcome, points } of [
  { name: 'an order that was brought counts', change: {}, outcome: 'counts', points: 1000 },
  { name: 'a later one too', change: { isFirst: false }, outcome: 'counts', points: 1000 },
  {
    name: 'not where only the first counts',
    change: { program: { ...question.program, appliesTo: 'first' }, isFirst: false },
    outcome: 'not_first',
    points: 0,
  },
  {
    name: 'the first does there',
    change: { program: { ...question.program, appliesTo: 'first' } },
    outcome: 'counts',
    points: 1000,
  },
  {
    name: 'the partner’s own share comes before the programme’s',
    change: { partner: { ...question.partner, basisPoints: 2500 } },
    outcome: 'counts',
    points: 2500,
  },
  {
    name: 'and so does what it applies to',
    change: { partner: { ...question.partner, appliesTo: 'first' }, isFirst: false },
    outcome: 'not_first',
    points: 0,
  },
  {
    name: 'a share of 0 % of their own is theirs',
    change: { partner: { ...question.partner, basisPoints: 0 } },
    outcome: 'counts',
    points: 0,
  },
  { name: 'one’s own order earns nothing', change: { isSelfReferral: true }, outcome: 'self_referral', points: 0 },
  { name: 'an inactive partner earns nothing', change: { isActive: false }, outcome: 'inactive', points: 0 },
  {
    name: 'nor one who joined later',
    change: { partner: { ...question.partner, joinedAt: day(2) } },
    outcome: 'not_valid',
    points: 0,
  },
  {
    name: 'nor before the programme begins',
    change: { program: { ...question.program, validFrom: day(2) } },
    outcome: 'not_valid',
    points: 0,
  },
  { name: 'nor from its end on', change: { placedAt: day(30) }, outcome: 'not_valid', points: 0 },
  {
    name: 'a programme without end goes on',
    change: { program: { ...question.program, validUntil: null }, placedAt: day(3000) },
    outcome: 'counts',
    points: 1000,
  },
] as const)
  test(name, () => assert.deepEqual(judgeOrder({ ...question, ...change }), { outcome, basisPoints: points }))

test('a percentage is read and written with at most two decimals', () => {
  for (const [text, points] of [
    ['10', 1000],
    ['12.5', 1250],
    ['0.07', 7],
    ['100', 10_000],
    ['0', 0],
    ['29.99', 2999],
  ] as const) {
    assert.equal(Percent.decode(text), points)
    assert.equal(Percent.encode(points), text)
  }
  for (const text of ['100.01', '-1', '1e1', '12.345', '', '1,5', '10%'])
    assert.ok(!Percent.safeParse(text).success, text)
})

test('steps cover the range without gaps: days, weeks from Monday, months', () => {
  const range = { from: new Date('2026-01-30T00:00:00Z'), until: new Date('2026-03-02T00:00:00Z') }
  assert.deepEqual(stepsOf(range, 'month'), ['2026-01-01', '2026-02-01', '2026-03-01'])
  assert.deepEqual(stepsOf(range, 'week'), [
    '2026-01-26',
    '2026-02-02',
    '2026-02-09',
    '2026-02-16',
    '2026-02-23',
    '2026-03-02',
  ])
  assert.equal(stepsOf(range, 'day').length, 32)
  assert.deepEqual([stepsOf(range, 'day')[0], stepsOf(range, 'day').at(-1)], ['2026-01-30', '2026-03-02'])
})

test('a report is of the last 30 days unless said, and of three years at most', () => {
  const now = new Date('2026-03-31T17:00:00Z')
  const { from, until } = rangeOf(now, {})
  assert.deepEqual([from.toISOString(), until.toISOString()], ['2026-03-02T00:00:00.000Z', '2026-03-31T00:00:00.000Z'])
  assert.equal(stepFor({ from, until }), 'day')
  const long = rangeOf(now, { from: new Date(0) })
  assert.equal(long.from.toISOString().slice(0, 4), '2023')
  assert.equal(stepFor(long), 'month')
})
