import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createBatcher } from './batcher.ts'

/** A batcher whose runs end when told to, in the order they began. */
function held(options: { maxSize?: number; maxQueued?: number } = {}) {
  const runs: { key: string; items: readonly number[]; end: (error?: Error) => void }[] = []
  const batcher = createBatcher<string, number, number>({
    ...options,
    run: (key, items) =>
      new Promise((resolve, reject) => {
        runs.push({ key, items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) })
      }),
  })
  return { batcher, runs }
}

test('what arrives in one turn shares a batch, and each caller gets its own result', async () => {
  const { batcher, runs } = held()
  const results = Promise.all([batcher.submit('a', 1), batcher.submit('a', 2), batcher.submit('a', 3)])
  await turn()
  assert.deepEqual(runs[0]?.items, [1, 2, 3])
  runs[0]?.end()
  assert.deepEqual(await results, [10, 20, 30])
})

test('one batch a key is under way; what arrives meanwhile waits its turn in order, in batches of the size', async () => {
  const { batcher, runs } = held({ maxSize: 2 })
  const first = batcher.submit('a', 1)
  await turn()
  const rest = [2, 3, 4].map((item) => batcher.submit('a', item))
  await turn()
  assert.equal(runs.length, 1)
  runs[0]?.end()
  await first
  await turn()
  assert.deepEqual(runs[1]?.items, [2, 3])
  runs[1]?.end()
  await turn()
  assert.deepEqual(runs[2]?.items, [4])
  runs[2]?.end()
  assert.deepEqual(await Promise.all(rest), [20, 30, 40])
})

test('another key does not wait', async () => {
  const { batcher, runs } = held()
  void batcher.submit('a', 1)
  void batcher.submit('b', 2)
  await turn()
  assert.deepEqual(
    runs.map(({ key }) => key),
    ['a', 'b'],
  )
})

test('a failing batch fails its own items only', async () => {
  const { batcher, runs } = held({ maxSize: 1 })
  const [bad, good] = [batcher.submit('a', 1), batcher.submit('a', 2)]
  await turn()
  runs[0]?.end(new Error('no'))
  await assert.rejects(bad, /no/)
  await turn()
  runs[1]?.end()
  assert.equal(await good, 20)
})

test('a run that throws at once or answers for too few fails its items', async () => {
  const throwing = createBatcher<string, number, number>({
    run() {
      throw new Error('at once')
    },
  })
  await assert.rejects(throwing.submit('a', 1), /at once/)
  const forgetful = createBatcher<string, number, number>({ run: async () => [] })
  await assert.rejects(forgetful.submit('a', 1), /1 items got 0 results/)
})

test('over the bound an item is refused at once, and room is made as batches start', async () => {
  const { batcher, runs } = held({ maxSize: 2, maxQueued: 2 })
  void batcher.submit('a', 1)
  void batcher.submit('a', 2)
  await assert.rejects(batcher.submit('a', 3), { code: 'database_unavailable' })
  await turn()
  const later = batcher.submit('a', 4)
  runs[0]?.end()
  await turn()
  runs[1]?.end()
  assert.equal(await later, 40)
})

test('idle waits for all keys', async () => {
  const { batcher, runs } = held()
  await batcher.idle()
  void batcher.submit('a', 1)
  void batcher.submit('b', 2)
  await turn()
  let isIdle = false
  const idle = batcher.idle().then(() => {
    isIdle = true
  })
  runs[0]?.end()
  await turn()
  assert.equal(isIdle, false)
  runs[1]?.end()
  await idle
})
