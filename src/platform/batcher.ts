import { BuylinkError } from '../kernel/errors.ts'

export interface BatcherOptions<Key, Item, Result> {
  /** Items in one run at most: 64 by default, past which a statement gains nothing more (docs/performance.md). */
  readonly maxSize?: number
  /** Items waiting over all keys at most; 10,000 by default. More would only wait longer than their callers do. */
  readonly maxQueued?: number
  /** Handles one key's items together. One result an item, in order; a refusal is a result, an error fails all of them. */
  run(key: Key, items: readonly Item[]): Promise<readonly Result[]>
}

export interface Batcher<Key, Item, Result> {
  /** @throws {BuylinkError} `database_unavailable` when too many wait already. */
  submit(key: Key, item: Item): Promise<Result>
  /** Resolves when nothing waits or runs, for a clean stop. */
  idle(): Promise<void>
}

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Gathers what waits for the same key (a seller) into one statement. One batch a key is under way at a time, so what
 * arrives meanwhile makes up the next one: alone an item goes at once, under load batches grow by themselves.
 * Order is first in, first out within a key. A failing batch fails its own items and nothing else.
 */
export function createBatcher<Key, Item, Result>(
  options: BatcherOptions<Key, Item, Result>,
): Batcher<Key, Item, Result> {
  const { maxSize = 64, maxQueued = 10_000 } = options
  const queues = new Map<Key, Waiting<Item, Result>[]>()
  let queued = 0
  let whenIdle: PromiseWithResolvers<void> | undefined

  async function work(key: Key, queue: Waiting<Item, Result>[]): Promise<void> {
    // Submissions of the same turn of the event loop share the first batch.
    await Promise.resolve()
    while (queue.length > 0) {
      const batch = queue.splice(0, maxSize)
      queued -= batch.length
      await runBatch(key, batch)
    }
    queues.delete(key)
    if (queues.size === 0) whenIdle?.resolve()
  }

  async function runBatch(key: Key, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await options.run(
        key,
        batch.map(({ item }) => item),
      )
      if (results.length !== batch.length)
        throw new Error(`A batch of ${batch.length} items got ${results.length} results`)
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    submit: (key, item) =>
      new Promise((resolve, reject) => {
        if (queued >= maxQueued)
          return reject(new BuylinkError('database_unavailable', 'Too much is under way; try again shortly.'))
        queued++
        const queue = queues.get(key)
        if (queue) return void queue.push({ item, resolve, reject })
        const started = [{ item, resolve, reject }]
        queues.set(key, started)
        void work(key, started)
      }),
    async idle() {
      if (queues.size === 0) return
      whenIdle ??= Promise.withResolvers()
      await whenIdle.promise
      whenIdle = undefined
    },
  }
}
