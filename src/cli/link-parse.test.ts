import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse } from '../link/index.ts'
import { runCli } from './testing.ts'

const URL_425 =
  'https://shop.example/external_dispatcher/settle?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'
const linesOf = (out: string): unknown[] =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

test('answers each line with one JSON object, in order, its keys in the documented order', async () => {
  const { code, out } = await runCli(['link', 'parse'], { input: [`${URL_425}\n?a=%zz\n?a=1\n`] })
  assert.equal(code, 0)
  const lines = out.split('\n')
  assert.equal(lines.length, 4)
  assert.match(
    lines[0] ?? '',
    /^\{"params":\{"shopping_cart_items":.*\},"link":\{"base":.*\},"errors":\[\],"warnings":\[\]\}$/,
  )
  assert.equal(lines[1], '{"error":"malformed","message":"“%zz” is not correctly percent-encoded UTF-8."}')
  assert.match(lines[2] ?? '', /^\{"params":\{"a":"1"\},"link":null,"errors":\[\{"code":"no_items",/)
})

test('gives the params of every conformance line as Rack does', async () => {
  const file = new URL('../../test/conformance/nested-queries.jsonl', import.meta.url)
  const cases = linesOf(readFileSync(file, 'utf8')) as { query: string; params?: unknown; error?: string }[] // our test data
  const { out } = await runCli(['link', 'parse'], { input: cases.map(({ query }) => `?${query}\n`) })
  const answers = linesOf(out) as { params?: unknown; error?: string }[] // what the test is about
  assert.equal(answers.length, cases.length)
  for (const [at, { query, params, error }] of cases.entries()) {
    if (error) assert.equal(answers[at]?.error, 'malformed', query)
    else assert.deepEqual(answers[at]?.params, params, query)
  }
})

test('writes a name such as __proto__ as plain JSON', async () => {
  const { out } = await runCli(['link', 'parse'], { input: ['?__proto__[x]=1'] })
  assert.ok(out.startsWith('{"params":{"__proto__":{"x":"1"}},'), out)
})

test('counts an empty line as a line, takes CRLF, drops a byte order mark, needs no line end at the end', async () => {
  const { out } = await runCli(['link', 'parse'], { input: ['\uFEFF?a=1\r\n', '\r\n', '\n?b=2'] })
  const answers = linesOf(out) as { params: unknown }[] // what the test is about
  assert.deepEqual(
    answers.map(({ params }) => params),
    [{ a: '1' }, {}, {}, { b: '2' }],
  )
})

test('writes nothing for no input', async () => {
  assert.deepEqual(await runCli(['link', 'parse']), { code: 0, out: '', err: '' })
})

test('reports a line that is not UTF-8, and only that one', async () => {
  const { out } = await runCli(['link', 'parse'], { input: ['?a=1\n?a=', new Uint8Array([0xff]), '\n?a=é\n'] })
  assert.deepEqual(
    (linesOf(out) as { params?: unknown; message?: string }[]).map(({ params, message }) => params ?? message),
    [{ a: '1' }, 'The line is not valid UTF-8.', { a: 'é' }],
  )
})

test('reports an endless line without keeping it, and goes on', async () => {
  const chunk = 'x'.repeat(40_000)
  const { out } = await runCli(['link', 'parse'], { input: ['?a=1\n', chunk, chunk, chunk, 'x\n?a=2\n'] })
  assert.deepEqual(
    (linesOf(out) as { params?: unknown; message?: string }[]).map(({ params, message }) => params ?? message),
    [{ a: '1' }, 'The line is longer than 65536 bytes.', { a: '2' }],
  )
})

test('answers the same however the input is cut into chunks', async () => {
  const text = `${URL_425}\r\n?é=ü\n\n?a=%zz\n?😀`
  const whole = await runCli(['link', 'parse'], { input: [text] })
  const bytes = new TextEncoder().encode(text)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length)), async (cuts) => {
      const ends = [0, ...cuts.sort((one, two) => one - two), bytes.length]
      const input = ends.slice(1).map((end, at) => bytes.subarray(ends[at], end))
      assert.deepEqual(await runCli(['link', 'parse'], { input }), whole)
    }),
  )
})

test('takes URLs as arguments', async () => {
  const parsed = parse(URL_425)
  assert.ok(!('error' in parsed))
  assert.equal((await runCli(['link', 'parse', URL_425])).out, `${JSON.stringify(parsed)}\n`)
})
