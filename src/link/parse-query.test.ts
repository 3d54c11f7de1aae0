import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { BOUNDS, MalformedQueryError, type Params, parseQuery } from './index.ts'

interface Case {
  query: string
  params?: unknown
  error?: string
}
const cases = readFileSync(new URL('../../test/conformance/nested-queries.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case) // our own test data, made by running Rack

/** Plain data, as it goes over the wire: what has no prototype compares unequal to what has one. */
const plain = (params: Params): unknown => JSON.parse(JSON.stringify(params))
const refuses = (query: string, message?: RegExp) =>
  assert.throws(
    () => parseQuery(query),
    (error) => {
      assert.ok(error instanceof MalformedQueryError, String(error))
      assert.match(error.message, message ?? /./)
      return true
    },
  )

test(`reads all ${cases.length} conformance lines as Rack does`, () => {
  assert.equal(cases.length, 400)
  for (const { query, params, error } of cases) {
    if (error) refuses(query)
    else assert.deepEqual(plain(parseQuery(query)), params, query)
  }
})

// Each result was checked against Rack 2.2.22 itself.
for (const { name, query, params } of [
  {
    name: 'keeps the names of an item together and opens a new one at a repeated name',
    query: 'a[][x]=1&a[][y]=2&a[][x]=3',
    params: { a: [{ x: '1', y: '2' }, { x: '3' }] },
  },
  {
    name: 'puts a nested list into the last item',
    query: 'a[][r][][i]=7&a[][r][][q]=3&a[][r][][i]=8&a[][t]=1',
    params: { a: [{ r: [{ i: '7', q: '3' }, { i: '8' }], t: '1' }] },
  },
  {
    name: 'does not split items by names between them',
    query: 'a[][x]=1&m=2&a[][y]=3',
    params: { a: [{ x: '1', y: '3' }], m: '2' },
  },
  {
    name: 'takes encoded brackets for raw ones',
    query: 'a%5B%5D%5bx%5d=1&a[][y]=2',
    params: { a: [{ x: '1', y: '2' }] },
  },
  { name: 'decodes plus and percent, once', query: 'a+b=c%20d&e=%2B%2526', params: { 'a b': 'c d', e: '+%26' } },
  {
    name: 'gives null to a name without an equals sign and empty text to one with',
    query: 'a&b=',
    params: { a: null, b: '' },
  },
  { name: 'keeps the last of two equal names', query: 'a=1&a=2', params: { a: '2' } },
  { name: 'lets null become a list or a group', query: 'a&a[]=1&b&b[x]=1', params: { a: ['1'], b: { x: '1' } } },
  { name: 'lets text replace a list', query: 'a[]=1&a=2', params: { a: '2' } },
  {
    name: 'skips empty pairs, and spaces after an ampersand but not before the first pair',
    query: ' x=0&&a=1&  b=2&',
    params: { ' x': '0', a: '1', b: '2' },
  },
  { name: 'ignores names that are empty or only brackets', query: '=1&[]=2&[[=3&]=4', params: {} },
  {
    name: 'reads unbalanced brackets',
    query: 'a[b=1&a]c=2&d[=3&[e]=4',
    params: { a: { b: '1', c: '2' }, 'd[': '3', e: '4' },
  },
  { name: 'keeps a list in a list', query: 'a[][]=1&a[][]=2', params: { a: [['1'], ['2']] } },
  { name: 'drops a bare list that follows a group', query: 'a[][x]=1&a[][]=2', params: { a: [{ x: '1' }] } },
  {
    name: 'makes a group of a list with indexes',
    query: 'a[0][x]=1&a[1][x]=2',
    params: { a: { 0: { x: '1' }, 1: { x: '2' } } },
  },
  {
    name: 'ends a line of a name at a line feed only',
    query: 'a[x%0A[][b]=1&c[x%0D[][b]=2',
    params: { a: [{ b: '1' }], c: { 'x\r': [{ b: '2' }] } },
  },
])
  test(name, () => assert.deepEqual(plain(parseQuery(query)), params))

test('takes names such as __proto__ for plain data', () => {
  const params = parseQuery('__proto__[x]=1&constructor[prototype][y]=2&a[__proto__]=3')
  assert.equal(
    JSON.stringify(params),
    '{"__proto__":{"x":"1"},"constructor":{"prototype":{"y":"2"}},"a":{"__proto__":"3"}}',
  )
  assert.equal(Reflect.get({}, 'x'), undefined)
  assert.equal(parseQuery('a=1').toString, undefined)
})

for (const { name, query, message } of [
  {
    name: 'text and a group under one name',
    query: 'a=1&a[b]=2',
    message: /“a” is used both as a value and as a group/,
  },
  { name: 'text and a list', query: 'a=1&a[]=2', message: /a value and as a list/ },
  { name: 'a list and a group', query: 'a[]=1&a[b]=2', message: /a list and as a group/ },
  { name: 'a group and a list of groups', query: 'a[b]=1&a[][b]=2', message: /a group and as a list/ },
  { name: 'broken percent-encoding in a value', query: 'a=%zz', message: /“%zz” is not correctly percent-encoded/ },
  { name: 'a percent sign at the end of a name', query: 'a%=1', message: /“a%”/ },
  { name: 'a percent sign that the next pair would complete', query: 'a=%4&1=2', message: /“%4”/ },
  { name: 'bytes that are no UTF-8', query: 'a=%C3', message: /UTF-8/ },
  { name: 'an overlong encoding', query: 'a=%C0%AF', message: /UTF-8/ },
  { name: 'an encoded surrogate', query: 'a=%ED%A0%80', message: /UTF-8/ },
  { name: 'half a surrogate pair', query: 'a=\ud800', message: /Unicode/ },
])
  test(`refuses ${name}`, () => refuses(query, message))

test('refuses the first byte, pair and level beyond the bounds, and nothing before it', () => {
  assert.deepEqual(BOUNDS, { bytes: 8192, pairs: 100, depth: 8 })
  assert.equal(parseQuery(`a=${'x'.repeat(8190)}`).a?.length, 8190)
  refuses(`a=${'x'.repeat(8191)}`, /8192 bytes/)
  refuses(`a=${'é'.repeat(4096)}`, /8192 bytes/)
  assert.equal(parseQuery(`a=${'😀'.repeat(2047)}`).a?.length, 4094)
  refuses(`a=${'😀'.repeat(2048)}`, /8192 bytes/)
  const pairs = (count: number) => Array.from({ length: count }, (_, at) => `k${at}=1`).join('&')
  assert.equal(Object.keys(parseQuery(`&${pairs(100)}&`)).length, 100)
  refuses(pairs(101), /100 parts/)
  parseQuery(`a${'[b]'.repeat(7)}=1`)
  refuses(`a${'[b]'.repeat(8)}=1`, /8 levels/)
})

test('names the pair at fault', () => {
  assert.throws(() => parseQuery('a=1&bb=2&a[x]=3'), { code: 'malformed', position: 9 })
})

test('throws nothing but a malformed query, whatever the text', () => {
  const piece = fc.constantFrom(
    'a',
    '[',
    ']',
    '[]',
    '%5B',
    '%',
    '%C3',
    '=',
    '&',
    '+',
    ' ',
    '\n',
    '__proto__',
    '\ud800',
    '1',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (query) => {
        try {
          parseQuery(query)
        } catch (error) {
          assert.ok(error instanceof MalformedQueryError)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

// No clock decides here, only how the cost grows: sixteen times the input may cost about sixteen times as much.
test('does work that grows with the length of hostile input, not with its square', () => {
  for (const unit of ['[', ']', '[]', 'a[', '[a]', '%', '+', '&', '=', '& ', '%5B', '%0A[]', 'a&', '&a%0A[][']) {
    const units = Math.floor(BOUNDS.bytes / unit.length)
    const short = costOf(unit.repeat(Math.floor(units / 16)))
    const long = costOf(unit.repeat(units))
    // Quadratic work would cost 256 times as much, some 30 ms; the rest is room for a busy machine.
    assert.ok(long < short * 96 + 200_000, `${unit}: ${short} ns, then ${long} ns`)
  }
})

/** Nanoseconds of the fastest of some readings: what is left when the machine does nothing else. */
function costOf(query: string): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 30; round++) {
    const start = process.hrtime.bigint()
    try {
      parseQuery(query)
    } catch {
      // refusing is as good as reading
    }
    best = Math.min(best, Number(process.hrtime.bigint() - start))
  }
  return best
}
