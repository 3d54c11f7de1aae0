import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { createServer } from 'node:https'
import { after, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { TEST_CERTIFICATE, TEST_KEY } from '../harness/certificate.ts'
import { freePort, startServer, temporaryDataDir } from '../harness/server.ts'
import { checkOut, createVisitor, LINKS, PEOPLE, register, signIn } from '../harness/visitor.ts'

setDefaultCACertificates([...getCACertificates(), TEST_CERTIFICATE])

/** The headers that the example sets, with its variables filled in. */
const LINES = [
  ...readFileSync(new URL('../../examples/nginx.conf', import.meta.url), 'utf8').matchAll(
    /^\s*proxy_set_header\s+(\S+)\s+(\S+);/gm,
  ),
]
const headersOf = (sent: IncomingHttpHeaders, address: string): IncomingHttpHeaders => {
  const variables: Readonly<Record<string, string>> = {
    $http_host: sent.host ?? '',
    $scheme: 'https',
    $remote_addr: address,
  }
  const set = LINES.map(([, name = '', value = '']) => [name.toLowerCase(), variables[value] ?? value])
  return { ...sent, ...Object.fromEntries(set) }
}

test('behind a proxy that ends TLS: https everywhere, and nothing a visitor sends in the proxy’s name counts', async () => {
  const [port, proxyPort] = [await freePort(), await freePort()]
  const origin = `https://localhost:${proxyPort}`
  const proxy = createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, (request, response) => {
    const headers = headersOf(request.headers, '203.0.113.7')
    const onward = httpRequest({ host: '127.0.0.1', port, path: request.url, method: request.method, headers })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(proxyPort, '127.0.0.1', resolve))
  after(() => proxy.close())
  assert.equal(LINES.length, 4)
  const server = await startServer({
    port,
    dataDir: await temporaryDataDir(),
    env: { HOST: '127.0.0.1', BUYLINK_PUBLIC_URL: origin, BUYLINK_TRUST_PROXY: '127.0.0.1' },
  })

  const page = await fetch(`${origin}/product/backup`, { headers: { 'x-forwarded-host': 'evil.example' } })
  const html = await page.text()
  assert.ok(html.includes(`<link rel="canonical" href="${origin}/product/backup"/>`))
  assert.ok(html.includes(`${origin}/external_dispatcher/settle?`) && !html.includes('http://localhost'))
  assert.match(page.headers.get('strict-transport-security') ?? '', /max-age=/)

  const customer = createVisitor(origin)
  const clicked = await customer.request('GET', `/external_dispatcher/settle${LINKS.monthly}&manager_key=carter81`)
  assert.equal(clicked.status, 302)
  assert.match(clicked.headers.get('location') ?? '', /^\/client\/new_order\?/)
  for (const cookie of clicked.headers.getSetCookie()) assert.match(cookie, /; Secure/)
  // Signed in by https, changes pass the check of their origin, and mails lead back by https.
  const operator = await signIn(origin, PEOPLE.operator)
  await register(customer, operator, 'safe@moreau.example')
  const { total } = await checkOut(customer, LINKS.monthly)
  assert.equal(total.amount, '49.00')
  const forged = await customer.request(
    'POST',
    '/api/v1/checkouts',
    { link: LINKS.monthly },
    { origin: 'https://evil.example' },
  )
  assert.equal(forged.status, 403)
  await server.stop()
})
