import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BACKUP } from '../../src/applications/catalogue.ts'
import { newId } from '../../src/kernel/ids.ts'
import { testDatabase } from '../harness/database.ts'
import { codeOf, openV2, type V2Answer } from '../harness/v2.ts'

const database = await testDatabase()
const { root, operator, programOf, make } = await openV2(database, {
  config: { publicUrl: 'http://localhost:8080', trustProxy: [], smtpUrl: undefined, allowInternal: false },
})
const partner = await make('partner', root.id)
const customer = await make('customer', partner)
const unit = await make('unit', customer)
const reseller = await programOf(partner, 'partner_admin')

const get = (path: string, by = operator) => by.send('GET', path)
const put = async (id: string, change: object, by = operator) => {
  const { version } = (await get(`/api/2/tenants/${id}`)).body
  return by.send('PUT', `/api/2/tenants/${id}`, { version, ...change })
}
const ok = (answer: V2Answer): V2Answer => {
  assert.ok(answer.status < 300, answer.text)
  return answer
}
const addUser = async (tenantId: string, more: object = {}) => {
  const login = `code-${newId()}`
  const contact = { email: `${login}@example.com` }
  return ok(await operator.send('POST', '/api/2/users', { tenant_id: tenantId, login, contact, ...more })).body
}
const items = (tenantId: string, changes: object[], rest: object = {}, by = operator) =>
  by.send('PUT', `/api/2/tenants/${tenantId}/offering_items`, {
    offering_items: changes.map((change) => ({ application_id: BACKUP.id, ...change })),
    ...rest,
  })
const use = async (tenantId: string, usageName: string, value: number) =>
  ok(
    await operator.send('PUT', '/api/2/tenants/usages', {
      items: [{ tenant_id: tenantId, usage_type: usageName, usage_value: value }],
    }),
  )
const tryMail = async (settings: object, user = addUser(partner)) =>
  operator.send('POST', `/api/2/users/${String((await user)['id'])}/email/test_branding`, settings)
const binding = (tenantId: string) => `/api/2/applications/${BACKUP.id}/bindings/tenants/${tenantId}`

/** What calls each code forth and its HTTP status; or why nothing does. */
const CODES: Readonly<Record<number, [number, () => Promise<V2Answer>] | string>> = {
  1000: [
    500,
    async () => {
      await database.pool.query('alter table tenant_settings rename to tenant_settings_gone')
      const { body } = await get('/api/2/applications')
      const platform = (body['items'] as unknown as { id: string; type: string }[]).find(
        (each) => each.type === 'platform',
      )
      const answer = await get(`/api/2/applications/${platform?.id}/settings/tenants/${partner}/PromoteHigherEditions`)
      await database.pool.query('alter table tenant_settings_gone rename to tenant_settings')
      return answer
    },
  ],
  1001: [409, () => operator.send('PUT', `/api/2/tenants/${partner}`, { name: 'X', version: 99 })],
  1002: [403, async () => put(partner, { name: 'X' }, await programOf(partner, 'readonly_admin'))],
  1003: [
    400,
    async () => {
      const closed = await make('folder', partner)
      ok(await put(closed, { enabled: false }))
      return operator.send('POST', '/api/2/tenants', { name: 'Below', kind: 'customer', parent_id: closed })
    },
  ],
  1004: [
    409,
    async () => {
      await make('folder', partner, 'Taken')
      return operator.send('POST', '/api/2/tenants', { name: 'Taken', kind: 'folder', parent_id: partner })
    },
  ],
  1005: [404, () => get(`/api/2/tenants/${newId()}`)],
  1006: [400, async () => operator.send('DELETE', `/api/2/tenants/${await make('folder', partner)}?version=1`)],
  1007: [
    400,
    async () => {
      const outer = await make('folder', partner)
      return put(outer, { parent_id: await make('folder', outer) })
    },
  ],
  1008: [400, async () => put(unit, { parent_id: await make('unit', customer) })],
  1009: [
    400,
    async () => {
      const full = await make('customer', partner)
      await use(full, 'storage', 5)
      return items(full, [{ name: 'storage', status: 0 }], { check_usage: true })
    },
  ],
  1010: 'There is no sync-and-share service.',
  1011: 'Taking away is done when it is answered; nothing is under way afterwards.',
  1012: [
    403,
    async () => {
      const locked = await make('folder', partner)
      ok(await put(locked, { update_lock: { enabled: true } }, reseller))
      return put(locked, { name: 'Mine' })
    },
  ],
  1013: [
    400,
    async () => {
      const closed = await make('folder', partner)
      ok(await put(closed, { enabled: false }))
      return put(await make('folder', partner), { parent_id: closed })
    },
  ],
  1014: [
    400,
    async () => {
      const seller = await make('partner', partner)
      const delegated = [seller, 425, partner]
      await database.pool.query(
        'insert into plan_delegations (seller_id, plan_id, delegated_by) values ($1, $2, $3)',
        delegated,
      )
      return put(seller, { parent_id: await make('partner', root.id) })
    },
  ],
  1015: 'There is one storage, so two cannot be in conflict.',
  1016: [
    400,
    async () => {
      const above = await make('partner', partner)
      await use(await make('customer', above), 'storage', 5)
      return items(above, [{ name: 'storage', status: 0 }], { check_usage: true })
    },
  ],
  1017: 'There is one storage; it belongs to the installation and no tenant can turn it off for all.',
  1018: [400, () => tryMail({ smtp_server: 'mail.example.com' }, addUser(partner, { enabled: false }))],
  1019: 'Services are asked when something is provisioned, never by this API.',
  1020: 'Machines register with their service, not here.',
  1021: [
    400,
    async () => {
      ok(await items(partner, [{ name: 'mobiles', status: 0 }]))
      return items(customer, [{ name: 'mobiles', status: 1 }])
    },
  ],
  1022: [
    402,
    async () => {
      const hard = await make('customer', partner)
      ok(await items(hard, [{ name: 'vms', quota: { value: 1, overage: 0, version: 0 } }]))
      const asked = { tenant_id: hard, usage_name: 'vms', units: '2' }
      return operator.send('POST', '/api/v1/usage-checks', asked)
    },
  ],
  1023: [400, () => items(customer, [{ name: 'storage', status: 0 }])],
  1024: [400, () => tryMail({ smtp_server: '127.0.0.1', smtp_port: 25 })],
  1025: [400, () => tryMail({ smtp_server: 'nowhere.invalid' })],
  1026: [
    400,
    async () => {
      const bare = await make('partner', root.id)
      ok(await operator.send('DELETE', binding(bare)))
      return operator.send('POST', binding(await make('customer', bare)))
    },
  ],
  1027: [400, () => operator.send('POST', '/api/2/tenants', { name: 'Unit', kind: 'unit', parent_id: partner })],
  1028: 'There are no guest users.',
  1029: 'Taking a storage away is done when it is answered.',
  1030: 'There is no sync-and-share service.',
  1031: 'A tenant has no location of its own.',
  1032: [
    400,
    async () => {
      const above = await make('folder', partner)
      ok(await put(await make('folder', above), { update_lock: { enabled: true } }, reseller))
      return put(above, { parent_id: await make('partner', root.id) })
    },
  ],
  1033: [400, () => operator.send('POST', '/api/2/users', { tenant_id: partner, login: 'x' })],
  1034: 'Terms are kept by version and agreed to when one orders; none is taken back for another.',
  1035: 'Nothing blocks what a tenant is offered but what 1014 tells of.',
}

test('every platform code there is has been thought of', () =>
  assert.deepEqual(
    Object.keys(CODES).map(Number),
    Array.from({ length: 36 }, (_, at) => 1000 + at),
  ))

for (const [code, row] of Object.entries(CODES))
  if (typeof row !== 'string')
    test(`code ${code} comes with ${row[0]}`, async () => {
      const answer = await row[1]()
      assert.equal(answer.status, row[0], answer.text)
      // The check of usage is of the other surface, and tells the code beside its own.
      assert.equal(codeOf(answer) ?? answer.body['platform_code'], Number(code), answer.text)
      if (code === '1022') return
      const { error } = answer.body as unknown as { error: { domain: string; message: string; details: object } }
      assert.equal(error.domain, 'PlatformAccountServer')
      assert.ok(error.message.length > 10 && 'info' in error.details, answer.text)
    })

for (const [status, what, ask] of [
  [400, 'a body that is no JSON', () => operator.send('POST', '/api/2/tenants', '{"name": "X",}')],
  [401, 'no token', () => operator.send('GET', `/api/2/tenants/${partner}`, undefined, { authorization: '' })],
  [404, 'no such address', () => get('/api/2/nothing')],
  [404, 'no such user', () => get(`/api/2/users/${newId()}`)],
  [405, 'no such method', () => operator.send('PATCH', `/api/2/tenants/${partner}`, {})],
  [406, 'a login that is none', () => get('/api/2/users/check_login?username=x')],
  [415, 'text', () => operator.send('POST', '/api/2/tenants', '{}', { 'content-type': 'text/plain' })],
] as const)
  test(`${what} is told by the HTTP status as the code: ${status}`, async () => {
    const answer = await ask()
    assert.deepEqual([answer.status, codeOf(answer)], [status, status], answer.text)
  })
