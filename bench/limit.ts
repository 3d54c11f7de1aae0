import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { defer } from './cleanup.ts'

export interface FixedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Base64. */
  readonly body: string
}

/** One row read by its primary key before each answer. */
export interface LimitQuery {
  readonly connectionString: string
  /** With one parameter. */
  readonly text: string
  readonly value: string
}

/** A bare `node:http` server in a process of its own that gives one fixed answer, with a prepared query or without. */
export async function startLimitServer(
  answer: FixedAnswer,
  query?: LimitQuery,
): Promise<{ readonly port: number; readonly pid: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'limit-server.ts')], {
    env: { LIMIT_ANSWER: JSON.stringify(answer), ...(query && { LIMIT_QUERY: JSON.stringify(query) }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  defer(() => child.kill('SIGTERM'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { port: Number(line.toString()), pid: child.pid ?? 0 }
}

/** Of an answer without what `node:http` adds by itself. */
export const headersOf = (head: string): Record<string, string> =>
  Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
      .filter(([name]) => !/^(date|connection|keep-alive)$/i.test(name)),
  )
