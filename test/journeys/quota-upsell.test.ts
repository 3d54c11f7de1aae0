import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { PASSWORD, SIGN_INS } from '../../src/demonstration/index.ts'
import { readUpsellLink } from '../../src/link/index.ts'
import { launchBrowser } from '../harness/chromium.ts'
import { openMailbox } from '../harness/mailbox.ts'
import { type ServerProcess, startServer, temporaryDataDir } from '../harness/server.ts'

const CLIENT = { id: 'integrator', secret: 'a-secret-of-the-integrator' }
const WAIT = { timeout: 30_000 }

const mailbox = await openMailbox()
let server: ServerProcess
let browser: Browser
let api: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>

before(async () => {
  server = await startServer({
    dataDir: await temporaryDataDir(),
    env: { SMTP_URL: mailbox.url, BUYLINK_CLIENT_ID: CLIENT.id, BUYLINK_CLIENT_SECRET: CLIENT.secret },
  })
  const answer = await fetch(`${server.origin}/api/2/idp/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  api = (method, path, body, headers = {}) =>
    fetch(server.origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A vendor's console: another origin, one script tag. */
async function openConsole(token: () => string): Promise<string> {
  const console_ = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><html lang="en"><title>Console</title><script type="module" src="${server.origin}/console/buylink-alerts.js"></script>
      <h1>Console</h1><buylink-alerts token="${token()}"></buylink-alerts>`)
  }).listen(0, '127.0.0.1')
  await once(console_, 'listening')
  after(() => console_.close())
  return `http://127.0.0.1:${(console_.address() as AddressInfo).port}`
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${server.origin}/client`)
  await page.getByLabel('Email address').fill(SIGN_INS.customer)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor(WAIT)
}

let count = 0
const use = async (tenantId: string, usageName: string, value: number): Promise<void> => {
  const answer = await api('POST', '/api/v1/usage', {
    specversion: '1.0',
    id: `journey-${count++}`,
    source: '/journey',
    type: 'usage',
    subject: tenantId,
    time: new Date().toISOString(),
    data: { usage_name: usageName, value },
  })
  assert.equal(answer.status, 202, await answer.text())
}

test('usage over the line stands in console, header and mailbox within a second; a larger quota ends all of it', async () => {
  const list = (await (await api('GET', '/api/v1/accounts?query=Contoso')).json()) as {
    items: { id: string; number: string }[]
  }
  const account = list.items[0]
  assert.ok(account)
  const session = await (await browser.newContext()).newPage()
  await signIn(session)
  const me = await session.evaluate(() =>
    fetch('/api/v1/session').then((answer) => answer.json() as Promise<{ user: { id: string } }>),
  )

  let token = ''
  const origin = await openConsole(() => token)
  const tenant = (await (await api('GET', `/api/2/tenants/${account.id}`)).json()) as { parent_id: string }
  const set = await api('PUT', `/api/v1/console-origins/${tenant.parent_id}`, { origins: [origin] })
  assert.equal(set.status, 200, await set.text())
  const minted = await api('POST', '/api/v1/user-tokens', { user_id: me.user.id })
  token = ((await minted.json()) as { token: string }).token

  const vendor = await (await browser.newContext()).newPage()
  await vendor.goto(`${origin}/machines?x=1`)
  // Of the demonstration: both stand already, in the header the worse one.
  await vendor.getByText('Storage quota will be exceeded soon').waitFor(WAIT)
  const header = session.locator('.usage-notice')
  await header.getByText('Physical machine quota has been exceeded').waitFor(WAIT)

  await use(account.id, 'vms', 9)
  const startedMs = performance.now()
  const alert = vendor.getByText('Virtual machines quota has been exceeded')
  await alert.waitFor(WAIT)
  const delayMs = performance.now() - startedMs
  const link = readUpsellLink((await vendor.getByRole('link', { name: /Virtual machines/ }).getAttribute('href')) ?? '')
  const common = {
    user_quotas: [],
    tenant_quotas: ['storage_size', 'physical_machines', 'virtual_machines'],
    tenant_id: account.number,
  }
  assert.deepEqual(
    { ...link, user_account_id: undefined },
    {
      ...common,
      origin: 'alert_on_virtual_machines',
      redirect_url: `${origin}/machines?x=1`,
      user_account_id: undefined,
    },
  )
  assert.match(link.user_account_id ?? '', /^\d+$/)

  await session.waitForFunction(
    () => document.querySelector('.usage-notice a')?.getAttribute('href')?.includes('virtual_machines'),
    undefined,
    WAIT,
  )
  const shown = readUpsellLink((await header.getByRole('link').getAttribute('href')) ?? '')
  assert.deepEqual(
    { ...shown, user_account_id: link.user_account_id },
    {
      ...common,
      origin: 'mc_usage_info',
      redirect_url: `${server.origin}/client`,
      user_account_id: link.user_account_id,
    },
  )

  const mail = await until(async () => {
    const newest = await mailbox.newestTo(SIGN_INS.customer)
    return newest.subject === 'Virtual machines quota has been exceeded' ? newest : undefined
  })
  const mailed = readUpsellLink(/http:\S+\/upgrade\?\S+/.exec(mail.text ?? '')?.[0] ?? '')
  assert.deepEqual(mailed, {
    ...common,
    origin: 'email_notification',
    redirect_url: null,
    user_account_id: link.user_account_id,
  })
  // A busy machine may take longer; the server's own share is far less (docs/performance.md).
  assert.ok(delayMs < 5_000, `${Math.round(delayMs)} ms`)

  for (const usageName of ['vms', 'storage', 'workstations']) {
    const quota = await api('GET', `/api/v1/quotas/${account.id}/${usageName}`)
    const written = await api(
      'PUT',
      `/api/v1/quotas/${account.id}/${usageName}`,
      { base: null },
      { 'if-match': quota.headers.get('etag') ?? '' },
    )
    assert.equal(written.status, 200, await written.text())
  }
  await alert.waitFor({ ...WAIT, state: 'detached' })
  await vendor.getByText('Storage quota will be exceeded soon').waitFor({ ...WAIT, state: 'detached' })
  await header.waitFor({ ...WAIT, state: 'detached' })
})

async function until<Value>(read: () => Promise<Value | undefined>): Promise<Value> {
  for (let tries = 0; tries < 60; tries++) {
    const value = await read()
    if (value !== undefined) return value
    await sleep(500)
  }
  throw new Error('It did not come within 30 s')
}
