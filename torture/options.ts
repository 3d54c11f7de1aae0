import { parseArgs } from 'node:util'
import { BOUNDED, type Effort, FULL } from './effort.ts'

export interface Options {
  /** The same seed makes the same choices; what the machine makes of them differs. */
  readonly seed: number
  /** Names of parts, in the order given; all of them when empty. */
  readonly only: readonly string[]
  readonly effort: Effort
}

export const USAGE = 'npm run torture -- [--seed N] [--crashes 200] [--only part]… [--bounded]'

/** @throws {Error} With what is wrong, for the caller's eyes. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      crashes: { type: 'string' },
      only: { type: 'string', multiple: true },
      bounded: { type: 'boolean' },
    },
  })
  const base = values.bounded ? BOUNDED : FULL
  const crashes = values.crashes === undefined ? base.crashes : wholeNumber('--crashes', values.crashes)
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : wholeNumber('--seed', values.seed)
  const only = (values.only ?? []).flatMap((names) => names.split(',')).filter((name) => name !== '')
  return { seed, only, effort: { ...base, crashes } }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a whole number, not ${text}`)
  return Number(text)
}
