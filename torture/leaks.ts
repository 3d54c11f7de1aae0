import type { Answer } from '../test/harness/visitor.ts'

/** What tells of the inside: stacks, statements, files, drivers. None of it is in an answer of ours. */
const INSIDE =
  /node_modules|\bat \S+ \((?:file|node):|file:\/\/\/|\/src\/[\w/-]+\.ts|SQLSTATE|\bpg_\w+|duplicate key value|violates \w+(?:-\w+)? constraint|relation "\w+" does not exist|invalid input syntax for type|unterminated|ECONNREFUSED|ENOENT|graphile/i

/**
 * What of the inside an answer tells; undefined: nothing.
 *
 * @param secrets Values that no answer may carry.
 * @param sent What was sent and may come back as it is.
 */
export function leakOf({ body, headers }: Answer, secrets: readonly string[], sent = ''): string | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const found = INSIDE.exec(text)?.[0]
  // A problem that names what was sent tells nothing new.
  if (found !== undefined && !sent.includes(found)) return `it tells "${found}": ${text.slice(0, 300)}`
  const secret = secrets.find((each) => text.includes(each))
  if (secret !== undefined) return 'it tells a secret'
  const server = headers.get('x-powered-by') ?? headers.get('server')
  return server === null ? undefined : `its headers tell "${server}"`
}
