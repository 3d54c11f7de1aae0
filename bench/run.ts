/**
 * What `npm run bench` runs: all claims, or those named: `npm run bench -- dispatch page`. `--json` prints the table as
 * an array in the last line, `--quick` only shows that each can be measured (its figures mean nothing).
 * Ends with 0 also where a goal is not held: it reports, it does not judge. Ends with 1 where a claim could not be measured.
 */
import { type ClaimResult, type Effort, FULL, QUICK } from './claim.ts'
import { cleanUp } from './cleanup.ts'
import { conditions, loadAverage } from './conditions.ts'
import { measureUpsell } from './upsell.ts'
import { measureAlertDelay } from './alert-delay.ts'
import { measureDispatch } from './dispatch.ts'
import { measureGrowth } from './growth.ts'
import { measureLinkParse } from './link-parse.ts'
import { measureOffer } from './offer.ts'
import { measureOrder } from './order.ts'
import { measurePage } from './page.ts'
import { measurePanel } from './panel.ts'
import { measureStart } from './start.ts'
import { jsonOf, tableOf } from './table.ts'
import { measureTopup } from './topup.ts'
import { measureUsage } from './usage.ts'

const CLAIMS: Readonly<Record<string, (effort: Effort) => ClaimResult[] | Promise<ClaimResult[]>>> = {
  'link-parse': measureLinkParse,
  dispatch: measureDispatch,
  order: measureOrder,
  topup: measureTopup,
  usage: measureUsage,
  'alert-delay': measureAlertDelay,
  upsell: measureUpsell,
  offer: measureOffer,
  page: measurePage,
  panel: measurePanel,
  start: measureStart,
  growth: measureGrowth,
}

const USAGE: ReadonlySet<string> = new Set(['usage', 'alert-delay', 'upsell'])

/** No claim takes longer than this, whatever hangs; writing ten million rows may take minutes. */
const timeoutOf = (claim: string): number => (claim === 'growth' ? 900_000 : 300_000)

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(128 + number)))

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const named = args.filter((arg) => !arg.startsWith('--'))
  const unknown = [
    ...named.filter((name) => !(name in CLAIMS)),
    ...args.filter((arg) => /^--(?!json$|quick$)/.test(arg)),
  ]
  if (unknown.length > 0) {
    console.error(
      `There is no ${unknown.join(', ')}. Claims: ${Object.keys(CLAIMS).join(', ')}. Options: --json, --quick.`,
    )
    return 2
  }
  const effort = args.includes('--quick') ? QUICK : FULL
  console.log(`${conditions(effort).join('\n')}\n`)
  const results: ClaimResult[] = []
  let hasFailed = false
  const wanted = named.length > 0 ? named : Object.keys(CLAIMS)
  for (const [index, name] of wanted.entries())
    try {
      console.error(`Measuring ${name} (load average ${loadAverage()}) …`)
      results.push(...(await inTime(name, CLAIMS[name]?.(effort))))
    } catch (error) {
      hasFailed = true
      console.error(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      // These three measure one server, with the same tenants.
      if (!(USAGE.has(name) && USAGE.has(wanted[index + 1] ?? ''))) await cleanUp()
    }
  console.log(tableOf(results))
  if (args.includes('--json')) console.log(jsonOf(results))
  return hasFailed ? 1 : 0
}

async function inTime(
  name: string,
  measuring: ClaimResult[] | Promise<ClaimResult[]> | undefined,
): Promise<ClaimResult[]> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`${name} took longer than ${timeoutOf(name) / 1000} s`)),
    timeoutOf(name),
  )
  const measured = Promise.resolve(measuring ?? [])
  // Once it is late, what its end brings is of no more interest.
  measured.catch(() => undefined)
  try {
    return await Promise.race([measured, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
