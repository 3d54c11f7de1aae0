import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../test/harness/chromium.ts'
import type { Visitor } from '../test/harness/visitor.ts'
import { MARKUP } from './hostile-values.ts'
import type { People } from './people.ts'
import type { Tally } from './tally.ts'

/** Whatever text somebody can store, with markup in it. A field that refuses it has done its part. */
async function plant({ program, northwindId, customers }: People, tally: Tally): Promise<void> {
  const seller_id = northwindId
  const tries: Promise<boolean>[] = []
  const put = (who: Visitor, method: string, path: string, body: unknown) =>
    tries.push(who.request(method, path, body).then(({ status }) => status < 300))
  const { items: stores } = await program.call<{ items: { id: string }[] }>(
    'GET',
    `/api/v1/stores?seller_id=${seller_id}`,
  )
  const [customer] = customers
  for (const [number, text] of MARKUP.entries()) {
    const slug = `markup-${number}`
    put(program, 'POST', '/api/v1/products', {
      name: text,
      marketing_name: text,
      summary: text,
      description: text,
      slug,
      published: true,
      seller_id,
    })
    put(program, 'POST', '/api/v1/categories', { name: text, slug, description: text, seller_id })
    put(program, 'POST', '/api/v1/managers', { name: text, phone: text, role: 'sales', seller_id })
    put(program, 'POST', '/api/v1/referral-programs', { name: text, percent: '10', seller_id })
    put(program, 'POST', '/api/v1/clients', { tenant_id: northwindId, name: text, role: 'readonly_admin' })
    put(program, 'POST', '/api/v1/users', {
      tenant_id: northwindId,
      email: `markup-${number}@torture.example`,
      first_name: text,
      last_name: text,
      roles: ['readonly_admin'],
    })
    put(program, 'POST', '/api/2/tenants', { name: text, kind: 'customer', parent_id: northwindId, internal_tag: text })
    put(program, 'POST', '/api/v1/webhooks', {
      url: `https://example.com/${encodeURIComponent(text)}`,
      description: text,
      tenant_id: northwindId,
      enabled: false,
    })
    put(program, 'POST', '/api/v1/event-handlers', {
      name: text,
      event_type: 'order.completed',
      channel: 'panel',
      recipients: ['staff'],
      templates: { en: { subject: text, body: text } },
      tenant_id: northwindId,
    })
    if (!customer) continue
    const amount = { amount: '10.00', currency: 'USD' }
    put(customer.visitor, 'POST', '/api/v1/payments', { account_id: customer.accountId, amount, note: text })
    put(customer.visitor, 'POST', '/api/v1/offers', { place: text, redirect_url: text })
  }
  const text = MARKUP.join(' ')
  put(program, 'PUT', `/api/v1/stores/${stores[0]?.id}/pages`, {
    pages: [{ slug: 'markup', title: text.slice(0, 150), body: MARKUP.join('\n\n') }],
  })
  put(program, 'PUT', `/api/v1/brands/${northwindId}`, {
    options: { company_name: text.slice(0, 100), service_name: MARKUP[1], home_url: 'javascript:alert(1)' },
  })
  if (customer)
    put(customer.visitor, 'PUT', '/api/v1/account/registration', {
      first_name: MARKUP[1],
      last_name: MARKUP[0],
      customer_type: 'business',
      company_name: MARKUP[4],
      country: 'US',
      city: MARKUP[1],
      street: MARKUP[0],
      zip: MARKUP[1],
      accept_privacy: true,
    })
  const stored = (await Promise.all(tries)).filter(Boolean).length
  tally.count('markup_stored', stored)
  tally.count('markup_refused', tries.length - stored)
}

/** Pages that show what stands in their own address. */
const REFLECTING: readonly string[] = MARKUP.flatMap((text) => {
  const it = encodeURIComponent(text)
  return [
    `/external_dispatcher/settle?shopping_cart_items[][plan_id]=${it}&manager_key=${it}&${it}=${it}`,
    `/product/${it}`,
    `/portal/accounts?query=${it}`,
    `/portal/managers?query=${it}`,
    `/client/sign-in?return_to=${it}`,
    `/client/new_order?shopping_cart_items[][plan_id]=${it}`,
    `/client/upgrade?origin=${it}&redirect_url=${it}&tenant_quotas=${it}`,
  ]
})

/** Listens for what must never happen on a page: a dialog, or script that only the policy has stopped. */
async function watch(page: Page, tally: Tally, where: () => string): Promise<void> {
  page.on('dialog', (dialog) => {
    tally.problem('leaked', `${where()} runs planted script`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (
      /content security policy|refused to (execute|load)/i.test(message.text()) &&
      !/frame-ancestors|report-only/i.test(message.text())
    )
      tally.problem(
        'leaked',
        `${where()}: markup was taken for markup, and only the policy stopped it: ${message.text().slice(0, 200)}`,
      )
  })
}

/** What planted markup would have become, had it been taken for markup. */
const PLANTED = 'img[onerror], svg[onload], iframe[srcdoc], a[href^="javascript:" i], [onerror], [onload]'

/** A browser visits every page it finds from where somebody starts, with markup in all that is shown. */
export async function visitPages(people: People, origin: string, tally: Tally, mostPages: number): Promise<void> {
  await plant(people, tally)
  const browser = await launchBrowser()
  try {
    await crawl(
      browser,
      origin,
      undefined,
      [
        '/',
        '/info/markup',
        '/product/markup-0',
        '/catalog/markup-0',
        ...REFLECTING.filter((path) => !path.startsWith('/portal')),
      ],
      mostPages,
      tally,
    )
    await crawl(
      browser,
      origin,
      people.operator,
      ['/portal', ...REFLECTING.filter((path) => path.startsWith('/portal'))],
      mostPages,
      tally,
    )
    const [customer] = people.customers
    if (customer)
      await crawl(
        browser,
        origin,
        customer.visitor,
        ['/client', ...REFLECTING.filter((path) => path.startsWith('/client'))],
        mostPages,
        tally,
      )
  } finally {
    await browser.close()
  }
}

async function crawl(
  browser: Browser,
  origin: string,
  who: Visitor | undefined,
  from: readonly string[],
  most: number,
  tally: Tally,
): Promise<void> {
  const context = await browser.newContext()
  const cookies = (who?.cookies() ?? '').split('; ').filter((cookie) => cookie !== '')
  await context.addCookies(
    cookies.map((cookie) => {
      const [name = '', value = ''] = cookie.split(/=(.*)/s)
      return { name, value, url: origin }
    }),
  )
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const waiting = [...from]
  const seen = new Set(waiting)
  let at = ''
  await watch(page, tally, () => at)
  for (let visits = 0; visits < most + from.length; visits++) {
    at = waiting.shift() ?? ''
    if (at === '') break
    const answer = await page.goto(origin + at, { waitUntil: 'load' }).catch(() => undefined)
    await page.waitForLoadState('networkidle', { timeout: 1_500 }).catch(() => undefined)
    if ((answer?.status() ?? 0) >= 500) tally.problem('wrong', `${at} answers ${answer?.status()}`)
    const became = await page.locator(PLANTED).count()
    if (became > 0) tally.problem('leaked', `${at} has planted markup in it, ${became} times`)
    if (new URL(page.url()).origin !== origin) tally.problem('leaked', `${at} leads to ${page.url()}`)
    tally.count('pages')
    const hrefs = await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))
    for (const href of hrefs) {
      const url = URL.canParse(href) ? new URL(href) : undefined
      // Of pages that differ only in an id, a few are enough.
      const shape = url?.pathname.replace(/[0-9a-f-]{36}|\d+/g, '*') ?? ''
      if (url?.origin !== origin || /sign-out|\.(css|js|xml|txt)$|^\/docs|openapi/.test(url.pathname)) continue
      if (
        seen.has(url.pathname) ||
        [...seen].filter((path) => path.replace(/[0-9a-f-]{36}|\d+/g, '*') === shape).length > 2
      )
        continue
      seen.add(url.pathname)
      waiting.push(url.pathname + url.search)
    }
  }
  await context.close()
}
