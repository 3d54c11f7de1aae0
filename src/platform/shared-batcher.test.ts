import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { BuylinkError } from '../kernel/errors.ts'
import { createSharedBatcher } from './shared-batcher.ts'

/** A batcher whose runs end when told to, in the order they began. */
function held(options: { maxSize?: number; maxQueued?: number } = {}) {
  const runs: { items: readonly string[]; end: (error?: Error) => void }[] = []
  const batcher = createSharedBatcher<string, number, string>({
    ...options,
    run: (items) =>
      new Promise((resolve, reject) => {
        const names = items.map(({ key, item }) => `${key}${item}`)
        runs.push({ items: names, end: (error) => (error ? reject(error) : resolve(names)) })
      }),
  })
  return { batcher, runs, seen: () => runs.map(({ items }) => items.join(' ')) }
}

test('what arrives in one turn shares a run, whatever its key, and each caller gets its own result', async () => {
  const { batcher, runs } = held()
  const results = Promise.all([batcher.submit('a', 1), batcher.submit('b', 2), batcher.submit('a', 3)])
  await turn()
  assert.deepEqual(runs[0]?.items, ['a1', 'a3', 'b2'])
  runs[0]?.end()
  assert.deepEqual(await results, ['a1', 'b2', 'a3'])
})

test('a key is in one run at a time; others go on in a second one, and from then on gather', async () => {
  const { batcher, runs, seen } = held({ maxSize: 2 })
  void batcher.submit('a', 1)
  await turn()
  for (const [key, item] of [
    ['a', 2],
    ['b', 3],
    ['c', 4],
    ['d', 5],
    ['b', 6],
  ] as const)
    void batcher.submit(key, item)
  await turn()
  assert.deepEqual(seen(), ['a1', 'b3 b6'])
  runs[0]?.end()
  await turn()
  assert.deepEqual(seen(), ['a1', 'b3 b6', 'c4 d5'])
  runs[1]?.end()
  await turn()
  assert.deepEqual(seen().at(-1), 'a2')
})

test('a run that is slow keeps up nobody but its own keys', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const { batcher, seen } = held()
    void batcher.submit('a', 1)
    await turn()
    void batcher.submit('b', 2)
    await turn()
    for (const [key, item] of [
      ['c', 3],
      ['a', 4],
    ] as const)
      void batcher.submit(key, item)
    await turn()
    assert.deepEqual(seen(), ['a1', 'b2'])
    mock.timers.tick(101)
    await turn()
    assert.deepEqual(seen(), ['a1', 'b2', 'c3'])
  } finally {
    mock.timers.reset()
  }
})

test('when a run fails, each key is tried by itself', async () => {
  const { batcher, runs, seen } = held()
  const results = Promise.allSettled([batcher.submit('a', 1), batcher.submit('b', 2), batcher.submit('a', 3)])
  await turn()
  runs[0]?.end(new Error('no'))
  await turn()
  assert.deepEqual(seen().slice(1), ['a1 a3', 'b2'])
  runs[1]?.end(new Error('still no'))
  runs[2]?.end()
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected'],
  )
})

test('when the database is away nothing is tried again', async () => {
  const { batcher, runs } = held()
  const results = Promise.allSettled([batcher.submit('a', 1), batcher.submit('b', 2)])
  await turn()
  runs[0]?.end(new BuylinkError('database_unavailable', 'The database cannot be reached.'))
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.equal(runs.length, 1)
})

test('over the bound an item is refused at once', async () => {
  const { batcher } = held({ maxQueued: 1 })
  void batcher.submit('a', 1)
  await assert.rejects(batcher.submit('b', 2), { code: 'database_unavailable' })
})

test('idle waits for all of it', async () => {
  const { batcher, runs } = held()
  await batcher.idle()
  void batcher.submit('a', 1)
  await turn()
  void batcher.submit('a', 2)
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

test('whatever comes when: all is run once, in order of its key, and never beside another run of the key', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.integer({ min: 0, max: 4 }), turns: fc.nat({ max: 2 }) }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      async (arrivals, maxSize) => {
        const done = new Map<number, number[]>()
        const running = new Set<number>()
        const batcher = createSharedBatcher<number, number, number>({
          maxSize,
          async run(items) {
            assert.ok(items.length <= maxSize)
            const keys = new Set(items.map(({ key }) => key))
            for (const key of keys) assert.ok(!running.has(key))
            for (const key of keys) running.add(key)
            await turn()
            for (const { key, item } of items) done.set(key, [...(done.get(key) ?? []), item])
            for (const key of keys) running.delete(key)
            return items.map(({ item }) => item)
          },
        })
        const results: Promise<number>[] = []
        for (const [item, { key, turns }] of arrivals.entries()) {
          results.push(batcher.submit(key, item))
          for (let n = 0; n < turns; n++) await turn()
        }
        assert.deepEqual(await Promise.all(results), [...arrivals.keys()])
        for (const [key, items] of done)
          assert.deepEqual(
            items,
            [...arrivals.entries()].filter(([, each]) => each.key === key).map(([item]) => item),
          )
      },
    ),
  )
})
