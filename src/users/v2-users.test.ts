import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, openV2, type V2Answer } from '../../test/harness/v2.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { newId } from '../kernel/ids.ts'
import { disableOverdueUsers } from './disable-overdue-users.ts'

const database = await testDatabase()
const { app, root, operator, programOf, make } = await openV2(database)
const partner = await make('partner', root.id)
const other = await make('partner', root.id)
const customer = await make('customer', partner)
const reseller = await programOf(partner, 'partner_admin')
const stranger = await programOf(other, 'partner_admin')

const refused = (answer: V2Answer, status: number, code: number) => {
  assert.equal(answer.status, status, answer.text)
  assert.equal(codeOf(answer), code, answer.text)
}
let count = 0
type Body = Record<string, unknown> & { id: string; version: number; personal_tenant_id: string }
const newUser = async (rest: object = {}, as = reseller): Promise<V2Answer> => {
  const login = `user${++count}`
  const contact = { email: `${login}@example.com`, firstname: 'Ann', lastname: 'Example' }
  return as.send('POST', '/api/2/users', { tenant_id: customer, login, contact, ...rest })
}
const user = async (rest: object = {}): Promise<Body> => {
  const made = await newUser(rest)
  assert.equal(made.status, 200, made.text)
  return made.body as unknown as Body
}
const read = async (id: string) => (await operator.send('GET', `/api/2/users/${id}`)).body as unknown as Body
const put = async (id: string, change: object, as = reseller) =>
  as.send('PUT', `/api/2/users/${id}`, { version: (await read(id)).version, ...change })

test('a new user answers 200 with the fields of the documents, and has a personal tenant', async () => {
  const made = await user({ contact: { email: 'Bob@example.com', firstname: 'Bob', lastname: 'B', fax: '7' } })
  const { id, contact, personal_tenant_id: personal, ...rest } = made as unknown as Record<string, unknown>
  assert.deepEqual(rest, {
    version: 1,
    tenant_id: customer,
    login: 'user1',
    activated: false,
    enabled: true,
    created_at: '2026-03-01T12:00:00.000Z',
    updated_at: '2026-03-01T12:00:00.000Z',
    deleted_at: null,
    language: 'en',
    idp_id: null,
    external_id: null,
    business_types: [],
    notifications: ['quota', 'reports', 'backup_daily_report'],
    mfa_status: 'disabled',
    disable_after: null,
    external_operation_status: null,
    terms_accepted: true,
  })
  const { email, firstname, fax, email_confirmed } = contact as Record<string, unknown>
  assert.deepEqual([email, firstname, fax, email_confirmed], ['bob@example.com', 'Bob', '7', false])
  const tenant = await reseller.send('GET', `/api/2/tenants/${String(personal)}`)
  assert.equal(tenant.body['kind'], 'unit')
  assert.equal(tenant.body['owner_id'], id)
  assert.equal(tenant.body['parent_id'], customer)
  const staff = await user({ tenant_id: partner })
  assert.equal(staff.personal_tenant_id, null)
})

test('row 27: PUT user with `business_types:["buyer"]` 200 and version+1; any other element 400; wrong version conflict', async () => {
  const { id } = await user()
  const buyer = await put(id, { business_types: ['buyer'] })
  assert.equal(buyer.status, 200, buyer.text)
  assert.equal(buyer.body['version'], 2)
  assert.deepEqual(buyer.body['business_types'], ['buyer'])
  for (const business_types of [['seller'], ['buyer', 'buyer', 'x'], 'buyer', [1]])
    refused(await put(id, { business_types }), 400, 400)
  refused(await reseller.send('PUT', `/api/2/users/${id}`, { version: 1, business_types: [] }), 409, 1001)
  refused(await reseller.send('PUT', `/api/2/users/${id}`, { business_types: [] }), 400, 400)
  assert.equal((await read(id)).version, 2)
  const removed = await put(id, { business_types: [] })
  assert.deepEqual(removed.body['business_types'], [])
  const staff = await user({ tenant_id: partner })
  refused(await put(staff.id, { business_types: ['buyer'] }), 400, 1027)
})

test('a change keeps what it does not name; unknown keys and values are refused', async () => {
  const { id } = await user({ notifications: ['quota'] })
  const changed = await put(id, {
    contact: { firstname: 'Zoe', address1: 'Elm 1' },
    notifications: ['quota', 'maintenance'],
    language: 'de',
    external_id: 'X1',
  })
  assert.equal(changed.status, 200, changed.text)
  const contact = changed.body['contact'] as unknown as Record<string, string>
  assert.deepEqual([contact['firstname'], contact['lastname'], contact['address1']], ['Zoe', 'Example', 'Elm 1'])
  assert.deepEqual(changed.body['notifications'], ['maintenance', 'quota'])
  for (const change of [{ notifications: ['spam'] }, { surprise: 1 }, { contact: { shoe: 43 } }, { enabled: 'no' }])
    refused(await put(id, change), 400, 400)
  const whole = await put(id, { contact, language: 'de' })
  assert.equal(whole.status, 200, whole.text)
  assert.deepEqual({ ...(whole.body['contact'] as unknown as object), updated_at: '' }, { ...contact, updated_at: '' })
})

test('two parallel changes with one version: exactly one succeeds', async () => {
  const { id } = await user()
  for (let version = 1; version <= 50; version++) {
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((external_id) => reseller.send('PUT', `/api/2/users/${id}`, { version, external_id })),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409])
  }
  assert.equal((await read(id)).version, 51)
})

for (const { login, status } of [
  { login: 'free.login+1', status: 204 },
  { login: "odd!#$%^*={}'`/?", status: 204 },
  { login: 'ab', status: 406 },
  { login: 'with blank', status: 406 },
  { login: 'ümlaut', status: 406 },
  { login: 'taken-login', status: 409 },
])
  test(`check_login of ${login} answers ${status}, and creating it agrees`, async () => {
    if (login === 'taken-login') await newUser({ login })
    const checked = await reseller.send('GET', `/api/2/users/check_login?username=${encodeURIComponent(login)}`)
    assert.equal(checked.status, status, checked.text)
    const made = await newUser({ login })
    if (status === 204) assert.equal(made.status, 200, made.text)
    if (status === 406) refused(made, 400, 1033)
    if (status === 409) refused(made, 409, 409)
  })

test('ten that want one login at once: one gets it', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => newUser({ login: 'wanted' })))
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array<number>(9).fill(409)])
})

test('a login that is changed is free again; another’s is refused and nothing changes', async () => {
  const one = await user({ login: 'first-login' })
  const two = await user({ login: 'second-login' })
  refused(await put(one.id, { login: 'second-login' }), 409, 409)
  assert.equal((await read(one.id))['login'], 'first-login')
  assert.equal((await put(one.id, { login: 'third-login' })).status, 200)
  assert.equal((await put(two.id, { login: 'first-login' })).status, 200)
  refused(await put(two.id, { login: 'x' }), 400, 1033)
})

test('a user is deleted once disabled, with login and personal tenant', async () => {
  const { id, personal_tenant_id: personal } = await user({ login: 'leaving' })
  refused(await reseller.send('DELETE', `/api/2/users/${id}?version=1`), 400, 1027)
  assert.equal((await put(id, { enabled: false })).status, 200)
  refused(await reseller.send('DELETE', `/api/2/users/${id}?version=1`), 409, 1001)
  refused(await reseller.send('DELETE', `/api/2/users/${id}`), 400, 400)
  assert.equal((await reseller.send('DELETE', `/api/2/users/${id}?version=2`)).status, 204)
  refused(await reseller.send('GET', `/api/2/users/${id}`), 404, 404)
  refused(await reseller.send('GET', `/api/2/tenants/${personal}`), 404, 1005)
  assert.equal((await newUser({ login: 'leaving' })).status, 200)
})

test('roles are replaced as a list; nobody gives more than they have', async () => {
  const { id } = await user()
  const path = `/api/2/users/${id}/access_policies`
  const policy = (role_id: string, tenant_id: string = customer) => ({
    id: '00000000-0000-0000-0000-000000000000',
    version: 0,
    trustee_id: id,
    trustee_type: 'user',
    issuer_id: '00000000-0000-0000-0000-000000000000',
    tenant_id,
    role_id,
  })
  assert.deepEqual((await reseller.send('GET', path)).body, { items: [] })
  const given = await reseller.send('PUT', path, { items: [policy('company_admin'), policy('backup_user')] })
  assert.equal(given.status, 200, given.text)
  const rolesOf = ({ body }: V2Answer) =>
    (body['items'] as unknown as { role_id: string; id: string }[]).map(({ role_id }) => role_id)
  assert.deepEqual(rolesOf(given), ['company_admin', 'backup_user'])
  const items = given.body['items'] as unknown as { id: string; role_id: string }[]
  const kept = await reseller.send('PUT', path, { items: items.slice(0, 1) })
  assert.deepEqual(kept.body['items'], items.slice(0, 1))
  refused(await reseller.send('PUT', path, { items: [policy('partner_admin')] }), 400, 1027)
  refused(await reseller.send('PUT', path, { items: [policy('emperor')] }), 400, 400)
  refused(await reseller.send('PUT', path, { items: [policy('partner_admin', partner)] }), 400, 1027)
  refused(await stranger.send('PUT', path, { items: [] }), 404, 404)
  assert.deepEqual(rolesOf(await reseller.send('GET', path)), ['company_admin'])

  const staff = await user({ tenant_id: partner })
  const narrow = await programOf(partner, 'partner_admin', ['users:read', 'users:write'])
  const staffPath = `/api/2/users/${staff.id}/access_policies`
  const admin = { items: [{ tenant_id: partner, role_id: 'partner_admin' }] }
  refused(await narrow.send('PUT', staffPath, admin), 403, 1002)
  assert.equal((await reseller.send('PUT', staffPath, admin)).status, 200)
  refused(await put(staff.id, { contact: { email: 'mine@example.com' } }, narrow), 403, 1002)
  refused(await narrow.send('PUT', staffPath, { items: [] }), 403, 1002)
  const above = await programOf(root.id, 'readonly_admin')
  refused(await above.send('PUT', staffPath, { items: [] }), 403, 1002)
})

test('users of others answer exactly as ones that do not exist', async () => {
  const { id } = await user()
  const body = { version: 1, language: 'de' }
  for (const [method, suffix, sent] of [
    ['GET', '', undefined],
    ['PUT', '', body],
    ['DELETE', '?version=1', undefined],
    ['GET', '/access_policies', undefined],
    ['PUT', '/access_policies', { items: [] }],
  ] as const) {
    const foreign = await stranger.send(method, `/api/2/users/${id}${suffix}`, sent)
    const unknown = await stranger.send(method, `/api/2/users/${newId()}${suffix}`, sent)
    const malformed = await stranger.send(method, `/api/2/users/nonsense${suffix}`, sent)
    for (const answer of [foreign, unknown, malformed]) refused(answer, 404, 404)
    const told = ({ body: said }: V2Answer) => (said['error'] as unknown as { message: string }).message
    assert.equal(told(foreign), told(unknown))
  }
  assert.equal((await read(id)).version, 1)
  refused(await newUser({}, stranger), 404, 404)
})

test('lists: by ids without those of others, of a subtree page by page, of a tenant', async () => {
  const tenant = await make('customer', partner)
  const ids: string[] = []
  for (let each = 0; each < 3; each++) ids.push((await user({ tenant_id: tenant })).id)
  const foreign = await newUser({ tenant_id: await make('customer', other) }, stranger)
  const byIds = await reseller.send(
    'GET',
    `/api/2/users?uuids=${[ids[0], newId(), String(foreign.body['id'])].join(',')}&with_access_policies=true`,
  )
  const items = byIds.body['items'] as unknown as { id: string; access_policies: [] }[]
  assert.deepEqual(
    items.map(({ id }) => id),
    [ids[0]],
  )
  assert.deepEqual(items[0]?.access_policies, [])
  const read: string[] = []
  let query = `subtree_root_tenant_id=${tenant}&limit=2&lod=stamps`
  for (;;) {
    const page = await reseller.send('GET', `/api/2/users?${query}`)
    assert.equal(page.status, 200, page.text)
    const body = page.body as unknown as { items: { id: string }[]; paging: { cursors: { after?: string } } }
    read.push(...body.items.map(({ id }) => id))
    assert.deepEqual(Object.keys(body.items[0] ?? {}).length, 5)
    if (body.paging.cursors.after === undefined) break
    query = `after=${body.paging.cursors.after}`
  }
  assert.deepEqual(read, ids)
  assert.deepEqual((await reseller.send('GET', `/api/2/tenants/${tenant}/users`)).body['items'], ids)
  assert.equal((await reseller.send('GET', '/api/2/users')).status, 400)
  assert.equal((await reseller.send('GET', '/api/2/users?uuids=nonsense')).status, 400)
  refused(await stranger.send('GET', `/api/2/users?subtree_root_tenant_id=${tenant}`), 404, 1005)
  refused(await stranger.send('GET', `/api/2/tenants/${tenant}/users`), 404, 1005)
})

test('search finds what begins with the words, in what the caller sees', async () => {
  const tenant = await make('customer', partner, 'Fabrikam Dental-Works')
  const person = await user({
    tenant_id: tenant,
    login: 'grace.hopper@navy.example',
    contact: { email: 'g@navy.example', firstname: 'Grace', lastname: 'Hopper' },
  })
  const search = async (text: string, at: string = partner, as = reseller) => {
    const answer = await as.send('GET', `/api/2/search?tenant=${at}&text=${encodeURIComponent(text)}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.body['items'] as unknown as { obj_type: string; id: string; path: string[] }[]
  }
  const [found] = await search('fabri')
  assert.deepEqual([found?.obj_type, found?.id, found?.path], ['tenant', tenant, [partner]])
  assert.equal((await search('dental works'))[0]?.id, tenant)
  assert.deepEqual(await search('abrikam'), [])
  for (const text of ['hopp', 'GRACE hop', 'navy'])
    assert.deepEqual(
      (await search(text)).map(({ id, obj_type }) => [obj_type, id]),
      [['user', person.id]],
      text,
    )
  assert.deepEqual(await search('fabrikam', other, stranger), [])
  assert.deepEqual(await search("'; drop table tenants --"), [])
  refused(await stranger.send('GET', `/api/2/search?tenant=${tenant}&text=fabrikam`), 404, 1005)
  assert.equal((await reseller.send('GET', `/api/2/search?tenant=${partner}&text=ab`)).status, 400)
})

test('a signed-in person reads themselves; who is disabled is signed in nowhere', async () => {
  const caller = app.caller()
  assert.equal((await caller.signIn(SIGN_INS.customer)).status, 201)
  const me = await caller.send('GET', '/api/2/users/me')
  assert.equal(me.status, 200, me.text)
  assert.equal(me.body['tenant_kind'], 'customer')
  const tenant = (await operator.send('GET', `/api/2/tenants/${String(me.body['tenant_id'])}`)).body
  assert.deepEqual(
    [me.body['tenant_pricing_model'], me.body['brand_id'], me.body['login_totp_time']],
    [tenant['pricing_mode'], tenant['brand_uuid'], null],
  )
  assert.deepEqual(me.body['business_types'], ['buyer'])
  assert.equal(me.body['activated'], true)
  const id = String(me.body['id'])
  assert.equal((await put(id, { enabled: false }, operator)).status, 200)
  await new Promise((resolve) => setTimeout(resolve, 1100))
  assert.equal((await caller.send('GET', '/api/2/users/me')).status, 401)
  assert.equal((await app.caller().signIn(SIGN_INS.customer)).status, 401)
  assert.equal((await reseller.send('GET', '/api/2/users/me')).status, 403)
})

test('a user whose time is over is disabled by itself', async () => {
  const { id } = await user({ disable_after: '2026-03-02T00:00:00Z' })
  assert.equal(await disableOverdueUsers(database.db, app.clock), 0)
  app.clock.set('2026-03-02T00:00:00Z')
  assert.equal(await disableOverdueUsers(database.db, app.clock), 1)
  await operator.signIn()
  const disabled = await read(id)
  assert.deepEqual([disabled['enabled'], disabled.version, disabled['disable_after']], [false, 2, null])
  const { rows } = await database.pool.query(`select type from events where subject_id = $1 order by id`, [id])
  assert.deepEqual(
    rows.map(({ type }) => type),
    ['user.created', 'user.disabled'],
  )
})

test('a place in a list that was made up is refused', async () => {
  for (const by of ['uuids', 'subtree']) {
    const after = Buffer.from(JSON.stringify([by, 'x', 'full', false, newId()])).toString('base64url')
    assert.equal((await operator.send('GET', `/api/2/users?after=${after}`)).status, 400)
  }
})
