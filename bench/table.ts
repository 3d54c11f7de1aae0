import type { ClaimResult } from './claim.ts'

/** The results as a table for a terminal, absolute figures below each line. */
export function tableOf(results: readonly ClaimResult[]): string {
  const rows = results.map((result) => [
    result.claim,
    result.variant,
    `${short(result.ratio)} ${result.unit}`,
    `[${short(result.min)} … ${short(result.max)}]`,
    `${result.bound === 'least' ? '≥' : '≤'} ${result.goal}`,
    result.holds ? 'held' : 'NOT HELD',
  ])
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  )
  return results
    .map((result, index) => {
      const cells = (rows[index] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0))
      return `${cells.join('  ').trimEnd()}\n${' '.repeat((widths[0] ?? 0) + 2)}${result.info}`
    })
    .join('\n')
}

/** One line, for programs. */
export const jsonOf = (results: readonly ClaimResult[]): string =>
  JSON.stringify(
    results.map(({ claim, variant, ratio, min, max, goal, holds, unit }) => ({
      claim,
      variant,
      ratio: Number(short(ratio)),
      min: Number(short(min)),
      max: Number(short(max)),
      goal,
      holds,
      unit,
    })),
  )

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2))
