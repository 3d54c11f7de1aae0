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
const [operator, reseller, customer, finance] = [
  await sign(SIGN_INS.operator),
  await sign(SIGN_INS.reseller),
  await sign(SIGN_INS.customer),
  await sign(SIGN_INS.buyer),
]
type Row = { id: string; email: string; version: number; roles: string[]; [key: string]: unknown }
type Caller = typeof operator

const people = async (caller: Caller, query = ''): Promise<Row[]> =>
  ((await caller.send('GET', `/api/v1/users${query}`)).body as unknown as { items: Row[] }).items
const change = (caller: Caller, { id, version }: Row, body: object) =>
  caller.send('PATCH', `/api/v1/users/${id}`, body, { 'if-match': `"${version}"` })

/** Follows the mailed link: signs in with a password of their own. */
async function accept(email: string, area: string, host = 'localhost:8080'): Promise<Caller> {
  await app.jobs.drain()
  const { items } = (await operator.send('GET', '/api/v1/mails')).body as unknown as {
    items: { id: string; recipient: string }[]
  }
  const { body } = await operator.send('GET', `/api/v1/mails/${items.find(({ recipient }) => recipient === email)?.id}`)
  const token = new RegExp(`${area}/reset\\?token=([\\w-]+)`).exec(String(body['body_text']))?.[1]
  const caller = app.caller()
  const set = await caller.send(
    'POST',
    '/api/v1/password-resets/confirm',
    { token, password: 'a long new password' },
    { host },
  )
  assert.equal(set.status, 200, set.text)
  return caller
}

test('an administrator invites a colleague, who chooses a password and has the role given', async () => {
  const body = { email: 'Fin@contoso.example', first_name: 'Fin', roles: ['company_finance'], buyer: true }
  const made = await customer.send('POST', '/api/v1/users', body)
  assert.equal(made.status, 201, made.text)
  assert.deepEqual(
    [made.body['email'], made.body['buyer'], made.body['activated']],
    ['fin@contoso.example', true, false],
  )
  const again = await customer.send('POST', `/api/v1/users/${made.body['id']}/invitation`, {})
  assert.equal(again.status, 200, again.text)
  const fin = await accept('fin@contoso.example', 'client')
  assert.equal((await fin.send('GET', '/api/v1/payments')).status, 200)
  assert.equal((await fin.send('GET', '/api/v1/users')).status, 403)
  const twice = await customer.send('POST', '/api/v1/users', body)
  assert.equal(twice.status, 409, twice.text)
  const late = await customer.send('POST', `/api/v1/users/${made.body['id']}/invitation`, {})
  assert.equal(late.status, 422)
})

test('a role that cannot be held there, or may more, is not given', async () => {
  const beyond = await customer.send('POST', '/api/v1/users', { email: 'a@b.example', roles: ['partner_admin'] })
  assert.equal(beyond.status, 403, beyond.text)
  const root = await reseller.send('POST', '/api/v1/users', { email: 'a@b.example', roles: ['root_admin'] })
  assert.equal(root.status, 403, root.text)
  const odd = await reseller.send('POST', '/api/v1/users', { email: 'a@b.example', roles: ['company_admin'] })
  assert.equal(odd.status, 422, odd.text)
  assert.equal(
    (await finance.send('POST', '/api/v1/users', { email: 'a@b.example', roles: ['backup_user'] })).status,
    403,
  )
})

test('roles, buyer and access are changed as of the version read', async () => {
  const fin = (await people(customer)).find(({ email }) => email === 'fin@contoso.example') as Row
  const changed = await change(customer, fin, { roles: ['readonly_admin'], buyer: false, enabled: false })
  assert.equal(changed.status, 200, changed.text)
  const { roles, buyer, enabled, version } = changed.body as unknown as Row
  assert.deepEqual([roles, buyer, enabled, version], [['readonly_admin'], false, false, fin.version + 1])
  assert.equal((await change(customer, fin, { enabled: true })).status, 412)
  const same = await change(customer, changed.body as unknown as Row, { enabled: false, roles: ['readonly_admin'] })
  assert.equal((same.body as unknown as Row).version, version)
})

test('of two administrators who disable each other, one stays; the last one keeps the role', async () => {
  const made = await reseller.send('POST', '/api/v1/users', {
    email: 'second@northwind.example',
    roles: ['partner_admin'],
  })
  assert.equal(made.status, 201, made.text)
  const second = await accept('second@northwind.example', 'portal')
  const staff = await people(reseller)
  const administrators = staff.filter(({ roles }) => roles.includes('partner_admin'))
  const other = administrators.find(({ email }) => email === 'second@northwind.example') as Row
  const first = administrators.find(({ email }) => email === SIGN_INS.reseller) as Row
  for (const each of administrators)
    if (each !== other && each !== first) await change(operator, each, { roles: ['finance'] })
  const answers = await Promise.all([
    change(reseller, other, { roles: ['sales'] }),
    change(second, first, { roles: ['sales'] }),
  ])
  assert.deepEqual(
    answers.map(({ status }) => status === 200).sort(),
    [false, true],
    answers.map(({ text }) => text).join(),
  )
  const left = (await people(operator, `?tenant_id=${String(first['tenant_id'])}`)).filter(({ roles }) =>
    roles.includes('partner_admin'),
  )
  assert.equal(left.length, 1)
  const last = await change(operator, left[0] as Row, { enabled: false })
  assert.equal(last.status, 422, last.text)
})
