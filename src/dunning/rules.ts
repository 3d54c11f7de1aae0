import { addDays, MINUTE_MS } from '../kernel/time.ts'
import type { Dunning, DunningStep } from './schema.ts'

/** What holds until a seller says otherwise. */
export const DEFAULT_STEPS: readonly DunningStep[] = [
  { day: 0, action: 'charge' },
  { day: 3, action: 'charge' },
  { day: 7, action: 'charge' },
  { day: 14, action: 'remind' },
]
/** When one that could not be taken on is looked at again, and a bank that thinks is asked again. */
export const AGAIN_MS = 10 * MINUTE_MS
export const MOST_STEPS = 12
export const MOST_DAYS = 120

/** When a step's time comes. */
export const timeOf = (dueAt: Date, { day }: Pick<DunningStep, 'day'>): Date => addDays(dueAt, day)

/** When a step is taken after another one: at its time, and not within a day of that where it is late. */
export function plannedFor(dueAt: Date, step: Pick<DunningStep, 'day'>, after: Date): Date {
  const time = timeOf(dueAt, step)
  return time > after ? time : addDays(after, 1)
}

export type NextStep =
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'take'; readonly position: number; readonly skipped: readonly number[] }
  | { readonly kind: 'over' }

/**
 * What a schedule asks for now, from a position on. Of several steps whose time has come, say after a server was down,
 * one is taken: the last charge among them, else the last; nobody gets three mails at once. A stop is never left out: it
 * comes after what was to come before it.
 */
export function nextStep(steps: readonly DunningStep[], position: number, dueAt: Date, now: Date): NextStep {
  const first = steps[position]
  if (!first) return { kind: 'over' }
  if (timeOf(dueAt, first) > now) return { kind: 'wait', until: timeOf(dueAt, first) }
  const all = steps
    .map((step, index) => ({ step, index }))
    .filter(({ step, index }) => index >= position && timeOf(dueAt, step) <= now)
  const stop = all.findIndex(({ step }) => step.action === 'stop')
  const due = stop < 0 ? all : all.slice(0, stop + 1)
  const taken = due.findLast(({ step }) => step.action === 'charge') ?? due.at(-1)
  const at = taken?.index ?? position
  return { kind: 'take', position: at, skipped: due.map(({ index }) => index).filter((index) => index < at) }
}

/** What is not paid for. */
export interface Service {
  readonly name: string
  readonly status: string
  /** Of the account's class: after a period that was not renewed. */
  readonly graceDays: number
}

/**
 * When a service stops unless it is paid: by its schedule, or, of a renewal, at the end of its grace, whichever comes first.
 *
 * @returns null: it does not run, or nothing stops it.
 */
export function stopsAtOf(
  { subjectKind, steps, position, dueAt }: Pick<Dunning, 'subjectKind' | 'steps' | 'position' | 'dueAt'>,
  service: Pick<Service, 'status' | 'graceDays'> | undefined,
): Date | null {
  if (service?.status !== 'active' && service?.status !== 'graced') return null
  const step = steps.find(({ action }, index) => index >= position && action === 'stop')
  const days = [...(step ? [step.day] : []), ...(subjectKind === 'payment' ? [service.graceDays] : [])]
  return days.length > 0 ? addDays(dueAt, Math.min(...days)) : null
}

/** What is wrong with a schedule that somebody wrote; undefined: nothing. */
export function scheduleProblem(steps: readonly DunningStep[]): string | undefined {
  if (steps.length > MOST_STEPS) return `At most ${MOST_STEPS} steps.`
  const days = steps.map(({ day }) => day)
  if (days.some((day) => day < 0 || day > MOST_DAYS)) return `Days are between 0 and ${MOST_DAYS} after the due date.`
  if (days.some((day, index) => index > 0 && day <= (days[index - 1] ?? 0)))
    return 'Each step comes on a later day than the one before.'
  const stops = steps.filter(({ action }) => action === 'stop')
  if (stops.length > 1) return 'A service is stopped once: one step says when.'
  if (stops.some(({ day }) => day < 1)) return 'A service is stopped one day after the due date at the earliest.'
  return undefined
}
