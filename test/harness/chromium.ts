import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './find-chromium.ts'

export interface BrowserOptions {
  /** Host names that a document names, and where they are: `{ 'shop.example.com': '127.0.0.1' }`. */
  readonly hosts?: Readonly<Record<string, string>>
}

/** Without these Chromium looks up its maker's servers at every start, which a closed network refuses. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/** Starts a browser for tests; `browser.close()` ends it. */
export async function launchBrowser({ hosts = {} }: BrowserOptions = {}): Promise<Browser> {
  const { executablePath, env } = await findChromium()
  const rules = Object.entries(hosts).map(([host, address]) => `MAP ${host} ${address}`)
  return chromium.launch({
    executablePath,
    args: rules.length > 0 ? [...QUIET, `--host-resolver-rules=${rules.join(',')}`] : QUIET,
    env: { ...process.env, ...env },
  })
}
