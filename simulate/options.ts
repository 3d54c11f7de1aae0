import { parseArgs } from 'node:util'

/** What a simulated year is made of. The same `seed`, `accounts` and `days` are the same year. */
export interface Options {
  readonly seed: number
  readonly accounts: number
  readonly days: number
  /** How much is done at a time: usage reports of a request, subscriptions of a job's run, events, customers at once. */
  readonly batch: number
  /** The application is cut off in every so many pieces of work and started again; 0: never. */
  readonly crashEvery: number
}

const DEFAULTS: Options = { seed: 1, accounts: 1000, days: 365, batch: 64, crashEvery: 0 }

export const USAGE =
  'npm run simulate -- --seed N [--accounts 1000] [--days 365] [--batch 64] [--crash-every K]   docs/simulate.md'

/** @throws {Error} An option that is not there, or no whole number within its bounds; the message says which. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      accounts: { type: 'string' },
      days: { type: 'string' },
      batch: { type: 'string' },
      'crash-every': { type: 'string' },
    },
  })
  return {
    seed: within('seed', values.seed, DEFAULTS.seed, 0, 2 ** 31 - 1),
    accounts: within('accounts', values.accounts, DEFAULTS.accounts, 1, 100_000),
    days: within('days', values.days, DEFAULTS.days, 1, 3660),
    batch: within('batch', values.batch, DEFAULTS.batch, 1, 100_000),
    crashEvery: within('crash-every', values['crash-every'], DEFAULTS.crashEvery, 0, 2 ** 31 - 1),
  }
}

function within(name: string, text: string | undefined, usual: number, least: number, most: number): number {
  if (text === undefined) return usual
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw new Error(`--${name} is a whole number from ${least} to ${most}`)
  return value
}
