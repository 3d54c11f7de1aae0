import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runCli } from './testing.ts'

const text = readFileSync(new URL('../../test/conformance/upsell-links.jsonl', import.meta.url), 'utf8')
const cases = text
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { link: string | null }) // our test data

test('answers every conformance case with its link, in order', async () => {
  const { code, out } = await runCli(['upsell', 'link'], {
    input: cases.map(({ link: _, ...given }) => `${JSON.stringify(given)}\n`),
  })
  assert.equal(code, 0)
  assert.equal(out, cases.map(({ link }) => `${JSON.stringify({ link })}\n`).join(''))
})

test('20,000 lines give 20,000 links', async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => JSON.stringify(cases[at % cases.length]))
  const { code, out } = await runCli(['upsell', 'link'], { input: [lines.join('\n')] })
  assert.equal(code, 0)
  assert.equal(out.split('\n').length, 20_001)
})

test('a bad line is answered with what is wrong, the others with their links, and the exit code is 1', async () => {
  const good = { buy_url: 'a.example', origin: 'mc_usage_info', user_account_id: 7, tenant_id: 9 }
  const lines = [
    good,
    { ...good, tenant_id: '9' },
    'x',
    [],
    { ...good, origin: 'Mc_usage_info' },
    { ...good, orgin: 1 },
    good,
  ]
  const { code, out } = await runCli(['upsell', 'link'], {
    input: [`${lines.map((line) => (line === 'x' ? '{"buy_url":' : JSON.stringify(line))).join('\n')}\n`],
  })
  assert.equal(code, 1)
  const answers = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { link?: string; message?: string }) // what the test is about
  const link = 'https://a.example?origin=mc_usage_info&user_account_id=7&tenant_id=9'
  assert.deepEqual(
    answers.map((answer) => answer.link ?? answer.message?.slice(0, 30)),
    [
      link,
      'tenant_id must be a whole numb',
      'The line is not JSON.',
      'The line is not a JSON object.',
      'origin must be one of Alert_on',
      'There is no field “orgin”. The',
      link,
    ],
  )
})
