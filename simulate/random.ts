import { createHash } from 'node:crypto'

/** A stream of chance that its name alone decides: what one part of a year draws never moves what another one draws. */
export interface Chance {
  /** From 0 up to, and not including, 1. */
  next(): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  isWithin(probability: number): boolean
  pick<Item>(items: readonly [Item, ...Item[]]): Item
}

/** @param names The seed first; the same names give the same stream, on every machine. */
export function chance(...names: readonly (string | number)[]): Chance {
  let state = createHash('sha256').update(names.join('\n')).digest().readUInt32LE()
  // Mulberry32: small, fast and good enough for who pays when.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    isWithin: (probability) => next() < probability,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
  }
}
