import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { DOCUMENTS_HOST } from '../../src/demonstration/northwind.ts'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'

/** The examples of the documentation, byte for byte but for scheme and port. */
const APPLICATION = (plan: number, period: number): string =>
  `shopping_cart_items[][plan_id]=${plan}&shopping_cart_items[][plan_period_id]=${period}&shopping_cart_items[][type]=application`
const EXAMPLES = {
  first: APPLICATION(425, 1840),
  second: `${APPLICATION(425, 1840)}&manager_key=carter81`,
  third: `${APPLICATION(569, 2072)}&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]={1000}&skip_all_steps=1`,
} as const

const CLIENT = { id: 'journey', secret: 'a-secret-of-the-journey' }

let server: ServerProcess
const mailbox = await openMailbox()
let browser: Browser
let staff: Page
const seen: string[] = []

before(async () => {
  server = await startServer({
    dataDir: await demonstrationDataDir(),
    env: { SMTP_URL: mailbox.url, BUYLINK_CLIENT_ID: CLIENT.id, BUYLINK_CLIENT_SECRET: CLIENT.secret },
  })
  browser = await launchBrowser({ hosts: { [DOCUMENTS_HOST]: '127.0.0.1' } })
  staff = await (await browser.newContext()).newPage()
  await staff.goto(`${server.origin}/portal`)
  await staff.getByLabel('Email address').fill(SIGN_INS.reseller)
  await staff.getByLabel('Password').fill(PASSWORD)
  await staff.getByRole('button', { name: 'Sign in' }).click()
  await staff.getByRole('heading', { level: 1 }).waitFor()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const linkOf = (query: string): string => `http://${DOCUMENTS_HOST}:${server.port}/external_dispatcher/settle?${query}`

/** From the click to the page that places the order, the mail opened in `other` where that is given. */
async function arrive(context: BrowserContext, query: string, email: string, other?: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(linkOf(query))
  await page.getByLabel('Email address').fill(email)
  await check(page, 'register')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
  await check(page, 'check mail')
  const mail = await mailbox.newestTo(email)
  const link = /http:\/\/\S+\/client\/confirm\?token=[\w-]+/.exec(mail.text ?? '')?.[0]
  assert.ok(link, mail.text)
  const there = other ? await other.newPage() : page
  await there.goto(link)
  await check(there, 'confirm')
  await there.getByRole('button', { name: 'Confirm and go on' }).click()
  return there
}

async function fillDetails(page: Page, company: string): Promise<void> {
  await page.getByLabel('First name').fill('Mira')
  await page.getByLabel('Last name').fill('Okonjo')
  await page.locator('[name=company_name]').fill(company)
  await page.locator('[name=country]').selectOption('US')
  await page.locator('[name=street]').fill('1 Main Street')
  await page.locator('[name=zip]').fill('01101')
  await page.locator('[name=city]').fill('Springfield')
  await check(page, 'details')
  await page.getByRole('button', { name: /Continue|Save/ }).click()
}

/** The reseller's person approves the payment of a company, in the portal. */
async function approve(company: string): Promise<void> {
  await staff.goto(`${server.origin}/portal/payments?status=waiting_for_payment`)
  await staff.getByRole('link', { name: company }).or(staff.getByText(company)).first().waitFor()
  await check(staff, 'payments to approve')
  const row = staff
    .getByRole('row', { name: new RegExp(company) })
    .or(staff.locator('li', { hasText: company }))
    .first()
  await row.getByRole('link').first().click()
  // The list has such buttons too.
  await staff.getByRole('heading', { level: 1, name: /^Payment / }).waitFor()
  await staff.getByRole('button', { name: 'Approve' }).first().click()
  const dialog = staff.getByRole('dialog')
  await dialog.waitFor()
  await check(staff, 'approve')
  await dialog.getByRole('button', { name: /^Approve/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await staff.getByText('Completed').locator('visible=true').first().waitFor()
}

async function check(page: Page, name: string): Promise<void> {
  if (seen.includes(name)) return
  seen.push(name)
  const serious = (await axeViolations(page)).filter(({ impact }) => impact === 'serious' || impact === 'critical')
  assert.deepEqual(serious, [], name)
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  assert.equal(scrolls, false, `${name} scrolls sideways`)
}

/** What the signed-in customer's program would see. */
const api = <Body>(page: Page, path: string): Promise<Body> =>
  page.evaluate(async (url) => (await fetch(url)).json(), `/api/v1${path}`)

interface Orders {
  readonly items: readonly {
    readonly id: string
    readonly status: string
    readonly total: { readonly amount: string }
    readonly manager: { readonly name: string } | null
    readonly payment: {
      readonly purpose: string
      readonly status: string
      readonly total: { readonly amount: string }
    } | null
    readonly subscription: { readonly status: string }
  }[]
}

test('the first example: from the click to an active subscription', async () => {
  const page = await arrive(await browser.newContext(), EXAMPLES.first, 'first@example.com')
  await page.getByRole('heading', { name: 'Configure Backup Business' }).waitFor()
  await check(page, 'configure')
  await page.getByRole('button', { name: 'Continue' }).first().click()
  await fillDetails(page, 'First Example Ltd')
  await page.getByRole('heading', { name: 'Check and order' }).waitFor()
  await check(page, 'confirm order')
  await page.getByRole('button', { name: /^Place order/ }).click()
  await page.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor()
  await check(page, 'pay')
  await approve('First Example Ltd')
  await page.getByRole('heading', { name: 'Backup Business is ready' }).waitFor()
  await check(page, 'done')
  const [order] = (await api<Orders>(page, '/orders')).items
  assert.equal(order?.status, 'completed')
  assert.equal(order?.total.amount, '49.00')
  assert.equal(order?.subscription.status, 'active')
  assert.equal(order?.manager, null)
  for (const path of ['/client', '/client/subscriptions', '/client/orders', '/client/payments', '/client/profile']) {
    await page.goto(new URL(path, page.url()).href)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await check(page, path)
  }
})

test('the second example: the account is linked to carter81, the mail opened on another device', async () => {
  const elsewhere = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await arrive(await browser.newContext(), EXAMPLES.second, 'second@example.com', elsewhere)
  await page.getByRole('heading', { name: 'Configure Backup Business' }).waitFor()
  await check(page, 'configure on a phone')
  await page.getByRole('button', { name: 'Continue' }).first().click()
  await fillDetails(page, 'Second Example Ltd')
  await page.getByRole('button', { name: /^Place order/ }).click()
  await page.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor()
  await check(page, 'pay on a phone')
  await approve('Second Example Ltd')
  await page.getByRole('heading', { name: 'Backup Business is ready' }).waitFor()
  const [order] = (await api<Orders>(page, '/orders')).items
  assert.equal(order?.subscription.status, 'active')
  assert.equal(order?.manager?.name, 'Carter Evans')
  const accounts = await api<{ items: { name: string; manager: { name: string } | null }[] }>(
    staff,
    '/accounts?query=Second',
  )
  assert.equal(accounts.items[0]?.manager?.name, 'Carter Evans')
})

test('the third example: an order of 0.00, a top-up of 1000.00, and provisioning only after it completes', async () => {
  const page = await arrive(await browser.newContext(), EXAMPLES.third, 'third@example.com')
  await fillDetails(page, 'Third Example Ltd')
  await page.getByRole('heading', { name: 'Check and order' }).waitFor()
  await check(page, 'confirm top-up')
  await page.getByRole('button', { name: /^Place order/ }).click()
  await page.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor()
  const [waiting] = (await api<Orders>(page, '/orders')).items
  assert.equal(waiting?.total.amount, '0.00')
  assert.equal(waiting?.status, 'waiting_for_payment')
  assert.equal(waiting?.subscription.status, 'ordered')
  assert.deepEqual([waiting?.payment?.purpose, waiting?.payment?.total.amount], ['top_up', '1000.00'])
  await approve('Third Example Ltd')
  await page.getByRole('heading', { name: 'Backup Pay as you go is ready' }).waitFor()
  const [order] = (await api<Orders>(page, '/orders')).items
  assert.equal(order?.status, 'completed')
  assert.equal(order?.subscription.status, 'active')
  const accounts = await api<{ items: { balance: { amount: string } }[] }>(staff, '/accounts?query=Third')
  assert.equal(accounts.items[0]?.balance.amount, '1000.00')
})

test('the command line explains the third example and proves the books of the running server', async () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../bin/buylink.js'), ...args], {
      env: {
        ...process.env,
        BUYLINK_SERVER: server.origin,
        BUYLINK_CLIENT_ID: CLIENT.id,
        BUYLINK_CLIENT_SECRET: CLIENT.secret,
      },
    })
  const { stdout } = await run('link', 'explain', linkOf(EXAMPLES.third))
  assert.match(
    stdout,
    /This link is good\.[\s\S]*Period +no end \(2072\)[\s\S]*Total today +0\.00 USD[\s\S]*Top-up +1000\.00 USD/,
  )
  await assert.rejects(run('link', 'explain', linkOf(APPLICATION(999, 1))), { code: 1, stdout: /plan_not_found/ })
  assert.match((await run('ledger', 'verify')).stdout, /The books are in order/)
})

test('a link with problems says all of them and where to go on, without script too', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const answer = await page.goto(linkOf(`${APPLICATION(425, 2072)}&shopping_cart_items[][type]=topup`))
  assert.equal(answer?.status(), 422)
  const text = await page.locator('main').innerText()
  assert.match(text, /belongs to another plan/)
  assert.match(text, /not how much/)
  assert.match(text, /does not take a top-up/)
  assert.ok((await page.getByRole('link').count()) > 1)
})

test('the store is whole without script, and Buy now is a real buy-link', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto(`http://${DOCUMENTS_HOST}:${server.port}/?manager_key=carter81`)
  assert.equal(new URL(page.url()).search, '', 'the key does not stay in the address')
  assert.equal(
    (await context.cookies()).find(({ name }) => name === 'buylink_manager')?.value.split('~')[0],
    'carter81',
  )
  await page.getByRole('link', { name: 'Backup', exact: false }).first().click()
  const href = await page.getByRole('link', { name: 'Buy now' }).first().getAttribute('href')
  assert.match(
    href ?? '',
    /\/external_dispatcher\/settle\?shopping_cart_items\[\]\[plan_id\]=425&shopping_cart_items\[\]\[plan_period_id\]=1840&/,
  )
  assert.doesNotMatch(await page.content(), /carter81/)
})

test('axe finds nothing serious on store and portal pages, at phone and desktop width', async () => {
  for (const width of [390, 1280]) {
    const visitor = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage()
    for (const path of ['/', '/product/backup', '/product/backup-on-demand', '/nothing', '/client/sign-in']) {
      await visitor.goto(server.origin + path)
      await check(visitor, `${path} at ${width}`)
    }
    await staff.setViewportSize({ width, height: 900 })
    for (const path of [
      '/portal',
      '/portal/payments',
      '/portal/orders',
      '/portal/subscriptions',
      '/portal/accounts',
      '/portal/links',
    ]) {
      await staff.goto(server.origin + path)
      await staff.getByRole('heading', { level: 1 }).first().waitFor()
      await check(staff, `${path} at ${width}`)
    }
  }
})
