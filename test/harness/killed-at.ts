import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Crash points of the books that time keeps, each tried where its operation is: by a process that ends there. */
export const BOOK_CRASHES = ['usage.closed', 'cost_statement.issued'] as const

const source = (path: string): string =>
  JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src', path)).href)

/**
 * Runs work on a test's database in a process of its own, which ends at a crash point as `kill -9` would.
 *
 * @param imports What the work uses, by module: `{ 'charges/index.ts': 'rateDue' }`.
 * @param work The body of an async function that has them, and `db`, `pool` and `clock`, which stands at `at`.
 */
export async function killedAt(
  crash: (typeof BOOK_CRASHES)[number],
  connectionString: string,
  {
    at,
    imports,
    work,
  }: { readonly at: Date; readonly imports: Readonly<Record<string, string>>; readonly work: string },
): Promise<void> {
  const lines = [
    `import { openDatabase } from ${source('platform/db.ts')}`,
    ...Object.entries(imports).map(([module, name]) => `import { ${name} } from ${source(module)}`),
    `const { db, pool } = openDatabase({ connectionString: process.env.DATABASE })`,
    `const clock = { now: () => new Date('${at.toISOString()}') }`,
    work,
    `await pool.end()`,
  ]
  const env = { ...process.env, BUYLINK_CRASH_AT: crash, DATABASE: connectionString }
  const child = spawn(process.execPath, ['--input-type=module', '-e', lines.join('\n')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  assert.equal(signal, 'SIGKILL', `it ended at ${crash}: ${said}`)
}
