import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Explanation } from '../sdk/index.ts'
import { runCli } from './testing.ts'

const good: Explanation = {
  valid: true,
  store: { name: 'Shop', origin: 'https://shop.example.com' },
  product: { id: '3', name: 'Backup' },
  plan: { id: '425', name: 'Backup Pro' },
  period: { id: '1840', trial: false, duration: { value: 1, unit: 'years' } },
  resources: [],
  lines: [{ description: 'Backup Pro, 1 year', quantity: '1', net: { amount: '199.99', currency: 'EUR' } }],
  net: { amount: '199.99', currency: 'EUR' },
  tax: { amount: '38.00', currency: 'EUR' },
  total: { amount: '237.99', currency: 'EUR' },
  topup: null,
  steps: ['configure', 'confirm', 'pay'],
  attributed: true,
  manager: null,
  errors: [],
  warnings: [
    { code: 'skip_value', part: 'skip_all_steps', position: 3, message: 'Only 1 skips.', suggestion: 'Write 1.' },
  ],
}
const bad: Explanation = {
  ...good,
  valid: false,
  plan: null,
  lines: [],
  total: null,
  errors: [{ code: 'plan_not_found', part: 'items[0].plan_id', position: 0, message: 'There is no such plan.' }],
}

const explanation = {
  user_id: 'dana',
  tenant_id: 'contoso',
  is_buyer: true,
  is_company_administrator: false,
  is_branded: true,
  buy_url: 'https://shop.example/upgrade',
  places: [{ place: 'menu header', shows: 'contact', why: 'No company administrator.', url: null }],
}

/** Stands in for the server: answers by the link it is asked about, and for the ledger by the client that asks. */
const server = createServer(async (request, response) => {
  const body = await textOf(request)
  const answer = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.url === '/api/2/idp/token') {
    assert.equal(body, 'grant_type=client_credentials')
    assert.match(request.headers['content-type'] ?? '', /^application\/x-www-form-urlencoded/)
    const [user, secret] = atob(request.headers.authorization?.split(' ')[1] ?? '').split(':')
    if (secret !== 's3cret') return answer(401, { error: 'invalid_client', error_description: 'Unknown client.' })
    return answer(200, { access_token: `token-of-${user}`, expires_in: 3600 })
  }
  if (request.url === '/api/v1/ledger/verification') {
    const ok = request.headers.authorization === 'Bearer token-of-good'
    const problems = ok ? [] : [{ code: 'unbalanced', message: 'Entry 7 does not balance.' }]
    return answer(200, { ok, checked: { postings: 4, entries: 2, accounts: 3 }, problems })
  }
  if (request.url?.startsWith('/api/v1/upsell-explanations/')) {
    assert.equal(request.headers.authorization, 'Bearer token-of-good')
    const [id, query] = request.url.split('/').at(-1)?.split('?') ?? []
    if (id === 'nobody') return answer(404, { code: 'not_found', detail: 'There is no such user.', errors: [] })
    return answer(200, { ...explanation, user_id: id, places: [{ ...explanation.places[0], url: query ?? null }] })
  }
  assert.equal(`${request.method} ${request.url}`, 'POST /api/v1/buy-links/explain')
  const { url } = JSON.parse(body) as { url: string } // what the client under test sent
  if (url === 'good') return answer(200, good)
  if (url === 'bad') return answer(200, bad)
  if (url === 'html') return response.writeHead(200).end('<html>')
  answer(400, {
    code: 'malformed',
    detail: 'The link cannot be read.',
    errors: [{ code: 'x', message: 'Broken.', path: 'url' }],
  })
})
let env: NodeJS.ProcessEnv
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  env = { BUYLINK_SERVER: `http://127.0.0.1:${port}/` }
})
after(() => void server.close())

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

test('explains a good link in words', async () => {
  const { code, out } = await runCli(['link', 'explain', 'good'], { env })
  assert.equal(code, 0)
  assert.equal(
    out,
    `This link is good.
  Product      Backup
  Plan         Backup Pro (425)
  Period       1 year (1840)
  Line         1 × Backup Pro, 1 year: 199.99 EUR
  Tax          38.00 EUR
  Total today  237.99 EUR
  Steps        configure → confirm → pay
  Manager      the account will be linked
Warning: Only 1 skips. (skip_value, skip_all_steps)
  Fix: Write 1.
`,
  )
})

test('gives the answer as it came with --json', async () => {
  const { out } = await runCli(['link', 'explain', '--json', 'good'], { env })
  assert.deepEqual(JSON.parse(out), good)
})

test('ends with 1 when the link has an error', async () => {
  const { code, out } = await runCli(['link', 'explain', 'bad'], { env })
  assert.equal(code, 1)
  assert.match(
    out,
    /^This link does not work\.\n[^]*Error: There is no such plan\. \(plan_not_found, items\[0\]\.plan_id\)\n/,
  )
})

test('reports a refusal, an answer that is none, and no answer, each in words', async () => {
  for (const [url, server_, message] of [
    ['malformed', env.BUYLINK_SERVER, /The link cannot be read\.\n {2}Broken\. \(x, url\)/],
    ['html', env.BUYLINK_SERVER, /did not answer with JSON/],
    ['good', 'http://127.0.0.1:1', /No answer from http:\/\/127\.0\.0\.1:1\.\nBUYLINK_SERVER says/],
  ] as const) {
    const { code, out, err } = await runCli(['link', 'explain', url], { env: { BUYLINK_SERVER: server_ } })
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, message)
  }
})

test('asks for exactly one URL', async () => {
  for (const argv of [[], ['a', 'b']]) assert.equal((await runCli(['link', 'explain', ...argv], { env })).code, 2)
})

test('verifies the ledger with the credentials of the environment', async () => {
  const verify = (id: string, secret: string) =>
    runCli(['ledger', 'verify'], { env: { ...env, BUYLINK_CLIENT_ID: id, BUYLINK_CLIENT_SECRET: secret } })
  assert.deepEqual(await verify('good', 's3cret'), {
    code: 0,
    out: 'The books are in order.\n  4 postings, 2 entries and 3 accounts checked\n',
    err: '',
  })
  const wrong = await verify('other', 's3cret')
  assert.equal(wrong.code, 1)
  assert.match(wrong.out, /NOT in order[^]*Error: Entry 7 does not balance\. \(unbalanced\)/)
  assert.match((await verify('good', 'guess')).err, /Unknown client/)
  assert.equal((await runCli(['ledger', 'verify'], { env })).code, 2)
})

test('upsell explain says why a user sees what they see, and that they belong elsewhere', async () => {
  const signedIn = { ...env, BUYLINK_CLIENT_ID: 'good', BUYLINK_CLIENT_SECRET: 's3cret' }
  const ask = (...args: string[]) => runCli(['upsell', 'explain', ...args], { env: signedIn })
  const told = await ask('--tenant', 'contoso', '--user', 'dana')
  assert.equal(told.code, 0, told.err)
  assert.match(told.out, /Buyer +yes\n +Company administrator +no\n +Brand enabled +yes/)
  assert.match(told.out, /Buy URL +https:\/\/shop\.example\/upgrade/)
  assert.match(told.out, /menu header: contact sales\n {2}No company administrator\./)
  const page = await ask('--tenant', 'CONTOSO', '--user', 'dana', '--page', 'https://c.example/?a=b', '--json')
  const [place] = (JSON.parse(page.out) as typeof explanation).places
  assert.deepEqual([page.code, place?.url], [0, `redirect_url=${encodeURIComponent('https://c.example/?a=b')}`])
  const elsewhere = await ask('--tenant', 'fabrikam', '--user', 'dana')
  assert.equal(elsewhere.code, 1)
  assert.match(elsewhere.out, /belongs to contoso, not to fabrikam/)
  const nobody = await ask('--tenant', 'contoso', '--user', 'nobody')
  assert.notEqual(nobody.code, 0)
  assert.match(nobody.err, /There is no such user/)
  assert.equal((await ask('--tenant', 'contoso')).code, 2)
})
