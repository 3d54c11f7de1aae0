import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { readPdf } from '../harness/read-pdf.ts'
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

/** Nothing that axe finds, nothing that scrolls sideways, at both widths. */
async function check(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    assert.deepEqual(await axeViolations(page), [], `${name} at ${width}`)
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(scrolls, false, `${name} scrolls sideways at ${width}`)
    if (shots === undefined) continue
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true })
  }
}

test('a customer finds an invoice, reads it and opens its PDF', async () => {
  const page = await signedIn('client', SIGN_INS.customer)
  await page.getByRole('link', { name: 'Invoices', exact: true }).click()
  const invoice = page.getByRole('link', { name: /^Invoice IN\d{6}$/ })
  await invoice.first().waitFor()
  await check(page, 'client-invoices')
  await invoice.first().click()
  await page.getByRole('heading', { name: /^Invoice IN\d{6}$/ }).waitFor()
  await page.getByText('Contoso Dental').first().waitFor()
  await check(page, 'client-invoice')
  const link = await page.getByRole('link', { name: 'Open PDF' }).getAttribute('href')
  const pdf = await page.request.get(`${server.origin}${link}`)
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.match((await readPdf(await pdf.body())).pages.join(), /Contoso Dental/)
})

test('a reseller searches all invoices and says what the next ones state', async () => {
  const page = await signedIn('portal', SIGN_INS.reseller)
  await page.getByRole('link', { name: 'Invoices', exact: true }).click()
  await page.getByRole('cell', { name: 'Contoso Dental' }).first().waitFor()
  await check(page, 'portal-invoices')
  await page.getByRole('searchbox').fill('nobody of this name')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByText('Nothing found').waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'What invoices say' }).click()
  await page.getByLabel('Address', { exact: true }).fill('1 Main Street\nSpringfield')
  await page.getByLabel('Country').fill('USA')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Please check this').waitFor()
  await check(page, 'portal-invoice-settings-refused')
  await page.getByLabel('Country').fill('us')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('Country').inputValue(), 'US')
  await check(page, 'portal-invoice-settings')
})
