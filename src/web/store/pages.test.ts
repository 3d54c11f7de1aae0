import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { before, test } from 'node:test'
import { openApplication, type TestApplication } from '../../../test/harness/application.ts'
import { testDatabase } from '../../../test/harness/database.ts'

let app: TestApplication
before(async () => {
  app = await openApplication(await testDatabase())
})

const get = (url: string) => app.http.app.inject({ url, headers: { host: 'localhost:8080' } })

for (const [url, status] of [
  ['/%zz', 400],
  ['/product/%zz', 400],
  [`/product/${'a'.repeat(600)}`, 404],
  ['/client/%zz', 400],
  ['/brands/------------------------------------/logo', 404],
  ['/assets/', 404],
  ['/assets/..%2f..%2fpackage.json', 404],
] as const)
  test(`an address that is none is the visitor’s fault: ${url.slice(0, 40)}`, async () => {
    const answer = await get(url)
    assert.equal(answer.statusCode, status)
    assert.match(String(answer.headers['content-type']), /^text\/html/)
  })

test('a period that no plan has shows the page all the same, whatever it says', async () => {
  const usual = await get('/product/backup')
  const odd = await get(`/product/backup?period=${'<'.repeat(1000)}`)
  assert.equal(odd.statusCode, 200)
  assert.equal(odd.body, usual.body)
})

test('a key is taken out of the address, which stays on this host', async () => {
  const answer = await get('/product/backup?manager_key=carter81&period=1-years')
  assert.equal(answer.statusCode, 302)
  assert.equal(answer.headers.location, '/product/backup?period=1-years')
})

test('a request that names a whole URL is not led to its host', async () => {
  const { port } = new URL(await app.http.listen({ port: 0, host: '127.0.0.1' }))
  const asked = httpGet({
    host: '127.0.0.1',
    port,
    path: 'http://evil.test/?manager_key=carter81',
    headers: { host: 'localhost:8080', connection: 'close' },
  })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  assert.equal(response.statusCode, 302)
  assert.equal(response.headers.location, '/')
})
