import { type Problem, type Proof, prove } from './checks/check.ts'
import { CARDS, cardProblems } from './checks/cards.ts'
import { CHARGES } from './checks/charges.ts'
import { consumptionProblems, periodProblems } from './checks/consumption.ts'
import { INVOICES } from './checks/invoices.ts'
import { HOLDS, LEDGER } from './checks/ledger.ts'
import { GRANTS, ORDERS, QUIET } from './checks/orders.ts'
import { countsOf, digestOf, type Totals, totalsOf } from './digest.ts'
import type { Step } from './customers.ts'
import type { Options } from './options.ts'
import { RESELLERS } from './stores.ts'
import { liveYear, type Memory } from './year.ts'

/** What is said of a year in the end: the same for the same seed, accounts and days. */
export interface Summary {
  readonly digest: string
  readonly seed: number
  readonly accounts: number
  readonly days: number
  readonly steps: number
  readonly totals: Totals
  readonly counts: Readonly<Record<string, number>>
  /** How what was wanted ended. */
  readonly outcomes: Readonly<Record<string, number>>
}

export interface Simulation {
  readonly summary: Summary
  readonly problems: readonly Problem[]
  readonly crashes: number
}

/** All that the tables must say in the end. */
export const PROOFS: readonly Proof[] = [
  ...LEDGER,
  ...HOLDS,
  ...ORDERS,
  ...INVOICES,
  ...CHARGES,
  ...CARDS,
  ...GRANTS,
  ...QUIET,
]

/** Steps between two looks at what has to hold at any moment. */
const LOOK_EVERY = 25

/**
 * Lives through a year and proves its books (docs/simulate.md).
 *
 * @param connectionString Of a migrated database with nothing in it.
 */
export async function simulate(
  connectionString: string,
  options: Options,
  onProgress: (step: Step, steps: number) => void = () => undefined,
): Promise<Simulation> {
  const found: Problem[] = []
  const { installation, bank, memory, steps } = await liveYear(
    connectionString,
    options,
    async (running, step, count) => {
      onProgress(step, count)
      if (step.index % LOOK_EVERY === 0)
        found.push(
          ...(await running.look(({ pool }) => prove(pool, HOLDS))).map((each) => `step ${step.index}: ${each}`),
        )
    },
  )
  try {
    return await installation.look(async ({ pool }) => {
      const problems = [
        ...found,
        ...(await prove(pool, PROOFS)),
        ...(await consumptionProblems(pool, memory.reports.values())),
        ...(await periodProblems(pool, RESELLERS)),
        ...moneyProblems(await totalsOf(pool), memory),
        ...(await cardProblems(pool, bank.taken())),
        ...installation.failures.slice(0, 20).map((failure) => `behind the scenes: ${failure}`),
      ]
      const { seed, accounts, days } = options
      const summary: Summary = {
        digest: await digestOf(pool, steps),
        seed,
        accounts,
        days,
        steps: steps.length,
        totals: await totalsOf(pool),
        counts: await countsOf(pool),
        outcomes: Object.fromEntries([...memory.outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
      }
      return { summary, problems, crashes: installation.crashes }
    })
  } finally {
    await installation.stop()
  }
}

/** What came in is what those outside remember to have paid. */
function moneyProblems(totals: Totals, { received }: Memory): Problem[] {
  const currencies = new Set([...Object.keys(totals), ...received.keys()])
  return [...currencies].flatMap((currency) => {
    const paid = (received.get(currency) ?? 0n).toString()
    const booked = totals[currency]?.['bank_clearing'] ?? '0'
    return paid === booked ? [] : [`money: ${paid} ${currency} were paid, ${booked} are in the books`]
  })
}
