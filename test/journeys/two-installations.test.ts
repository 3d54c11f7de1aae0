import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { PLATFORM_CRASHES } from '../harness/offer-crashes.ts'
import { readPlatformPage } from '../harness/platform-page.ts'
import { freePort, type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'
import {
  approve,
  checkOut,
  createVisitor,
  LINKS,
  place,
  programOf,
  signIn,
  until,
  untilCompleted,
  type Visitor,
} from '../harness/visitor.ts'

const CLIENT = { id: 'loop', secret: 'a-secret-of-the-closed-loop' }
const FAYE = { email: 'faye@fabrikam.example', password: 'a-long-enough-password-7' }

interface Offers {
  readonly id: string
  readonly answer: {
    readonly kind: string
    readonly offers: readonly {
      readonly today: object
      readonly recurring_after: object
      readonly raises: readonly { readonly usage_name: string; readonly to: string }[]
    }[]
  }
  readonly orders: readonly { readonly id: string; readonly payment: { readonly id: string } | null }[]
  readonly correlation_id: string
  readonly raised_at: string | null
}
interface Platform {
  readonly customers: number
  readonly users: number
  readonly sync_error: string | null
  readonly raises_waiting: number
  readonly raises: readonly {
    readonly usage_name: string
    readonly units: string
    readonly last_error: string | null
  }[]
}

const mailbox = await openMailbox()
const [centreData, shopData] = [await demonstrationDataDir(), await demonstrationDataDir()]
const [centrePort, shopPort] = [await freePort(), await freePort()]
const env = {
  BUYLINK_ALLOW_INTERNAL: '1',
  SMTP_URL: mailbox.url,
  BUYLINK_CLIENT_ID: CLIENT.id,
  BUYLINK_CLIENT_SECRET: CLIENT.secret,
}
const openCentre = () => startServer({ dataDir: centreData, port: centrePort, env })
const openShop = (more: Record<string, string> = {}) =>
  startServer({ dataDir: shopData, port: shopPort, env: { ...env, ...more } })

describe('two installations: one is the data centre, the other the shop', { timeout: 600_000 }, () => {
  /** The data centre: where the customer lives and uses. */
  let centre: ServerProcess
  let shop: ServerProcess
  let program: Visitor
  let staff: Visitor
  let faye: Visitor
  let browser: Browser
  let page: Page
  let customerId: string
  let userId: string
  let accountId: string

  before(async () => {
    ;[centre, shop] = await Promise.all([openCentre(), openShop()])
    program = await programOf(centre.origin, CLIENT)
    staff = await signIn(shop.origin, SIGN_INS.reseller)
    browser = await launchBrowser()
    page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
    page.setDefaultTimeout(30_000)
  })
  after(async () => {
    await browser?.close()
    await shop?.stop()
    await centre?.stop()
  })

  const use = async (vms: number): Promise<void> => {
    const items = [{ tenant_id: customerId, usage_type: 'vms', usage_value: vms }]
    const answer = await program.call<{ items: { error?: unknown }[] }>('PUT', '/api/2/tenants/usages', { items })
    assert.equal(answer.items[0]?.error, undefined)
  }
  /** What the data centre says of the customer's virtual machines. */
  const there = async (): Promise<{ value: number; version: number }> => {
    const { items } = await program.call<{
      items: { usage_name: string; quota: { value: number; version: number } }[]
    }>('GET', `/api/2/tenants/${customerId}/offering_items?usage_names=vms`)
    assert.ok(items[0])
    return items[0].quota
  }
  const alertsThere = () =>
    program.call<{ items: { action: { kind: string; url?: string } }[] }>(
      'GET',
      `/api/v1/alerts?user_id=${userId}&redirect_url=${encodeURIComponent(`${centre.origin}/machines`)}`,
    )
  const platform = () => staff.call<Platform>('GET', '/api/v1/platforms/dc')
  const untilRaised = (id: string) =>
    until(
      () => faye.call<Offers>('GET', `/api/v1/offers/${id}`),
      ({ raised_at }) => raised_at !== null,
      { what: 'raised quota', timeoutMs: 90_000 },
    )

  test('the data centre has a customer with a buyer, and its Buy URL leads to the shop', async () => {
    const own = await program.call<{ tenant_id: string }>('GET', `/api/2/clients/${CLIENT.id}`)
    const list = await program.call<{ items: { id: string; kind: string; version: number }[] }>(
      'GET',
      `/api/2/tenants?subtree_root_id=${own.tenant_id}&limit=1000`,
    )
    const partner = list.items.find(({ kind }) => kind === 'partner')
    assert.ok(partner)
    const customer = { name: 'Fabrikam', kind: 'customer', parent_id: partner.id }
    ;({ id: customerId } = await program.call<{ id: string }>('POST', '/api/2/tenants', customer))
    const person = {
      tenant_id: customerId,
      login: FAYE.email,
      contact: { email: FAYE.email, firstname: 'Faye', lastname: 'Miller' },
      business_types: ['buyer'],
    }
    ;({ id: userId } = await program.call<{ id: string }>('POST', '/api/2/users', person))
    await program.call('PUT', `/api/2/users/${userId}/access_policies`, {
      items: [{ trustee_id: userId, trustee_type: 'user', tenant_id: customerId, role_id: 'company_admin' }],
    })
    const items = await program.call<{ items: { application_id: string; name: string; usage_name: string }[] }>(
      'GET',
      `/api/2/tenants/${customerId}/offering_items?usage_names=vms`,
    )
    const [vms] = items.items
    await program.call('PUT', `/api/2/tenants/${customerId}/offering_items`, {
      offering_items: [
        {
          application_id: vms?.application_id,
          name: vms?.name,
          status: 1,
          quota: { value: 3, overage: null, version: 0 },
        },
      ],
    })
    const brand = { upsell_url: `${shop.origin}/upgrade/dc` }
    await program.call('PUT', `/api/2/tenants/${partner.id}/brand?version=${partner.version}`, brand)

    const client = await program.call<{ client_id: string; client_secret: string }>('POST', '/api/2/clients', {
      type: 'api_client',
      tenant_id: partner.id,
      token_endpoint_auth_method: 'client_secret_basic',
      data: { client_name: 'Shop' },
    })
    const wrong = { title: 'Data centre', base_url: `${centre.origin}/api/2`, client_id: client.client_id, secret: 'x' }
    await staff.call('POST', '/api/v1/platforms', { name: 'dc', ...wrong })
    const refused = await staff.call<Platform>('POST', '/api/v1/platforms/dc/sync', {})
    assert.match(refused.sync_error ?? '', /does not know the API client/)
    await staff.call('PATCH', '/api/v1/platforms/dc', { secret: client.client_secret })
    const synced = await staff.call<Platform>('POST', '/api/v1/platforms/dc/sync', {})
    // Contoso comes with every demonstration; its people are somebody here already, and stay who they are.
    assert.deepEqual([synced.sync_error, synced.customers], [null, 2])
  })

  test('its people sign in at the shop by proving their address; the customer orders a first plan', async () => {
    const customers = await staff.call<{
      items: {
        name: string
        account: { id: string }
        quotas: { usage_name: string; value: string | null }[]
        users: { email: string | null; problem: string | null }[]
      }[]
    }>('GET', '/api/v1/platforms/dc/customers')
    const fabrikam = customers.items.find(({ name }) => name === 'Fabrikam')
    assert.ok(fabrikam)
    accountId = fabrikam.account.id
    assert.deepEqual(
      fabrikam.users.map(({ email, problem }) => [email, problem]),
      [[FAYE.email, null]],
    )
    assert.equal(fabrikam.quotas.find(({ usage_name }) => usage_name === 'vms')?.value, '3')
    const contoso = customers.items.find(({ name }) => name === 'Contoso Dental')
    assert.ok(contoso?.users.every(({ problem }) => problem !== null))

    faye = createVisitor(shop.origin)
    await faye.call('POST', '/api/v1/password-resets', { email: FAYE.email })
    const { text } = await mailbox.newestTo(FAYE.email)
    const token = /token=([\w-]+)/.exec(text ?? '')?.[1]
    await faye.call('POST', '/api/v1/password-resets/confirm', { token, password: FAYE.password })
    await faye.call('PUT', '/api/v1/account/registration', {
      first_name: 'Faye',
      last_name: 'Miller',
      customer_type: 'business',
      company_name: 'Fabrikam',
      country: 'US',
      city: 'Springfield',
      street: '1 Main Street',
      zip: '01101',
      accept_privacy: true,
    })
    const order = await place(faye, await checkOut(faye, LINKS.monthly))
    await approve(staff, order)
    await untilCompleted(faye, order)
    // 3 given by hand there, 2 by the plan.
    assert.equal((await there()).value, 5)
  })

  test('usage there, its alert’s link, the shop’s offer, paid: raised there, and the alert there is gone', async () => {
    await use(7)
    const alerts = await alertsThere()
    const url = alerts.items[0]?.action.url ?? ''
    assert.ok(
      url.startsWith(`${shop.origin}/upgrade/dc?origin=alert_on_virtual_machines&tenant_quotas=virtual_machines`),
      url,
    )
    await page.goto(url)
    await page.getByLabel('Email address').fill(FAYE.email)
    await page.getByLabel('Password').fill(FAYE.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'What Fabrikam needs now' }).waitFor()
    await page.getByText('7 of 5').waitFor()
    assert.equal(await page.getByText('made for another company').count(), 0)
    assert.deepEqual(await axeViolations(page), [])
    await page.getByLabel(/^I agree to/).check()
    await page.getByRole('button', { name: /^Order and pay/ }).click()
    await page.getByRole('heading', { name: 'Pay, and the rest happens by itself' }).waitFor()
    const { items } = await staff.call<{ items: { id: string }[] }>(
      'GET',
      '/api/v1/payments?status=waiting_for_payment',
    )
    await staff.call('POST', `/api/v1/payments/${items[0]?.id}/approve`, {})
    await page.getByRole('heading', { name: 'Done: there is room again' }).waitFor()
    const back = page.getByRole('link', { name: 'Back to where you came from' })
    assert.equal(await back.getAttribute('href'), `${centre.origin}/machines`)

    assert.ok((await there()).value >= 7)
    assert.deepEqual((await alertsThere()).items, [])
    const offerId = /upgrade\/([0-9a-f-]+)/.exec(page.url())?.[1]
    const { correlation_id: correlationId } = await faye.call<Offers>('GET', `/api/v1/offers/${offerId}`)
    const { items: events } = await staff.call<{ items: { type: string }[] }>(
      'GET',
      `/api/v1/timelines/${correlationId}`,
    )
    const types = events.map(({ type }) => type)
    const chain = [
      'quota.exceeded',
      'order.placed',
      'payment.completed',
      'platform.quota_changed',
      'order.completed',
      'offer.fulfilled',
    ]
    assert.deepEqual(
      types.filter((type) => chain.includes(type)),
      chain,
    )
  })

  test('a number in the link is never a proof: another company’s shows one’s own', async () => {
    await page.goto(
      `${shop.origin}/upgrade/dc?origin=mc_usage_info&tenant_quotas=virtual_machines&user_account_id=1&tenant_id=1`,
    )
    await page.getByText('The link you followed was made for another company.').waitFor()
    await page.getByRole('heading', { name: 'What Fabrikam needs now' }).waitFor()
  })

  test('looked at again, nothing is written on either side', async () => {
    const before = await there()
    await staff.call('POST', '/api/v1/platforms/dc/sync', {})
    await staff.call('POST', '/api/v1/platforms/dc/sync', {})
    assert.deepEqual(await there(), before)
  })

  /** One more shortage, ordered and paid by programs. */
  async function buyMore(vms: number, name: string): Promise<Offers> {
    await use(vms)
    await faye.call('POST', '/api/v1/platforms/dc/arrivals', {})
    const asked = await faye.call<Offers>('POST', '/api/v1/offers', { horizon_days: 0, place: name })
    const [offer] = asked.answer.offers
    const confirmation = { expected_total: offer?.today, accept_recurring: offer?.recurring_after, accept_terms: true }
    const placed = await faye.call<Offers>('POST', `/api/v1/offers/${asked.id}/place`, confirmation)
    await staff.call('POST', `/api/v1/payments/${placed.orders[0]?.payment?.id}/approve`, {}).catch(() => undefined)
    return asked
  }
  const wantedBy = ({ answer }: Offers): number =>
    Number(answer.offers[0]?.raises.find(({ usage_name }) => usage_name === 'vms')?.to)

  for (const [index, crash] of PLATFORM_CRASHES.entries())
    test(`killed at ${crash}: raised there once`, async () => {
      await shop.kill()
      shop = await openShop({ BUYLINK_CRASH_AT: crash })
      const offers = await buyMore((await there()).value + 1, `crash_${index}`)
      assert.deepEqual(await shop.exited, { status: null, signal: 'SIGKILL' })
      const before = await there()
      shop = await openShop()
      await untilRaised(offers.id)
      assert.equal((await there()).value, wantedBy(offers))
      if (crash === 'platform.raised') assert.deepEqual(await there(), before, 'it was there, and nobody wrote again')
    })

  test('while the data centre is away the order waits, says why, and ends by itself when it is back', async () => {
    const value = (await there()).value
    const asking = await buyMoreWhileAway(value + 1)
    await until(platform, ({ raises }) => raises.some(({ last_error }) => last_error !== null), {
      what: 'a raise that says what is wrong',
      timeoutMs: 60_000,
    })
    centre = await openCentre()
    await untilRaised(asking.id)
    assert.equal((await there()).value, wantedBy(asking))
    const { raises } = await platform()
    assert.ok(raises.every(({ last_error }) => last_error === null))
  })

  async function buyMoreWhileAway(vms: number): Promise<Offers> {
    await use(vms)
    await faye.call('POST', '/api/v1/platforms/dc/arrivals', {})
    const asked = await faye.call<Offers>('POST', '/api/v1/offers', { horizon_days: 0, place: 'away' })
    await centre.stop()
    const arrival = await faye.call<{ is_stale: boolean }>('POST', '/api/v1/platforms/dc/arrivals', {})
    assert.equal(arrival.is_stale, true)
    const [offer] = asked.answer.offers
    const confirmation = { expected_total: offer?.today, accept_recurring: offer?.recurring_after, accept_terms: true }
    const placed = await faye.call<Offers>('POST', `/api/v1/offers/${asked.id}/place`, confirmation)
    await staff.call('POST', `/api/v1/payments/${placed.orders[0]?.payment?.id}/approve`, {})
    return asked
  }

  test('the shop’s people read who lives there and what was raised', () =>
    readPlatformPage(browser, shop.origin, 'dc', 'Fabrikam'))

  test('an order that is taken back lowers the quota there the same way', async () => {
    const before = (await there()).value
    const { items } = await staff.call<{ items: { id: string }[] }>('GET', `/api/v1/orders?account_id=${accountId}`)
    const last = items[0]?.id ?? ''
    await use(1)
    await staff.call('POST', `/api/v1/orders/${last}/undo`, {})
    await until(there, ({ value }) => value < before, { what: 'lower quota there', timeoutMs: 30_000 })
  })
})
