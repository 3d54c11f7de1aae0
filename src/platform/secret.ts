import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { StartError } from './start-error.ts'

/**
 * The key for signatures and secrets at rest: `BUYLINK_SECRET`, else the one kept in the data directory (`secret`,
 * readable by its owner alone), made on the first start. Whoever has the data directory's backup needs it too.
 *
 * @throws {StartError} The file can be neither read nor made, or holds less than 32 characters.
 */
export function loadSecret({ secret, dataDir }: Pick<Config, 'secret' | 'dataDir'>): string {
  if (secret !== undefined) return secret
  const path = join(dataDir, 'secret')
  try {
    mkdirSync(dataDir, { recursive: true })
    return readKept(path) ?? make(path)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`Cannot read or make ${path} (${(error as NodeJS.ErrnoException).code}): set BUYLINK_SECRET`)
  }
}

function readKept(path: string): string | undefined {
  try {
    const kept = readFileSync(path, 'utf8').trim()
    if (kept.length < 32) throw new StartError(`${path} holds less than 32 characters: restore it from a backup`)
    return kept
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Linking a finished file is atomic: a start that is cut short leaves no half of a secret, and two agree on one. */
function make(path: string): string {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8').trim()
}
