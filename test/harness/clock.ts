import type { Clock } from '../../src/kernel/time.ts'

export interface FixedClock extends Clock {
  advance(ms: number): void
  set(iso: string): void
}

/** A clock that stands still until a test moves it. */
export function fixedClock(iso = '2026-03-01T12:00:00Z'): FixedClock {
  let atMs = Date.parse(iso)
  return {
    now: () => new Date(atMs),
    advance(ms) {
      atMs += ms
    },
    set(next) {
      atMs = Date.parse(next)
    },
  }
}
