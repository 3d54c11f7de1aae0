import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { png } from '../../test/harness/png.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const signIn = async (email: string) => {
  const caller = app.caller()
  await caller.signIn(email)
  return caller
}
const staff = await signIn(SIGN_INS.reseller)
const stranger = app.caller()
const PATH = '/api/v1/products/1'
const PNG = { 'content-type': 'image/png' }

interface Shown {
  readonly version: number
  readonly screenshots: readonly { readonly url: string; readonly alt: string }[]
}
const read = async () => (await staff.send('GET', PATH)).body as unknown as Shown
const give = (file: Buffer, headers: Readonly<Record<string, string>> = {}) =>
  staff.send('POST', `${PATH}/screenshots`, file, { ...PNG, ...headers })
const say = async (screenshots: Shown['screenshots']) => {
  const answer = await staff.send('PATCH', PATH, { screenshots })
  assert.equal(answer.status, 200, answer.text)
}

test('a picture is kept, shown on the product’s page to anyone, and says what it shows', async () => {
  const file = png(40, 30)
  const answer = await give(file)
  assert.equal(answer.status, 201, answer.text)
  const [{ url, alt } = { url: '', alt: null }] = (answer.body as unknown as Shown).screenshots
  assert.match(url, /^\/pictures\/[0-9a-f-]{36}\.png$/)
  assert.equal(alt, '')
  const shown = await stranger.send('GET', url)
  assert.deepEqual([shown.status, shown.headers['content-type']], [200, 'image/png'])
  assert.match(String(shown.headers['cache-control']), /immutable/)
  assert.deepEqual(shown.bytes, file)
  await say([{ url, alt: 'Restore in two clicks' }])
  await app.parts.catalog.refreshChanged()
  const page = await stranger.send('GET', '/product/backup')
  assert.ok(page.text.includes(`<img src="${url}" alt="Restore in two clicks"`), page.text)
})

test('asked again under the same key there is one; order and texts are those that are said', async () => {
  const before = (await read()).screenshots.length
  const [red, blue] = [png(5, 5, [200, 0, 0]), png(5, 5, [0, 0, 200])]
  for (const _ of [1, 2]) assert.equal((await give(red, { 'idempotency-key': 'red' })).status, 201)
  assert.equal((await give(blue)).status, 201)
  const given = (await read()).screenshots
  assert.equal(given.length, before + 2)
  const turned = given.toReversed().map(({ url }, index) => ({ url, alt: `Number ${index}` }))
  await say(turned)
  assert.deepEqual((await read()).screenshots, turned)
  await say([{ url: 'https://cdn.example/one.png', alt: '' }, ...turned])
  assert.equal((await read()).screenshots[0]?.url, 'https://cdn.example/one.png')
})

test('what the product names no more is gone, and nothing else', async () => {
  const given = (await read()).screenshots.filter(({ url }) => url.startsWith('/pictures/'))
  const [gone, ...kept] = given
  assert.ok(gone && kept.length > 0)
  await say(kept)
  assert.equal((await stranger.send('GET', gone.url)).status, 404)
  for (const { url } of kept) assert.equal((await stranger.send('GET', url)).status, 200)
  const other = await staff.send('POST', '/api/v1/products', { name: 'Another', screenshots: kept })
  await staff.send('PATCH', `/api/v1/products/${other.body['id']}`, { screenshots: [] })
  for (const { url } of kept) assert.equal((await stranger.send('GET', url)).status, 200, 'of another product')
  const { rows } = await database.pool.query('select from product_pictures')
  assert.equal(rows.length, kept.length)
  for (const address of ['/pictures/x.png', '/pictures/00000000-0000-7000-8000-000000000000.png'])
    assert.equal((await stranger.send('GET', address)).status, 404)
})

test('what is no picture, too large, too many, late or a stranger’s is refused, and changes nothing', async () => {
  const before = await read()
  assert.equal((await give(Buffer.from('<svg onload="alert(1)"/>'))).status, 400)
  assert.equal((await give(png(2561, 1))).status, 400)
  assert.equal((await give(Buffer.concat([png(4, 4), Buffer.alloc(1024 * 1024)]))).status, 413)
  assert.equal((await give(png(4, 4), { 'if-match': '"1"' })).status, 412)
  const customer = await signIn(SIGN_INS.customer)
  assert.equal((await customer.send('POST', `${PATH}/screenshots`, png(4, 4), PNG)).status, 403)
  assert.equal((await staff.send('POST', '/api/v1/products/999999/screenshots', png(4, 4), PNG)).status, 404)
  assert.deepEqual(await read(), before)
  await say(Array.from({ length: 12 }, (_, n) => ({ url: `https://cdn.example/${n}.png`, alt: '' })))
  const thirteenth = await give(png(4, 4))
  assert.equal(thirteenth.status, 422)
  assert.match(thirteenth.text, /at most 12 pictures/)
  assert.equal((await database.pool.query('select from product_pictures')).rowCount, 0)
})
