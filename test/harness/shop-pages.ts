import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD } from '../../src/demonstration/index.ts'
import { axeViolations } from './axe.ts'
import { launchBrowser } from './chromium.ts'
import { type ServerProcess, startServer, demonstrationDataDir, welcomeOf } from './server.ts'

/** Pictures of each page, for whoever wants to look: `BUYLINK_SHOTS=folder`. */
const shots = process.env['BUYLINK_SHOTS']

export interface ShopPages {
  /** There once the tests begin. */
  readonly server: ServerProcess
  readonly browser: Browser
  signedIn(area: 'client' | 'portal', email: string): Promise<Page>
}

/** The demonstration store and a browser, for the tests of one file. Call it at the top of it. */
export function openShopPages(): ShopPages {
  let server: ServerProcess | undefined
  let browser: Browser | undefined
  before(async () => {
    server = await startServer({ dataDir: await demonstrationDataDir(), env: { HOST: '127.0.0.1' } })
    await welcomeOf(server)
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })
  return {
    get server() {
      return server as ServerProcess // `before` has run.
    },
    get browser() {
      return browser as Browser
    },
    async signedIn(area, email) {
      const page = await (await this.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
      page.setDefaultTimeout(30_000)
      await page.goto(`${this.server.origin}/${area}`)
      await page.getByLabel('Email address').fill(email)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      return page
    },
  }
}

/** Nothing that axe finds, nothing that scrolls sideways, at both widths, light and dark. */
export async function checkPage(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      // Colours fade from one scheme to the other.
      await page.evaluate(async () => {
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))
        await Promise.allSettled(document.getAnimations().map((each) => each.finished))
      })
      // What is seen while it fades is gone a moment later; what is wrong stays.
      let violations = await axeViolations(page)
      for (let tries = 0; violations.length > 0 && tries < 5; tries++) {
        await page.waitForTimeout(200)
        violations = await axeViolations(page)
      }
      assert.deepEqual(violations, [], `${name} at ${width}, ${colorScheme}`)
      const scrolls = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      )
      assert.equal(scrolls, false, `${name} scrolls sideways at ${width}`)
      if (shots === undefined) continue
      mkdirSync(shots, { recursive: true })
      await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true })
    }
}
