export interface BriefCache<Value> {
  /** The kept value, else what `load` gives; callers at the same time share one load. `undefined` is not kept. */
  get(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined>
  forget(key: string): void
  clear(): void
}

interface Entry<Value> {
  readonly value: Promise<Value | undefined>
  readonly freshUntilMs: number
}

/**
 * Spares a busy caller one question to the database with every request, for so short a time that what changes
 * (a sign-out in another process, a role taken away) takes effect at once for people.
 *
 * @param maxEntries Older entries go first: strangers cannot fill the memory.
 */
export function createBriefCache<Value>(lifeMs: number, maxEntries = 10_000): BriefCache<Value> {
  const entries = new Map<string, Entry<Value>>()
  return {
    get(key, load) {
      const nowMs = performance.now()
      const kept = entries.get(key)
      if (kept && kept.freshUntilMs > nowMs) return kept.value
      // Deleted first, so that it goes to the end of the order in which entries are dropped.
      entries.delete(key)
      const oldest = entries.size >= maxEntries ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
      const entry = { value: load(), freshUntilMs: nowMs + lifeMs }
      entries.set(key, entry)
      const dropIf = (useless: boolean) => {
        if (useless && entries.get(key) === entry) entries.delete(key)
      }
      entry.value.then(
        (value) => dropIf(value === undefined),
        () => dropIf(true),
      )
      return entry.value
    },
    forget: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
