import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const app = await openApplication(await testDatabase())
const sign = async (who: (typeof SIGN_INS)[keyof typeof SIGN_INS]) => {
  const caller = app.caller()
  await caller.signIn(who)
  return caller
}
const [reseller, sales, customer, finance] = [
  await sign(SIGN_INS.reseller),
  await sign(SIGN_INS.sales),
  await sign(SIGN_INS.customer),
  await sign(SIGN_INS.buyer),
]
type Row = { id: string; [key: string]: unknown }
const itemsOf = (body: unknown): Row[] => (body as { items: Row[] }).items
const contoso = itemsOf((await reseller.send('GET', '/api/v1/accounts?query=contoso')).body)[0] as Row
const hold = `/api/v1/accounts/${contoso.id}/hold`

test('a held account orders nothing and reads why; released, it orders again', async () => {
  const made = await customer.send('POST', '/api/v1/checkouts', {
    application: { plan_id: '569', plan_period_id: '2072' },
  })
  assert.equal(made.status, 201, made.text)
  const place = () =>
    customer.send('POST', `/api/v1/checkouts/${String(made.body['id'])}/place`, {
      expected_total: { amount: '0.00', currency: 'USD' },
      accept_terms: true,
    })
  const held = await reseller.send(
    'PUT',
    hold,
    { held: true, reason: 'Papers are missing.' },
    { 'if-match': `"${contoso['version']}"` },
  )
  assert.equal(held.status, 200, held.text)
  assert.deepEqual([held.body['status'], held.body['hold_reason']], ['administrative_hold', 'Papers are missing.'])
  const refused = await place()
  assert.equal(refused.status, 403, refused.text)
  assert.match(String(refused.body['detail']), /Papers are missing/)
  const session = (await customer.send('GET', '/api/v1/session')).body as unknown as { account: Row }
  assert.equal(session.account['hold_reason'], 'Papers are missing.')
  const again = await reseller.send('PUT', hold, { held: true, reason: 'Again' })
  assert.equal(again.body['version'], held.body['version'])
  const stale = await reseller.send(
    'PUT',
    hold,
    { held: false, reason: 'x' },
    { 'if-match': `"${contoso['version']}"` },
  )
  assert.equal(stale.status, 412)
  const released = await reseller.send('PUT', hold, { held: false, reason: 'Papers came.' })
  assert.deepEqual([released.body['status'], released.body['hold_reason']], ['active', ''])
  const placed = await place()
  assert.ok(placed.status < 300, placed.text)
  const log = itemsOf(
    (await reseller.send('GET', `/api/v1/audit-log?subject_kind=account&subject_id=${contoso.id}`)).body,
  )
  assert.deepEqual(
    log
      .filter(({ action }) => /hold|release/.test(String(action)))
      .map(({ action, details }) => [action, (details as Row)['reason']]),
    [
      ['account.release', 'Papers came.'],
      ['account.hold', 'Papers are missing.'],
    ],
  )
})

test('nobody holds or releases their own account, and a reason is asked for', async () => {
  assert.equal((await customer.send('PUT', hold, { held: true, reason: 'x' })).status, 403)
  assert.equal((await reseller.send('PUT', hold, { held: true, reason: ' ' })).status, 400)
})

test('an administrator downloads all that is kept of the account; others do not', async () => {
  const file = await customer.send('GET', `/api/v1/accounts/${contoso.id}/export`)
  assert.equal(file.status, 200, file.text)
  assert.match(String(file.headers['content-disposition']), /attachment; filename="account-\d+\.json"/)
  const { account, users, subscriptions, orders, payments, acceptances } = file.body as unknown as Record<string, Row[]>
  assert.equal((account as unknown as Row)['name'], 'Contoso Dental')
  assert.ok(users?.some(({ email }) => email === SIGN_INS.customer))
  for (const list of [subscriptions, orders, payments]) assert.ok((list?.length ?? 0) > 0)
  assert.deepEqual(
    acceptances,
    itemsOf((await customer.send('GET', `/api/v1/accounts/${contoso.id}/acceptances`)).body),
  )
  for (const caller of [finance, sales])
    assert.ok([403, 404].includes((await caller.send('GET', `/api/v1/accounts/${contoso.id}/export`)).status))
})

test('a program is made with its secret told once, disabled, deleted', async () => {
  const made = await reseller.send('POST', '/api/v1/clients', {
    name: 'Meter',
    role: 'finance',
    scopes: ['orders:read'],
  })
  assert.equal(made.status, 201, made.text)
  const { id, secret, scopes } = made.body as unknown as Row & { secret: string }
  assert.deepEqual(scopes, ['orders:read'])
  assert.ok(secret.length > 20)
  const listed = itemsOf((await reseller.send('GET', '/api/v1/clients')).body)
  assert.ok(listed.some((each) => each.id === id && !('secret' in each)))
  const off = await reseller.send('PATCH', `/api/v1/clients/${id}`, { enabled: false })
  assert.equal(off.body['enabled'], false)
  const beyond = await reseller.send('POST', '/api/v1/clients', {
    name: 'More',
    role: 'finance',
    scopes: ['mails:read'],
  })
  assert.equal(beyond.status, 403)
  assert.equal((await reseller.send('DELETE', `/api/v1/clients/${id}`)).status, 204)
  assert.equal((await reseller.send('GET', `/api/v1/clients/${id}`)).status, 404)
})
