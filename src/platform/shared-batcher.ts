import { BuylinkError } from '../kernel/errors.ts'
import type { Batcher } from './batcher.ts'
import { asUnavailable } from './db.ts'

export interface Keyed<Key, Item> {
  readonly key: Key
  readonly item: Item
}

export interface SharedBatcherOptions<Key, Item, Result> {
  /** Items in one run at most: 64 by default. */
  readonly maxSize?: number
  /** Items waiting over all keys at most; 10,000 by default. */
  readonly maxQueued?: number
  /** Handles items of several keys together. One result an item, in order; a refusal is a result, an error fails all of them. */
  run(items: readonly Keyed<Key, Item>[]): Promise<readonly Result[]>
}

/** While so many runs are under way, what comes gathers for the next one: one works while another waits for the disk. */
const AT_ONCE = 2
/** A run that takes longer waits for somebody's lock; it steps aside, and keeps up nobody but the keys in it. */
const SLOW_MS = 100
/** With those that have stepped aside: each holds a connection. */
const MOST_AT_ONCE = 6

interface Waiting<Key, Item, Result> extends Keyed<Key, Item> {
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * A batcher whose keys (sellers) share their runs, so that a thousand of them with an item each cost what one with a
 * thousand does. A key is in one run at a time and keeps its order; keys take turns by who came first. When a run fails, each
 * key is tried by itself, so that nobody's fault is another's; `run` must bear that, since its first outcome is unknown.
 */
export function createSharedBatcher<Key, Item, Result>(
  options: SharedBatcherOptions<Key, Item, Result>,
): Batcher<Key, Item, Result> {
  type Entry = Waiting<Key, Item, Result>
  const { maxSize = 64, maxQueued = 10_000 } = options
  /** What waits, by key; keys in the order of their first item. */
  const ready = new Map<Key, Entry[]>()
  /** What has come for keys that are in a run. */
  const busy = new Map<Key, Entry[]>()
  let queued = 0
  let running = 0
  let slow = 0
  let isWoken = false
  let whenIdle: PromiseWithResolvers<void> | undefined

  function wake(): void {
    if (isWoken) return
    isWoken = true
    // Submissions of the same turn of the event loop share the first run.
    queueMicrotask(() => {
      isWoken = false
      while (ready.size > 0 && running - slow < AT_ONCE && running < MOST_AT_ONCE) void work(gather())
    })
  }

  function gather(): Entry[] {
    const batch: Entry[] = []
    for (const [key, entries] of ready) {
      const taken = entries.splice(0, maxSize - batch.length)
      batch.push(...taken)
      ready.delete(key)
      busy.set(key, entries)
      if (batch.length === maxSize) break
    }
    queued -= batch.length
    return batch
  }

  async function work(batch: readonly Entry[]): Promise<void> {
    running++
    let isSlow = false
    const timer = setTimeout(() => {
      isSlow = true
      slow++
      wake()
    }, SLOW_MS)
    await settle(batch)
    clearTimeout(timer)
    running--
    if (isSlow) slow--
    for (const { key } of batch) {
      const left = busy.get(key)
      busy.delete(key)
      if (left && left.length > 0) ready.set(key, left)
    }
    if (ready.size > 0) wake()
    else if (running === 0) whenIdle?.resolve()
  }

  async function settle(batch: readonly Entry[]): Promise<void> {
    try {
      const results = await options.run(batch.map(({ key, item }) => ({ key, item })))
      if (results.length !== batch.length)
        throw new Error(`A batch of ${batch.length} items got ${results.length} results`)
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      const keys = Map.groupBy(batch, ({ key }) => key)
      if (keys.size > 1 && !isAway(error)) await Promise.all([...keys.values()].map(settle))
      else for (const { reject } of batch) reject(error)
    }
  }

  return {
    submit: (key, item) =>
      new Promise((resolve, reject) => {
        if (queued >= maxQueued)
          return reject(new BuylinkError('database_unavailable', 'Too much is under way; try again shortly.'))
        queued++
        const entry: Entry = { key, item, resolve, reject }
        const queue = busy.get(key) ?? ready.get(key)
        if (queue) return void queue.push(entry)
        ready.set(key, [entry])
        wake()
      }),
    async idle() {
      if (running === 0 && ready.size === 0) return
      whenIdle ??= Promise.withResolvers()
      await whenIdle.promise
      whenIdle = undefined
    },
  }
}

/** The database could not be asked, so asking again by key is of no use. */
const isAway = (error: unknown): boolean => asUnavailable(error) instanceof BuylinkError
