/**
 * What `npm run torture` runs: all parts in order, or those named. Progress goes to standard error; the last line on
 * standard output is one JSON object of counts. Ends with 0 only where nothing was lost, doubled, half done or leaked.
 */
import { cleanUp } from './cleanup.ts'
import { runConcurrency } from './concurrency.ts'
import { runCrash } from './crash.ts'
import type { Effort } from './effort.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { runFaults } from './faults.ts'
import { runHostile } from './hostile.ts'
import { runIsolation } from './isolation.ts'
import { createRandom, type Random } from './random.ts'
import { createTallies, type Tally } from './tally.ts'

type Part = (tally: Tally, random: Random, effort: Effort) => Promise<void>

const PARTS: Readonly<Record<string, Part>> = {
  crash: runCrash,
  concurrency: runConcurrency,
  hostile: runHostile,
  isolation: runIsolation,
  faults: runFaults,
}

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(128 + number)))

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = readOptions(args)
    const unknown = options.only.filter((name) => !(name in PARTS))
    if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}: ${Object.keys(PARTS).join(', ')}`)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    return 2
  }
  const { seed, effort } = options
  const started = performance.now()
  const tallies = createTallies((line) => console.error(`${seconds(started).padStart(6)} ${line}`))
  const names = options.only.length > 0 ? options.only : Object.keys(PARTS)
  tallies.of('torture').say(`seed ${seed}; parts ${names.join(', ')}`)
  for (const name of names) {
    const tally = tallies.of(name)
    try {
      await PARTS[name]?.(tally, createRandom(seed).fork(name), effort)
    } catch (error) {
      tally.problem('wrong', `ended early: ${error instanceof Error ? error.stack : String(error)}`)
    } finally {
      await cleanUp()
    }
  }
  const result = tallies.result({ seed, parts: names, seconds: Number(seconds(started)) })
  console.log(JSON.stringify(result))
  return result.ok ? 0 : 1
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
