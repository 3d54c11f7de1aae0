import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { leaveAndReturn, press, tabTo, typeInto, untilFocused } from '../harness/keyboard.ts'
import { demonstrationDataDir, type ServerProcess, startServer } from '../harness/server.ts'
import { until } from '../harness/visitor.ts'

/** The main tasks of control panel and portal by somebody without a mouse: Tab, arrows, Space, Enter, Escape. */

const LINK =
  '/external_dispatcher/settle?shopping_cart_items[][plan_id]=426&shopping_cart_items[][plan_period_id]=1850&shopping_cart_items[][type]=application'

let server: ServerProcess
let browser: Browser
let staff: Page
let customer: Page
/** What scripts threw; a press of a mouse is among it. */
const failures: string[] = []

before(async () => {
  server = await startServer({ dataDir: await demonstrationDataDir() })
  browser = await launchBrowser()
  staff = await newPage()
  customer = await newPage()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await context.addInitScript(() =>
    addEventListener(
      'pointerdown',
      () => {
        throw new Error('A mouse was used')
      },
      true,
    ),
  )
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', ({ message }) => failures.push(message))
  return page
}

const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name, exact: typeof name === 'string' }).waitFor()

/** By the menu at the side. */
async function go(page: Page, name: string, title = name): Promise<void> {
  await press(page, page.getByRole('navigation').getByRole('link', { name, exact: true }))
  await heading(page, title)
}

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })
const link = (page: Page, name: string | RegExp): Locator =>
  page.locator('#main').getByRole('link', { name, exact: typeof name === 'string' })

/** A choice by the first letters of its words, as the browser's own picker takes them. */
async function choose(page: Page, field: Locator, words: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.type(words)
  const chosen = await field.evaluate((each) => (each as HTMLSelectElement).selectedOptions[0]?.label)
  assert.ok(chosen?.startsWith(words), `${chosen} is chosen, not ${words}`)
}

async function signIn(page: Page, email: string): Promise<void> {
  await typeInto(page, page.getByLabel('Email address'), email)
  await typeInto(page, page.getByLabel('Password', { exact: true }), PASSWORD)
  await page.keyboard.press('Enter')
}

/** Somebody is somewhere on the page, not thrown back to its top. */
async function keepsPlace(page: Page, what: string): Promise<void> {
  const isNowhere = () => document.activeElement === null || document.activeElement === document.body
  assert.equal(await page.evaluate(isNowhere), false, `${what}: the focus is nowhere`)
}

test('from a buy link to what runs: signed in, configured, ordered, and approved by staff', async () => {
  await customer.goto(server.origin + LINK)
  await press(customer, customer.getByRole('link', { name: /sign in/i }).first())
  await signIn(customer, SIGN_INS.customer)
  await heading(customer, 'Configure Backup Enterprise')
  const workstations = customer.getByRole('group', { name: /workstations/i }).getByRole('spinbutton')
  await tabTo(customer, workstations)
  const least = Number(await workstations.inputValue())
  await customer.keyboard.press('ArrowUp')
  assert.equal(await workstations.inputValue(), String(least + 1))
  await press(customer, button(customer, 'Continue'))
  await heading(customer, 'Check and order')
  await press(customer, button(customer, /^Place order/))
  await heading(customer, 'Pay by bank transfer')

  await staff.goto(`${server.origin}/portal`)
  await signIn(staff, SIGN_INS.reseller)
  const approve = staff
    .locator('#main')
    .getByRole('button', { name: /^Approve/ })
    .first()
  await leaveAndReturn(staff, approve)
  await staff.keyboard.press('Enter')
  const dialog = staff.getByRole('dialog')
  await press(staff, dialog.getByRole('button', { name: /^Approve/ }))
  await dialog.waitFor({ state: 'detached' })
  await heading(customer, 'Backup Enterprise is ready')
  await press(customer, customer.getByRole('link', { name: 'Open subscription' }))
  await heading(customer, 'Backup Enterprise')
})

test('a customer adds to the balance; what was no amount is said and put right', async () => {
  await go(customer, 'Balance')
  const amount = customer.getByLabel('Amount (USD)')
  await typeInto(customer, amount, 'plenty')
  await customer.keyboard.press('Enter')
  await customer.getByText('Enter an amount such as 50').first().waitFor()
  await typeInto(customer, amount, '25')
  await press(customer, button(customer, 'Continue to payment'))
  await heading(customer, /^Payment /)
})

test('a customer invites a colleague, changes the profile and takes the data along', async () => {
  await go(customer, 'Users')
  await press(customer, link(customer, 'Invite someone'))
  await typeInto(customer, customer.getByLabel('Email address'), 'eve@contoso.example')
  const role = customer.getByRole('radio').first()
  await tabTo(customer, customer.getByRole('radio', { checked: true }).or(role).first())
  const finance = customer.getByRole('radio', { name: /^Finance/ })
  for (let step = 0; step < 8 && !(await finance.isChecked()); step++) await customer.keyboard.press('ArrowDown')
  await press(customer, button(customer, 'Send invitation'))
  await customer.getByText('eve@contoso.example was mailed an invitation.').waitFor()

  await go(customer, 'Profile')
  await typeInto(customer, customer.locator('[name=city]'), 'Shelbyville')
  await press(customer, button(customer, 'Save details'))
  await customer.getByText('Saved.').waitFor()
  assert.equal(await customer.locator('[name=city]').inputValue(), 'Shelbyville')
  await tabTo(customer, link(customer, 'Download'))
  const [file] = await Promise.all([customer.waitForEvent('download'), customer.keyboard.press('Enter')])
  assert.match(file.suggestedFilename(), /\.json$/)
})

test('staff make a product with a plan and its price, put it on sale, and open a store for it', async () => {
  await go(staff, 'Products')
  await press(staff, link(staff, 'New product'))
  await typeInto(staff, staff.getByLabel('Name', { exact: true }), 'Archive')
  await press(staff, button(staff, 'Add product'))
  await heading(staff, 'Archive')
  await press(staff, link(staff, 'New plan'))
  await typeInto(staff, staff.getByLabel('Plan', { exact: true }), 'Archive Team')
  await typeInto(staff, staff.getByLabel('A month, USD'), '7.00')
  await press(staff, button(staff, 'Add a resource'))
  const resource = staff.getByRole('group', { name: /^Resource 1/ })
  await typeInto(staff, resource.getByLabel('Name', { exact: true }), 'Mailboxes')
  await typeInto(staff, resource.getByLabel('Unit', { exact: true }), 'mailbox')
  const switchable = staff.getByRole('combobox', { name: 'Plans one can switch to' })
  for (const plan of ['Backup: Backup Enterprise', 'Backup: Backup Business']) {
    await choose(staff, switchable, plan)
    await press(staff, button(staff, 'Add to: Plans one can switch to'))
    await untilFocused(switchable)
  }
  await press(staff, button(staff, 'Move up Backup: Backup Business'))
  await untilFocused(switchable)
  await press(staff, button(staff, 'Take out Backup: Backup Enterprise'))
  await untilFocused(switchable)
  await press(staff, button(staff, 'Add plan'))
  await heading(staff, 'Archive Team')
  await choose(staff, staff.locator('[name=status]'), 'On sale')
  await press(staff, button(staff, 'Save'))
  await staff.getByText('Saved.').waitFor()
  await staff.getByText('$7.00').first().waitFor()
  const listed = () =>
    staff.getByRole('list', { name: 'Plans one can switch to' }).getByRole('listitem').allInnerTexts()
  // The names of the choices come after the page.
  await until(listed, (texts) => texts.join() === 'Backup: Backup Business\nTake out', { what: 'plan to switch to' })

  await go(staff, 'Stores')
  await press(staff, link(staff, 'Open a store'))
  await typeInto(staff, staff.getByLabel('Name', { exact: true }), 'Archive shop')
  await typeInto(staff, staff.locator('[name=domains]'), `http://archive.example:${server.port}`)
  await press(staff, button(staff, 'Open store'))
  await heading(staff, 'Archive shop')
})

test('staff build a link, copy it and save its QR code', async () => {
  await go(staff, 'Link builder')
  await choose(staff, staff.getByLabel('Plan', { exact: true }), 'Archive: Archive Team')
  await staff.waitForURL(/plan=/)
  await staff.getByText('This link is good').waitFor()
  await press(staff, staff.getByRole('button', { name: 'Copy: link', exact: true }))
  const shown = await staff.getByTestId('link').innerText()
  assert.equal(await staff.evaluate(() => navigator.clipboard.readText()), shown)
  await tabTo(staff, button(staff, 'Save as SVG'))
  const [file] = await Promise.all([staff.waitForEvent('download'), staff.keyboard.press('Space')])
  assert.equal(file.suggestedFilename(), 'buy-link.svg')
})

test('staff find a customer in the tree, order for them, hold the account and release it', async () => {
  await go(staff, 'Tenants')
  await typeInto(staff, staff.getByRole('searchbox'), 'contoso')
  await staff.keyboard.press('Enter')
  await staff.waitForURL(/query=contoso/)
  // Its name leads on to the units below it.
  await press(staff, link(staff, 'Account'))
  await heading(staff, 'Contoso Dental')
  await press(staff, link(staff, 'Order for this customer'))
  await choose(staff, staff.getByLabel('Plan', { exact: true }), 'Archive: Archive Team')
  await staff.waitForURL(/plan=/)
  await press(staff, button(staff, 'See the price'))
  await staff.getByText('$7.00').first().waitFor()
  await press(staff, button(staff, 'Order for Contoso Dental'))
  await staff.waitForURL(/\/portal\/orders\/[\da-f-]+$/)

  await go(staff, 'Accounts')
  await press(staff, link(staff, 'Contoso Dental'))
  const hold = staff.locator('#main').getByRole('button', { name: 'Put on hold' })
  await leaveAndReturn(staff, hold)
  // On a busy machine a frame comes before React has cleared the dialog away: here it does.
  await staff.keyboard.press('Enter')
  await staff.getByRole('dialog').waitFor()
  await staff.evaluate(() => {
    const { requestAnimationFrame } = window
    window.requestAnimationFrame = (draw) => {
      draw(performance.now())
      return 0
    }
    setTimeout(() => Object.assign(window, { requestAnimationFrame }), 500)
  })
  await staff.keyboard.press('Escape')
  await untilFocused(hold)
  await staff.waitForFunction(() => String(window.requestAnimationFrame).includes('native'))
  for (const [opener, then] of [
    ['Put on hold', 'Release from hold'],
    ['Release from hold', 'Put on hold'],
  ] as const) {
    await staff.keyboard.press('Enter')
    const dialog = staff.getByRole('dialog')
    await dialog.waitFor()
    const isInside = () => dialog.evaluate((each) => each.contains(document.activeElement))
    await until(isInside, Boolean, { what: 'focus inside' })
    await typeInto(staff, dialog.getByLabel('Reason'), 'Papers are missing.')
    await press(staff, dialog.getByRole('button', { name: opener }))
    await dialog.waitFor({ state: 'detached' })
    await untilFocused(staff.locator('#main').getByRole('button', { name: then }))
  }
})

test('staff filter the audit log, and make an API client whose secret is shown once', async () => {
  await go(staff, 'Audit log')
  await typeInto(staff, staff.getByRole('searchbox'), 'account.')
  await staff.keyboard.press('Enter')
  await staff.waitForURL(/action=account/)
  await staff.getByText('account.release').or(staff.getByText('account.hold')).first().waitFor()
  assert.equal(await staff.getByText('plan.create').count(), 0)

  await go(staff, 'API clients')
  await press(staff, link(staff, 'New API client'))
  await typeInto(staff, staff.getByLabel('Name', { exact: true }), 'Meter')
  await press(staff, button(staff, 'Create'))
  await staff.getByText('Keep the secret now').waitFor()
  await keepsPlace(staff, 'after the client was made')
  await press(staff, staff.getByRole('button', { name: 'Copy: Secret' }))
  const secret = await staff.evaluate(() => navigator.clipboard.readText())
  assert.ok(secret.length >= 20)
  await press(staff, link(staff, 'I have kept it'))
  await link(staff, 'New API client').waitFor()
  await staff.goBack()
  await heading(staff, 'New API client')
  assert.equal((await staff.content()).includes(secret), false)
  await go(staff, 'API clients')
  await leaveAndReturn(staff, button(staff, /^Delete/).first())
})

test('no script failed, and nobody touched a mouse', () => assert.deepEqual(failures, []))
