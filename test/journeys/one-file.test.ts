import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCli } from '../../src/cli/testing.ts'
import { startServer, temporaryDataDir, welcomeOf } from '../harness/server.ts'
import { approve, checkOut, createVisitor, place, register, signIn, untilCompleted } from '../harness/visitor.ts'

const CLIENT = { BUYLINK_CLIENT_ID: 'operator-cli', BUYLINK_CLIENT_SECRET: 'a-secret-of-the-journey-1' }
const ADMIN = { BUYLINK_ADMIN_EMAIL: 'admin@example.com', BUYLINK_ADMIN_PASSWORD: 'correct horse battery' }

test('one file and the command line: from nothing to the first paid order', async () => {
  const folder = await temporaryDataDir()
  const server = await startServer({
    dataDir: folder,
    env: { ...CLIENT, ...ADMIN, BUYLINK_DEMO: '0', HOST: '0.0.0.0' },
  })
  await welcomeOf(server)
  const shop = `http://127.0.0.1:${server.port}`
  const env = { ...CLIENT, BUYLINK_SERVER: server.origin }
  const cli = (...argv: string[]) => runCli(argv, { env })
  const path = join(folder, 'store.yaml')
  const example = await readFile(new URL('../../examples/store.yaml', import.meta.url), 'utf8')
  await writeFile(path, example.replace('https://shop.lakeside.example', shop))

  const refused = await runCli(['apply', path], { env, input: ['n\n'] })
  assert.equal(refused.code, 1, refused.err)
  assert.match(refused.out + refused.err, /New reseller Lakeside Hosting:\n {2}\+ reseller.name: Lakeside Hosting\n/)
  assert.match((await cli('apply', path, '--plan')).out, /New reseller/)
  const applied = await runCli(['apply', path], { env, input: ['yes\n'] })
  assert.deepEqual([applied.code, applied.out.endsWith('Applied.\n')], [0, true], applied.err)
  const again = await cli('apply', path, '--yes')
  assert.deepEqual(again, { code: 0, out: 'Lakeside Hosting is as the file says: nothing to change.\n', err: '' })

  const { items } = await clientCall<{ items: { seller_id: string }[] }>(server.origin, '/api/v1/stores')
  const { out: exported } = await cli('export', '--reseller', items[0]?.seller_id ?? '')
  await writeFile(path, exported)
  assert.match((await cli('apply', path, '--yes')).out, /nothing to change/)

  // The mail's link stands in a page; lint says that it is good, and what is wrong with the one beside it.
  const [planId = '', periodId = ''] = [/plans:\n\s+- id: (\d+)/, /periods:\n\s+- id: (\d+)/].map(
    (id) => id.exec(exported)?.[1],
  )
  const item = (plan: string) =>
    `shopping_cart_items[][plan_id]=${plan}&shopping_cart_items[][plan_period_id]=${periodId}&shopping_cart_items[][type]=application`
  const link = `${shop}/external_dispatcher/settle?${item(planId)}`
  const page = join(folder, 'page.html')
  await writeFile(
    page,
    `<p>\n<a href="${link.replaceAll('&', '&amp;')}">Buy</a>\n<a href="${shop}/external_dispatcher/settle?${item('1')}">Old</a>`,
  )
  const lint = await cli('link', 'lint', page)
  assert.equal(lint.code, 1)
  assert.match(lint.out, /page\.html:3: error: .*\(plan_not_found, items\[0\]\.plan_id\)/)
  assert.match(lint.out, /\n2 links: 1 with errors\.\n$/)
  const store = await cli('link', 'lint', `${shop}/sitemap.xml`)
  assert.deepEqual([store.code, store.err], [0, ''], store.out)
  assert.match(store.out, /^[1-9]\d* links on \d+ pages: all good\.\n$/)

  const operator = await signIn(server.origin, ADMIN.BUYLINK_ADMIN_EMAIL, ADMIN.BUYLINK_ADMIN_PASSWORD)
  const customer = createVisitor(shop)
  const clicked = await customer.request('GET', link.slice(shop.length))
  assert.equal(clicked.status, 302)
  await register(customer, operator, 'first@customer.example')
  const checkout = await checkOut(customer, link.slice(link.indexOf('?')))
  await customer.call('PATCH', `/api/v1/checkouts/${checkout.id}`, { attributes: { domain: 'moreau.example' } })
  const order = await place(customer, checkout)
  assert.deepEqual(order.total, { amount: '5.00', currency: 'EUR' })
  await approve(operator, order)
  await untilCompleted(customer, order)
  await server.stop()
})

/** A GET by the API client. */
async function clientCall<Body>(origin: string, path: string): Promise<Body> {
  const basic = btoa(`${CLIENT.BUYLINK_CLIENT_ID}:${CLIENT.BUYLINK_CLIENT_SECRET}`)
  const token = await fetch(`${origin}/api/2/idp/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token } = (await token.json()) as { access_token: string }
  const answer = await fetch(origin + path, { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal(answer.status, 200)
  return (await answer.json()) as Body
}
