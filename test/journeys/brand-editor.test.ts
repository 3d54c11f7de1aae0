import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { testDatabase } from '../harness/database.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { png } from '../harness/png.ts'
import { openV2 } from '../harness/v2.ts'

const { origin } = await openV2(await testDatabase())
const mailbox = await openMailbox()
const browser = await launchBrowser()
after(() => browser.close())

async function signedIn(options: object): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin.replace('127.0.0.1', 'localhost'), ...options })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  await page.goto('/portal/brand')
  await page.getByLabel('Email address').fill(SIGN_INS.reseller)
  await page.getByLabel('Password').fill('demonstration')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Brand', exact: true }).waitFor()
  return page
}

/** Looked at when `BUYLINK_SHOTS` names a folder. */
const shot = async (page: Page, name: string) => {
  const folder = process.env['BUYLINK_SHOTS']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

test('a reseller edits the brand, sees it at once, tries the mail server and the exact link', async () => {
  const page = await signedIn({ viewport: { width: 1280, height: 900 } })
  const preview = page.getByRole('complementary', { name: 'Preview' })
  await page.getByLabel('Name of the service').fill('Northwind Vault')
  await preview.getByText('Northwind Vault').first().waitFor()
  await page.getByLabel('A colour of our own').check()
  await page.getByLabel('Colour', { exact: true }).fill('#aa0055')

  await page.getByRole('textbox', { name: 'Buy URL' }).fill('mailto:sales@northwind.example')
  await page.getByText('Take them out').waitFor()
  await preview.getByText('Contact your sales representative').first().waitFor()
  await page.getByRole('textbox', { name: 'Buy URL' }).fill('shop.northwind.example/buy?a=b#top')
  await page.getByLabel('Clicked in').selectOption('email')
  const link = await page.getByTestId('exact-link').textContent()
  assert.match(
    link ?? '',
    /^https:\/\/shop\.northwind\.example\/buy\?a=b&origin=email_notification&tenant_quotas=storage_size&user_account_id=\d+&tenant_id=1001#top$/,
  )
  await page.getByLabel('Clicked in').selectOption('alert')
  assert.match((await page.getByTestId('exact-link').textContent()) ?? '', /origin=Alert_on_Storage/)
  await preview.getByText('Buy now').first().waitFor()

  await page.getByLabel('Server', { exact: true }).fill('127.0.0.1')
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(mailbox.port))
  await page.getByRole('button', { name: 'Send me a test mail' }).click()
  await page.getByText(`A test mail is on its way to ${SIGN_INS.reseller}`).waitFor()
  assert.match((await mailbox.newestTo(SIGN_INS.reseller)).subject ?? '', /Test mail/)
  await shot(page, 'edited-1280')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved.').waitFor()

  await page
    .getByLabel('Logo', { exact: true })
    .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(160, 40) })
  await page.getByAltText('Your logo').waitFor()
  await page.getByRole('button', { name: 'Disable branding' }).click()
  await page.getByText('Branding is not enabled').waitFor()
  await shot(page, 'disabled-1280')
  assert.deepEqual(await axeViolations(page), [])
  await page.getByRole('button', { name: 'Enable branding' }).click()
  await page.getByText('Branding is not enabled').waitFor({ state: 'hidden' })
  await page.goto('/')
  assert.match(await page.content(), /Northwind Vault/)
})

for (const [name, options] of [
  ['390', { viewport: { width: 390, height: 844 } }],
  ['390-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ['1280-dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
] as const) {
  test(`the brand editor is fit for everybody at ${name}`, async () => {
    const page = await signedIn(options)
    await shot(page, `brand-${name}`)
    assert.deepEqual(await axeViolations(page), [])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(overflow <= 0, `${overflow} pixels too wide`)
  })
}
