import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SRC = join(import.meta.dirname, '../../src')

/**
 * Every address outside the API that the server answers a GET of, as the source registers it: `/product/:slug`. Read from
 * the source, so that a new page cannot be forgotten by those who walk over all of them; an address that no literal and
 * no constant gives is told by its file.
 */
export function serverAddresses(): string[] {
  const files = globSync('**/*.ts', { cwd: SRC }).filter((file) => !file.endsWith('.test.ts'))
  const sources = files.map((file) => [file, readFileSync(join(SRC, file), 'utf8')] as const)
  const constants = new Map(
    sources.flatMap(([, source]) =>
      [...source.matchAll(/^export const ([A-Z_]+) = '(\/[^']*)'/gm)].map(([, name, value]) => [name, value]),
    ),
  )
  const found = sources.flatMap(([file, source]) =>
    [...source.matchAll(/\bapp\.get(?:<.*>)?\(\s*(?:'([^']+)'|(\w+))/g)].map(
      ([, address, name]) => address ?? constants.get(name) ?? file,
    ),
  )
  return [...new Set(found)].sort()
}
