import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { APIRequestContext, BrowserContext, Page } from 'playwright-core'
import { PASSWORD } from '../../src/demonstration/index.ts'
import { axeViolations } from './axe.ts'

const CLIENT = join(import.meta.dirname, '../../dist/web/client')
/** Pictures of each page at both widths, for whoever wants to look: `BUYLINK_SHOTS=folder`. */
const SHOTS = process.env['BUYLINK_SHOTS']

export interface Api {
  get(path: string): Promise<Record<string, unknown>>
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, data: unknown): Promise<Record<string, unknown>>
}

/** Signs a browser's context in without a page, and speaks the API as that person. */
export async function signIn({ request }: BrowserContext, origin: string, email: string): Promise<Api> {
  await answerOf(request.post(`${origin}/api/v1/sessions`, { data: { email, password: PASSWORD } }))
  const session = await answerOf(request.get(`${origin}/api/v1/session`))
  const headers = { 'X-CSRF-Token': String(session['csrf_token']) }
  return {
    get: (path) => answerOf(request.get(`${origin}/api/v1${path}`)),
    send: (method, path, data) => answerOf(request.fetch(`${origin}/api/v1${path}`, { method, data, headers })),
  }
}

async function answerOf(asked: ReturnType<APIRequestContext['get']>): Promise<Record<string, unknown>> {
  const response = await asked
  if (!response.ok()) throw new Error(`${response.url()}: ${response.status()} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

/** What a first visit to an address loads until it shows: the page, scripts as they are sent compressed by gzip, and all requests. */
export interface FirstLoad {
  readonly scriptBytes: number
  /** Addresses, with the page's own. */
  readonly requests: readonly string[]
}

/**
 * Visits an address as its first page and looks at it at 1280 and 390 px.
 *
 * @returns What was wrong, a line each, and what it loaded. Nothing wrong: axe finds nothing, nothing is wider than the
 *   page, every control is reached by the Tab key alone, no script failed.
 */
export async function look(page: Page, url: string, name: string): Promise<{ wrong: string[]; load: FirstLoad }> {
  const wrong: string[] = []
  const failed = (error: Error) => wrong.push(`${name}: ${error.message}`)
  page.on('pageerror', failed)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(url)
  await page.locator('h1').first().waitFor()
  const load = await firstLoad(page)
  // What comes after the heading: lists that are asked for then, pictures.
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
  for (const width of [1280, 390]) {
    if (width === 390) await page.setViewportSize({ width, height: 844 })
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true })
      await page.screenshot({ path: join(SHOTS, `${name.replaceAll(/[^\w-]+/g, '_')}-${width}.png`), fullPage: true })
    }
    for (const { id, help, elements } of await axeViolations(page))
      wrong.push(`${name} at ${width}: ${id}: ${help}: ${elements.join(' ')}`)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) wrong.push(`${name} at ${width}: ${over} px too wide`)
    if (width === 1280) wrong.push(...(await unreached(page)).map((control) => `${name}: Tab never reaches ${control}`))
  }
  page.off('pageerror', failed)
  return { wrong, load }
}

/** Notes when the first heading of the first rank appears: from then on the page shows what it is. */
export async function noteWhenShown(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector('h1')) return
      watch.disconnect()
      performance.mark('shown')
    })
    watch.observe(document, { childList: true, subtree: true })
  })
}

/** Of a page that has just shown its heading, in a context that `noteWhenShown` has been told of. */
export async function firstLoad(page: Page): Promise<FirstLoad> {
  const urls = await page.evaluate(() => {
    const [shown] = performance.getEntriesByName('shown')
    if (!shown) throw new Error('The page never showed a heading')
    const asked = performance.getEntriesByType('resource')
    return asked.filter(({ startTime }) => startTime <= shown.startTime).map(({ name }) => name)
  })
  const scripts = urls.filter((url) => /\/assets\/[^?]+\.js$/.test(url))
  const bytes = scripts.map(
    (url) => statSync(join(CLIENT, `${new URL(url).pathname.slice('/assets/'.length)}.gz`)).size,
  )
  return { scriptBytes: bytes.reduce((sum, size) => sum + size, 0), requests: [page.url(), ...urls] }
}

/** Controls in sight that a person with a keyboard alone cannot get to. */
async function unreached(page: Page): Promise<string[]> {
  const count = await page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')]
    const seen = controls.filter(
      (control) =>
        control.checkVisibility({ visibilityProperty: true }) &&
        !control.matches(':disabled, [type=hidden]') &&
        // Of radio buttons Tab reaches the chosen one, arrows the others.
        !control.matches('[type=radio]'),
    )
    for (const control of seen) control.dataset['unreached'] = ''
    document.addEventListener('focusin', ({ target }) => delete (target as HTMLElement).dataset['unreached'])
    ;(document.activeElement as HTMLElement | null)?.blur()
    return seen.length
  })
  // Beyond the last control the browser's own are next, then the first again.
  for (let press = 0; press < count + 12; press++) await page.keyboard.press('Tab')
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-unreached]')].map((control) => control.outerHTML.slice(0, 160)),
  )
}

/** The address with each `:name` filled in. @throws {Error} One has no value: give it one. */
export function fill(route: string, values: Readonly<Record<string, string>>): string {
  return route.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`Nothing to visit ${route} with: no ${name}`)
    return value
  })
}
