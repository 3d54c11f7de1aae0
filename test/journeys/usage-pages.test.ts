import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { type ServerProcess, startServer, temporaryDataDir, welcomeOf } from '../harness/server.ts'

let server: ServerProcess
let browser: Browser
/** Pictures of each page, for whoever wants to look: `BUYLINK_SHOTS=folder`. */
const shots = process.env['BUYLINK_SHOTS']

before(async () => {
  server = await startServer({ dataDir: await temporaryDataDir(), env: { HOST: '127.0.0.1' } })
  await welcomeOf(server)
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function signedIn(area: 'client' | 'portal', email: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${server.origin}/${area}`)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  return page
}

/** Nothing that axe finds, nothing that scrolls sideways, at both widths, light and dark. */
async function check(page: Page, name: string): Promise<void> {
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

test('a customer reads how much is left, how it came to that and when it will run out', async () => {
  const page = await signedIn('client', SIGN_INS.customer)
  await page.getByRole('link', { name: 'Usage', exact: true }).click()
  const storage = page.getByRole('region', { name: 'Storage' })
  await storage.getByText(/runs out on|does not run out|It has run out/).waitFor()
  await storage.getByText('almost full').waitFor()
  const chart = storage.getByRole('img', { name: 'Storage, last 60 days' })
  await chart.waitFor()
  // By keyboard: the table behind the chart.
  await storage.getByText('Figures of Storage').focus()
  await page.keyboard.press('Enter')
  assert.ok((await storage.getByRole('row').count()) > 50)
  await page.keyboard.press('Enter')
  assert.match(
    (await storage.getByRole('link', { name: 'Buy now' }).getAttribute('href')) ?? '',
    /origin=Alert_on_Storage/,
  )
  await check(page, 'client-usage')
})

test('the next higher edition stands on the pages of usage and of a subscription, with the Buy URL and nothing added', async () => {
  const page = await signedIn('client', SIGN_INS.customer)
  const edition = page.getByRole('region', { name: 'Next higher edition: Advanced' })
  const buyNow = () => edition.getByRole('link', { name: 'Buy now' }).getAttribute('href')
  await page.goto(`${server.origin}/client/usage`)
  assert.equal(await buyNow(), `${server.origin}/upgrade`)
  await page.goto(`${server.origin}/client/subscriptions`)
  await page
    .getByRole('link', { name: /Backup/ })
    .first()
    .click()
  assert.equal(await buyNow(), `${server.origin}/upgrade`)
  await check(page, 'client-subscription-edition')
  const other = await signedIn('client', SIGN_INS.buyer)
  await other.goto(`${server.origin}/client/usage`)
  const told = other.getByRole('region', { name: 'Next higher edition: Advanced' })
  await told.getByText('Contact your sales representative: Northwind Cloud Ltd.').waitFor()
  assert.equal(await told.getByRole('link', { name: 'Buy now' }).count(), 0)
})

test('staff see what ran out below them and end it by a quota set by hand', async () => {
  const page = await signedIn('portal', SIGN_INS.reseller)
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await page.getByRole('cell', { name: 'almost full' }).first().waitFor()
  await check(page, 'portal-alerts')
  await page.getByLabel('What').selectOption('storage')
  await page.waitForURL(/usage_name=storage/)
  await page.getByRole('cell', { name: 'Workstations' }).waitFor({ state: 'detached' })
  await page.reload()
  assert.equal(await page.getByLabel('What').inputValue(), 'storage')
  await page.getByRole('link', { name: 'Contoso Dental' }).first().click()

  await page.getByRole('heading', { level: 1, name: 'Usage and quotas' }).waitFor()
  const storage = page.getByRole('region', { name: 'Storage' })
  await storage.getByText('Change the quota').focus()
  await page.keyboard.press('Enter')
  await check(page, 'portal-quotas')
  await storage.getByLabel('Set by hand, GB').fill('much')
  await storage.getByRole('button', { name: 'Save quota of Storage' }).click()
  await storage.getByText('Enter a number such as 50').first().waitFor()
  await storage.getByLabel('Set by hand, GB').fill('5000')
  await storage.getByRole('button', { name: 'Save quota of Storage' }).click()
  await storage.getByText('enough left').waitFor()
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await page.getByRole('cell', { name: 'Workstations' }).waitFor()
  assert.equal(await page.getByRole('cell', { name: 'Storage', exact: true }).count(), 0)
})
