import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { growCatalogue } from '../harness/grow-catalogue.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { readQr } from '../harness/read-qr.ts'
import { type ServerProcess, startServer, temporaryDataDir, welcomeOf } from '../harness/server.ts'

const SHOP = 'shop.lakeside.example'
const OPERATOR = { email: 'operator@example.com', password: 'correct horse battery' }
const PASSWORD = 'staple battery correct'

let server: ServerProcess
let browser: Browser
const mailbox = await openMailbox()
/** Pictures of each page at both widths, for whoever wants to look: `BUYLINK_SHOTS=folder`. */
const shots = process.env['BUYLINK_SHOTS']

before(async () => {
  server = await startServer({
    dataDir: await temporaryDataDir(),
    env: {
      SMTP_URL: mailbox.url,
      BUYLINK_DEMO: '0',
      HOST: '127.0.0.1',
      BUYLINK_ADMIN_EMAIL: OPERATOR.email,
      BUYLINK_ADMIN_PASSWORD: OPERATOR.password,
    },
  })
  await welcomeOf(server)
  browser = await launchBrowser({ hosts: { [SHOP]: '127.0.0.1' } })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

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

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${server.origin}/portal`)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Link builder' }).waitFor()
}

const linkIn = async (email: string, path: RegExp): Promise<string> => {
  const { text = '' } = await mailbox.newestTo(email)
  const link = path.exec(text)?.[0]
  assert.ok(link, text)
  return link
}

test('a new reseller, from nothing to the first paid order, in the portal alone', async () => {
  const operator = await newPage()
  await signIn(operator, OPERATOR.email, OPERATOR.password)
  await operator.getByRole('link', { name: 'Tenants' }).click()
  await operator.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor()
  await check(operator, 'tenants empty')
  await operator.getByRole('link', { name: 'New reseller' }).click()
  await operator.getByLabel('Name of the reseller').fill('Lakeside Hosting')
  await operator.getByLabel('Currency').fill('EURO')
  await operator.getByLabel('Email address').fill('lena@lakeside.example')
  await check(operator, 'new reseller')
  await operator.getByLabel('Currency').fill('XXZ')
  await operator.getByRole('button', { name: 'Set up reseller' }).click()
  await operator.getByText('ISO 4217').first().waitFor()
  await operator.getByLabel('Currency').fill('EUR')
  await operator.getByRole('button', { name: 'Set up reseller' }).click()
  await operator.getByText('Lakeside Hosting is there').waitFor()
  await operator.getByRole('link', { name: 'Tenants' }).first().click()
  await operator.getByText('Lakeside Hosting').first().waitFor()
  await check(operator, 'tenants')

  const lena = await newPage()
  await lena.goto(await linkIn('lena@lakeside.example', /http:\/\/\S+\/portal\/reset\?token=[\w-]+/))
  await lena.getByLabel('New password').fill(PASSWORD)
  await lena.getByRole('button', { name: /password/i }).click()
  await lena.getByRole('link', { name: 'Link builder' }).waitFor()

  await lena.goto(`${server.origin}/portal/links`)
  await lena.getByRole('heading', { name: 'Nothing to sell yet' }).waitFor()
  await lena.goto(`${server.origin}/portal/stores`)
  await lena.getByRole('heading', { name: 'No store yet' }).waitFor()
  await check(lena, 'stores empty')
  // The first page says what comes first. By keyboard alone: the way to the form, every field of it, and its button.
  await lena.goto(`${server.origin}/portal`)
  await lena.getByRole('heading', { name: 'Start selling' }).waitFor()
  await check(lena, 'home of a newcomer')
  await lena.getByRole('link', { name: 'Open a store' }).focus()
  await lena.keyboard.press('Enter')
  await lena.getByLabel('Name', { exact: true }).focus()
  await lena.keyboard.type('Lakeside Hosting')
  await lena.keyboard.press('Tab')
  await lena.keyboard.type(`http://${SHOP}:${server.port}`)
  await lena.keyboard.press('Tab')
  await lena.keyboard.press('Tab')
  await lena.keyboard.type('IBAN DE02 1203 0000 0000 2020 51')
  await check(lena, 'new store')
  await lena.getByRole('button', { name: 'Open store' }).focus()
  await lena.keyboard.press('Enter')
  await lena.getByRole('heading', { level: 1, name: 'Lakeside Hosting' }).waitFor()
  await lena.getByRole('heading', { name: 'History' }).waitFor()
  await check(lena, 'store')

  await lena.goto(`${server.origin}/portal`)
  await lena.getByText('Done', { exact: true }).waitFor()
  await lena.getByRole('link', { name: 'Add a plan' }).click()
  await lena.getByRole('heading', { name: 'You sell nothing yet' }).waitFor()
  await makeCategories(lena)
  await lena.getByRole('link', { name: 'New product' }).click()
  await lena.getByLabel('Name', { exact: true }).fill('Business mail')
  await lena.getByLabel('Category').selectOption({ label: 'Mail' })
  await lena.getByLabel('In one sentence').fill('Mailboxes with your own domain.')
  await check(lena, 'new product')
  await lena.getByRole('button', { name: 'Add product' }).click()
  await lena.getByRole('heading', { level: 1, name: 'Business mail' }).waitFor()
  await check(lena, 'product')

  await lena.getByRole('link', { name: 'New plan' }).click()
  await lena.getByLabel('Plan', { exact: true }).fill('Mail Team')
  await lena.getByLabel('A month, EUR').fill('5.00')
  await lena.getByRole('button', { name: 'Add a resource' }).click()
  const resource = lena.getByRole('group', { name: /^Resource 1/ })
  await resource.getByLabel('Name', { exact: true }).fill('Mailboxes')
  await resource.getByLabel('Unit', { exact: true }).fill('mailbox')
  await resource.getByLabel('Included').fill('2')
  await resource.getByLabel('Limit').fill('1')
  await resource.getByLabel('One a month, EUR').fill('2.50')
  await lena.getByRole('button', { name: 'Add a question' }).click()
  const question = lena.getByRole('group', { name: 'Question 1' })
  await question.getByLabel('Question', { exact: true }).fill('Domain of the mailboxes')
  await question.getByLabel('Name in the API').fill('The domain')
  await check(lena, 'new plan')
  await lena.getByRole('button', { name: 'Add plan' }).click()
  // Nothing is lost by a mistake: it is said beside its field, and put right.
  await question.getByText('Use lower-case letters, digits and _').waitFor()
  await question.getByLabel('Name in the API').fill('')
  await lena.getByRole('button', { name: 'Add plan' }).click()
  await lena.getByText('Mailboxes: the limit (1) is below the minimum (2).').first().waitFor()
  await resource.getByLabel('Limit').fill('50')
  await lena.getByRole('button', { name: 'Add plan' }).click()
  await lena.getByRole('heading', { level: 1, name: 'Mail Team' }).waitFor()
  await lena.getByRole('heading', { name: 'What an order costs' }).waitFor()
  await lena.getByText('€5.00').first().waitFor()
  assert.equal(await question.getByLabel('Name in the API').inputValue(), 'domain_of_the_mailboxes')
  await check(lena, 'plan')
  await lena.locator('[name=status]').selectOption('active')
  await lena.getByRole('button', { name: 'Save' }).click()
  await lena.getByText('On sale').first().waitFor()
  await lena.getByText('Saved.').waitFor()

  await lena.getByRole('link', { name: 'Link builder' }).click()
  await lena.getByText('This link is good').waitFor()
  await lena.getByLabel('Mailboxes', { exact: true }).fill('99')
  await lena.getByText('This link does not work').waitFor()
  await lena.getByLabel('Mailboxes', { exact: true }).fill('4')
  await lena.getByText('This link is good').waitFor()
  await lena.getByRole('img', { name: 'QR code of the link' }).waitFor()
  await check(lena, 'link builder')
  const link = await lena.getByTestId('link').innerText()
  for (const [button, name, type] of [
    ['Save as PNG', 'buy-link.png', 'image/png'],
    ['Save as SVG', 'buy-link.svg', 'image/svg+xml'],
  ] as const) {
    const [download] = await Promise.all([
      lena.waitForEvent('download'),
      lena.getByRole('button', { name: button }).click(),
    ])
    assert.equal(download.suggestedFilename(), name)
    const file = await readFile(await download.path())
    assert.equal(await readQr(browser, file, type), link, name)
  }
  assert.match(link, new RegExp(`^http://${SHOP}:${server.port}/external_dispatcher/settle\\?.*quantity\\]=4&`))

  const customer = await newPage()
  await customer.goto(`http://${SHOP}:${server.port}/product/business-mail`)
  await customer.getByRole('link', { name: 'Mail', exact: true }).click()
  await customer.getByRole('heading', { level: 1, name: 'Mail' }).waitFor()
  await customer.getByText('Mail with a domain of your own.').waitFor()
  await customer.getByRole('heading', { name: 'Business mail' }).waitFor()
  await customer.goto(link)
  await customer.getByLabel('Email address').fill('mira@okonjo.example')
  await customer.getByRole('button', { name: 'Continue' }).click()
  await customer.getByRole('heading', { name: 'Check your mail' }).waitFor()
  await customer.goto(await linkIn('mira@okonjo.example', /http:\/\/\S+\/client\/confirm\?token=[\w-]+/))
  await customer.getByRole('button', { name: 'Confirm and go on' }).click()
  await customer.getByLabel('Domain of the mailboxes').fill('okonjo.example')
  await check(customer, 'configure with a question')
  await customer.getByRole('button', { name: 'Continue' }).click()
  await customer.getByLabel('First name').fill('Mira')
  await customer.getByLabel('Last name').fill('Okonjo')
  await customer.locator('[name=company_name]').fill('Okonjo Ltd')
  await customer.locator('[name=country]').selectOption('DE')
  await customer.locator('[name=street]').fill('1 Main Street')
  await customer.locator('[name=zip]').fill('10115')
  await customer.locator('[name=city]').fill('Berlin')
  await customer.getByRole('button', { name: /Continue|Save/ }).click()
  // 5.00 and two mailboxes above the two included.
  await customer.getByText('€10.00').first().waitFor()
  await customer.getByText('okonjo.example', { exact: true }).first().waitFor()
  await customer.getByRole('button', { name: /Place order|Order/ }).click()
  await customer.getByText('IBAN DE02').waitFor()

  await lena.goto(`${server.origin}/portal/payments?status=waiting_for_payment`)
  await lena.getByRole('button', { name: 'Approve' }).first().click()
  await approve(lena)
  // Set up in the background, within seconds.
  const completed = lena.getByText('Okonjo Ltd').locator('visible=true').first()
  for (let tries = 0; tries < 60 && !(await completed.isVisible()); tries++) {
    await lena.waitForTimeout(1_000)
    await lena.goto(`${server.origin}/portal/orders?status=completed`)
    await lena.getByRole('heading', { level: 1 }).waitFor()
  }
  await completed.waitFor()

  await orderForCustomer(lena, customer)
  await lena.goto(`${server.origin}/portal/products`)
  await growCatalogue({ staff: lena, visitor: await newPage(), store: `http://${SHOP}:${server.port}`, check })

  await lena.goto(`${server.origin}/portal/audit`)
  await lena.getByText('plan.update').first().waitFor()
  await check(lena, 'audit log')
  // What the operator did elsewhere is not the reseller's to see.
  assert.equal(await lena.getByText('Operator', { exact: true }).count(), 0)
})

/** From none to one that stays; another is moved up, and deleted after a question. */
async function makeCategories(staff: Page): Promise<void> {
  const add = async (name: string, description: string): Promise<void> => {
    await staff.getByRole('link', { name: 'New category' }).click()
    await staff.getByLabel('Name', { exact: true }).focus()
    await staff.keyboard.type(name)
    await staff.keyboard.press('Tab')
    await staff.keyboard.type(description)
    await staff.keyboard.press('Tab')
    await staff.keyboard.press('Enter')
    await staff.getByRole('heading', { level: 1, name }).waitFor()
  }
  const toList = () => staff.getByRole('link', { name: 'Categories' }).click()
  const names = (): Promise<string[]> => staff.locator('tbody .row-link').allInnerTexts()
  await toList()
  await staff.getByRole('heading', { name: 'No category yet' }).waitFor()
  await check(staff, 'categories empty')
  await add('Mail', 'Mail with a domain of your own.')
  await toList()
  await add('Phones', '')
  await toList()
  await staff.getByRole('button', { name: 'Move up Phones' }).click()
  await staff.getByRole('button', { name: 'Move up Mail' }).waitFor()
  assert.deepEqual(await names(), ['Phones', 'Mail'])
  await check(staff, 'categories')
  await staff.getByRole('link', { name: 'Phones' }).click()
  await staff.getByText('No product is in it yet').waitFor()
  await check(staff, 'category')
  await staff.getByRole('button', { name: 'Delete' }).click()
  const dialog = staff.getByRole('dialog', { name: 'Delete “Phones”?' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.waitFor({ state: 'detached' })
  await staff.getByRole('link', { name: 'Phones' }).waitFor({ state: 'detached' })
  assert.deepEqual(await names(), ['Mail'])
  await staff.getByRole('link', { name: 'Products' }).first().click()
}

async function approve(staff: Page): Promise<void> {
  const dialog = staff.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Approve/ }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Staff orders for a customer, who sees what it is and pays it; the order goes on by itself and says who placed it. */
async function orderForCustomer(staff: Page, customer: Page): Promise<void> {
  await staff.goto(`${server.origin}/portal/accounts?query=okonjo`)
  await staff.getByRole('link', { name: 'Okonjo Ltd' }).click()
  await staff.getByRole('link', { name: 'Order for this customer' }).click()
  await staff.getByLabel('Mailboxes', { exact: true }).fill('3')
  await check(staff, 'order for a customer')
  await staff.getByRole('button', { name: 'See the price' }).click()
  await staff.getByText('€7.50').first().waitFor()
  await staff.getByLabel('Domain of the mailboxes').fill('second.example')
  await staff.getByLabel('The customer has this plan already and wants a second one').check()
  await check(staff, 'order for a customer confirm')
  await staff.getByRole('button', { name: 'Order for Okonjo Ltd' }).click()
  // The page before has a heading that begins with Order too.
  await staff.waitForURL(/\/portal\/orders\/[\da-f-]+$/)

  await customer.goto(`http://${SHOP}:${server.port}/client`)
  await customer.getByText('Waiting for your payment').waitFor()
  await customer.getByRole('link', { name: 'How to pay' }).click()
  await customer.getByText('IBAN DE02').waitFor()
  await customer.getByText('€7.50').first().waitFor()
  await check(customer, 'pay what staff ordered')

  await staff.goto(`${server.origin}/portal/payments?status=waiting_for_payment`)
  await staff.getByRole('button', { name: 'Approve' }).first().click()
  await approve(staff)
  // The customer’s page goes on by itself.
  await customer.getByText('IBAN DE02').waitFor({ state: 'detached' })
  await staff.goto(`${server.origin}/portal/audit?action=order.place`)
  await staff.getByText('lena@lakeside.example').first().waitFor()
}
