/** What `npm test` runs: the checks, then every test on databases of its own. `npm test -- src/ledger` runs a part. */
import './node-version.mjs'

const { runAll } = await import('../test/harness/run-all.ts')
process.exitCode = await runAll(process.argv.slice(2))
