import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type ClaimResult, claimOf, type Effort, median } from './claim.ts'
import { parse } from '../src/link/index.ts'

// `qs` brings no types; this is the one function used.
const qs: { parse(query: string): object } = createRequire(import.meta.url)('qs')

const WARM_UP_ROUNDS = 5
/** A round is short and disturbed by little, so there are more of them. */
const ROUNDS_EACH = 3
const PASSES = 40

/**
 * Measures the claim `link-parse`: reading and checking the shape of the conformance links, malformed ones included,
 * beside `new URLSearchParams(query)` iterated and beside `qs`, on the same strings. Interleaved: ours, limit, `qs`,
 * ours, …; all three share one core and one heap.
 */
export function measureLinkParse({ rounds }: Effort): ClaimResult[] {
  const queries = conformanceQueries()
  const measured = { ours: [] as number[], searchParams: [] as number[], qs: [] as number[] }
  for (let round = 0; round < WARM_UP_ROUNDS + rounds * ROUNDS_EACH; round++) {
    const times = {
      ours: nanosecondsEach(queries, ours),
      searchParams: nanosecondsEach(queries, searchParams),
      qs: nanosecondsEach(queries, qsParse),
    }
    if (round < WARM_UP_ROUNDS) continue
    for (const name of ['ours', 'searchParams', 'qs'] as const) measured[name].push(times[name])
  }
  return [
    result('of new URLSearchParams(query), iterated', measured.ours, measured.searchParams, 0.6),
    result('times qs.parse(query)', measured.ours, measured.qs, 3),
  ]
}

function conformanceQueries(): string[] {
  const file = new URL('../test/conformance/nested-queries.jsonl', import.meta.url)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => (JSON.parse(line) as { query: string }).query) // our own test data
}

// Each returns something that depends on all it read, so that no work can be optimised away.
function ours(query: string): number {
  const parsed = parse(query)
  return 'error' in parsed ? 1 : parsed.errors.length + parsed.warnings.length
}

function searchParams(query: string): number {
  let length = 0
  for (const [name, value] of new URLSearchParams(query)) length += name.length + value.length
  return length
}

function qsParse(query: string): number {
  try {
    return Object.keys(qs.parse(query)).length
  } catch {
    return 1
  }
}

let sink = 0

function nanosecondsEach(queries: readonly string[], work: (query: string) => number): number {
  const start = process.hrtime.bigint()
  for (let pass = 0; pass < PASSES; pass++) for (const query of queries) sink += work(query)
  return Number(process.hrtime.bigint() - start) / PASSES / queries.length
}

const result = (variant: string, our: readonly number[], limit: readonly number[], goal: number): ClaimResult =>
  claimOf(
    {
      claim: 'link-parse',
      variant,
      goal,
      unit: '×',
      info: `${Math.round(median(our))} ns a link, limit ${Math.round(median(limit))} ns`,
    },
    our.map((time, round) => (limit[round] ?? Number.NaN) / time),
  )
