import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { reviewCredit } from '../../src/charges/index.ts'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { type CorrelationId, newId, type SellerId, type TenantId } from '../../src/kernel/ids.ts'
import { systemClock } from '../../src/kernel/time.ts'
import { post } from '../../src/ledger/index.ts'
import { transfer } from '../../src/ledger/rules.ts'
import { transaction } from '../../src/platform/db.ts'
import { openApplication, type TestApplication } from '../harness/application.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { testDatabase } from '../harness/database.ts'
import { checkPage } from '../harness/shop-pages.ts'
import { openReceiver } from '../harness/receiver.ts'
import { type Api, signIn } from '../harness/walk.ts'

/** Pages of money and services that nothing else walks through, in one shop: what is done on one shows on the next. */
const database = await testDatabase()
const receiver = await openReceiver()
let app: TestApplication
let browser: Browser
let origin = ''
let customer: { page: Page; api: Api }
let reseller: { page: Page; api: Api }
let account: { sellerId: SellerId; id: TenantId }

before(async () => {
  // Cookies live by the browser's clock, so the shop lives by the machine's.
  app = await openApplication(database, { clock: systemClock })
  await app.http.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${(app.http.app.server.address() as AddressInfo).port}`
  browser = await launchBrowser()
  customer = await person(SIGN_INS.customer)
  reseller = await person(SIGN_INS.reseller)
  const { rows } = await database.pool.query(
    `select a.seller_id as "sellerId", a.tenant_id as id from accounts a join tenants t on t.id = a.tenant_id where t.name = 'Contoso Dental'`,
  )
  account = rows[0]
})
after(async () => {
  await browser?.close()
})

async function person(email: string) {
  const context: BrowserContext = await browser.newContext()
  const api = await signIn(context, origin, email)
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return { page, api }
}

const LINK =
  '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'
const draft = async (): Promise<string> => String((await customer.api.send('POST', '/checkouts', { link: LINK }))['id'])
interface Placed {
  readonly payment: { readonly id: string; readonly number: string }
  readonly hold_payment: { readonly id: string; readonly number: string }
}
async function order(): Promise<Placed & { readonly checkoutId: string }> {
  const checkoutId = await draft()
  const { total } = await customer.api.get(`/checkouts/${checkoutId}`)
  const body = { expected_total: total, accept_terms: true, allow_second: true }
  const placed = await customer.api.send('POST', `/checkouts/${checkoutId}/place`, body)
  return { ...(placed as unknown as Placed), checkoutId }
}
const approve = (id: string) => reseller.api.send('POST', `/payments/${id}/approve`, {})

/** Funds are held for what was consumed, as rating holds them, until the account is on credit hold. */
async function consume(minor: bigint): Promise<void> {
  const { sellerId, id: accountId } = account
  const { db } = app.parts
  const entries = transfer(minor, { kind: 'customer_balance', accountId }, { kind: 'blocked_funds', accountId })
  const about = {
    sellerId,
    accountId,
    orderId: null,
    paymentId: null,
    correlationId: newId<CorrelationId>(),
    at: new Date(),
  } as const
  await transaction(db, (tx) =>
    post(tx, { ...about, kind: 'usage_blocked', naturalKey: `test:${newId()}`, currency: 'USD', entries }),
  )
  await reviewCredit(db, systemClock, sellerId, accountId)
}

let paidId = ''
test('on credit hold an order’s page leads to the payment that comes first, and goes on once it is there', async () => {
  const { page } = customer
  await consume(1250n)
  const { payment, hold_payment: first, checkoutId } = await order()
  paidId = payment.id
  await page.goto(`${origin}/client/checkouts/${checkoutId}/pay`)
  await page.getByText('Two payments: this one comes second').waitFor()
  assert.equal(await page.getByText('Transfer this').count(), 0)
  await checkPage(page, 'pay-on-hold')
  await page.getByRole('link', { name: `Pay ${first.number} first` }).click()
  await page.getByText('takes your account off credit hold').waitFor()
  await page.getByText('Transfer this').waitFor()
  await checkPage(page, 'payment-leaving-hold')
  await page.goto(`${origin}/client/payments`)
  await page.getByText('To leave credit hold').first().waitFor()
  await checkPage(page, 'payments-on-hold')

  await page.goto(`${origin}/client/checkouts/${checkoutId}/pay`)
  await page.getByText('Two payments').waitFor()
  await approve(first.id)
  // The page watches: nobody reloads.
  await page.getByText('Transfer this').waitFor({ timeout: 60_000 })
  assert.equal(await page.getByText('Two payments').count(), 0)
  await approve(payment.id)
  await page.waitForURL(/\/done$/, { timeout: 60_000 })
  await page.getByRole('heading', { level: 1 }).waitFor()
})

test('a discount with a code is made in the portal, and the code is entered where it is ordered', async () => {
  const { page: staff } = reseller
  await staff.goto(`${origin}/portal/discounts/new`)
  await staff.getByLabel('Name', { exact: true }).fill('Spring')
  await staff.getByLabel('Percentage or amount').fill('20')
  await staff.getByRole('button', { name: 'Add the discount' }).click()
  await staff.getByRole('heading', { level: 1, name: 'Spring' }).waitFor()
  await staff.getByText('Nobody can use this discount').waitFor()
  await staff.getByLabel('Code, or a pattern').fill('SPRING')
  await staff.getByRole('button', { name: 'Add', exact: true }).click()
  await staff.getByRole('button', { name: /Switch off/ }).waitFor()
  await checkPage(staff, 'discount')
  await staff.goto(`${origin}/portal/discounts`)
  await staff.getByRole('link', { name: 'Spring' }).waitFor()
  await checkPage(staff, 'discounts')

  const { page } = customer
  await page.goto(`${origin}/client/checkouts/${await draft()}/confirm`)
  await page.getByRole('button', { name: 'I have a promo code' }).click()
  const code = page.getByLabel('Promo code')
  await code.fill('WINTER')
  await code.press('Enter')
  await page.locator('.field-error').waitFor()
  await checkPage(page, 'promo-code-wrong')
  await code.fill('spring')
  await code.press('Enter')
  await page.getByText('With SPRING, $9.80 comes off.').waitFor()
  const due = page.getByRole('button', { name: /39\.20/ })
  await due.locator('visible=true').waitFor()
  await checkPage(page, 'promo-code')
  await page.getByRole('button', { name: 'Order without it' }).click()
  await page
    .getByRole('button', { name: /49\.00/ })
    .locator('visible=true')
    .waitFor()
})

test('a discount is given to one customer from the customer’s page, and comes off by itself', async () => {
  const { page: staff } = reseller
  await staff.goto(`${origin}/portal/accounts/${account.id}`)
  await staff.getByRole('link', { name: 'Give a discount' }).click()
  await staff.getByLabel('Name', { exact: true }).fill('For you')
  await staff.getByLabel('Percentage or amount').fill('10')
  assert.ok(await staff.getByRole('group', { name: 'Which customers' }).getByRole('checkbox').isChecked())
  await staff.getByRole('button', { name: 'Add the discount' }).click()
  await staff.getByRole('heading', { level: 1, name: 'For you' }).waitFor()
  await checkPage(staff, 'discount-for-one')
  const { items } = await reseller.api.get('/discounts')
  const [given] = items as unknown as { id: string; accounts: { id: string }[] }[]
  assert.deepEqual(
    given?.accounts.map(({ id }) => id),
    [account.id],
  )
  const checkout = await customer.api.get(`/checkouts/${await draft()}`)
  assert.deepEqual(checkout['total'], { amount: '44.10', currency: 'USD' })
  await reseller.api.send('PATCH', `/discounts/${given?.id}`, { active: false })
})

test('what a credit hold would stop stands at the portal’s home, and is decided with a reason', async () => {
  const { page: staff } = reseller
  const { rows } = await database.pool.query<{ id: string; name: string }>(
    `insert into trial_reviews (seller_id, id, kind, account_id, subscription_id, reasons, created_at)
     select seller_id, $2, 'credit_hold', account_id, id, '[{"code": "credit_hold", "detail": "-0.30 USD"}]', created_at
       from subscriptions where account_id = $1 and status = 'active' order by id limit 1 returning subscription_id as id`,
    [account.id, newId()],
  )
  assert.equal(rows.length, 1)
  await staff.goto(`${origin}/portal`)
  await staff.getByRole('heading', { name: 'To decide' }).waitFor()
  await checkPage(staff, 'home-to-decide')
  await staff
    .getByRole('list')
    .getByRole('link', { name: /^Backup/ })
    .first()
    .click()
  await staff.getByText('Credit hold: -0.30 USD to spend').waitFor()
  await checkPage(staff, 'reviews')
  await staff.getByRole('button', { name: /^Approve/ }).click()
  await staff.getByText('It runs on while the account is on hold').waitFor()
  await staff.getByLabel('Reason').fill('Spoke to them.')
  await staff.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await staff.getByText('Nothing to look at').waitFor()
})

test('a business that gives its VAT id accounts for the tax itself, and the checkout says so', async () => {
  const rate = { country: 'DE', customer_type: 'business', name: 'USt', percent: '19', reverse_charge: true }
  await reseller.api.send('PUT', '/tax-rates', { items: [rate] })
  const { page } = customer
  const save = async (what: () => Promise<unknown>) => {
    await page.goto(`${origin}/client/profile`)
    await page.locator('[name=country]').waitFor()
    await what()
    await page.getByRole('button', { name: /Save/ }).first().click()
    await page.getByText('Saved').first().waitFor()
  }
  await save(() => page.locator('[name=country]').selectOption('DE'))
  await page.goto(`${origin}/client/checkouts/${await draft()}/confirm`)
  await page
    .getByRole('button', { name: /58\.31/ })
    .locator('visible=true')
    .waitFor()
  await checkPage(page, 'taxed')
  await save(() => page.locator('[name=vat_id]').fill('DE123456789'))
  await page.goto(`${origin}/client/checkouts/${await draft()}/confirm`)
  await page.getByText('Reverse charge').locator('visible=true').first().waitFor()
  await page
    .getByRole('button', { name: /49\.00/ })
    .locator('visible=true')
    .waitFor()
  await checkPage(page, 'reverse-charge')
  await reseller.api.send('PUT', '/tax-rates', { items: [] })
})

test('money of a payment is given back after a look at what that means, and the customer sees it', async () => {
  const { page } = reseller
  await page.goto(`${origin}/portal/payments/${paidId}`)
  await page.getByRole('button', { name: 'Give money back' }).click()
  const dialog = page.getByRole('dialog')
  const amount = dialog.getByLabel('Amount, USD')
  await amount.fill('50')
  await dialog.getByText('At most').first().waitFor()
  await amount.fill('10')
  await dialog.getByLabel('Which way').selectOption('balance')
  await dialog.getByLabel(/^Reason/).fill('A day without service')
  await dialog.getByText('goes to the balance of Contoso Dental at once').waitFor()
  await checkPage(page, 'refund')
  await dialog.getByRole('button', { name: /^Give back/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Given back' }).waitFor()
  await checkPage(page, 'refunded')
  await customer.page.goto(`${origin}/client/payments/${paidId}`)
  await customer.page.getByText('A day without service').waitFor()
  await checkPage(customer.page, 'client-refunded')
})

test('a service is added with a secret that is shown once, tried, and removed after a question', async () => {
  const { page } = reseller
  await page.goto(`${origin}/portal/connectors`)
  await page.getByRole('heading', { name: 'No service yet' }).waitFor()
  await checkPage(page, 'services-none')
  await page.getByRole('link', { name: 'Add a service' }).click()
  await page.getByLabel('Name', { exact: true }).fill('machines')
  await page.getByLabel('Address').fill(receiver.url)
  await page.getByRole('button', { name: 'Add a service' }).click()
  await page.getByText('Copy the secret now').waitFor()
  await checkPage(page, 'service-secret')
  await page.getByRole('link', { name: 'Go to its page' }).click()
  await page.getByText('It was not asked for anything yet.').waitFor()
  assert.equal(await page.getByText('whsec_').count(), 0)
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('It answered.').waitFor()
  assert.equal(receiver.received.at(-1)?.body.type, 'connector.test')
  for (const [operation, status, message] of [
    ['activate', 'done', null],
    ['stop', 'failed', 'No room left.'],
  ])
    await database.pool.query(
      `insert into provisioning_tasks (seller_id, id, subscription_id, connector, operation, request, status, attempts, last_error, correlation_id, created_at, updated_at)
       select s.seller_id, $1, s.id, 'machines', $2, jsonb_build_object('tenant_id', s.tenant_id), $3, 2, $4, $1, now(), now()
         from subscriptions s where s.account_id = $5 limit 1`,
      [newId(), operation, status, message, account.id],
    )
  await page.reload()
  await page.getByText('No room left.').waitFor()
  await checkPage(page, 'service')
  await page.getByRole('button', { name: 'Remove' }).click()
  const dialog = page.getByRole('dialog', { name: 'Remove machines?' })
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('heading', { name: 'No service yet' }).waitFor()
})
