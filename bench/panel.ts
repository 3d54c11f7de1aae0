import type { BrowserContext } from 'playwright-core'
import { SIGN_INS } from '../src/demonstration/index.ts'
import { launchBrowser } from '../test/harness/chromium.ts'
import { panelRoutes } from '../test/harness/panel-routes.ts'
import { type Api, fill, firstLoad, noteWhenShown, signIn } from '../test/harness/walk.ts'
import { type ClaimResult, claimOf, type Effort } from './claim.ts'
import { defer } from './cleanup.ts'
import { rateByLighthouse } from './lighthouse.ts'
import { makeDataDir, startServer } from './server.ts'

const KIB = 1024
/** One more step of a checkout, seldom visited by itself. */
const MOST_REQUESTS = 12

/** For who is not signed in; anyone else is led on. */
const ENTRANCE = /\/(sign-in|reset|register)$/

/** Whose pages, from where on, and where the ids in their addresses come from. */
const READERS = [
  { email: SIGN_INS.customer, area: '/client', ids: ['subscription', 'order', 'payment', 'invoice', 'user'] },
  {
    email: SIGN_INS.reseller,
    area: '/portal',
    ids: ['account', 'order', 'payment', 'invoice', 'subscription', 'user', 'store', 'manager', 'delivery', 'product'],
  },
] as const

interface Visited {
  readonly path: string
  readonly kib: number
  readonly requests: number
}

/**
 * Measures the claim `panel`: what the first visit to each page of control panel and portal loads before it shows, and
 * what Lighthouse says of some. Pages whose address needs what the demonstration has not are left out, and counted;
 * `test/journeys/every-page.test.ts` makes those things and visits them too.
 */
export async function measurePanel(effort: Effort): Promise<ClaimResult[]> {
  const server = await startServer(await makeDataDir(), { BUYLINK_DEMO: '1' })
  const origin = `http://localhost:${server.port}`
  const browser = await launchBrowser()
  defer(() => browser.close())
  const visited: Visited[] = []
  let left = 0
  for (const { email, area, ids } of READERS) {
    const context = await browser.newContext()
    await noteWhenShown(context)
    const values = await valuesOf(await signIn(context, origin, email), ids)
    const routes = panelRoutes()
      .filter((route) => route === area || route.startsWith(`${area}/`))
      .filter((route) => !ENTRANCE.test(route))
    const known = routes.filter((route) => [...route.matchAll(/:(\w+)/g)].every(([, name = '']) => name in values))
    left += routes.length - known.length
    // The first ones tell that it can be measured.
    for (const route of effort.rounds > 1 ? known : known.slice(0, 3))
      visited.push(await visit(context, origin, fill(route, values)))
  }
  const stranger = await browser.newContext()
  await noteWhenShown(stranger)
  for (const route of panelRoutes().filter((path) => ENTRANCE.test(path)))
    visited.push(await visit(stranger, origin, route))
  await browser.close()
  const about = `${visited.length} pages, ${left} left out`
  const most = (pick: (one: Visited) => number): Visited =>
    visited.reduce((worst, one) => (pick(one) > pick(worst) ? one : worst))
  const [heaviest, busiest] = [most(({ kib }) => kib), most(({ requests }) => requests)]
  return [
    claimOf(
      {
        claim: 'panel',
        variant: 'script before a page shows, gzipped',
        goal: 120,
        bound: 'most',
        unit: 'KiB',
        info: `${about}; most at ${heaviest.path}`,
      },
      [heaviest.kib],
    ),
    claimOf(
      {
        claim: 'panel',
        variant: 'requests before a page shows',
        goal: MOST_REQUESTS,
        bound: 'most',
        unit: 'requests',
        info: `${about}; most at ${busiest.path}`,
      },
      [busiest.requests],
    ),
    ...(effort.rounds > 1 ? await rateByLighthouse(origin) : []),
  ]
}

async function visit(context: BrowserContext, origin: string, path: string): Promise<Visited> {
  const page = await context.newPage()
  await page.goto(origin + path)
  await page.locator('h1').first().waitFor()
  const { scriptBytes, requests } = await firstLoad(page)
  await page.close()
  return { path, kib: scriptBytes / KIB, requests: requests.length }
}

/** The first of each kind of thing there is: `{orderId: '…'}`. */
async function valuesOf(api: Api, names: readonly string[]): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const name of names) {
    const plural = name === 'delivery' ? 'deliveries' : `${name}s`
    const { items } = (await api.get(`/${plural}`)) as { items?: { id: string }[] }
    if (items?.[0]) values[`${name}Id`] = items[0].id
  }
  return { ...values, ...(values['accountId'] !== undefined && { tenantId: values['accountId'] }) }
}
