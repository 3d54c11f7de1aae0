/** What `npm run check` runs: every check, two at a time; says what is wrong and exits 1 when anything is. */
import { join } from 'node:path'
import { type Check, checks } from './checks.ts'

const baseDir = join(import.meta.dirname, '..')
const waiting = [...checks]
let isGood = true

async function lane(): Promise<void> {
  for (let check = waiting.shift(); check; check = waiting.shift()) await report(check)
}

async function report({ name, run }: Check): Promise<void> {
  const started = performance.now()
  const findings = await run(baseDir)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (findings === '') return console.log(`✔ ${name} (${seconds} s)`)
  isGood = false
  console.log(`✖ ${name} (${seconds} s)\n${findings.replaceAll(/^/gm, '  ')}`)
}

await Promise.all([lane(), lane()])
process.exitCode = isGood ? 0 : 1
