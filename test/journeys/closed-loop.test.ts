import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { OFFER_CRASHES } from '../harness/offer-crashes.ts'
import { addressOf, type ServerProcess, startServer, temporaryDataDir } from '../harness/server.ts'
import { signIn, until, type Visitor } from '../harness/visitor.ts'

const GB = 1_073_741_824n
const CLIENT = { id: 'loop', secret: 'a-secret-of-the-closed-loop' }

interface Offers {
  readonly id: string
  readonly account: { readonly id: string }
  readonly answer: {
    readonly kind: string
    readonly offers: readonly { readonly today: object; readonly recurring_after: object }[]
  }
  readonly status: string
  readonly orders: readonly {
    readonly id: string
    readonly status: string
    readonly payment: { readonly id: string } | null
  }[]
  readonly correlation_id: string
  readonly raised_at: string | null
}

/** Everything that the loop changes: what must be there once and nothing else. */
async function stateOf(dataDir: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: addressOf(dataDir) })
  await client.connect()
  try {
    const { rows } = await client.query(`
      select (select count(*)::int from orders) as orders, (select count(*)::int from payments) as payments,
             (select count(*)::int from payment_receipts) as receipts, (select count(*)::int from offer_orders) as "offerOrders",
             (select json_object_agg(usage_name, units::text order by usage_name) from quota_grants) as grants,
             (select count(*)::int from alerts where cleared_at is null) as "openAlerts",
             (select coalesce(sum(amount_minor), 0)::text from ledger_entries where amount_minor > 0) as debits`)
    return rows[0]
  } finally {
    await client.end()
  }
}

const ask = (who: Visitor): Promise<Offers> => who.call('POST', '/api/v1/offers', { horizon_days: 0, place: 'api' })

const confirm = (who: Visitor, { id, answer }: Offers, key: string): Promise<Offers> =>
  who.call(
    'POST',
    `/api/v1/offers/${id}/place`,
    {
      position: 0,
      expected_total: answer.offers[0]?.today,
      accept_recurring: answer.offers[0]?.recurring_after,
      accept_terms: true,
    },
    { 'idempotency-key': key },
  )

const untilRaised = (who: Visitor, id: string): Promise<Offers> =>
  until(
    () => who.call<Offers>('GET', `/api/v1/offers/${id}`),
    ({ raised_at }) => raised_at !== null,
    { what: 'raised quota', timeoutMs: 60_000 },
  )

describe('the closed loop', () => {
  let server: ServerProcess
  let dataDir: string
  let browser: Browser
  let page: Page
  let staff: Visitor
  let customer: Visitor
  const requests: {
    readonly method: string
    readonly path: string
    readonly body: string | null
    readonly key: string
  }[] = []
  before(async () => {
    const mailbox = await openMailbox()
    dataDir = await temporaryDataDir()
    server = await startServer({
      dataDir,
      env: { SMTP_URL: mailbox.url, BUYLINK_CLIENT_ID: CLIENT.id, BUYLINK_CLIENT_SECRET: CLIENT.secret },
    })
    staff = await signIn(server.origin, SIGN_INS.reseller)
    customer = await signIn(server.origin, SIGN_INS.customer)
    browser = await launchBrowser()
    page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
    page.setDefaultTimeout(30_000)
    page.on('request', (request) => {
      if (request.method() === 'POST' && /\/offers\//.test(request.url()))
        requests.push({
          method: request.method(),
          path: new URL(request.url()).pathname,
          body: request.postData(),
          key: request.headers()['idempotency-key'] ?? '',
        })
    })
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })
  const check = async (name: string): Promise<void> => {
    assert.deepEqual(await axeViolations(page), [], name)
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(scrolls, false, `${name} scrolls sideways`)
  }

  test('usage that runs over opens an alert', async () => {
    const token = await fetch(`${server.origin}/api/2/idp/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const { access_token } = (await token.json()) as { access_token: string }
    const { account } = await ask(customer)
    const response = await fetch(`${server.origin}/api/v1/usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        specversion: '1.0',
        id: 'loop-1',
        source: 'urn:loop',
        type: 'usage',
        subject: account.id,
        time: new Date().toISOString(),
        data: { usage_name: 'workstations', value: '14' },
      }),
    })
    assert.equal(response.status, 202, await response.text())
    const { answer } = await ask(customer)
    assert.equal(answer.kind, 'offers')
  })

  test('a link from the alert leads, through signing in, to one recommended purchase and why', async () => {
    const back = encodeURIComponent(`${server.origin}/?from=console`)
    await page.goto(
      `${server.origin}/upgrade?origin=alert_on_physical_machines&tenant_quotas=storage_size,physical_machines&user_account_id=1&tenant_id=999&redirect_url=${back}`,
    )
    await page.getByLabel('Email address').fill(SIGN_INS.customer)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'What Contoso Dental needs now' }).waitFor()
    // The number in the address is somebody else's; who signed in decides.
    await page.getByText('The link you followed was made for another company.').waitFor()
    await page.getByText('14 of 10').waitFor()
    await page.getByRole('heading', { name: 'More of Backup Business' }).waitFor()
    await page.getByText(/lowest price that/).waitFor()
    await check('upgrade')
  })

  test('a higher price a month is agreed to by hand, then one confirmation orders it', async () => {
    const order = page.getByRole('button', { name: /^Order and pay/ })
    await order.click()
    await page.getByText('Agree to the new price a month').waitFor()
    await page.getByLabel(/^I agree to/).check()
    await order.click()
    await page.getByRole('heading', { name: 'Pay, and the rest happens by itself' }).waitFor()
    await check('progress')
  })

  test('paid, the quota rises, the alert ends, and the way leads back', async () => {
    const { items } = await staff.call<{ items: { id: string }[] }>(
      'GET',
      '/api/v1/payments?status=waiting_for_payment',
    )
    assert.equal(items.length, 1)
    await staff.call('POST', `/api/v1/payments/${items[0]?.id}/approve`, {}, { 'idempotency-key': 'loop-approve' })
    await page.getByRole('heading', { name: 'Done: there is room again' }).waitFor()
    await check('done')
    assert.equal(
      await page.getByRole('link', { name: 'Back to where you came from' }).getAttribute('href'),
      `${server.origin}/?from=console`,
    )
    const solved = await ask(customer)
    assert.equal(solved.answer.kind, 'solved')
    const state = await stateOf(dataDir)
    assert.equal(state['openAlerts'], 0)
    assert.ok(BigInt((state['grants'] as Record<string, string>)['storage'] ?? 0) > 500n * GB)
    const offerId = /upgrade\/([0-9a-f-]+)/.exec(page.url())?.[1]
    const offers = await customer.call<Offers>('GET', `/api/v1/offers/${offerId}`)
    for (const who of [customer, staff]) {
      const { items: events } = await who.call<{ items: { type: string }[] }>(
        'GET',
        `/api/v1/timelines/${offers.correlation_id}`,
      )
      const chain = events.map(({ type }) => type).filter((type) => CHAIN.includes(type))
      assert.deepEqual([...new Set(chain)], CHAIN)
      const opened = events.findIndex(({ type }) => /^quota\.(almost_reached|exceeded)$/.test(type))
      assert.ok(opened >= 0 && opened < events.findIndex(({ type }) => type === 'offer.made'), 'the alert comes first')
    }
    const stranger = await customer.request('GET', `/api/v1/timelines/${offers.id}`)
    assert.equal(stranger.status, 404)
  })

  test('every request of it again changes nothing', async () => {
    const earlier = await stateOf(dataDir)
    assert.ok(requests.length > 0)
    for (const { path, body, key } of requests)
      await customer.request('POST', path, JSON.parse(body ?? '{}'), { 'idempotency-key': `${key}-again` })
    const { items } = await staff.call<{ items: { id: string }[] }>('GET', '/api/v1/payments?status=completed')
    for (const { id } of items) await staff.request('POST', `/api/v1/payments/${id}/approve`, {})
    assert.deepEqual(await stateOf(dataDir), earlier)
  })
})

/** What the timeline says, in this order, of the thread that the first alert began. */
const CHAIN = [
  'offer.made',
  'order.placed',
  'offer.placed',
  'payment.received',
  'payment.completed',
  'provisioning.requested',
  'quota.cleared',
  'order.completed',
  'offer.fulfilled',
]

describe('the closed loop under kill -9', () => {
  let prepared: string
  before(async () => {
    prepared = await temporaryDataDir()
    const server = await startServer({ dataDir: prepared })
    assert.deepEqual(await server.stop(), { status: 0, signal: null })
  })
  for (const crash of [
    ...OFFER_CRASHES,
    'order.before_start_commit',
    'provisioning.connector_answered',
    'order.before_completion_commit',
  ])
    test(`at ${crash}: goes on where it stood, and everything is there once`, async () => {
      const dataDir = await temporaryDataDir()
      execFileSync('cp', ['-a', `${prepared}/.`, dataDir])
      const first = await startServer({ dataDir, env: { BUYLINK_CRASH_AT: crash } })
      let customer = await signIn(first.origin, SIGN_INS.customer)
      let staff = await signIn(first.origin, SIGN_INS.reseller)
      const offers = await ask(customer)
      const pay = async ({ orders }: Offers): Promise<void> => {
        const [order] = orders
        if (order?.payment)
          await staff.call('POST', `/api/v1/payments/${order.payment.id}/approve`, {}, { 'idempotency-key': 'pay' })
      }
      const isDead = first.exited.then(() => true)
      await confirm(customer, offers, 'confirm')
        .then(pay)
        .catch(() => undefined)
      assert.equal(await isDead, true)
      const again = await startServer({ dataDir, port: first.port })
      customer = customer.at(again.origin)
      staff = staff.at(again.origin)
      const placed = await confirm(customer, offers, 'confirm-again')
      assert.equal(placed.orders.length, 1)
      await pay(placed).catch(() => undefined)
      await untilRaised(customer, offers.id)
      const state = await stateOf(dataDir)
      assert.deepEqual(
        [state['orders'], state['payments'], state['receipts'], state['offerOrders'], state['openAlerts']],
        [2, 2, 2, 1, 0],
      )
      assert.equal((await ask(customer)).answer.kind, 'solved')
      await again.stop()
    })
})
