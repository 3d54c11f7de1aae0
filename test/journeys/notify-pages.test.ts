import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { leaveAndReturn, press, tabTo, typeInto, untilFocused } from '../harness/keyboard.ts'
import { openReceiver } from '../harness/receiver.ts'
import { type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'

const receiver = await openReceiver()
let server: ServerProcess
let browser: Browser
let page: Page

before(async () => {
  server = await startServer({ dataDir: await demonstrationDataDir(), env: { BUYLINK_ALLOW_INTERNAL: '1' } })
  browser = await launchBrowser()
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${server.origin}/portal`)
  await page.getByLabel('Email address').fill(SIGN_INS.reseller)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Event handlers' }).waitFor()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** On a phone and on a desk: accessible, and nothing wider than the page. */
async function check(name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    assert.deepEqual(await axeViolations(page), [], `${name} at ${width}`)
    const folder = process.env['SHOTS']
    if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(' ', '-')}-${width}.png`, fullPage: true })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(overflow <= 0, `${name} at ${width} is ${overflow} px too wide`)
  }
}

const open = async (path: string, heading: string) => {
  await page.goto(server.origin + path)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

test('a webhook is added, shows its secret once, is tried, and its deliveries are read and sent again', async () => {
  await open('/portal/webhooks', 'Webhooks')
  await check('no webhooks')
  await page.getByRole('link', { name: 'Add webhook' }).click()
  await page.getByLabel('Address').fill('https://user:secret@example.com/')
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByText('Leave name and password out').first().waitFor()
  await check('a refused webhook')
  await page.getByLabel('Address').fill(receiver.url)
  await page.getByLabel('Description').fill('My receiver')
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByText(/^whsec_/).waitFor()
  await check('the secret')
  await page.getByRole('link', { name: 'Done, I have it' }).click()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByRole('cell', { name: 'Delivered' }).waitFor()
  assert.equal(receiver.received[0]?.body.type, 'webhook.test')
  assert.equal(await page.getByText(/^whsec_/).count(), 0)
  await check('a webhook')
  await page.getByRole('button', { name: 'New secret' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
  await page.getByText(/^whsec_/).waitFor()
  await page.getByText('still signs').waitFor()
  await page.getByRole('link', { name: 'webhook.test' }).click()
  await page.getByRole('heading', { name: 'Tries' }).waitFor()
  await check('a delivery')
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.getByRole('rowheader', { name: '2' }).waitFor()
  assert.equal(receiver.received[1]?.id, receiver.received[0]?.id)
  await open('/portal/webhooks?query=mine', 'Webhooks')
  await page.getByText('No webhook matches').waitFor()
  await open('/portal/deliveries?status=delivered', 'Deliveries')
  await page.getByRole('link', { name: 'webhook.test' }).waitFor()
  await check('deliveries')
})

test('the log is filtered by state, event, channel, webhook and day, all of it in the address, and saved as a file', async () => {
  await open('/portal/deliveries', 'Deliveries')
  await page.getByLabel('Status').selectOption('delivered')
  await page.waitForURL(/status=delivered/)
  await page.getByLabel('Channel').selectOption('webhook')
  await page.waitForURL(/channel=webhook/)
  await page.getByLabel('Webhook', { exact: true }).selectOption({ label: 'My receiver' })
  await page.waitForURL(/webhook_id=/)
  assert.match(page.url(), /status=delivered/)
  await page.getByRole('link', { name: 'webhook.test' }).waitFor()
  await check('filtered deliveries')
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download CSV' }).click()
  const file = await (await saving).path()
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\r\n')
  assert.match(head ?? '', /^\uFEFF?id,event_id,event_type,subject_kind,subject_id,channel,/)
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /webhook\.test.*delivered/)
  await page.getByLabel('Until').fill('2020-01-01')
  await page.waitForURL(/until=2020-01-01/)
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
  await page.getByRole('link', { name: 'Show everything' }).click()
  await page.getByRole('link', { name: 'webhook.test' }).waitFor()
})

test('a webhook is looked after by keyboard alone: a new secret, everything once more, one delivery again', async () => {
  await open('/portal/webhooks', 'Webhooks')
  await press(page, page.getByRole('link', { name: 'My receiver' }))
  const rotate = page.getByRole('button', { name: 'New secret' })
  await leaveAndReturn(page, rotate)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await press(page, dialog.getByRole('button', { name: 'Not now' }))
  await dialog.waitFor({ state: 'hidden' })
  await untilFocused(rotate)
  assert.equal(await page.getByText(/^whsec_/).count(), 0, 'nothing was changed')
  await page.keyboard.press('Enter')
  await press(page, dialog.getByRole('button', { name: 'New secret' }))
  await page.getByText(/^whsec_/).waitFor()

  const again = page.getByRole('button', { name: 'Replay since…' })
  await leaveAndReturn(page, again)
  await page.keyboard.press('Enter')
  const since = dialog.getByLabel('Since')
  await tabTo(page, since)
  await page.keyboard.type('01012020')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('1200AM')
  assert.equal(await since.inputValue(), '2020-01-01T00:00')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })

  await leaveAndReturn(page, page.getByRole('button', { name: 'Delete' }))
  await press(page, page.getByRole('link', { name: 'webhook.test' }))
  await page.getByRole('heading', { name: 'Tries' }).waitFor()
  const tries = await page.getByRole('rowheader').count()
  await press(page, page.getByRole('button', { name: 'Send again' }))
  await page.getByRole('rowheader', { name: String(tries + 1) }).waitFor()
})

test('a handler is written while the preview follows a real past event, saved and deleted, by keyboard alone', async () => {
  await open('/portal/event-handlers', 'Event handlers')
  await press(page, page.getByRole('link', { name: 'New event handler' }))
  await page.getByRole('heading', { level: 1, name: 'New event handler' }).waitFor()
  await typeInto(page, page.getByLabel('Name', { exact: true }), 'By hand alone')
  await tabTo(page, page.getByLabel('Event', { exact: true }))
  await page.keyboard.type('order.placed')
  await tabTo(page, page.getByLabel('The account’s administrators and finance'))
  await page.keyboard.press('Space')
  await typeInto(page, page.getByLabel('Subject'), 'Hello {{ account.name }}')
  await typeInto(page, page.getByLabel('Body'), '# Thank you')
  await page.getByText('Hello Contoso Dental').waitFor()
  // What may be written is listed with what it is for the event that is shown.
  await press(page, page.getByText('What you can write'))
  await page.getByText('{{ order.plan }}').waitFor()
  await check('what can be written')
  await press(page, page.getByRole('button', { name: 'Save', exact: true }))
  await page.getByRole('heading', { level: 1, name: 'By hand alone' }).waitFor()
  const remove = page.getByRole('button', { name: 'Delete' })
  await leaveAndReturn(page, remove)
  await page.keyboard.press('Enter')
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Delete' }))
  await page.getByRole('heading', { level: 1, name: 'Event handlers' }).waitFor()
  assert.equal(await page.getByText('By hand alone').count(), 0)
})

test('a built-in handler is made one’s own while the preview follows, and applies again once that is deleted', async () => {
  await open('/portal/event-handlers?query=confirmation', 'Event handlers')
  await check('event handlers')
  await page.getByRole('link', { name: 'Order placed: confirmation to the customer' }).click()
  await page
    .getByText(/Your order O-|Your order [A-Z]/)
    .first()
    .waitFor()
  await check('a built-in handler')
  await page.getByLabel('Subject').fill('Merci, {{ account.name }}')
  await page.getByText('Merci, Contoso Dental').waitFor()
  await page.getByLabel('Only if').fill('account.country == "FR"')
  await page.getByText('nothing would be sent').waitFor()
  await page.getByLabel('Only if').fill('')
  await page.getByLabel('Body').fill('{% if %}')
  await page.getByText('This cannot be sent').waitFor()
  await check('a handler that cannot be sent')
  await page.getByLabel('Body').fill('# Merci')
  await page.getByRole('button', { name: 'Save as your own' }).click()
  await page.getByText('Your own', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Send me a test' }).click()
  await page.getByText('Sent to you').waitFor()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { level: 1, name: 'Event handlers' }).waitFor()
  await open('/portal/event-handlers/new', 'New event handler')
  await check('a new handler')
})

test('notices wait behind the bell until they are read', async () => {
  await open('/portal/notices', 'Notices')
  await check('notices')
})
