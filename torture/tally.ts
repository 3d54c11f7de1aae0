/** What went wrong: gone, there twice, begun and not ended, told to a stranger, or simply not as it should be. */
export type ProblemKind = 'lost' | 'doubled' | 'half' | 'leaked' | 'wrong'

export interface Problem {
  readonly part: string
  readonly kind: ProblemKind
  readonly text: string
}

/** What was tried, and what it showed. */
export interface Tally {
  /** Adds to one of the counts of the last line. */
  count(name: string, by?: number): void
  /** Something that must not be. Said at once; the run goes on. */
  problem(kind: ProblemKind, text: string): void
  /** Something that this machine, or this run, could not show. Said loudly. */
  notChecked(what: string): void
  /** Progress, for whoever watches. */
  say(text: string): void
}

export interface Counts extends Record<string, unknown> {
  readonly ok: boolean
}

/** One tally for the whole run; `part` names who speaks. */
export function createTallies(write: (line: string) => void) {
  const counts = new Map<string, number>()
  const problems: Problem[] = []
  const missing: string[] = []
  return {
    of: (part: string): Tally => ({
      count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
      problem(kind, text) {
        problems.push({ part, kind, text })
        // Hundreds of the same kind help nobody.
        if (problems.length <= 50) write(`${part}: ${kind.toUpperCase()}: ${text}`)
      },
      notChecked(what) {
        missing.push(`${part}: ${what}`)
        write(`${part}: NOT CHECKED: ${what}`)
      },
      say: (text) => write(`${part}: ${text}`),
    }),
    /** For the last line: what a program wants to know. */
    result(extra: Readonly<Record<string, unknown>>): Counts {
      const of = (kind: ProblemKind) => problems.filter((problem) => problem.kind === kind).length
      return {
        ok: problems.length === 0,
        ...extra,
        lost: of('lost'),
        doubled: of('doubled'),
        half: of('half'),
        leaked: of('leaked'),
        wrong: of('wrong'),
        ...Object.fromEntries(counts),
        not_checked: missing,
        problems: problems.slice(0, 10).map(({ part, kind, text }) => `${part}: ${kind}: ${text.slice(0, 300)}`),
      }
    },
  }
}
