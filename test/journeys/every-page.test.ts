import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext } from 'playwright-core'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { panelRoutes } from '../harness/panel-routes.ts'
import { serverAddresses } from '../harness/server-pages.ts'
import { type ServerProcess, startServer, demonstrationDataDir } from '../harness/server.ts'
import { type Api, fill, look, noteWhenShown, signIn } from '../harness/walk.ts'

const KIB = 1024
/** Of any page of the panels (docs/performance.md). */
const FIRST_LOAD = { scriptBytes: 120 * KIB, requests: 12 }
/** One more step of an order, seldom visited by itself: order, payment and balance beside the draft or the offer. */
const mostRequests = (path: string): number => (/\/pay$|\/upgrade\/./.test(path) ? 14 : FIRST_LOAD.requests)

let server: ServerProcess
let browser: Browser
before(async () => {
  server = await startServer({ dataDir: await demonstrationDataDir(), env: { BUYLINK_ALLOW_INTERNAL: '1' } })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

type Item = { id: string } & Record<string, unknown>
const itemsOf = async (api: Api, path: string): Promise<Item[]> => (await api.get(path))['items'] as Item[]
const firstOf = async (api: Api, path: string): Promise<string> => {
  const [first] = await itemsOf(api, path)
  assert.ok(first, `${path} has something to look at`)
  return first.id
}

const LINK =
  '?shopping_cart_items[][plan_id]=569&shopping_cart_items[][plan_period_id]=2072&shopping_cart_items[][type]=application'

/** Pages of who runs the installation. */
const OPERATORS = /^\/portal\/(outbox|health)/

/** Visits addresses one after the other, two at a time. @returns All that is wrong with them. */
async function walk(context: BrowserContext, paths: readonly string[]): Promise<string[]> {
  await noteWhenShown(context)
  const left = [...paths]
  const wrong: string[] = []
  const one = async (): Promise<void> => {
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const { wrong: found, load } = await look(page, new URL(path, server.origin).href, path)
      wrong.push(...found)
      // Leads through the control panel to its sign-in, and both are measured by themselves.
      if (path.startsWith('/upgrade')) continue
      if (load.scriptBytes > FIRST_LOAD.scriptBytes)
        wrong.push(`${path}: ${(load.scriptBytes / KIB).toFixed(1)} KiB of script before it shows`)
      if (load.requests.length > mostRequests(path))
        wrong.push(`${path}: ${load.requests.length} requests before it shows: ${load.requests.join(' ')}`)
    }
    await page.close()
  }
  await Promise.all([one(), one()])
  return wrong
}

type Walk = 'entrances' | 'operator' | 'portal' | 'client'
/** Each page of the panels belongs to one walk, so none can be left out. */
const walkOf = (route: string): Walk =>
  /\/(sign-in|register|check-mail|reset)$|^\/client\/confirm$/.test(route)
    ? 'entrances'
    : OPERATORS.test(route)
      ? 'operator'
      : route.startsWith('/portal')
        ? 'portal'
        : 'client'
const routesOf = (walk: Walk): string[] => panelRoutes().filter((route) => walkOf(route) === walk)

test('every page of the portal', { timeout: 240_000 }, async () => {
  const context = await browser.newContext()
  const api = await signIn(context, server.origin, SIGN_INS.reseller)
  const reseller = await api.send('POST', '/resellers', {
    name: 'Baltic Cloud',
    currency: 'EUR',
    administrator: { email: 'bo@baltic.example' },
  })
  await api.send('PUT', `/plans/425/delegations/${String(reseller['id'])}`, {
    exchange_rate: '0.92',
    markup_percent: '10',
    fixed_prices: { 'period:1840:recurring': '45.00' },
  })
  const storeId = await firstOf(api, '/stores')
  const pages = [{ slug: 'terms', title: 'Terms', body: '# Terms\n\nBe kind.' }]
  await api.send('PUT', `/stores/${storeId}/pages`, { pages })
  const program = await api.send('POST', '/referral-programs', { name: 'Friends', percent: '10', applies_to: 'all' })
  const programId = String(program['id'])
  const partner = await api.send('POST', '/referral-partners', { program_id: programId, name: 'Pia', key: 'pia' })
  const webhook = await api.send('POST', '/webhooks', { url: 'http://127.0.0.1:9/', event_types: ['order.placed'] })
  const place = { name: 'away', title: 'Away', base_url: 'http://127.0.0.1:9', client_id: 'shop', secret: 'secret' }
  await api.send('POST', '/platforms', { ...place, enabled: false })
  await api.send('POST', '/connectors', { name: 'away', url: 'http://127.0.0.1:9/' })
  const category = await api.send('POST', '/categories', { name: 'Offers' })
  const accountId = await firstOf(api, '/accounts')
  const values = {
    accountId,
    tenantId: accountId,
    storeId,
    platform: 'away',
    connector: 'away',
    // Of a statement that is none: the walk sells nothing on.
    statementId: accountId,
    slug: 'terms',
    programId,
    partnerId: String(partner['id']),
    sellerId: String(reseller['id']),
    planId: '425',
    productId: '1',
    categoryId: String(category['id']),
    handlerId: await firstOf(api, '/event-handlers'),
    webhookId: String(webhook['id']),
    managerId: await firstOf(api, '/managers'),
    orderId: await firstOf(api, '/orders'),
    paymentId: await firstOf(api, '/payments'),
    invoiceId: await firstOf(api, '/invoices'),
    subscriptionId: await firstOf(api, '/subscriptions'),
    deliveryId: await firstOf(api, '/deliveries'),
    discountId: await firstOf(api, '/discounts'),
  }
  const userOf = { staff: await firstOf(api, '/users'), accounts: await firstOf(api, `/users?tenant_id=${accountId}`) }
  const paths = routesOf('portal').map((route) =>
    fill(route, { ...values, userId: route.startsWith('/portal/staff') ? userOf.staff : userOf.accounts }),
  )
  const added = [
    '/portal/products/new',
    '/portal/products/categories/new',
    '/portal/products/1/plans/new',
    '/portal/stores/new',
    `/portal/stores/${storeId}/pages/new`,
  ]
  assert.deepEqual(await walk(context, [...paths, ...added]), [])
})

test('every page of the operator', { timeout: 120_000 }, async () => {
  const context = await browser.newContext()
  const api = await signIn(context, server.origin, SIGN_INS.operator)
  const values = { mailId: await firstOf(api, '/mails') }
  const paths = routesOf('operator')
  assert.deepEqual(
    await walk(context, ['/portal', '/portal/tenants', ...paths.map((route) => fill(route, values))]),
    [],
  )
})

test('every page of the control panel', { timeout: 240_000 }, async () => {
  const context = await browser.newContext()
  const api = await signIn(context, server.origin, SIGN_INS.customer)
  const checkout = await api.send('POST', '/checkouts', { link: LINK })
  const subscriptionId = await firstOf(api, '/subscriptions')
  const placed = await api.send('POST', '/checkouts', { link: LINK.replace('569', '425').replace('2072', '1840') })
  await api.send('POST', `/checkouts/${String(placed['id'])}/place`, {
    expected_total: placed['total'],
    accept_terms: true,
    allow_second: true,
  })
  const resources = [{ id: '9002', quantity: '15' }]
  const change = await api.send('POST', '/checkouts', { subscription_id: subscriptionId, resources })
  const offers = await api.send('POST', '/offers', {})
  const { answer } = offers as unknown as { answer: { offers: { today: unknown; recurring_after: unknown }[] } }
  await api.send('POST', `/offers/${String(offers['id'])}/place`, {
    expected_total: answer.offers[0]?.today,
    accept_recurring: answer.offers[0]?.recurring_after,
    accept_terms: true,
  })
  const values = {
    offerId: String(offers['id']),
    subscriptionId,
    orderId: await firstOf(api, '/orders'),
    paymentId: await firstOf(api, '/payments'),
    invoiceId: await firstOf(api, '/invoices'),
    userId: await firstOf(api, '/users'),
  }
  const checkoutOf = (route: string) =>
    /pay$|done$/.test(route) ? placed : route.includes('changes') ? change : checkout
  const paths = routesOf('client').map((route) =>
    route === '/client/new_order'
      ? `${route}${LINK.replace('2072', '1')}`
      : fill(route, { ...values, checkoutId: String(checkoutOf(route)['id']) }),
  )
  assert.deepEqual(await walk(context, paths), [])
})

/** What answers a GET and is no page: read by programs, or a part of a page. */
const NO_PAGE =
  /\.(css|csv|js|json|png|txt|xml)$|^\/api\/|^\/(healthz|readyz|metrics)$|^\/problems\/|\/logo$|^web\/panel-pages\.ts$/

test('every page for who is not signed in, and the store', { timeout: 180_000 }, async () => {
  const staff = await signIn(await browser.newContext(), server.origin, SIGN_INS.reseller)
  const category = await staff.send('POST', '/categories', { name: 'Backups' })
  const product = await staff.send('POST', '/products', { name: 'Vault', category_id: category['id'] })
  const periods = [{ duration: null, recurring_fee: { amount: '5.00', currency: 'USD' } }]
  const plan = { product_id: product['id'], name: 'Vault', billing_type: 'pay_in_full', status: 'active', periods }
  await staff.send('POST', '/plans', plan)
  const pages = [{ slug: 'imprint', title: 'Imprint', body: '# Imprint' }]
  await staff.send('PUT', `/stores/${await firstOf(staff, '/stores')}/pages`, { pages })
  const closed = `http://127.0.0.1:${server.port}`
  await staff.send('POST', '/stores', { name: 'Closed', domains: [closed], status: 'maintenance' })
  const terms = { name: 'Pals', percent: '5', applies_to: 'all' }
  const { id: programId } = await staff.send('POST', '/referral-programs', terms)
  const partner = await staff.send('POST', '/referral-partners', { program_id: programId, name: 'Per', key: 'per' })
  const report = await staff.send('POST', `/referral-partners/${String(partner['id'])}/report-link`, {})
  /** Where each page of the server is looked at; a new one asks for its own here. */
  const visits: Readonly<Record<string, readonly string[]>> = {
    '/': ['/', '/nothing', `${closed}/`],
    '/catalog/:slug': [`/catalog/${String(category['slug'])}`],
    '/product/:slug': ['/product/backup', '/product/backup-on-demand?period=endless'],
    '/info/:slug': ['/info/imprint'],
    '/upgrade': ['/upgrade'],
    '/upgrade/:platform': ['/upgrade/away'],
    '/referral-report/:token': [new URL(String(report['url'])).pathname],
    '/quota-mails/stop': ['/quota-mails/stop?token=old'],
    '/docs': ['/docs'],
    '/console-demo': ['/console-demo'],
  }
  assert.deepEqual(
    serverAddresses().filter((address) => !NO_PAGE.test(address)),
    Object.keys(visits).sort(),
  )
  const entrances = routesOf('entrances')
  const problem = `/external_dispatcher/settle${LINK.replace('569', '1')}`
  const context = await browser.newContext()
  assert.deepEqual(await walk(context, [...entrances, ...Object.values(visits).flat(), problem]), [])
})
