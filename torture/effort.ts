/** How hard the server is tried. `docs/torture.md` says what each part does with it. */
export interface Effort {
  /** Kills of the part `crash`. */
  readonly crashes: number
  /** How long callers load the server before it is killed, at most. */
  readonly loadMs: number
  /** How often each race is run. */
  readonly races: number
  /** Callers of one race. */
  readonly rivals: number
  /** Requests made up for each operation and caller. */
  readonly requestsEach: number
  /** Hostile links through the codec. */
  readonly links: number
  /** How long the database is gone, or whatever else fails. */
  readonly outageMs: number
  /** Leaves out what takes longer than a test may: pages in a browser, most faults. Said as not checked. */
  readonly isBounded: boolean
}

export const FULL: Effort = {
  crashes: 200,
  loadMs: 2_500,
  races: 4,
  rivals: 12,
  requestsEach: 12,
  links: 1_000_000,
  outageMs: 30_000,
  isBounded: false,
}

/** What `npm test` runs: the same code, briefly. */
export const BOUNDED: Effort = {
  crashes: 2,
  loadMs: 1_000,
  races: 1,
  rivals: 6,
  requestsEach: 2,
  links: 20_000,
  outageMs: 2_000,
  isBounded: true,
}
