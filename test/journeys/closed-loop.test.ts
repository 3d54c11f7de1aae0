import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { isPublicEvent } from '../../src/notifications/catalogue.ts'
import { axeViolations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { everything } from '../harness/everything.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { quiet } from '../harness/order-stories.ts'
import { openReceiver } from '../harness/receiver.ts'
import { openRecorder, type Recorded } from '../harness/recorder.ts'
import { addressOf, freePort, type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'
import { startStripe } from '../harness/stripe.ts'
import { programOf, signIn, until, type Visitor } from '../harness/visitor.ts'

const CLIENT = { id: 'loop', secret: 'a-secret-of-the-closed-loop' }

const linkIn = ({ html }: { readonly html?: string | undefined }): string =>
  /href="([^"]*\/upgrade\?[^"]*)"/.exec(html ?? '')?.[1]?.replaceAll('&amp;', '&') ?? ''

/** All that one purchase led to, in this order. */
const CHAIN = [
  'quota.exceeded',
  'offer.made',
  'order.placed',
  'offer.placed',
  'payment.received',
  'payment.completed',
  'provisioning.requested',
  'quota.cleared',
  'order.completed',
  'subscription.updated',
  'offer.fulfilled',
]
/** Invoices are made beside it, at their own pace. */
const isBeside = (type: string): boolean => type.startsWith('invoice.')
/** Of it what others may be told of. */
const TOLD = CHAIN.filter(isPublicEvent)
const MAILS = [
  'Virtual machines quota has been exceeded',
  'Your order SO000002',
  'We received your payment',
  'Backup Business is ready',
]
const CHANGES = [
  '/api/v1/usage',
  '/api/v1/sessions',
  '/api/v1/offers',
  '/api/v1/offers/:id/place',
  '/api/v1/payments/:id/card-sessions',
  '/api/v1/stripe/webhooks',
]

const port = await freePort()
const mailbox = await openMailbox()
const receiver = await openReceiver()
const recorder = await openRecorder(port)
const stripe = await startStripe({ onPaid: async (event) => void (await stripe.deliver(recorder.origin, event)) })

describe('the closed loop', () => {
  let server: ServerProcess
  let browser: Browser
  let page: Page
  let staff: Visitor
  let customer: Visitor
  let program: Visitor
  let dataDir: string
  let accountId: string
  let correlationId: string
  let webhookId: string
  let startedAt: string

  before(async () => {
    dataDir = await demonstrationDataDir()
    server = await startServer({
      dataDir,
      port,
      env: {
        SMTP_URL: mailbox.url,
        BUYLINK_PUBLIC_URL: recorder.origin,
        BUYLINK_ALLOW_INTERNAL: '1',
        BUYLINK_CLIENT_ID: CLIENT.id,
        BUYLINK_CLIENT_SECRET: CLIENT.secret,
        STRIPE_SECRET_KEY: stripe.secretKey,
        STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
        STRIPE_API_BASE: stripe.apiBase,
      },
    })
    staff = await signIn(server.origin, SIGN_INS.reseller)
    customer = await signIn(server.origin, SIGN_INS.customer)
    const session = await customer.call<{ account: { id: string } }>('GET', '/api/v1/session')
    accountId = session.account.id
    // What the demonstration comes with is over before the story begins.
    program = await programOf(server.origin, CLIENT)
    await report('storage', 1n, 'earlier-1')
    await report('workstations', 1n, 'earlier-2')
    await quiet(addressOf(dataDir))
    startedAt = new Date().toISOString()
    ;({ id: webhookId } = await staff.call<{ id: string }>('POST', '/api/v1/webhooks', {
      url: receiver.url,
      event_types: [],
    }))
    browser = await launchBrowser()
    page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
    page.setDefaultTimeout(30_000)
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** Back from the gateway the page may ask about the card; whether it does depends on how soon the webhook comes. */
  const changesOfChain = (): Recorded[] =>
    recorder.changes().filter(({ path }) => !path.endsWith('/card-sessions/check'))

  async function report(usageName: string, value: bigint, id: string): Promise<void> {
    const event = {
      specversion: '1.0',
      id,
      source: 'urn:loop',
      type: 'usage',
      subject: accountId,
      time: new Date().toISOString(),
      data: { usage_name: usageName, value: value.toString() },
    }
    const answer = await program.request('POST', '/api/v1/usage', event, {
      'content-type': 'application/cloudevents+json',
    })
    assert.equal(answer.status, 202)
  }
  const check = async (name: string): Promise<void> => {
    assert.deepEqual(await axeViolations(page), [], name)
    const scrolls = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(scrolls, false, `${name} scrolls sideways`)
  }

  /** The same as staff read it beside the order. */
  async function readAsStaff(): Promise<void> {
    const { items } = await staff.call<{ items: { id: string }[] }>('GET', '/api/v1/orders?limit=1')
    const portal = await browser.newPage()
    portal.setDefaultTimeout(30_000)
    await portal.goto(`${server.origin}/portal/sign-in`)
    await portal.getByLabel('Email address').fill(SIGN_INS.reseller)
    await portal.getByLabel('Password').fill(PASSWORD)
    await portal.keyboard.press('Enter')
    await portal.getByRole('heading', { name: 'To do', level: 1 }).waitFor()
    await portal.goto(`${server.origin}/portal/orders/${items[0]?.id}`)
    await portal.getByRole('button', { name: 'What led to this, step by step' }).click()
    await portal.getByText('A quota was exceeded').waitFor()
    await portal.getByText('All of it is done').waitFor()
    const folder = process.env['BUYLINK_SHOTS']
    if (folder) await portal.screenshot({ path: `${folder}/order-timeline.png`, fullPage: true })
    await portal.close()
  }

  test('usage that runs over opens an alert and mails the buyer a link', async () => {
    program = program.at(recorder.origin)
    await report('vms', 5n, 'loop-1')
    const read = async () => linkIn(await mailbox.newestTo(SIGN_INS.customer))
    const link = await until(read, (found) => found.includes('virtual_machines'), { what: 'mail' })
    assert.ok(
      link?.startsWith(`${recorder.origin}/upgrade?origin=email_notification&tenant_quotas=virtual_machines`),
      link,
    )
    // As the alert in a console has it: with the page of the click. The number in it is made somebody else's.
    const back = encodeURIComponent(`${recorder.origin}/?from=console`)
    await page.goto(
      `${link.replace('email_notification', 'alert_on_virtual_machines').replace(/tenant_id=\d+/, 'tenant_id=999')}&redirect_url=${back}`,
    )
  })

  test('the link leads, through signing in, to one recommended purchase and why', async () => {
    await page.getByLabel('Email address').fill(SIGN_INS.customer)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'What Contoso Dental needs now' }).waitFor()
    await page.getByText('The link you followed was made for another company.').waitFor()
    await page.getByText('5 of 2').waitFor()
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

  test('paid by card, the quota rises, the alert ends, and the way leads back; nobody else did anything', async () => {
    await page.getByRole('button', { name: /by card$/ }).click()
    await page.getByRole('button', { name: 'Pay by card' }).click()
    await page.getByRole('heading', { name: 'Done: there is room again' }).waitFor()
    await check('done')
    const back = page.getByRole('link', { name: 'Back to where you came from' })
    assert.equal(await back.getAttribute('href'), `${recorder.origin}/?from=console`)
    const offerId = /upgrade\/([0-9a-f-]+)/.exec(page.url())?.[1]
    const offers = await customer.call<{ correlation_id: string; raised_at: string | null }>(
      'GET',
      `/api/v1/offers/${offerId}`,
    )
    assert.ok(offers.raised_at)
    correlationId = offers.correlation_id
    const { items } = await customer.call<{ items: { usage_name: string; value: string; state: string }[] }>(
      'GET',
      `/api/v1/quotas/${accountId}`,
    )
    const vms = items.find(({ usage_name }) => usage_name === 'vms')
    // 5 in use and growing: two more than today and what 90 days bring.
    assert.deepEqual([vms?.value, vms?.state], ['8', 'fine'])
    const alerts = await customer.call<{ items: unknown[]; header: { state: string } }>('GET', '/api/v1/alerts')
    assert.deepEqual([alerts.items, alerts.header.state], [[], 'fine'])
    await back.click()
    await page.waitForURL(`${recorder.origin}/?from=console`)
  })

  test('the events, mails, webhooks and requests of it, in their order', async () => {
    for (const who of [customer, staff]) {
      const path = `/api/v1/timelines/${correlationId}`
      const { items: events } = await who.call<{ items: { type: string }[] }>('GET', path)
      const types = events.map(({ type }) => type)
      assert.deepEqual(
        types.filter((type) => !isBeside(type)),
        CHAIN,
      )
      assert.equal(new Set(types).size, types.length, 'each once')
    }
    assert.equal((await customer.request('GET', `/api/v1/timelines/${accountId}`)).status, 404)
    await readAsStaff()
    const mails = async () => {
      const toBuyer = (await mailbox.all()).filter(({ to }) => to.includes(SIGN_INS.customer))
      const subjects = toBuyer
        .map(({ mail }) => mail.subject)
        .filter((subject) => !/invoice|^New sign-in/i.test(subject ?? ''))
      return subjects.slice(subjects.indexOf(MAILS[0]))
    }
    const mailed = await until(mails, ({ length }) => length >= MAILS.length, { what: 'the last mail' })
    // Those about one thing come in order, those about several side by side.
    assert.deepEqual(mailed.toSorted(), MAILS.toSorted())
    assert.ok(mailed.indexOf(MAILS[1]) < mailed.indexOf(MAILS[3]), 'the order is confirmed before it is done')
    const told = async () => {
      // Each subject's come in order, those of several side by side.
      const ofChain = receiver.received.filter(({ body }) => !isBeside(body.type))
      return ofChain.toSorted((one, other) => (one.body.event_id < other.body.event_id ? -1 : 1))
    }
    const webhooks = await until(told, ({ length }) => length >= TOLD.length, { what: 'the last webhook' })
    assert.deepEqual(
      webhooks.map(({ body }) => body.type),
      TOLD,
    )
    assert.deepEqual(
      changesOfChain().map(({ path }) => path.replace(/[0-9a-f-]{36}/, ':id')),
      CHANGES,
    )
  })

  test('every request and every webhook of it again changes nothing', async () => {
    const earlier = await everything(addressOf(dataDir))
    const changes = [...recorder.changes()]
    for (const one of changes) assert.equal(await recorder.repeat(one), one.status, one.path)
    assert.deepEqual(await everything(addressOf(dataDir)), earlier)

    const first = new Set(receiver.received.map(({ id }) => id))
    const again = { since: startedAt }
    const replayed = await staff.call<{ deliveries: number }>('POST', `/api/v1/webhooks/${webhookId}/replay`, again)
    assert.equal(replayed.deliveries, first.size)
    const count = async () => receiver.received.length
    await until(count, (found) => found >= 2 * first.size, { what: 'the last copy' })
    assert.deepEqual(new Set(receiver.received.map(({ id }) => id)), first, 'a receiver tells a copy by its id')
    assert.deepEqual(await everything(addressOf(dataDir)), earlier)
  })

  test('every request of it under a key of its own buys nothing again: what is asked anew is that nothing is short', async () => {
    const { offers: _asked, events: _told, ...earlier } = await everything(addressOf(dataDir))
    for (const [index, one] of changesOfChain().slice(0, CHANGES.length).entries()) {
      const status = await recorder.repeat(one, `anew-${index}`)
      // There is nothing to pay any more.
      assert.equal(status, one.path.endsWith('/card-sessions') ? 409 : one.status, one.path)
    }
    const { offers: _askedAnew, events: _toldAnew, ...after } = await everything(addressOf(dataDir))
    assert.deepEqual(after, earlier)
  })
})
