import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { claimOf, quantile } from '../bench/claim.ts'

test('every claim can be measured, and the last line is the table for programs', async () => {
  // A temporary folder of its own: other runs on this machine leave theirs in the common one.
  const folder = mkdtempSync(join(tmpdir(), 'buylink-claims-'))
  chmodSync(folder, 0o711)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, '../bench/run.ts'), '--quick', '--json'],
    // A whole run of tests may keep the machine busy.
    { timeout: 540_000, env: { ...process.env, TMPDIR: folder } },
  )
  const rows = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>[]
  assert.deepEqual(
    [...new Set(rows.map(({ claim }) => claim))],
    [
      'link-parse',
      'dispatch',
      'order',
      'topup',
      'usage',
      'alert-delay',
      'upsell',
      'offer',
      'page',
      'panel',
      'start',
      'growth',
    ],
  )
  for (const row of rows) {
    assert.deepEqual(Object.keys(row), ['claim', 'variant', 'ratio', 'min', 'max', 'goal', 'holds', 'unit'])
    for (const name of ['ratio', 'min', 'max', 'goal'])
      assert.equal(Number.isFinite(row[name]), true, JSON.stringify(row))
    assert.equal(typeof row['holds'], 'boolean')
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('buylink-')),
    [],
  )
  rmSync(folder, { recursive: true, force: true })
})

test('a claim that is not there is refused, with those that are', async () => {
  const running = promisify(execFile)(process.execPath, [join(import.meta.dirname, '../bench/run.ts'), 'speed'])
  await assert.rejects(running, { code: 2, stderr: /There is no speed\. Claims: link-parse, dispatch/ })
})

test('a line has the median with the least and the most, and holds by its own bound', () => {
  const line = { claim: 'c', variant: 'v', unit: '×', info: '' }
  const atLeast = claimOf({ ...line, goal: 0.8 }, [0.9, 0.7, 0.8])
  assert.deepEqual([atLeast.ratio, atLeast.min, atLeast.max, atLeast.holds], [0.8, 0.7, 0.9, true])
  assert.equal(claimOf({ ...line, goal: 0.8, bound: 'most' }, [0.9]).holds, false)
  assert.throws(() => claimOf({ ...line, goal: 1 }, []), /nothing was measured/)
  assert.equal(quantile([1, 2, 3, 4], 0.99), 4)
})
