import { DAY_MS, HOUR_MS } from '../src/kernel/time.ts'
import { chance, type Chance } from './random.ts'
import { RESELLERS, type Reseller } from './stores.ts'

/** How somebody pays what waits to be paid. */
export type PaysAs = 'prompt' | 'late' | 'in_parts' | 'too_much' | 'from_balance' | 'seldom'

/** Who a customer is: what the year does with it is drawn from streams named after it. */
export interface Customer {
  readonly name: string
  readonly reseller: Reseller
  readonly country: string
  readonly customerType: 'business' | 'person'
  readonly joinsAt: Date
  /** What it orders first. */
  readonly wants: 'office' | 'trial' | 'metered' | 'both'
  readonly pays: PaysAs
  /** Likes to pay by card, and to leave it there. */
  readonly hasCard: boolean
  /** A stream of its own. @param names Say what it decides. */
  chance(...names: readonly (string | number)[]): Chance
}

/** The customers of a year, the same for the same seed; they join over its first two thirds. */
export function customersOf(seed: number, accounts: number, startsAt: Date, days: number): Customer[] {
  return Array.from({ length: accounts }, (_, index): Customer => {
    const name = `customer-${String(index + 1).padStart(5, '0')}`
    const own = (...names: readonly (string | number)[]) => chance(seed, name, ...names)
    const who = own('who')
    const reseller = who.pick([RESELLERS[0], ...RESELLERS])
    const hours = Math.floor((days * DAY_MS * 2) / 3 / HOUR_MS)
    return {
      name,
      reseller,
      country: who.pick(reseller.countries),
      customerType: who.isWithin(0.7) ? 'business' : 'person',
      joinsAt: new Date(startsAt.getTime() + who.between(0, Math.max(1, Math.floor(hours * who.next()))) * HOUR_MS),
      wants: who.isWithin(0.7) ? 'office' : who.pick(['trial', 'trial', 'metered', 'both']),
      pays: who.pick([
        'prompt',
        'prompt',
        'prompt',
        'late',
        'in_parts',
        'too_much',
        'from_balance',
        'from_balance',
        'seldom',
      ]),
      hasCard: own('card').isWithin(0.6),
      chance: own,
    }
  })
}

/** From one moment that time stops at to the next. */
export interface Step {
  readonly index: number
  readonly from: Date
  readonly to: Date
}

/** The year's clock: it leaps from minutes to four days at a time. */
export function stepsOf(seed: number, startsAt: Date, days: number): Step[] {
  const leaps = chance(seed, 'clock')
  const day = () => leaps.between(60, 36 * 60)
  const long = () => leaps.between(30 * 60, 96 * 60)
  const end = startsAt.getTime() + days * DAY_MS
  const steps: Step[] = []
  for (let from = startsAt.getTime(); from < end; ) {
    const minutes = leaps.pick([() => leaps.between(1, 90), day, day, day, day, long, long, long, long, long])()
    const to = Math.min(end, from + minutes * 60_000)
    steps.push({ index: steps.length, from: new Date(from), to: new Date(to) })
    from = to
  }
  return steps
}
