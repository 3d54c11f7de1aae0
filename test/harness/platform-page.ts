import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from './axe.ts'

/** The page of a platform as the reseller's staff read it, on a phone and at a desk; pictures of it into `BUYLINK_SHOTS`. */
export async function readPlatformPage(browser: Browser, origin: string, platform: string, customer: string) {
  const page = await browser.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${origin}/portal/sign-in`)
  await page.getByLabel('Email address').fill(SIGN_INS.reseller)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'To do', level: 1 }).waitFor()
  await page.goto(`${origin}/portal/platforms/${platform}`)
  await page.getByRole('link', { name: customer }).first().waitFor()
  await page.getByRole('table', { name: 'Raised there' }).waitFor()
  const folder = process.env['BUYLINK_SHOTS']
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    assert.deepEqual(await axeViolations(page), [], `at ${width}`)
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(sideways <= 0, `scrolls sideways at ${width}`)
    if (folder) await page.screenshot({ path: `${folder}/platform-${width}.png`, fullPage: true })
  }
  await page.close()
}
