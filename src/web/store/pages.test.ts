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

test('categories, information pages, sitemap and robots.txt of a store', async () => {
  const staff = app.caller()
  await staff.signIn('anna@northwind.example')
  const ok = async (answer: ReturnType<typeof staff.send>) => {
    const { status, body, text } = await answer
    assert.ok(status < 300, text)
    return body as Record<string, unknown>
  }
  const category = await ok(
    staff.send('POST', '/api/v1/categories', { name: 'Safe & sound', description: 'For data.' }),
  )
  const logo = 'https://cdn.example/backup.svg'
  await ok(
    staff.send('PATCH', '/api/v1/products/1', {
      category_id: category['id'],
      logo_url: logo,
      screenshots: [{ url: '/assets/one.png', alt: 'All backups & when' }],
    }),
  )
  const { items } = (await ok(staff.send('GET', '/api/v1/stores'))) as { items: { id: string; version: number }[] }
  const store = items[0]?.id
  const body = '# Contact\n\n<script>alert(1)</script> [mail](javascript:alert(1)) **us**'
  await ok(staff.send('PUT', `/api/v1/stores/${store}/pages`, { pages: [{ slug: 'contact', title: 'Contact', body }] }))
  await Promise.all([app.parts.catalog.refreshChanged(), app.parts.stores.refresh()])

  const listed = await get('/catalog/safe-sound')
  assert.equal(listed.statusCode, 200)
  assert.match(listed.body, /<h1>Safe &amp; sound<\/h1>.*For data\..*\/product\/backup"/s)
  assert.doesNotMatch(listed.body, /backup-on-demand/)
  const product = await get('/product/backup')
  assert.ok(product.body.includes(logo) && product.body.includes('/catalog/safe-sound'))
  assert.match(product.body, /<img src="\/assets\/one.png" alt="All backups &amp; when"/)
  assert.match(product.body, /"image":\["http:\/\/localhost:8080\/assets\/one.png"\]/)
  const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(product.body) ?? []
  const data = JSON.parse(json) as Record<string, unknown> & { offers: Record<string, unknown>[] }
  assert.deepEqual(
    [
      data['@type'],
      data['name'],
      data['url'],
      data.offers.map(({ price, priceCurrency }) => `${price} ${priceCurrency}`),
    ],
    ['Product', 'Backup', 'http://localhost:8080/product/backup', ['49.00 USD', '540.00 USD', '149.00 USD']],
  )
  assert.match(product.body, /<title>Backup, plans and prices: Northwind Cloud<\/title>/)
  assert.match(product.body, /<meta name="description" content="Backup from Northwind Cloud\. Every computer/)
  assert.match(product.body, /rel="canonical" href="http:\/\/localhost:8080\/product\/backup"/)
  const info = await get('/info/contact')
  assert.match(info.body, /<h2>Contact<\/h2>.*<strong>us<\/strong>/s)
  assert.doesNotMatch(info.body, /<script>alert|href="javascript/)
  assert.match(info.body, /rel="canonical" href="http:\/\/localhost:8080\/info\/contact"/)
  assert.equal((await get('/info/nothing')).statusCode, 404)
  assert.equal((await get('/catalog/nothing')).statusCode, 404)

  const map = await get('/sitemap.xml')
  assert.match(String(map.headers['content-type']), /^application\/xml/)
  assert.deepEqual(
    [...map.body.matchAll(/<loc>http:\/\/localhost:8080([^<]*)/g)].map(([, path]) => path),
    ['/', '/catalog/safe-sound', '/product/backup', '/product/backup-on-demand', '/info/contact'],
  )
  const robots = await get('/robots.txt')
  assert.match(robots.body, /Disallow: \/client\n.*Sitemap: http:\/\/localhost:8080\/sitemap.xml/s)

  const closed = await ok(staff.send('PATCH', `/api/v1/stores/${store}`, { status: 'maintenance' }))
  assert.equal(closed['status'], 'maintenance')
  await app.parts.stores.refresh()
  for (const path of ['/', '/product/backup', '/catalog/nothing', '/info/contact', '/upgrade', '/sitemap.xml']) {
    const { statusCode, headers: said } = await get(path)
    assert.deepEqual([statusCode, said['retry-after']], [503, '300'], path)
    assert.equal(said['cache-control'], 'no-store', path)
  }
  assert.match((await get('/')).body, /<h1>Back in a moment/)
  // What was indexed stays so: nothing is forbidden, and nothing is said to be gone.
  assert.deepEqual((await get('/robots.txt')).body, robots.body)
  await ok(staff.send('PATCH', `/api/v1/stores/${store}`, { status: 'active' }))
  await app.parts.stores.refresh()
})
