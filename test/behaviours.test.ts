import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('..', import.meta.url).pathname

/** `docs/behaviours.md`: what is promised, by row. */
const promised = new Map(
  [...readFileSync(`${root}docs/behaviours.md`, 'utf8').matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(
    ([, row, behaviour]) => [Number(row), behaviour ?? ''],
  ),
)

/** `row 7: …` and `rows 20 and 35: …` at the beginning of a test's or a suite's name. */
const shown = new Map<number, string[]>()
for (const path of globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root }))
  for (const [, rows = ''] of readFileSync(root + path, 'utf8').matchAll(
    /^\s*(?:test|describe)\(['`]rows? ([\d, and]+): /gm,
  ))
    for (const row of rows.match(/\d+/g) ?? []) shown.set(Number(row), [...(shown.get(Number(row)) ?? []), path])

test('all rows are promised', () =>
  assert.deepEqual(
    [...promised.keys()],
    Array.from({ length: 64 }, (_, at) => at + 1),
  ))

for (const [row, behaviour] of promised)
  test(`a test shows row ${row}: ${behaviour}`, () => assert.notDeepEqual(shown.get(row) ?? [], []))

test('no test shows a row that is not promised', () =>
  assert.deepEqual(
    [...shown.keys()].filter((row) => !promised.has(row)),
    [],
  ))
