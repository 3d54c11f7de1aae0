import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const app = await openApplication(await testDatabase())
const signIn = async (email: string) => {
  const caller = app.caller()
  await caller.signIn(email)
  return caller
}
const reseller = await signIn(SIGN_INS.reseller)
const sales = await signIn(SIGN_INS.sales)
const at = '/api/v1/managers'

test('a manager is added once however often it is asked, read, changed by version and deleted', async () => {
  const body = { name: 'Dana Fox', key: 'dana.fox-1', email: 'Dana@northwind.example' }
  const once = { 'idempotency-key': 'dana' }
  const made = await reseller.send('POST', at, body, once)
  assert.equal(made.status, 201, made.text)
  assert.equal((await reseller.send('POST', at, body, once)).text, made.text)
  assert.equal(made.body['email'], 'dana@northwind.example')
  assert.equal(made.body['role'], 'sales')
  const path = `${at}/${String(made.body['id'])}`
  const read = await reseller.send('GET', path)
  assert.deepEqual([read.headers['etag'], read.text], ['"1"', made.text])
  const changed = await reseller.send('PATCH', path, { active: false }, { 'if-match': '"1"' })
  assert.deepEqual([changed.status, changed.body['active'], changed.headers['etag']], [200, false, '"2"'])
  assert.equal((await reseller.send('PATCH', path, { active: true }, { 'if-match': '"1"' })).status, 412)
  const idle = await reseller.send('GET', `${at}?active=false&query=fox`)
  assert.equal((idle.body['items'] as unknown as unknown[]).length, 1)
  assert.equal((await reseller.send('DELETE', path)).status, 204)
  assert.equal((await reseller.send('GET', path)).status, 404)
  const again = await reseller.send('POST', at, body)
  assert.deepEqual([again.status, again.body['code']], [409, 'conflict'])
})

test('what is wrong is told by field', async () => {
  const answer = await reseller.send('POST', at, { name: '', key: 'a b' })
  assert.equal(answer.status, 422)
  const problems = answer.body['errors'] as unknown as { path: string }[]
  assert.deepEqual(problems.map(({ path }) => path).sort(), ['key', 'name'])
})

test('a sales manager reads their own entry, changes none, and the session says their key', async () => {
  const { items } = (await sales.send('GET', at)).body as unknown as { items: { key: string; id: string }[] }
  assert.deepEqual(
    items.map(({ key }) => key),
    ['carter81'],
  )
  const session = (await sales.send('GET', '/api/v1/session')).body as unknown as { manager: { key: string } }
  assert.equal(session.manager.key, 'carter81')
  for (const [method, path, body] of [
    ['POST', at, { name: 'X' }],
    ['PATCH', `${at}/${items[0]?.id}`, { key: 'mine' }],
    ['DELETE', `${at}/${items[0]?.id}`, undefined],
  ] as const)
    assert.equal((await sales.send(method, path, body)).status, 403, method)
  assert.equal((await (await signIn(SIGN_INS.customer)).send('GET', at)).status, 403)
  const staff = (await reseller.send('GET', '/api/v1/session')).body as unknown as { manager: unknown }
  assert.equal(staff.manager, null)
})

test('who signs in as a manager may be named by address; one of nobody is told by field', async () => {
  const made = await reseller.send('POST', at, { name: 'By address', user_email: 'nobody@northwind.example' })
  assert.equal(made.status, 422, made.text)
  assert.match(made.text, /"path":"user_email"/)
  const taken = await reseller.send('POST', at, { name: 'By address', user_email: SIGN_INS.sales.toUpperCase() })
  assert.match(taken.text, /signs in as another manager already/)
})
