type Outcome =
  | 'started'
  | 'paid'
  | 'paid_from_balance'
  | 'needs_payer'
  | 'declined'
  | 'cancelled'
  | 'reminded'
  | 'stopped'
  | 'nothing_to_stop'
  | 'skipped'

/** `terms`: no step of the schedule, but the end of the grace of what is not renewed. */
export interface DunningStep {
  readonly action: 'charge' | 'remind' | 'stop' | 'terms'
  readonly at: string
  readonly outcome: Outcome | null
  readonly message: string
}

/** What is asked for by a schedule. */
export interface Dunning {
  readonly id: string
  readonly status: 'running' | 'paid' | 'cancelled' | 'exhausted'
  readonly invoice: { readonly id: string; readonly number: string } | null
  readonly subscription: { readonly id: string; readonly name: string } | null
  readonly stopsAt: string | null
  readonly card: { readonly brand: string; readonly last4: string } | null
  readonly dueAt: string
  readonly steps: readonly DunningStep[]
}

/**
 * What was done and what is to come, in its order. Where the terms stop the service, what the schedule has for later does
 * not come any more: the order is cancelled then.
 */
export function linesOf({ steps, stopsAt }: Pick<Dunning, 'steps' | 'stopsAt'>): DunningStep[] {
  const stop = steps.find(({ action, outcome }) => action === 'stop' && outcome === null)
  if (stopsAt === null || stop?.at === stopsAt) return [...steps]
  const before = steps.filter(({ at, outcome }) => outcome !== null || at < stopsAt)
  return [...before, { action: 'terms', at: stopsAt, outcome: null, message: '' }]
}
