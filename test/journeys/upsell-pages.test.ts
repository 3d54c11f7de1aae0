import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { press } from '../harness/keyboard.ts'
import { addressOf, demonstrationDataDir, type ServerProcess, startServer } from '../harness/server.ts'
import { signIn, until } from '../harness/visitor.ts'

/** Where pictures of the pages go, for whoever looks at them. */
const SHOTS = process.env['BUYLINK_SHOTS']
let server: ServerProcess
let browser: Browser
let page: Page
let dataDir: string

before(async () => {
  dataDir = await demonstrationDataDir()
  server = await startServer({ dataDir, env: { BUYLINK_ALLOW_INTERNAL: '1' } })
  const customer = await signIn(server.origin, SIGN_INS.customer)
  // Shown in a console, come from there, and asked.
  await customer.call('GET', '/api/v1/alerts')
  const { id } = await customer.call<{ id: string }>('POST', '/api/v1/offers', { place: 'Alert_on_Storage' })
  await customer.call('POST', `/api/v1/offers/${id}/contact`, { message: 'Do you have something for half a year?' })
  browser = await launchBrowser()
  page = await signedIn('/portal', SIGN_INS.reseller)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** What no page and no call says or changes. */
async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: addressOf(dataDir) })
  await client.connect()
  const { rows } = await client.query<Row>(text, values)
  await client.end()
  return rows
}

async function signedIn(area: '/portal' | '/client', email: string): Promise<Page> {
  const opened = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
  opened.setDefaultTimeout(30_000)
  await opened.goto(`${server.origin}${area}/sign-in`)
  await opened.getByLabel('Email address').fill(email)
  await opened.getByLabel('Password').fill(PASSWORD)
  await opened.keyboard.press('Enter')
  await opened.waitForURL((url) => !url.pathname.includes('sign-in'))
  await opened.getByRole('heading', { level: 1 }).waitFor()
  return opened
}

async function check(name: string, at = page): Promise<void> {
  for (const width of [390, 1280]) {
    await at.setViewportSize({ width, height: 900 })
    assert.deepEqual(await axeViolations(at), [], `${name} at ${width}`)
    const scrolls = await at.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
    assert.equal(scrolls, false, `${name} scrolls sideways at ${width}`)
    if (SHOTS === undefined) continue
    mkdirSync(SHOTS, { recursive: true })
    await at.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true })
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

test('who follows a buy-link to what they have renews it, by keyboard alone, and it runs on', async () => {
  // Whatever the month, the end is near enough.
  await query('update account_classes set manual_renew_days = -1')
  const staff = await signIn(server.origin, SIGN_INS.reseller)
  const customer = await signIn(server.origin, SIGN_INS.customer)
  const running = async () => {
    const { items } = await customer.call<{ items: { id: string; period_ends_at: string }[] }>(
      'GET',
      '/api/v1/subscriptions',
    )
    assert.equal(items.length, 1, 'never a second one')
    return items[0]?.period_ends_at ?? ''
  }
  const before = await running()
  const client = await signedIn('/client', SIGN_INS.customer)
  await client.goto(
    `${server.origin}/external_dispatcher/settle?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application`,
  )
  const renew = client.getByRole('button', { name: 'Renew this one now' })
  await renew.waitFor()
  await check('existing', client)
  await press(client, renew)
  await client.getByRole('heading', { name: 'Check and renew' }).waitFor()
  await check('renewal', client)
  await client.getByText('Next period').waitFor()
  await press(client, client.getByRole('button', { name: /^Place order/ }).filter({ visible: true }))
  await client.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor()
  const { items } = await staff.call<{ items: { id: string; status: string }[] }>(
    'GET',
    '/api/v1/payments?status=waiting_for_payment',
  )
  await staff.call('POST', `/api/v1/payments/${items[0]?.id}/approve`, {})
  await client.getByRole('heading', { name: 'Backup Business is renewed' }).waitFor()
  await check('renewed', client)
  const after = await until(running, (endsAt) => endsAt > before, { what: 'next period' })
  assert.ok(Date.parse(after) - Date.parse(before) >= 28 * 86_400_000)
  await client.context().close()
})

test('an offer that was never taken up leads to today’s', async () => {
  const customer = await signIn(server.origin, SIGN_INS.customer)
  const { id } = await customer.call<{ id: string }>('POST', '/api/v1/offers', { place: 'api' })
  const client = await signedIn('/client', SIGN_INS.customer)
  await client.goto(`${server.origin}/client/upgrade/${id}`)
  await client.getByRole('heading', { name: 'This was not ordered' }).waitFor()
  await check('unordered', client)
  await client.getByRole('link', { name: 'Look at today’s offers' }).click()
  await client.getByRole('heading', { name: 'What Contoso Dental needs now' }).waitFor()
  await client.context().close()
})

test('who alone ran out gives themselves some of what the company has, and the page says that all is well', async () => {
  const [staff, customer] = [
    await signIn(server.origin, SIGN_INS.reseller),
    await signIn(server.origin, SIGN_INS.customer),
  ]
  const { account } = await customer.call<{ account: { id: string } }>('GET', '/api/v1/session')
  const [user] = await query<{ id: string }>('select personal_tenant_id as id from users where email = $1', [
    SIGN_INS.customer,
  ])
  const own = user?.id
  const setBase = async (tenantId: string | undefined, usageName: string, base: string) => {
    const path = `/api/v1/quotas/${tenantId}/${usageName}`
    const { version } = await staff.call<{ version: string }>('GET', path)
    await staff.call('PUT', path, { base }, { 'if-match': `"${version}"` })
  }
  // The company has room again; its user has not.
  await setBase(account.id, 'storage', `${10 * 1024 ** 4}`)
  await setBase(account.id, 'workstations', '100')
  const usage = { specversion: '1.0', id: 'own', source: 'urn:pages', type: 'usage', subject: own }
  await staff.call('POST', '/api/v1/usage', {
    ...usage,
    time: new Date().toISOString(),
    data: { usage_name: 'workstations', value: '2' },
  })
  await setBase(own, 'workstations', '1')
  const client = await signedIn('/client', SIGN_INS.customer)
  await client.goto(`${server.origin}/upgrade?origin=alert_on_workstations&user_quotas=workstations`)
  await client.getByText('Nothing to buy: there is room').waitFor()
  await check('reassign', client)
  await client.getByRole('button', { name: 'Give it to me now' }).click()
  await client.getByText('Everything is within its quota', { exact: false }).waitFor()
  await check('reassigned', client)
  const quota = await staff.call<{ value: string; state: string }>('GET', `/api/v1/quotas/${own}/workstations`)
  assert.deepEqual([quota.value, quota.state], ['2', 'fine'])
  assert.equal((await customer.call<{ items: unknown[] }>('GET', '/api/v1/orders')).items.length, 2)
  await client.context().close()
})
