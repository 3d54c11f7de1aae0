import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'
import { signIn, until } from '../harness/visitor.ts'

/** Where pictures of the pages go, for whoever looks at them. */
const SHOTS = process.env['BUYLINK_SHOTS']
let server: ServerProcess
let browser: Browser
let page: Page

before(async () => {
  server = await startServer({ dataDir: await demonstrationDataDir(), env: { BUYLINK_ALLOW_INTERNAL: '1' } })
  const customer = await signIn(server.origin, SIGN_INS.customer)
  // Shown in a console, come from there, and asked.
  await customer.call('GET', '/api/v1/alerts')
  const { id } = await customer.call<{ id: string }>('POST', '/api/v1/offers', { place: 'Alert_on_Storage' })
  await customer.call('POST', `/api/v1/offers/${id}/contact`, { message: 'Do you have something for half a year?' })
  browser = await launchBrowser()
  page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${server.origin}/portal/sign-in`)
  await page.getByLabel('Email address').fill(SIGN_INS.reseller)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'To do', level: 1 }).waitFor()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function check(name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    assert.deepEqual(await axeViolations(page), [], `${name} at ${width}`)
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(scrolls, false, `${name} scrolls sideways at ${width}`)
    if (SHOTS === undefined) continue
    mkdirSync(SHOTS, { recursive: true })
    await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true })
  }
}

test('who asked for a contact is answered where they are listed', async () => {
  await page.goto(`${server.origin}/portal/requests`)
  await page.getByText('Do you have something for half a year?').waitFor()
  await page.getByText(/They were offered: .* today/).waitFor()
  await check('requests')
  await page.getByLabel('Your answer to Contoso Dental').fill('200 GB more would do; I have made you an offer.')
  await page.getByRole('button', { name: 'Answer' }).press('Enter')
  await page.getByText('Answered by Anna').waitFor()
  await check('requests-answered')
  const operator = await signIn(server.origin, SIGN_INS.operator)
  const mailed = async () => {
    const { items } = await operator.call<{ items: { recipient: string; subject: string }[] }>('GET', '/api/v1/mails')
    return items.find(({ subject }) => subject === 'An answer to what you asked')?.recipient
  }
  assert.match((await until(mailed, (recipient) => recipient !== undefined, { what: 'mail' })) ?? '', /contoso/)
})

test('what was shown and clicked stands in the figures, with its chart, table and file', async () => {
  const shown = page.getByRole('listitem').filter({ hasText: 'Shown' }).locator('.figure-value')
  const read = async () => {
    await page.goto(`${server.origin}/portal/upsell`)
    await page.getByRole('heading', { name: 'Upsell performance' }).waitFor()
    return (await shown.count()) === 0 ? '0' : shown.innerText()
  }
  // Noted in memory first.
  assert.ok(Number(await until(read, (text) => Number(text) > 0, { what: 'what was shown' })) >= 2)
  await page.getByRole('table').getByText('Alert: storage').waitFor()
  await check('performance')
  await page.getByRole('link', { name: 'Item' }).click()
  await page.getByRole('table').getByText('Storage', { exact: true }).waitFor()
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  assert.equal((await file).suggestedFilename(), 'upsell-by-item.csv')
})

test('a platform is added by keyboard; one that is away says so', async () => {
  await page.goto(`${server.origin}/portal/platforms`)
  await page.getByRole('heading', { name: 'No platform yet' }).waitFor()
  await check('platforms-empty')
  await page.getByRole('link', { name: 'Add a platform' }).press('Enter')
  await page.getByLabel('What people call it').fill('Data centre')
  await check('platform-new')
  await page.getByLabel('Name in links').fill('data-centre')
  await page.getByLabel('Address').fill('http://127.0.0.1:9/api/2')
  await page.getByLabel('API client').first().fill('shop')
  await page.getByLabel('Secret of the API client').fill('secret')
  await page.keyboard.press('Enter')
  await page.getByText(/It cannot be followed since/).waitFor()
  await page.getByText(`${server.origin}/upgrade/data-centre`).waitFor()
  await check('platform-away')
  await page.goto(`${server.origin}/portal/platforms`)
  await page.getByRole('link', { name: 'Data centre' }).waitFor()
  await check('platforms')
})
