/** Choices that a seed repeats. */
export interface Random {
  /** From 0 up to 1, without 1. */
  next(): number
  /** A whole number from 0 up to `below`, without it. */
  below(below: number): number
  pick<Value>(from: readonly Value[]): Value
  /** Whether something of this likelihood happens. */
  happens(likelihood: number): boolean
  /** Choices of its own, so that what one caller does moves no other's. */
  fork(name: string): Random
}

/** Mulberry32: small and good enough to choose by; nothing here is secret. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    pick(from) {
      if (from.length === 0) throw new Error('There is nothing to pick from')
      return from[below(from.length)] as (typeof from)[number] // `below` stays inside.
    },
    happens: (likelihood) => next() < likelihood,
    fork: (name) =>
      createRandom([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), seed)),
  }
}
