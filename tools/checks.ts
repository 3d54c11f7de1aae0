import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { checkImports } from './imports.ts'
import { checkTidiness } from './tidy.ts'

export interface Check {
  readonly name: string
  /** What is wrong below `baseDir`; empty when nothing is. */
  run(baseDir: string): Promise<string>
}

/** Everything that can be told without running the product, cheapest first. */
export const checks: readonly Check[] = [
  { name: 'format', run: (baseDir) => tool(baseDir, 'biome', ['format', '--max-diagnostics=20', '--colors=off']) },
  { name: 'tidiness', run: async (baseDir) => checkTidiness(baseDir).join('\n') },
  { name: 'imports', run: async (baseDir) => (await checkImports(baseDir)).join('\n') },
  { name: 'types', run: (baseDir) => tool(baseDir, 'tsc', ['-p', '.', '--pretty', 'false']) },
  { name: 'lint', run: (baseDir) => tool(baseDir, 'oxlint', ['--type-aware', '--deny-warnings', '--format=unix']) },
  { name: 'dead code', run: (baseDir) => tool(baseDir, 'knip', ['--no-progress']) },
]

async function tool(baseDir: string, name: string, args: readonly string[]): Promise<string> {
  const child = spawn(join(baseDir, 'node_modules/.bin', name), args, {
    cwd: baseDir,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const status = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no status'))
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const ended = await status
  return ended === 0 ? '' : `${out}${err}`.trim() || `${name} ended with ${ended}`
}
