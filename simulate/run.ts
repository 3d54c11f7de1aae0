import { openDatabase } from '../src/platform/db.ts'
import { migrate } from '../src/platform/migrate.ts'
import { endWith } from '../test/harness/at-end.ts'
import { startTestServer } from '../test/harness/servers.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { simulate } from './simulate.ts'

/** What the harness started and nothing else ends. */
const ends: (() => unknown)[] = []
endWith((end) => void ends.push(end))

/** A year on a real database of its own, thrown away afterwards. @returns The status to exit with. */
async function run(options: Options): Promise<number> {
  const server = await startTestServer('embedded')
  try {
    const { pool, close } = openDatabase({ connectionString: server.connectionString, maxConnections: 1 })
    await migrate(pool).finally(close)
    const started = performance.now()
    const seconds = () => ((performance.now() - started) / 1000).toFixed(1)
    let told = 0
    const { summary, problems, crashes } = await simulate(server.connectionString, options, (step, steps) => {
      if (performance.now() - told < 5000 && step.index + 1 < steps) return
      told = performance.now()
      console.error(`${seconds()} s  ${step.to.toISOString().slice(0, 16)}  step ${step.index + 1} of ${steps}`)
    })
    console.error(`${seconds()} s  ${crashes} crashes, batches of ${options.batch}`)
    for (const problem of problems) console.error(`✖ ${problem}`)
    console.log(JSON.stringify(summary))
    return problems.length === 0 ? 0 : 1
  } finally {
    for (const end of ends) await end()
    await server.stop()
  }
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  console.error(USAGE)
  process.exitCode = 2
}
