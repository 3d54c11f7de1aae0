import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { Amount, decodeCursor, encodeCursor, Instant, toPage, Uuid, Version, Whole } from './schemas.ts'
import { wireOf } from './wire.ts'

const Node: z.ZodType = z.object({ nodeName: z.string(), childNodes: z.array(z.lazy(() => Node)) })

const Everything = z.object({
  planId: z.string(),
  totalPrice: Amount.nullable(),
  madeAt: Instant.optional(),
  usedUnits: Whole,
  byUsageName: z.record(z.string(), z.object({ usedUnits: Whole })),
  freeForm: z.unknown(),
  twoParts: z.tuple([z.object({ partOne: z.string() }), z.number()]),
  verdict: z.discriminatedUnion('verdictKind', [
    z.object({ verdictKind: z.literal('was_granted'), remainingUnits: Whole }),
    z.object({ verdictKind: z.literal('was_refused'), reasonCode: z.string() }),
  ]),
  eitherWay: z.union([z.string(), z.object({ innerName: z.string() })]),
  rootNode: Node,
})
const wire = wireOf(Everything)

const inside: z.output<typeof Everything> = {
  planId: '425',
  totalPrice: { amountMinor: -5n, currency: 'JPY' },
  madeAt: new Date('2026-03-01T12:00:00Z'),
  usedUnits: 9_007_199_254_740_993n,
  byUsageName: { fooBar: { usedUnits: 1n } },
  freeForm: { keepThis: { asIs: 1 } },
  twoParts: [{ partOne: 'a' }, 2],
  verdict: { verdictKind: 'was_refused', reasonCode: 'x' },
  eitherWay: { innerName: 'n' },
  rootNode: { nodeName: 'a', childNodes: [{ nodeName: 'b', childNodes: [] }] },
}
const outside = {
  plan_id: '425',
  total_price: { amount: '-5', currency: 'JPY' },
  made_at: '2026-03-01T12:00:00.000Z',
  used_units: '9007199254740993',
  by_usage_name: { fooBar: { used_units: '1' } },
  free_form: { keepThis: { asIs: 1 } },
  two_parts: [{ part_one: 'a' }, 2],
  verdict: { verdict_kind: 'was_refused', reason_code: 'x' },
  either_way: { inner_name: 'n' },
  root_node: { node_name: 'a', child_nodes: [{ node_name: 'b', child_nodes: [] }] },
}

test('renames keys of objects wherever they are, and no key that is data', () => {
  assert.deepEqual(wire.write(inside), outside)
  assert.deepEqual(wire.read(outside), { ok: true, value: inside })
})

test('writes only what the schema names', () => {
  const { write } = wireOf(z.object({ shown: z.string() }))
  assert.deepEqual(write({ shown: 'a', passwordHash: 'b' } as { shown: string }), { shown: 'a' })
})

test('refuses names of the inside, unknown keys at any depth, and a prototype', () => {
  const read = wireOf(z.object({ outerList: z.array(z.object({ planId: z.string().optional() })) })).read
  const result = read(JSON.parse('{"outer_list": [{"planId": "1"}, {"x": 1}], "__proto__": {}}'))
  assert.deepEqual(result.ok ? [] : result.problems.map(({ path, code }) => `${path} ${code}`), [
    'outer_list.0.planId unknown_key',
    'outer_list.1.x unknown_key',
    '__proto__ unknown_key',
  ])
})

test('an output that JSON cannot carry is found when the server starts', () => {
  assert.throws(() => wireOf(z.object({ at: z.date() })).prepare(), /bare date/)
  assert.throws(() => wireOf(z.object({ n: z.bigint().nullable() })).prepare(), /bare bigint/)
  assert.throws(() => wireOf(z.object({ n: z.string().transform(Number) })).prepare(), /transform/)
})

for (const { name, money, path } of [
  { name: 'more digits than the currency has', money: { amount: '1.001', currency: 'EUR' }, path: 'amount' },
  { name: 'an unknown currency', money: { amount: '1', currency: 'EUX' }, path: 'currency' },
  { name: 'a currency in lower case', money: { amount: '1', currency: 'eur' }, path: 'currency' },
  { name: 'no decimal', money: { amount: '1e3', currency: 'EUR' }, path: 'amount' },
  { name: 'a number', money: { amount: 1, currency: 'EUR' }, path: 'amount' },
  {
    name: 'more than a bigint column holds',
    money: { amount: '99999999999999999999', currency: 'EUR' },
    path: 'amount',
  },
])
  test(`money: refuses ${name}`, () => {
    const result = wireOf(z.object({ unitPrice: Amount })).read({ unit_price: money })
    assert.deepEqual(result.ok ? [] : result.problems.map((problem) => problem.path), [`unit_price.${path}`])
  })

test('money comes back as it went', () => {
  const { read, write } = wireOf(z.object({ m: Amount }))
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
      fc.constantFrom('USD', 'JPY', 'KWD'),
      (amountMinor, currency) => {
        const value = { m: { amountMinor, currency } }
        assert.deepEqual(read(write(value)), { ok: true, value })
      },
    ),
  )
})

for (const digits of ['1e3', '5.0', '-1', '', ' 5', '٣', '12345678901234567890', '9223372036854775808'])
  test(`a whole number is refused, not failed on: “${digits}”`, () => {
    const result = wireOf(z.object({ q: Whole })).read({ q: digits })
    assert.deepEqual(result.ok ? [] : [...new Set(result.problems.map(({ path }) => path))], ['q'])
  })

test('ids are read in lower case, instants with any offset, versions as numbers', () => {
  const { read } = wireOf(z.object({ id: Uuid, at: Instant, v: Version }))
  assert.deepEqual(read({ id: '01970000-0000-7000-8000-00000000000A', at: '2026-03-01T13:00:00+01:00', v: 3 }), {
    ok: true,
    value: { id: '01970000-0000-7000-8000-00000000000a', at: new Date('2026-03-01T12:00:00Z'), v: 3n },
  })
})

test('a page has a cursor only where more follows, and only one of ours is read', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
  const page = toPage(rows, 2, ({ id }) => [id])
  assert.deepEqual(page.items, rows.slice(0, 2))
  assert.deepEqual(decodeCursor(page.nextCursor ?? '', z.tuple([z.string()])), ['b'])
  assert.equal(toPage(rows, 3, ({ id }) => [id]).nextCursor, null)
  assert.throws(() => decodeCursor(encodeCursor(['x']), z.tuple([Uuid])), { code: 'invalid_request' })
  assert.throws(() => decodeCursor('%%%', z.tuple([Uuid])), { code: 'invalid_request' })
})
