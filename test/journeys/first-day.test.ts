import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { type ServerProcess, startServer, temporaryDataDir } from '../harness/server.ts'
import { PEOPLE, signIn, until, type Visitor } from '../harness/visitor.ts'

/** The documentation's third example, byte for byte but for scheme and host; the top-up is what comes after the first item. */
const ITEM =
  'shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application'
const TOPUP = '&shopping_cart_items[][type]=topup&shopping_cart_items[][amount]={1000}'
const STARTS = '2031-01-31T12:00:00.000Z'
const SHOP = 'tryout.example'
const STAFF = 'tess@tryout.example'
const PASSWORD = 'staple battery correct'

let server: ServerProcess
let browser: Browser
let staff: Page
let sellerId = ''
const mailbox = await openMailbox()
/** Pictures of what is looked at, for whoever wants to look: `BUYLINK_SHOTS=folder`. */
const shots = process.env['BUYLINK_SHOTS']

before(async () => {
  server = await startServer({ dataDir: await temporaryDataDir(), env: { SMTP_URL: mailbox.url } })
  browser = await launchBrowser({ hosts: { [SHOP]: '127.0.0.1' } })
  await openSandbox(await signIn(server.origin, PEOPLE.reseller))
  staff = await newPage()
  const [path] = /\/portal\/reset\?token=[\w-]+/.exec((await mailbox.newestTo(STAFF)).text ?? '') ?? []
  assert.ok(path)
  await staff.goto(shop() + path)
  await staff.getByLabel('New password').fill(PASSWORD)
  await staff.getByRole('button', { name: /password/i }).click()
  await staff.getByRole('link', { name: 'Link builder' }).waitFor()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const shop = (): string => `http://${SHOP}:${server.port}`

/** A reseller below the demonstration's, which sells the pay-as-you-go plan on at a store of its own. */
async function openSandbox(reseller: Visitor): Promise<void> {
  const administrator = { email: STAFF, first_name: 'Tess', last_name: 'Tryout' }
  const made = await reseller.call<{ id: string }>('POST', '/api/v1/resellers', {
    name: 'Tryout',
    currency: 'USD',
    administrator,
  })
  sellerId = made.id
  await reseller.call('PUT', `/api/v1/plans/569/delegations/${sellerId}`, { exchange_rate: '1', markup_percent: '0' })
  const store = {
    name: 'Tryout',
    status: 'active',
    domains: [shop()],
    bank_details: 'IBAN GB33 BUKB 2020 1555 5555 55',
  }
  await reseller.call('POST', '/api/v1/stores', { ...store, seller_id: sellerId })
}

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(30_000)
  return page
}

/** Nothing that axe finds serious, nothing that scrolls sideways, at both widths. */
async function check(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    const serious = (await axeViolations(page)).filter(({ impact }) => impact === 'serious' || impact === 'critical')
    assert.deepEqual(serious, [], `${name} at ${width}`)
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(scrolls, false, `${name} scrolls sideways at ${width}`)
    if (shots === undefined) continue
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: join(shots, `${name.replaceAll(' ', '-')}-${width}.png`), fullPage: true })
  }
}

/** What a signed-in browser's program sees. */
const api = <Body>(page: Page, path: string): Promise<Body> =>
  page.evaluate(async (url) => (await fetch(url)).json(), `/api/v1${path}`)

interface Customer {
  readonly page: Page
  readonly email: string
  readonly accountId: string
}

/** From the link to a subscription that runs. */
async function order(company: string, email: string, query: string): Promise<Customer> {
  const page = await newPage()
  await page.goto(`${shop()}/external_dispatcher/settle?${query}`)
  await page.getByText('this reseller’s time is not real').waitFor()
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
  const link = /http:\/\/\S+\/client\/confirm\?token=[\w-]+/.exec((await mailbox.newestTo(email)).text ?? '')?.[0]
  assert.ok(link)
  await page.goto(link)
  await page.getByRole('button', { name: 'Confirm and go on' }).click()
  await page.getByLabel('First name').fill('Mira')
  await page.getByLabel('Last name').fill('Okonjo')
  await page.locator('[name=company_name]').fill(company)
  await page.locator('[name=country]').selectOption('US')
  await page.locator('[name=street]').fill('1 Main Street')
  await page.locator('[name=zip]').fill('01101')
  await page.locator('[name=city]').fill('Springfield')
  await page.getByRole('button', { name: /Continue|Save/ }).click()
  await page.getByRole('heading', { name: 'Check and order' }).waitFor()
  await page.getByRole('button', { name: /^Place order/ }).click()
  if (query.includes('topup')) {
    await page.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor()
    await approve(company)
  }
  await page.getByRole('heading', { name: 'Backup Pay as you go is ready' }).waitFor()
  const { account } = await api<{ account: { id: string } }>(page, '/session')
  return { page, email, accountId: account.id }
}

/** The reseller's person says that the money has arrived. */
async function approve(company: string): Promise<void> {
  await staff.goto(`${shop()}/portal/payments?status=waiting_for_payment`)
  const row = staff.getByRole('row', { name: new RegExp(company) })
  await row.getByRole('link').first().click()
  // The list has such buttons too.
  await staff.getByRole('heading', { level: 1, name: /^Payment / }).waitFor()
  await staff.waitForURL(/\/portal\/payments\/[\w-]+$/)
  await staff.getByRole('button', { name: 'Approve' }).first().click()
  const dialog = staff.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Approve/ }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Moves the clock in the portal, by keyboard alone, and waits until all that was due is done. */
async function moveTo(time: string): Promise<void> {
  await staff.goto(`${shop()}/portal/test-clock`)
  await staff.getByLabel('Move to, in UTC').fill(time)
  await staff.getByRole('button', { name: 'Move the clock' }).focus()
  await staff.keyboard.press('Enter')
  const question = staff.getByRole('dialog', { name: 'Move the clock of Tryout?' })
  await question.waitFor()
  await question.getByRole('button', { name: 'Move the clock' }).focus()
  await staff.keyboard.press('Enter')
  await question.waitFor({ state: 'detached' })
  await until(
    () => api<{ now: string; is_moving: boolean }>(staff, `/resellers/${sellerId}/test-clock`),
    (clock) => clock.now.startsWith(time) && !clock.is_moving,
    { what: `the clock at ${time}`, timeoutMs: 90_000 },
  )
  await staff.getByText('The clock is there').waitFor()
}

async function statusOf({ page }: Customer): Promise<string | undefined> {
  const { items } = await api<{ items: { status: string }[] }>(page, '/subscriptions')
  return items[0]?.status
}

async function statementOf({ page, accountId }: Customer) {
  const { balance, blocked } = await api<Record<'balance' | 'blocked', { amount: string }>>(
    page,
    `/accounts/${accountId}/statement`,
  )
  return [balance.amount, blocked.amount]
}

async function useServers({ accountId }: Customer): Promise<void> {
  const event = {
    specversion: '1.0',
    type: 'com.buylink.usage',
    source: 'urn:journey',
    id: `servers-${accountId}`,
    subject: accountId,
    time: STARTS,
    data: { usage_name: 'servers', value: '20' },
  }
  // By the sandbox's own people: to anybody else that time has not come.
  const status = await staff.evaluate(async (body) => {
    const session = (await (await fetch('/api/v1/session')).json()) as { csrf_token: string }
    const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token }
    return (await fetch('/api/v1/usage', { method: 'POST', headers, body })).status
  }, JSON.stringify(event))
  assert.equal(status, 202)
}

const mailsTo = async (email: string) =>
  (await mailbox.all()).filter(({ to }) => to.includes(email)).map(({ mail }) => mail)

test('the third link over its first day: hours are held, the billing day closes them; without the top-up it stops after an hour', {
  timeout: 300_000,
}, async () => {
  await staff.goto(`${shop()}/portal/tenants/${sellerId}/test-clock`)
  await staff.getByLabel('Its time begins at').fill(STARTS.slice(0, 16))
  await check(staff, 'no test clock yet')
  await staff.getByRole('button', { name: 'Make it a sandbox' }).click()
  await staff.getByRole('dialog').getByRole('button', { name: 'Make it a sandbox' }).click()
  await staff.getByRole('heading', { name: 'It is now' }).waitFor()
  await staff.reload()
  await staff.getByText('this reseller’s time is not real').waitFor()
  await check(staff, 'test clock at its beginning')

  const funded = await order('Funded Ltd', 'funded@customer.example', `${ITEM}${TOPUP}&skip_all_steps=1`)
  const without = await order('Without Ltd', 'without@customer.example', `${ITEM}&skip_all_steps=1`)
  assert.deepEqual(await statementOf(funded), ['1000.00', '0.00'])
  for (const customer of [funded, without]) await useServers(customer)

  // 20 servers × 0.015 an hour.
  await moveTo('2031-01-31T13:00')
  assert.deepEqual([await statusOf(funded), await statusOf(without)], ['active', 'stopped'])
  assert.deepEqual(await statementOf(funded), ['999.70', '0.30'])
  assert.deepEqual(await statementOf(without), ['-0.30', '0.30'])
  await without.page.goto(`${shop()}/client/balance`)
  await without.page.getByText('$0.30').first().waitFor()
  await check(without.page, 'balance on hold')

  // A top-up that covers it brings it back by itself.
  await without.page.getByLabel('Amount (USD)').fill('50')
  await without.page.getByRole('button', { name: 'Continue to payment' }).click()
  await without.page.getByRole('heading', { level: 1, name: /payment/i }).waitFor()
  await approve('Without Ltd')
  await until(
    () => statusOf(without),
    (status) => status === 'active',
    { what: 'the service back' },
  )

  await moveTo('2031-01-31T16:00')
  await check(staff, 'test clock after some hours')
  assert.deepEqual(await statementOf(funded), ['998.80', '1.20'])
  assert.deepEqual(await statementOf(without), ['48.80', '1.20'])

  // Over the billing day: January is closed into a charge, an invoice and its mail; February is held.
  await moveTo('2031-02-01T12:00')
  await staff.getByText('A month of usage is charged').locator('visible=true').first().waitFor()
  await check(staff, 'test clock after the billing day')
  assert.equal(await statusOf(funded), 'active')
  assert.deepEqual(await statementOf(funded), ['992.80', '3.60'])
  const { items } = await api<{ items: { number: string; total: { amount: string }; issued_at: string }[] }>(
    funded.page,
    '/invoices',
  )
  assert.deepEqual(
    items.map(({ total, issued_at: at }) => [total.amount, at]),
    [['3.60', '2031-02-01T01:00:00.000Z']],
  )
  const invoices = await until(
    async () => (await mailsTo(funded.email)).filter(({ subject }) => /invoice/i.test(subject ?? '')),
    (found) => found.length > 0,
    { what: 'mail with the invoice' },
  )
  assert.equal(invoices.length, 1)
  assert.deepEqual(
    invoices[0]?.attachments.map(({ mimeType }) => mimeType),
    ['application/pdf'],
  )
  await funded.page.goto(`${shop()}/client/invoices`)
  await funded.page
    .getByText(items[0]?.number ?? '')
    .locator('visible=true')
    .first()
    .waitFor()
  await check(funded.page, 'invoices in a sandbox')
  await staff.getByRole('link', { name: 'Mails' }).click()
  await staff
    .getByText(/^Mail to funded@customer\.example/)
    .locator('visible=true')
    .first()
    .waitFor()
})
