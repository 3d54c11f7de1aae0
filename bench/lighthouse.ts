import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ClaimResult, claimOf } from './claim.ts'

/** Lighthouse and what it needs weigh 176 MiB, so they are no dependency: they have a lockfile of their own. */
const FOLDER = join(import.meta.dirname, 'lighthouse')
const PAGES = [
  '/',
  '/product/backup',
  '/client',
  '/client/subscriptions',
  '/client/usage',
  '/portal',
  '/portal/tenants',
  '/portal/accounts',
]

interface Rating {
  readonly path: string
  readonly category: string
  /** 0 to 100. */
  readonly score: number
  /** Titles of what did not pass. */
  readonly failed: readonly string[]
}

/** What Lighthouse says of accessibility and best practices of some pages, as a customer and as staff see them. */
export async function rateByLighthouse(origin: string): Promise<ClaimResult[]> {
  if (!existsSync(join(FOLDER, 'node_modules'))) {
    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      encoding: 'utf8',
    })
    if (npm.status !== 0) throw new Error(`Lighthouse cannot be installed: ${npm.stderr.trim().split('\n').at(-1)}`)
  }
  const { stdout } = await promisify(execFile)(process.execPath, [join(FOLDER, 'rate.mjs'), origin, ...PAGES], {
    timeout: 240_000,
  })
  const ratings = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Rating[]
  return ['accessibility', 'best-practices'].map((category) => {
    const own = ratings.filter((rating) => rating.category === category)
    const failed = own.flatMap(({ path, failed: titles }) => titles.map((title) => `${path}: ${title}`))
    return claimOf(
      {
        claim: 'panel',
        variant: `Lighthouse: ${category}, the worst of ${own.length} pages`,
        goal: 100,
        unit: 'of 100',
        info: failed.join('; ') || 'nothing failed',
      },
      [Math.min(...own.map(({ score }) => score))],
    )
  })
}
