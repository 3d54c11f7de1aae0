import { type ClaimResult, claimOf, median } from './claim.ts'
import { cpuSeconds } from './processes.ts'
import { type Load, load, type Outcome } from './loader.ts'

/** One side of a round. */
export interface Side extends Outcome {
  /** CPU of the serving process, from the operating system's accounting. */
  readonly cpuMicros: number
}

/** One round. */
export interface Pair<Ours = Side, Limit = Side> {
  readonly ours: Ours
  readonly limit: Limit
}

/** Loads a server and says what a request cost it. */
export async function loadAndAccount(pid: number, options: Load): Promise<Side> {
  const before = cpuSeconds(pid)
  const outcome = await load(options)
  return { ...outcome, cpuMicros: ((cpuSeconds(pid) - before) * 1e6) / outcome.requests }
}

/**
 * Measures ours and the limit in turns (A B A B …), after one round of each that does not count: code gets compiled
 * and memories get filled in it.
 */
export async function inTurns<Ours, Limit>(
  rounds: number,
  ours: () => Promise<Ours>,
  limit: () => Promise<Limit>,
): Promise<Pair<Ours, Limit>[]> {
  const pairs: Pair<Ours, Limit>[] = []
  for (let round = 0; round <= rounds; round++) {
    const pair = { ours: await ours(), limit: await limit() }
    if (round > 0) pairs.push(pair)
  }
  return pairs
}

/** The line of a claim that is a share of what a bare server answers. */
export function against(claim: string, goal: number, variant: string, pairs: readonly Pair[]): ClaimResult {
  const middle = (pick: (pair: Pair) => number): number => Math.round(median(pairs.map(pick)))
  const cpu = { ours: middle(({ ours }) => ours.cpuMicros), limit: middle(({ limit }) => limit.cpuMicros) }
  const rate = { ours: middle(({ ours }) => ours.perSecond), limit: middle(({ limit }) => limit.perSecond) }
  const share = median(pairs.map(({ ours, limit }) => limit.cpuMicros / ours.cpuMicros)).toFixed(2)
  return claimOf(
    {
      claim,
      variant,
      goal,
      unit: '×',
      info: `${rate.ours} a second, limit ${rate.limit}; server CPU ${cpu.ours} µs each, limit ${cpu.limit} (${share} ×)`,
    },
    pairs.map(({ ours, limit }) => ours.perSecond / limit.perSecond),
  )
}
