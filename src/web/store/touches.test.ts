import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { openApplication, type TestApplication } from '../../../test/harness/application.ts'
import { testDatabase } from '../../../test/harness/database.ts'

const database = await testDatabase()
let app: TestApplication
before(async () => {
  app = await openApplication(database)
})

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'
const OTHER = 'test.activeplatform.com'
const get = (url: string, host: string, cookie?: string) =>
  app.http.app.inject({ url, headers: { host, 'user-agent': BROWSER, ...(cookie && { cookie }) } })
const cookieOf = (answer: Awaited<ReturnType<typeof get>>) =>
  answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const buyLinks = (html: string) =>
  [...html.matchAll(/href="([^"]*external_dispatcher[^"]*)"/g)].map(([, url]) => (url ?? '').replaceAll('&amp;', '&'))

test('row 45: a page visited with the key sets the cookie and leads to its clean address; no page or link shows the key', async () => {
  const visit = await get('/product/backup?utm_source=mail&manager_key=carter81', 'localhost:8080')
  assert.deepEqual([visit.statusCode, visit.headers.location], [302, '/product/backup?utm_source=mail'])
  assert.match(
    String(visit.headers['set-cookie']),
    /^buylink_manager=carter81~s~\w+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  const page = await get('/product/backup', 'localhost:8080', cookieOf(visit))
  assert.doesNotMatch(page.body, /carter81|manager_/)
  assert.equal(page.body, (await get('/product/backup', 'localhost:8080')).body)
})

test('row 46: on another domain of the reseller the links carry a token, which becomes the cookie of the domain they lead to', async () => {
  const visit = await get('/?manager_key=carter81', OTHER)
  const page = await get('/product/backup', OTHER, cookieOf(visit))
  const links = buyLinks(page.body)
  assert.ok(links.length > 0)
  for (const link of links) {
    assert.match(link, /^http:\/\/localhost:8080\/.*&manager_token=[\w-]+~[\w-]{22}$/)
    assert.doesNotMatch(link, /carter81/)
    assert.doesNotMatch(link, /manager_key/)
  }
  assert.match(String(page.headers['cache-control']), /private, no-store/)
  // The next visitor gets a page of their own.
  assert.doesNotMatch((await get('/product/backup', OTHER)).body, /manager_token/)
  const { pathname, search } = new URL(links[0] ?? '')
  const token = new URLSearchParams(search).get('manager_token')
  const arrived = await get(`/product/backup?manager_token=${token}&period=1-years`, 'localhost:8080')
  assert.deepEqual([arrived.statusCode, arrived.headers.location], [302, '/product/backup?period=1-years'])
  assert.match(String(arrived.headers['set-cookie']), /^buylink_manager=carter81~t~\w+; Max-Age=2592000; /)
  assert.equal(pathname, '/external_dispatcher/settle')
  const forged = await get(
    `/?manager_token=${Buffer.from('carter81~s~0~0').toString('base64url')}~AAAAAAAAAAAAAAAAAAAAAA`,
    'localhost:8080',
  )
  assert.deepEqual([forged.statusCode, forged.headers.location, forged.headers['set-cookie']], [302, '/', undefined])
})

test('row 62: visits are counted by key, repeats and bots left out, and flushed with the server', async () => {
  const before = await visits()
  const first = await get('/?manager_key=carter81', 'localhost:8080')
  await get('/?manager_key=carter81', 'localhost:8080', cookieOf(first))
  await get('/?manager_key=nobody', 'localhost:8080')
  await app.http.app.inject({
    url: '/?manager_key=carter81',
    headers: { host: 'localhost:8080', 'user-agent': 'Googlebot' },
  })
  await app.parts.keyVisits.flush()
  // The visits of the tests above came from the same address and browser on the same day.
  assert.equal((await visits()) - before, 1n)
})

const visits = async () => {
  const { rows } = await database.pool.query<{ visits: bigint }>(
    'select coalesce(sum(visits), 0)::bigint as visits from manager_visits',
  )
  return rows[0]?.visits ?? 0n
}
