/** One line of the table of claims. `docs/performance.md` says how to read it. */
export interface ClaimResult {
  readonly claim: string
  readonly variant: string
  /** Median over the rounds, `min` and `max` beside it. Where `unit` is no `×` this is the figure itself. */
  readonly ratio: number
  readonly min: number
  readonly max: number
  readonly goal: number
  readonly holds: boolean
  readonly unit: string
  /** Whether the goal is the least or the most that is promised. */
  readonly bound: 'least' | 'most'
  /** Absolute figures, for information: they mean nothing on another machine. */
  readonly info: string
}

/** How much is measured: enough to tell something, or (in the tests) just that it can be. */
export interface Effort {
  readonly rounds: number
  /** Length of one side of a round. */
  readonly roundMs: number
  readonly stores: number
  readonly plansEach: number
  /** Orders of one side of a round, at most. */
  readonly maxOrders: number
  readonly orderCallers: readonly number[]
  /** Tenants that report usage. */
  readonly usageTenants: number
  /** How many tenants there are, the fewest first. */
  readonly growth: readonly number[]
}

export const FULL: Effort = {
  rounds: 5,
  roundMs: 2_000,
  stores: 1_000,
  plansEach: 10,
  maxOrders: 6_000,
  orderCallers: [16, 128],
  usageTenants: 1_000,
  growth: [1_000, 10_000, 100_000, 1_000_000],
}
export const QUICK: Effort = {
  rounds: 1,
  roundMs: 100,
  stores: 5,
  plansEach: 2,
  maxOrders: 40,
  orderCallers: [4],
  usageTenants: 20,
  growth: [20, 40],
}

/** The line of a claim from one figure a round. @throws {Error} Nothing was measured. */
export function claimOf(
  line: Pick<ClaimResult, 'claim' | 'variant' | 'goal' | 'unit' | 'info'> & { readonly bound?: ClaimResult['bound'] },
  values: readonly number[],
): ClaimResult {
  const ratio = median(values)
  if (!Number.isFinite(ratio)) throw new Error(`${line.claim}, ${line.variant}: nothing was measured`)
  const bound = line.bound ?? 'least'
  return {
    ...line,
    bound,
    ratio,
    min: Math.min(...values),
    max: Math.max(...values),
    holds: bound === 'least' ? ratio >= line.goal : ratio <= line.goal,
  }
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The value below which the share `part` of the values lies; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, two) => one - two)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
