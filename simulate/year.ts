import { applyConfiguration } from '../src/configuration/index.ts'
import type { SellerId } from '../src/kernel/ids.ts'
import { systemClock } from '../src/kernel/time.ts'
import { type Bank, openBank } from './bank.ts'
import { type Acting, carryOut, type Outcome, type Shop } from './carry-out.ts'
import { hearOfCharges } from './carry-out-card.ts'
import { customersOf, type Customer, type Step, stepsOf } from './customers.ts'
import { type Installation, openInstallation } from './installation.ts'
import { type Intent, intentsOf } from './intents.ts'
import type { Options } from './options.ts'
import { type Standing, standings } from './standing.ts'
import { RESELLERS } from './stores.ts'
import { type Report, reportsOf } from './usage.ts'
import { hearEvents, runJobs } from './work-off.ts'

/** Begins with a leap year, and far enough ahead that no clock of a machine is beyond it. */
const STARTS_AT = new Date('2032-01-01T00:00:00Z')

/** What was done in a year, as those outside remember it: the measure of what the books say. */
export interface Memory {
  /** Every report once, in the order in which they were sent first. */
  readonly reports: Map<string, Report>
  /** Money that came in and was taken, by currency. */
  readonly received: Map<string, bigint>
  /** `kind outcome` of each intent. */
  readonly outcomes: Map<string, number>
  heard: number
}

export interface Lived {
  readonly installation: Installation
  readonly bank: Bank
  readonly memory: Memory
  readonly steps: readonly Step[]
  readonly endsAt: Date
}

/**
 * Lives through a year on a migrated, empty database: time leaps, services report, jobs run, events are heard, and
 * customers and staff want things. Everything goes through the application's own operations.
 *
 * @param onStep For progress, and for checks on the way.
 */
export async function liveYear(
  connectionString: string,
  options: Options,
  onStep: (installation: Installation, step: Step, steps: number) => Promise<void> | void,
): Promise<Lived> {
  const { seed, accounts, days, batch, crashEvery } = options
  let now = STARTS_AT
  const clock = { now: () => new Date(now) }
  const customers = customersOf(seed, accounts, STARTS_AT, days)
  const names = new Map<string, string>()
  const nameOf = (tenantId: string) => names.get(tenantId) ?? ''
  const bank = await openBank({ seed, clock })
  const installation = await openInstallation({ connectionString, clock, seed, batch, crashEvery, nameOf, bank })
  const shops = await openShops(installation)
  const memory: Memory = { reports: new Map(), received: new Map(), outcomes: new Map(), heard: 0 }
  const hear = async () => void (memory.heard += await hearEvents(installation, batch))
  const steps = stepsOf(seed, STARTS_AT, days)
  let standing: ReadonlyMap<string, Standing> = new Map()
  for (const step of steps) {
    now = step.to
    await report(installation, customers, standing, step, batch, memory)
    await hearOfCharges(installation, bank.decide())
    await runJobs(installation)
    await hear()
    standing = await installation.work(standings)
    await act(installation, shops, customers, standing, step, batch, memory)
    await hear()
    standing = await installation.work(standings)
    for (const [name, { id }] of standing) names.set(id, name)
    await onStep(installation, step, steps.length)
  }
  return { installation, bank, memory, steps, endsAt: now }
}

async function openShops(installation: Installation): Promise<Map<string, Shop>> {
  const shops = new Map<string, Shop>()
  for (const { name, host, file } of RESELLERS)
    await installation.work(async ({ parts, operator }) => {
      const { sellerId } = await applyConfiguration(parts.db, systemClock, operator, { file, dryRun: false })
      await parts.stores.refresh()
      const store = parts.stores.resolve(host)
      if (!store) throw new Error(`${name} has no store`)
      shops.set(name, { sellerId: sellerId as string as SellerId, storeId: store.storeId })
    })
  return shops
}

async function report(
  installation: Installation,
  customers: readonly Customer[],
  standing: ReadonlyMap<string, Standing>,
  step: Step,
  batch: number,
  { reports }: Memory,
): Promise<void> {
  const all = customers.flatMap((customer) => {
    const own = standing.get(customer.name)
    return own ? reportsOf(customer, own, step) : []
  })
  for (const part of partsOf(all, batch)) {
    const results = await installation.work(({ parts, operator }) => parts.usage.report(operator, part))
    for (const [index, each] of part.entries()) {
      if (results[index] === 'unknown_tenant') throw new Error(`A report of ${each.customer} was not taken`)
      reports.set(each.eventId, each)
    }
  }
}

/** One wants one thing after the other; so many customers do at the same time. */
async function act(
  installation: Installation,
  shops: ReadonlyMap<string, Shop>,
  customers: readonly Customer[],
  standing: ReadonlyMap<string, Standing>,
  step: Step,
  batch: number,
  memory: Memory,
): Promise<void> {
  const wanting = customers.flatMap((customer) => {
    const own = standing.get(customer.name)
    const intents = intentsOf(customer, own, step)
    const shop = shops.get(customer.reseller.name)
    return shop && intents.length > 0 ? [{ acting: { customer, shop, standing: own }, intents }] : []
  })
  for (const together of partsOf(wanting, batch)) {
    const answers = new Map<Intent, Map<string, unknown>>()
    const ended = await installation.work(async (running) => {
      const results = await Promise.allSettled(
        together.map(async ({ acting, intents }) => {
          const outcomes: [Intent, Outcome][] = []
          for (const intent of intents) {
            const known = answers.get(intent) ?? new Map<string, unknown>()
            answers.set(intent, known)
            outcomes.push([intent, await carryOut(running, acting, intent, known)])
          }
          return outcomes
        }),
      )
      return results.map((result) => {
        if (result.status === 'rejected') throw result.reason
        return result.value
      })
    })
    for (const [index, outcomes] of ended.entries())
      for (const [intent, outcome] of outcomes) remember(memory, together[index]?.acting, intent, outcome)
  }
}

function remember({ outcomes, received }: Memory, acting: Acting | undefined, intent: Intent, outcome: Outcome): void {
  const name = `${intent.kind} ${outcome}`
  outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
  const currency = acting?.customer.reseller.currency
  if (intent.kind === 'pay' && outcome === 'done' && currency)
    received.set(currency, (received.get(currency) ?? 0n) + intent.amountMinor)
}

function* partsOf<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
