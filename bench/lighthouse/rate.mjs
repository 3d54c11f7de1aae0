/**
 * Rates pages by Lighthouse in a Chromium of its own: `node rate.mjs ORIGIN PATH…`. Pages of the portal are seen by staff of
 * the demonstration's reseller, the others by its customer. Its last line is a JSON array of ratings.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import lighthouse from 'lighthouse'
import { chromium } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { findChromium } from '../../test/harness/find-chromium.ts'

const [origin, ...paths] = process.argv.slice(2)
const port = await freePort()
const { executablePath, env } = await findChromium()
const folder = mkdtempSync(join(tmpdir(), 'buylink-lighthouse-'))
// Lighthouse opens its tabs in the profile's own context, so that is where people sign in.
const context = await chromium.launchPersistentContext(folder, {
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
  env: { ...process.env, ...env },
})
const ratings = []
try {
  for (const [email, isTheirs] of [
    [SIGN_INS.customer, (path) => !path.startsWith('/portal')],
    [SIGN_INS.reseller, (path) => path.startsWith('/portal')],
  ]) {
    await context.clearCookies()
    const signedIn = await context.request.post(`${origin}/api/v1/sessions`, { data: { email, password: PASSWORD } })
    if (!signedIn.ok()) throw new Error(`${email} cannot sign in: ${signedIn.status()}`)
    for (const path of paths.filter(isTheirs)) ratings.push(...(await rate(path)))
  }
} finally {
  await context.close()
  rmSync(folder, { recursive: true, force: true })
}
console.log(JSON.stringify(ratings))

async function rate(path) {
  const { lhr } = await lighthouse(origin + path, {
    port,
    onlyCategories: ['accessibility', 'best-practices'],
    logLevel: 'error',
    disableStorageReset: true,
  })
  if (new URL(lhr.finalDisplayedUrl).pathname !== path) throw new Error(`${path} leads to ${lhr.finalDisplayedUrl}`)
  return Object.values(lhr.categories).map(({ id, score, auditRefs }) => ({
    path,
    category: id,
    score: Math.round(score * 100),
    failed: auditRefs
      .map((ref) => lhr.audits[ref.id])
      .filter((audit) => audit.scoreDisplayMode === 'binary' && audit.score < 1)
      .map(({ title }) => title),
  }))
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const found = server.address().port
      server.close(() => resolve(found))
    })
  })
}
