import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'
import { until } from '../harness/visitor.ts'

const WAIT = { timeout: 30_000 }
let server: ServerProcess
let browser: Browser
before(async () => {
  server = await startServer({
    dataDir: await demonstrationDataDir(),
    env: { BUYLINK_STAFF_SECOND_FACTOR: 'required' },
  })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function enterPassword(page: Page): Promise<void> {
  await page.goto(`${server.origin}/portal/sign-in`)
  await page.getByLabel('Email address').fill(SIGN_INS.operator)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
/** A step ahead: the code of this one may be used up. */
const nextCode = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + 30_000 })

test('an operator is led to set up a second factor, signs in with it and with a recovery code, and turns it off', async () => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 850 } })).newPage()
  await enterPassword(page)
  await page.getByRole('heading', { name: 'Sign-in and security' }).waitFor(WAIT)
  await page.getByText('Set up a second factor to go on').waitFor(WAIT)
  const refused = await page.request.get(`${server.origin}/api/v1/tenants`)
  assert.equal(refused.status(), 403)
  assert.match(((await refused.json()) as { detail: string }).detail, /Set up a second factor first/)
  const section = page.locator('section', { hasText: 'Second factor' })
  await section.getByLabel('Current password').fill(PASSWORD)
  await section.getByRole('button', { name: 'Set up a second factor' }).click()
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor(WAIT)
  assert.deepEqual(await axeViolations(page), [])
  const secret = (await section.locator('.copy .value').textContent()) ?? ''
  await section.getByLabel('Code of the app').fill('000000')
  await section.getByRole('button', { name: 'Turn on' }).click()
  await section.getByRole('button', { name: /This code is wrong/ }).waitFor(WAIT)
  const now = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  await section.getByLabel('Code of the app').fill(now)
  await section.getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('Keep these recovery codes').waitFor(WAIT)
  assert.deepEqual(await axeViolations(page), [])
  const codes = await page.locator('.recovery-codes li').allTextContents()
  assert.equal(codes.length, 10)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes are left.').waitFor(WAIT)
  // Who they are is kept for a second.
  await until(
    async () => page.request.get(`${server.origin}/api/v1/tenants`),
    (answer) => answer.ok(),
  )
  await page.goto(`${server.origin}/portal/tenants`)
  await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor(WAIT)

  const again = await (await browser.newContext()).newPage()
  await enterPassword(again)
  const field = again.getByLabel('Code of your authenticator app')
  await field.waitFor(WAIT)
  await again.waitForFunction(() => document.activeElement?.getAttribute('name') === 'code', undefined, WAIT)
  assert.deepEqual(await axeViolations(again), [])
  await field.fill(nextCode(secret))
  await again.keyboard.press('Enter')
  await again.getByRole('button', { name: 'Sign out' }).waitFor(WAIT)

  const lost = await (await browser.newContext()).newPage()
  await enterPassword(lost)
  await lost.getByLabel('Code of your authenticator app').fill(codes[0] ?? '')
  await lost.getByRole('button', { name: 'Sign in' }).click()
  await lost.getByRole('button', { name: 'Sign out' }).waitFor(WAIT)
  await lost.goto(`${server.origin}/portal/security`)
  await lost.getByText('9 recovery codes are left.').waitFor(WAIT)
  await lost.getByRole('button', { name: 'Turn off' }).click()
  const dialog = lost.getByRole('dialog')
  await dialog.getByLabel('Code of the app, or a recovery code').fill(codes[1] ?? '')
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await lost.getByText('The second factor is off.').waitFor(WAIT)
  const last = await (await browser.newContext()).newPage()
  await enterPassword(last)
  await last.getByText('Set up a second factor to go on').waitFor(WAIT)
})
