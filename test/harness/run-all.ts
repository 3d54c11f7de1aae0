import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { endWith } from './at-end.ts'
import { addressVariable, availableServers, endAbandonedServers, startTestServer, type TestServer } from './servers.ts'

const root = join(import.meta.dirname, '../..')

/** A test file that takes longer than this hangs. */
const FILE_TIMEOUT_MS = 10 * 60_000

/**
 * Runs the checks and, when they pass, the test files below `folders` (all by default).
 *
 * @returns The status to exit with: 0 only when something was tested and nothing failed.
 */
export async function runAll(folders: readonly string[]): Promise<number> {
  const patterns = (folders.length > 0 ? folders : ['src', 'test', 'tools', 'examples']).map((folder) =>
    /\.test\.tsx?$/.test(folder) ? folder : `${folder.replace(/\/$/, '')}/**/*.test.{ts,tsx}`,
  )
  const files = globSync(patterns, { cwd: root }).sort()
  if (files.length === 0) return refuse(`No test file matches ${patterns.join(', ')}`)
  // A part is what someone works on right now; the whole is what must be in order.
  if (folders.length === 0 && (await runChecks()) !== 0) return refuse('The checks failed, so no test was run')

  // Each file is a process of its own that loads most of the sources: only the first one compiles them.
  process.env['NODE_COMPILE_CACHE'] ??= join(root, '.cache/compiled')
  const abort = new AbortController()
  let signalled = 0
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.once(signal, () => {
      signalled = 128 + number
      abort.abort()
    })
  const servers = await startServers()
  const ready = folders.length === 0 ? await readyDemonstration() : undefined
  try {
    const { passed, isGood } = await runTests(files, abort.signal)
    if (signalled > 0) return signalled
    if (isGood && passed === 0) return refuse('No test ran')
    return isGood ? 0 : 1
  } finally {
    ready?.remove()
    await Promise.all(servers.map((server) => server.stop()))
  }
}

function refuse(reason: string): number {
  console.error(`${reason}.`)
  return 1
}

async function runChecks(): Promise<number> {
  const child = spawn(process.execPath, ['tools/check.ts'], { cwd: root, stdio: 'inherit' })
  const [status] = (await once(child, 'exit')) as [number | null]
  return status ?? 1
}

/** One server of each kind for the whole run; test files find it by its address in the environment. */
async function startServers(): Promise<TestServer[]> {
  await endAbandonedServers()
  const names = availableServers().filter((name) => name !== 'citus')
  return Promise.all(
    names.map(async (name) => {
      const server = await startTestServer(name)
      process.env[addressVariable(name)] = server.connectionString
      return server
    }),
  )
}

/** The harness is used outside of tests here: what it starts is ended by whoever started it. */
async function readyDemonstration(): Promise<{ remove(): void }> {
  endWith(() => undefined)
  const { prepareDemonstration } = await import('./demonstration.ts')
  return prepareDemonstration()
}

async function runTests(files: readonly string[], signal: AbortSignal): Promise<{ passed: number; isGood: boolean }> {
  // Journeys wait half of their time: for pages, for clocks, for the next try.
  // Journeys wait half of their time: for pages, for clocks, for the next try.
  const concurrency = Math.min(6, availableParallelism() + 2)
  const events = run({
    files: files.map((file) => join(root, file)),
    cwd: root,
    concurrency,
    signal,
    timeout: FILE_TIMEOUT_MS,
  })
  let passed = 0
  let isGood = false
  let hasFailed = false
  events.on('test:fail', ({ todo }) => {
    hasFailed ||= todo === undefined
  })
  events.on('test:summary', ({ file, success, counts }) => {
    // The one without a file is that of the whole run.
    if (file !== undefined) return
    passed = counts.passed
    isGood = success
  })
  const report = events.compose(new spec())
  report.pipe(process.stdout, { end: false })
  await once(report, 'end')
  return { passed, isGood: isGood && !hasFailed }
}
