import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../torture/run.ts'), ...args], {
    // A whole run of tests may keep the machine busy.
    timeout: 300_000,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  })

test('nothing is lost, doubled or leaked in a short run of all parts', async () => {
  const { stdout } = await run('--bounded', '--seed', '8')
  const counts = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>
  const { ok, lost, doubled, half, leaked, wrong, problems } = counts
  assert.deepEqual(
    { ok, lost, doubled, half, leaked, wrong, problems },
    { ok: true, lost: 0, doubled: 0, half: 0, leaked: 0, wrong: 0, problems: [] },
  )
  for (const name of ['crashes', 'acknowledged', 'orders', 'webhooks', 'races', 'invariants_checked'])
    assert.ok(Number(counts[name]) > 0, `${name} in ${stdout}`)
})

test('a part that is not there is refused, with those that are', async () => {
  await assert.rejects(run('--only', 'peace'), { code: 2, stderr: /There is no part peace: crash, concurrency/ })
})
