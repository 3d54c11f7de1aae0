import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { leaveAndReturn } from '../harness/keyboard.ts'
import { type ServerProcess, startServer, demonstrationDataDir, welcomeOf } from '../harness/server.ts'

let server: ServerProcess
let browser: Browser
/** Pictures of each page at both widths, for whoever wants to look: `BUYLINK_SHOTS=folder`. */
const shots = process.env['BUYLINK_SHOTS']

before(async () => {
  server = await startServer({ dataDir: await demonstrationDataDir(), env: { BUYLINK_DEMO: '1' } })
  await welcomeOf(server)
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function signIn(area: 'client' | 'portal', email: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${server.origin}/${area}`)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: area === 'client' ? 'Profile' : 'Staff' }).waitFor()
  return page
}

/** Nothing that axe finds, nothing that scrolls sideways, at both widths. */
async function check(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    if (shots !== undefined) {
      mkdirSync(shots, { recursive: true })
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true })
    }
    assert.deepEqual(await axeViolations(page), [], `${name} at ${width}`)
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(scrolls, false, `${name} scrolls sideways at ${width}`)
  }
}

test('a customer invites a colleague and reads what was agreed to', async () => {
  const page = await signIn('client', SIGN_INS.customer)
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByRole('link', { name: 'Invite someone' }).click()
  await page.getByLabel('Email address').fill('eve@contoso.example')
  await check(page, 'invite')
  await page.getByLabel('Finance').check()
  await page.getByRole('button', { name: 'Send invitation' }).click()
  await page.getByText('eve@contoso.example was mailed an invitation.').waitFor()
  await check(page, 'users')
  await page.getByRole('link', { name: 'eve@contoso.example' }).click()
  const disable = page.getByRole('button', { name: 'Disable' })
  await leaveAndReturn(page, disable)
  await disable.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Enable' }).waitFor()
  await check(page, 'person')
  await page.getByRole('link', { name: 'Profile' }).click()
  await page.getByRole('heading', { name: 'What you agreed to' }).waitFor()
  await check(page, 'profile')
})

test('staff make an API client and put an account on hold, whose people read why', async () => {
  const page = await signIn('portal', SIGN_INS.reseller)
  await page.getByRole('link', { name: 'API clients' }).click()
  await page.getByRole('link', { name: 'New API client' }).click()
  await page.getByLabel('Name').fill('Meter')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByText('Keep the secret now').waitFor()
  await check(page, 'client-made')
  await page.getByRole('link', { name: 'I have kept it' }).click()
  await leaveAndReturn(page, page.getByRole('button', { name: 'Delete' }).first())
  await check(page, 'clients')
  await page.getByRole('link', { name: 'Accounts' }).click()
  await page.getByRole('link', { name: 'Contoso Dental' }).click()
  const hold = page.getByRole('button', { name: 'Put on hold' })
  await leaveAndReturn(page, hold)
  await hold.click()
  await page.getByLabel('Reason').fill('Papers are missing.')
  await page.getByRole('dialog').getByRole('button', { name: 'Put on hold' }).click()
  await page.getByText('On hold: nothing can be ordered').waitFor()
  await check(page, 'account-held')
  const customer = await signIn('client', SIGN_INS.customer)
  await customer.getByText('Papers are missing.').waitFor()
  await check(customer, 'client-held')
})
