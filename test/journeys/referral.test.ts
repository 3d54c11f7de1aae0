import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import nodemailer from 'nodemailer'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { leaveAndReturn, press, tabTo, typeInto, untilFocused } from '../harness/keyboard.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'
import {
  approve,
  createVisitor,
  type PlacedOrder,
  signIn,
  until,
  untilCompleted,
  type Visitor,
} from '../harness/visitor.ts'

const FRIEND = 'friend@customer.example'
const WAIT = { timeout: 30_000 }
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'

let server: ServerProcess
let browser: Browser
let staff: Visitor
let report: string
const mailbox = await openMailbox()

before(async () => {
  server = await startServer({ dataDir: await demonstrationDataDir(), env: { SMTP_URL: mailbox.url } })
  browser = await launchBrowser()
  staff = await signIn(server.origin, SIGN_INS.reseller)
  const program = await staff.call<{ id: string }>('POST', '/api/v1/referral-programs', {
    name: 'Friends',
    percent: '10',
  })
  const terms = { name: 'Pat Partner', key: 'pat-1', program_id: program.id, email: 'pat@partner.example' }
  const partner = await staff.call<{ id: string }>('POST', '/api/v1/referral-partners', terms)
  report = (await staff.call<{ url: string }>('POST', `/api/v1/referral-partners/${partner.id}/report-link`, {})).url
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const newPage = async (context: BrowserContext, path: string): Promise<Page> => {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(path)
  return page
}
const isAccessible = async (page: Page, name: string) => assert.deepEqual(await axeViolations(page), [], name)

test('row 64: from a referral link in a mail, over a registration confirmed in another browser, to the reward in the report', async () => {
  // The partner writes to a friend: a real mail, read out of a real mail server.
  const sender = nodemailer.createTransport(mailbox.url)
  await sender.sendMail({
    from: 'pat@partner.example',
    to: FRIEND,
    subject: 'Try this',
    text: `It keeps my files safe: ${server.origin}/product/backup?manager_key=pat-1`,
  })
  const link = /http\S+/.exec((await mailbox.newestTo(FRIEND)).text ?? '')?.[0]
  assert.ok(link)

  // A browser without a window calls itself a bot, and bots are no visits.
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, userAgent: SAFARI })
  const page = await newPage(phone, link)
  assert.equal(page.url(), `${server.origin}/product/backup`)
  assert.doesNotMatch(await page.content(), /pat-1|manager_/)
  await page.locator('a[href*="external_dispatcher"]').first().click()
  await page.getByLabel('Email address').fill(FRIEND)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor(WAIT)

  const confirm = await until(
    async () => /http:\/\/\S+\/client\/confirm\?token=[\w-]+/.exec((await mailbox.newestTo(FRIEND)).text ?? '')?.[0],
    (found) => found !== undefined,
    { what: 'mail to confirm' },
  )
  const desk = await browser.newContext()
  const there = await newPage(desk, confirm ?? '')
  await there.getByRole('button', { name: 'Confirm and go on' }).click()
  // The key of the phone goes on at the desk.
  await there.waitForURL(/\/client\/(new_order|checkouts)/, WAIT)
  const kept = (await desk.cookies()).find(({ name }) => name === 'buylink_manager')
  assert.match(kept?.value ?? '', /^pat-1~s~/)

  const customer = await orderAt(desk)
  await untilReward('4.90')

  const read = await newPage(phone, report)
  await read.getByRole('heading', { name: 'Referrals of Pat Partner' }).waitFor(WAIT)
  for (const text of ['US$4.90', 'US$49.00']) assert.ok((await read.content()).includes(text.slice(2)), text)
  await isAccessible(read, 'report on a phone')
  assert.doesNotMatch(await read.content(), new RegExp(`${FRIEND}|Okonjo`))
  const csv = await phone.request.get(`${report}/report.csv?days=30`)
  assert.match(await csv.text(), /,1,1,1,1,USD,49\.00,49\.00,4\.90\r\n/)

  // Why: the ledger of touches tells.
  const { manager, lines } = await staff.call<{
    manager: { name: string }
    lines: { reason: string; channel: string }[]
  }>('GET', `/api/v1/accounts/${customer}/attribution`)
  assert.equal(manager.name, 'Pat Partner')
  assert.deepEqual(
    lines.map(({ reason, channel }) => `${reason} ${channel}`),
    ['order store_page', 'registration store_page'],
  )
})

/** Completes the registration and places the order that waits in a signed-in browser; staff approve its payment. */
async function orderAt(context: BrowserContext): Promise<string> {
  const customer = await visitorOf(context)
  const account = await customer.call<{ id: string }>('PUT', '/api/v1/account/registration', {
    first_name: 'Mira',
    last_name: 'Okonjo',
    customer_type: 'business',
    company_name: 'Okonjo & Co',
    country: 'US',
    city: 'Springfield',
    street: '1 Main Street',
    zip: '01101',
    accept_privacy: true,
  })
  const page = await newPage(context, `${server.origin}/client/new_order?${ORDER}`)
  await page.waitForURL(/\/client\/checkouts\/[\w-]+\/(configure|confirm)/, WAIT)
  if (page.url().endsWith('configure')) await page.getByRole('button', { name: /Continue|Review/ }).click()
  await page.waitForURL(/\/confirm/, WAIT)
  const terms = page.getByRole('checkbox')
  if (await terms.count()) await terms.first().check()
  await page.getByRole('button', { name: /^(Place|Order|Buy)/ }).click()
  await page.waitForURL(/\/client\/checkouts\/[\w-]+\/(pay|done)/, WAIT)
  const { items } = await customer.call<{ items: PlacedOrder[] }>('GET', '/api/v1/orders')
  const [order] = items
  assert.ok(order)
  await approve(staff, order)
  await untilCompleted(customer, order)
  return account.id
}

const ORDER =
  'shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'

/** The API as the signed-in browser calls it. */
async function visitorOf(context: BrowserContext): Promise<Visitor> {
  const cookies = await context.cookies()
  const jar = new Map(cookies.map(({ name, value }) => [name, value]))
  const visitor = createVisitor(server.origin, jar)
  await visitor.call('GET', '/api/v1/session')
  return visitor
}

async function untilReward(amount: string): Promise<void> {
  const reward = async () => {
    const { items } = await staff.call<{
      items: { manager: { key: string }; amounts: { reward: { amount: string } }[] }[]
    }>('GET', '/api/v1/manager-figures?is_partner=true')
    return items.find(({ manager }) => manager.key === 'pat-1')?.amounts[0]?.reward.amount
  }
  await until(reward, (found) => found === amount, { what: `reward of ${amount}` })
}

test('the reseller’s people read it in the portal: programme, partner, figures, why; phone and desk, by axe', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await newPage(context, `${server.origin}/portal/referrals`)
  await page.getByLabel('Email address').fill(SIGN_INS.reseller)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Referrals', level: 1 }).waitFor(WAIT)
  await page.getByRole('link', { name: 'Pat Partner' }).waitFor(WAIT)
  const look = async (name: string) => {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await isAccessible(page, `${name} at ${width}`)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(sideways <= 0, `${name} at ${width} scrolls sideways by ${sideways}`)
      const folder = process.env['SHOTS']
      if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(' ', '-')}-${width}.png`, fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  await look('referrals')
  // Every list is searched, sorted and taken along; the days stay chosen.
  await press(page, page.getByRole('link', { name: '90 days' }))
  await page.waitForURL(/days=90/)
  await typeInto(page, page.getByRole('searchbox'), 'PAT-')
  await page.keyboard.press('Enter')
  await page.waitForURL(/query=PAT-/)
  await press(page, page.getByRole('columnheader', { name: 'Reward' }).getByRole('button'))
  await page.waitForURL(/sort=/)
  assert.match(page.url(), /days=90.*query=PAT-|query=PAT-.*days=90/)
  await page.getByRole('link', { name: 'Pat Partner' }).waitFor(WAIT)
  const file = await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href')
  assert.match(String(file), /^\/api\/v1\/manager-figures\.csv\?.*query=PAT-.*sort=/)
  await typeInto(page, page.getByRole('searchbox'), 'nobody of ours')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /nobody of ours/ }).waitFor(WAIT)
  await look('referrals not found')
  await press(page, page.getByRole('link', { name: 'Programmes' }))
  await page.getByRole('heading', { name: 'Programmes', level: 1 }).waitFor(WAIT)
  await look('programmes')
  await press(page, page.locator('#main').getByRole('link', { name: 'Referrals' }))
  await page.getByRole('link', { name: 'Pat Partner' }).click()
  await page.getByRole('heading', { name: 'Pat Partner', level: 1 }).waitFor(WAIT)
  await look('partner')
  await page.getByRole('link', { name: 'Terms and report link' }).click()
  await page.getByRole('heading', { name: 'Terms of Pat Partner' }).waitFor(WAIT)
  await look('terms')
  // The partner may be using the link: it is replaced, or taken back, after a question.
  const another = page.locator('#main').getByRole('button', { name: 'Make another link' })
  await leaveAndReturn(page, another)
  await leaveAndReturn(page, page.getByRole('button', { name: 'Take the link back' }))
  assert.equal((await fetch(report)).status, 200, 'who only looked changed nothing')
  await press(page, another)
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Make another link' }))
  await page.getByText('Copy it now').waitFor(WAIT)
  await untilFocused(another)
  assert.equal((await fetch(report)).status, 404, 'the old one is replaced')
  await look('another link')

  await page.goto(`${server.origin}/portal/managers`)
  await page.getByRole('link', { name: 'Carter Evans' }).waitFor(WAIT)
  await look('managers')
  // All of it by keyboard alone.
  await press(page, page.getByRole('link', { name: 'Add a manager' }))
  await page.getByRole('heading', { name: 'Add a manager' }).waitFor(WAIT)
  await typeInto(page, page.getByLabel('Name', { exact: true }), 'Dana Fox')
  await typeInto(page, page.getByLabel('Key', { exact: true }), 'pat-1')
  await press(page, page.getByRole('button', { name: 'Save' }))
  await page.getByText('This key is taken.').first().waitFor(WAIT)
  await look('taken key')
  // What was typed is still there.
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Dana Fox')
  await typeInto(page, page.getByLabel('Key', { exact: true }), 'dana-1')
  // Their own account, chosen by keyboard; what is none is refused, and stays to be corrected.
  await typeInto(page, page.getByLabel(/Buys with/), 'Nobody of ours')
  await press(page, page.getByRole('button', { name: 'Save' }))
  await page.getByText('Choose an account of this reseller.').first().waitFor(WAIT)
  await look('unknown account')
  await page.getByLabel(/Buys with/).fill('Contoso')
  const option = page.locator('datalist option').first()
  await option.waitFor({ ...WAIT, state: 'attached' })
  await page.getByLabel(/Buys with/).fill((await option.textContent()) ?? '')
  await page.getByLabel('Key', { exact: true }).press('Enter')
  await page.getByRole('heading', { name: 'Dana Fox', level: 1 }).waitFor(WAIT)
  await page.getByText('Contoso Dental').first().waitFor(WAIT)
  await look('manager')
  await leaveAndReturn(page, page.getByRole('button', { name: 'Delete' }))

  await page.goto(`${server.origin}/portal/accounts`)
  await page.getByRole('link', { name: /Okonjo/ }).click()
  await page.getByRole('link', { name: 'Why?' }).click()
  await page.getByRole('heading', { name: 'Why credited to Pat Partner' }).waitFor(WAIT)
  await look('attribution')
  const relink = page.getByRole('button', { name: 'Credit someone else' })
  await leaveAndReturn(page, relink)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByLabel('Manager'))
  await page.keyboard.type('Dana')
  await typeInto(page, dialog.getByLabel('Reason'), 'Moved to the north')
  await press(page, dialog.getByRole('button', { name: 'Credit someone else' }))
  await page.getByRole('heading', { name: 'Why credited to Dana Fox' }).waitFor(WAIT)
  await page.getByText('Moved to the north').waitFor(WAIT)
  await look('relinked')

  await page.goto(`${server.origin}/portal/referrals/programs/new`)
  await page.getByRole('heading', { name: 'New programme' }).waitFor(WAIT)
  await look('new programme')
})

test('row 43: a sales manager signs in to their own figures, and to nobody else’s', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await newPage(context, `${server.origin}/portal`)
  await page.getByLabel('Email address').fill(SIGN_INS.sales)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('link', { name: 'My sales' }).click()
  await page.getByRole('heading', { name: 'My sales', level: 1 }).waitFor(WAIT)
  await page.getByText('/?manager_key=carter81').waitFor(WAIT)
  await isAccessible(page, 'my sales')
  // The links they make carry their key without a choice, and give it up when told to.
  await page.goto(`${server.origin}/portal/links`)
  await page.getByTestId('link').filter({ hasText: '&manager_key=carter81' }).waitFor(WAIT)
  await page.getByLabel('Credit sales to').selectOption({ label: 'Nobody' })
  await page.getByTestId('link').filter({ hasNotText: 'manager_key' }).waitFor(WAIT)
  await page.goto(`${server.origin}/portal/plans`)
  await page.getByText('&manager_key=carter81').first().waitFor(WAIT)
  await page.getByRole('button', { name: 'Menu' }).click()
  assert.equal(await page.getByRole('link', { name: 'Referrals' }).count(), 0)
  const { items } = await staff.call<{ items: { id: string; key: string }[] }>('GET', '/api/v1/managers?query=pat-1')
  await page.goto(`${server.origin}/portal/managers/${items[0]?.id}`)
  await page.getByRole('heading', { level: 1 }).waitFor(WAIT)
  assert.doesNotMatch(await page.content(), /Pat Partner/)
})

test('row 43: accounts, orders, payments, subscriptions and invoices are those credited to the manager who reads them', async () => {
  const lists = ['accounts', 'orders', 'payments', 'subscriptions', 'invoices'] as const
  interface Listed {
    readonly items: readonly {
      readonly id: string
      readonly name?: string
      readonly account?: { readonly id: string }
    }[]
  }
  const carter = await signIn(server.origin, SIGN_INS.sales)
  const all = await staff.call<Listed>('GET', '/api/v1/accounts')
  const account = all.items.find(({ name }) => name === 'Okonjo & Co')
  const { items: managers } = await staff.call<{ items: { id: string }[] }>('GET', '/api/v1/managers?query=carter81')
  assert.ok(account)
  const credit = (managerId: string | null) =>
    staff.call('PUT', `/api/v1/accounts/${account.id}/manager`, { manager_id: managerId, reason: 'To see who sees it' })
  const ofAccount = async (reader: Visitor, list: string) => {
    const { items } = await reader.call<Listed>('GET', `/api/v1/${list}`)
    const shown = reader === staff ? items.filter((item) => (item.account?.id ?? item.id) === account.id) : items
    return shown.map(({ id }) => id).toSorted()
  }
  await credit(null)
  for (const list of lists) {
    assert.deepEqual(await ofAccount(carter, list), [], `${list} of nobody of theirs`)
    const [id] = await ofAccount(staff, list)
    assert.ok(id, `staff have ${list}`)
    assert.equal((await carter.request('GET', `/api/v1/${list}/${id}`)).status, 404, `one of the ${list}`)
  }
  await credit(managers[0]?.id ?? '')
  for (const list of lists) {
    const theirs = await ofAccount(carter, list)
    assert.deepEqual(theirs, await ofAccount(staff, list), list)
    assert.equal((await carter.request('GET', `/api/v1/${list}/${theirs[0]}`)).status, 200, `one of their ${list}`)
  }
})
