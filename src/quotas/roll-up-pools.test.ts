import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGN_INS } from '../demonstration/index.ts'
import { BACKUP } from '../applications/index.ts'
import { newId } from '../kernel/ids.ts'
import { rollUpPools } from './roll-up-pools.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openV2 } from '../../test/harness/v2.ts'

const database = await testDatabase()
const { db } = database
const { app, root, operator, make } = await openV2(database)
const partner = await make('partner', root.id, 'Pool Partner')
const below = await make('partner', partner)
const customers = [await make('customer', partner), await make('customer', below)] as const
const send = async (method: string, path: string, body?: object) => {
  const answer = await operator.send(method, path, body)
  assert.ok(answer.status < 300, answer.text)
  return answer.body
}
const use = (tenantId: string, value: number) => {
  app.clock.advance(1000)
  return send('PUT', '/api/2/tenants/usages', {
    items: [{ tenant_id: tenantId, usage_type: 'vms', usage_value: value }],
  })
}
const addUser = async (tenantId: string, role: string, notifications: string[], businessTypes: string[] = []) => {
  const login = `pool-${newId()}`
  const email = `${login}@example.com`
  const made = await send('POST', '/api/2/users', {
    tenant_id: tenantId,
    login,
    contact: { email },
    notifications,
    business_types: businessTypes,
  })
  await send('PUT', `/api/2/users/${String(made['id'])}/access_policies`, {
    items: [{ tenant_id: tenantId, role_id: role }],
  })
  return email
}
const mailed = async () => {
  for (let round = 0; round < 3; round++) await app.jobs.drain()
  const rows = await db
    .selectFrom('mails')
    .where('purpose', '=', 'quota')
    .where('subject', 'like', '%Virtual machines%')
    .select(['recipient', 'subject', 'body_text', 'tenant_id'])
    .orderBy('recipient')
    .execute()
  return rows
}

test('a partner’s pool is its own usage and that of all below it, and warns the partner’s administrators only', async () => {
  const administrator = await addUser(partner, 'partner_admin', ['quota'])
  await addUser(partner, 'partner_admin', ['reports'])
  await addUser(partner, 'finance', ['quota'])
  await addUser(below, 'partner_admin', ['quota'])
  await addUser(customers[0], 'company_admin', ['quota'], ['buyer'])
  await send('PUT', `/api/2/tenants/${partner}/offering_items`, {
    offering_items: [{ application_id: BACKUP.id, name: 'vms', quota: { value: 10, overage: null, version: 0 } }],
  })
  await use(customers[0], 6)
  await use(customers[1], 4)
  assert.equal(await rollUpPools(db, app.clock), 1)
  assert.equal(await rollUpPools(db, app.clock), 0, 'nothing has changed')
  assert.deepEqual(await mailed(), [], 'all of it is no more than all of it')
  await use(partner, 1)
  await rollUpPools(db, app.clock)
  const [mail, ...others] = await mailed()
  assert.deepEqual(others, [])
  assert.equal(mail?.recipient, administrator)
  assert.equal(mail?.subject, 'Pool Partner: Virtual machines quota has been exceeded')
  assert.match(mail?.body_text ?? '', new RegExp(`/portal/tenants/${partner}/usage`))
  assert.doesNotMatch(mail?.body_text ?? '', /upgrade|tenant_quotas|Buy now/)
  const quota = await send('GET', `/api/v1/quotas/${partner}/vms`)
  assert.deepEqual([quota['used'], quota['state']], ['11', 'reached'])

  await use(customers[1], 2)
  await rollUpPools(db, app.clock)
  const list = await send('GET', `/api/v1/quota-alerts?tenant_id=${partner}`)
  assert.deepEqual(list['items'], [], 'and ends with the state')
})

test('a customer’s buyer is told nothing of the pool above', async () => {
  await use(partner, 1000)
  await rollUpPools(db, app.clock)
  const caller = app.caller()
  await caller.signIn(SIGN_INS.customer)
  const alerts = await caller.send('GET', '/api/v1/alerts')
  assert.doesNotMatch(alerts.text, /Virtual machines quota/)
  assert.equal((await caller.send('GET', `/api/v1/quotas/${partner}`)).status, 404)
})
