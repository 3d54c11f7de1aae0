import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, freshName, openV2, type V2Answer } from '../../test/harness/v2.ts'
import { newId } from '../kernel/ids.ts'

const database = await testDatabase()
const { db } = database
const { app, root, operator, programOf, make } = await openV2(database)

const read = async (id: string) => {
  const answer = await operator.send('GET', `/api/2/tenants/${id}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body as unknown as Record<string, unknown> & { version: number }
}
const put = async (id: string, change: object, as = operator) =>
  as.send('PUT', `/api/2/tenants/${id}`, { version: (await read(id)).version, ...change })
const refused = (answer: V2Answer, status: number, code: number) => {
  assert.equal(answer.status, status, answer.text)
  assert.equal(codeOf(answer), code, answer.text)
}

const partner = await make('partner', root.id, 'Partner')
const partnerProgram = await programOf(partner, 'partner_admin')

test('a new tenant answers 201 with all of itself, at version 1', async () => {
  const made = await partnerProgram.send('POST', '/api/2/tenants', {
    name: 'New',
    kind: 'customer',
    parent_id: partner,
    contact: { email: 'ann@new.example', city: 'Bern', country: 'CH', types: ['legal'] },
    customer_id: 'C-1',
    internal_tag: 'tag',
    language: 'de',
    company_billing_contact: { email: 'bills@new.example' },
  })
  assert.equal(made.status, 201, made.text)
  const { body } = made as unknown as {
    body: Record<string, unknown> & { id: string; contact: Record<string, unknown> }
  }
  assert.equal(body['version'], 1)
  assert.equal(body['pricing_mode'], 'trial')
  assert.equal(body['production_start_date'], '2026-05-01T00:00:00.000Z')
  assert.equal(body['customer_id'], 'C-1')
  assert.equal(body['internal_tag'], 'tag')
  assert.equal(body['language'], 'de')
  assert.equal(body.contact['city'], 'Bern')
  assert.deepEqual(body.contact['types'], ['legal'])
  const detailed = await partnerProgram.send('GET', `/api/2/tenants/${body.id}?with_contacts=true`)
  assert.deepEqual(
    (detailed.body['contacts'] as unknown as { email: string }[]).map(({ email }) => email),
    ['ann@new.example', 'bills@new.example'],
  )
  const account = await db.selectFrom('accounts').where('tenant_id', '=', body.id).selectAll().executeTakeFirstOrThrow()
  assert.equal(account.seller_id, partner)
  assert.equal(account.city, 'Bern')
})

test('a new partner is a seller that can have customers', async () => {
  const id = await make('partner', partner)
  const customer = await make('customer', id)
  const account = await db
    .selectFrom('accounts')
    .where('tenant_id', '=', customer)
    .selectAll()
    .executeTakeFirstOrThrow()
  assert.equal(account.seller_id, id)
  assert.equal(account.currency, 'USD')
})

test('row 38: kind rules: unit in partner rejected; kind change only partner<->folder; move under own child code 1007', async () => {
  const create = (kind: string, parent_id: string) =>
    operator.send('POST', '/api/2/tenants', { name: freshName(), kind, parent_id })
  const customer = await make('customer', partner)
  const unit = await make('unit', customer)
  const folder = await make('folder', partner)
  for (const [kind, parent] of [
    ['unit', partner],
    ['unit', folder],
    ['unit', root.id],
    ['customer', customer],
    ['folder', customer],
    ['partner', unit],
    ['customer', unit],
  ] as const)
    refused(await create(kind, parent), 400, 1027)
  assert.equal((await create('root', root.id)).status, 400)
  await make('unit', unit)
  refused(await put(customer, { kind: 'partner' }), 400, 1027)
  refused(await put(folder, { kind: 'customer' }), 400, 1027)
  refused(await put(root.id, { kind: 'folder' }), 400, 1027)

  const outer = await make('folder', partner)
  const inner = await make('folder', outer)
  refused(await put(outer, { parent_id: inner }), 400, 1007)
  refused(await put(outer, { parent_id: outer }), 400, 1007)
  refused(await put(unit, { parent_id: await make('customer', partner) }), 400, 1008)
  refused(await put(customer, { parent_id: unit }), 400, 1007)
  refused(await put(await make('customer', partner), { parent_id: customer }), 400, 1008)
  refused(await put(outer, { parent_id: newId() }), 404, 1005)
})

test('a subtree moves whole: paths, children and who is told', async () => {
  const from = await make('folder', partner)
  const to = await make('folder', partner)
  const middle = await make('folder', from)
  const customer = await make('customer', middle)
  const moved = await put(middle, { parent_id: to })
  assert.equal(moved.status, 200, moved.text)
  assert.equal(moved.body['parent_id'], to)
  assert.equal(moved.body['version'], 2)
  const path = await operator.send('GET', `/api/2/tenants/${customer}?embed_path=true`)
  assert.deepEqual(path.body['path'], [middle, to, partner, root.id])
  assert.equal(path.body['version'], 1)
  assert.equal((await read(from))['has_children'], false)
  const { rows } = await database.pool.query(
    `select type, payload from events where subject_id = $1 and type = 'tenant.moved'`,
    [middle],
  )
  assert.deepEqual(rows[0].payload, { from, to })
})

test('nothing moves or is made under a disabled parent', async () => {
  const closed = await make('folder', partner)
  const below = await make('folder', closed)
  assert.equal((await put(closed, { enabled: false })).status, 200)
  const create = { name: freshName(), kind: 'customer', parent_id: below }
  refused(await operator.send('POST', '/api/2/tenants', create), 400, 1003)
  refused(await put(await make('folder', partner), { parent_id: below }), 400, 1013)
})

test('a name is given once among the children of a parent', async () => {
  await make('folder', partner, 'Once')
  const again = { name: 'Once', kind: 'customer', parent_id: partner }
  refused(await operator.send('POST', '/api/2/tenants', again), 409, 1004)
  const other = await make('folder', partner)
  refused(await put(other, { name: 'Once' }), 409, 1004)
  await make('folder', other, 'Once')
  assert.equal((await read(other)).version, 1)
})

test('ten that want one name at once: one gets it', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      operator.send('POST', '/api/2/tenants', { name: 'Wanted', kind: 'folder', parent_id: partner }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array<number>(9).fill(409)])
})

test('rows 20 and 35: versions, content types and bodies that are no use', async () => {
  const id = await make('folder', partner)
  const path = `/api/2/tenants/${id}`
  refused(await operator.send('PUT', path, { name: 'X' }), 400, 400)
  refused(await operator.send('PUT', path, { name: 'X', version: 'one' }), 400, 400)
  refused(await operator.send('PUT', path, { name: 'X', version: 7 }), 409, 1001)
  refused(await operator.send('PUT', path, { version: 1, surprise: true }), 400, 400)
  refused(await operator.send('PUT', path, { version: 1, name: 5 }), 400, 400)
  refused(await operator.send('PUT', path, 'name=X', { 'content-type': 'text/plain' }), 415, 415)
  refused(await operator.send('PUT', path, '{"version": 1,}'), 400, 400)
  refused(await operator.send('DELETE', path), 400, 400)
  refused(await operator.send('DELETE', `${path}?version=x`), 400, 400)
  assert.equal((await read(id)).version, 1)
  const named = await operator.send('PUT', path, { version: 1, surprise: true })
  assert.match(named.text, /surprise/)
})

test('row 35: DELETE of an enabled tenant: 400 code 1006; unknown tenant 404 code 1005; error body shape as 6.4', async () => {
  const id = await make('folder', partner)
  const customer = await make('customer', id)
  const enabled = await operator.send('DELETE', `/api/2/tenants/${id}?version=1`)
  refused(enabled, 400, 1006)
  const { error } = enabled.body as unknown as { error: Record<string, unknown> & { context: { id: string } } }
  assert.match(error.context.id, /^\d+$/)
  assert.equal((error['details'] as { info: null }).info, null)
  refused(await operator.send('DELETE', `/api/2/tenants/${newId()}?version=1`), 404, 1005)
  const stranger = await programOf(await make('partner', root.id), 'partner_admin')
  refused(await stranger.send('DELETE', `/api/2/tenants/${id}?version=1`), 404, 1005)

  const program = await programOf(customer, 'company_admin')
  assert.equal((await put(id, { enabled: false })).status, 200)
  refused(await operator.send('DELETE', `/api/2/tenants/${id}?version=1`), 409, 1001)
  assert.equal((await operator.send('DELETE', `/api/2/tenants/${id}?version=2`)).status, 204)
  for (const gone of [id, customer]) refused(await operator.send('GET', `/api/2/tenants/${gone}`), 404, 1005)
  assert.equal((await program.signIn()).status, 401)
  const kept = await operator.send('GET', `/api/2/tenants/${id}?allow_deleted=true`)
  assert.equal(kept.body['deleted_at'], '2026-03-01T12:00:00.000Z')

  const restored = await operator.send('POST', `/api/2/tenants/${id}/restore`, {})
  assert.equal(restored.status, 200, restored.text)
  assert.equal(restored.body['enabled'], false)
  assert.equal(restored.body['version'], 4)
  assert.equal((await read(customer))['deleted_at'], null)
  assert.equal((await operator.send('POST', `/api/2/tenants/${id}/restore`, {})).body['version'], 4)
})

test('several are deleted together or not at all', async () => {
  const ids = [await make('folder', partner), await make('folder', partner)]
  await put(ids[0] ?? '', { enabled: false })
  const items = (versions: number[]) => ({ items: ids.map((id, index) => ({ id, version: versions[index] })) })
  refused(await operator.send('POST', '/api/2/tenants/batch/delete', items([2, 1])), 400, 1006)
  await read(ids[0] ?? '')
  await put(ids[1] ?? '', { enabled: false })
  assert.equal((await operator.send('POST', '/api/2/tenants/batch/delete', items([2, 2]))).status, 204)
  for (const id of ids) refused(await operator.send('GET', `/api/2/tenants/${id}`), 404, 1005)
})

test('a customer with a live subscription is neither deleted nor forgotten', async () => {
  const contoso = await db
    .selectFrom('tenants')
    .where('name', '=', 'Contoso Dental')
    .select(['id', 'version'])
    .executeTakeFirstOrThrow()
  await put(contoso.id, { enabled: false })
  const deleted = await operator.send('DELETE', `/api/2/tenants/${contoso.id}?version=${contoso.version + 1n}`)
  refused(deleted, 400, 1027)
  assert.match(deleted.text, /live subscription/)
  assert.equal((await put(contoso.id, { enabled: true })).status, 200)
})

test('who locks a tenant alone may change it', async () => {
  const id = await make('folder', partner)
  const locked = await put(id, { update_lock: { enabled: true } }, partnerProgram)
  assert.deepEqual(locked.body['update_lock'], { enabled: true, owner_id: partner })
  refused(await put(id, { name: 'Mine' }), 403, 1012)
  refused(await operator.send('DELETE', `/api/2/tenants/${id}?version=2`), 403, 1012)
  const brand = { upsell_url: 'https://elsewhere.example' }
  refused(await operator.send('PUT', `/api/2/tenants/${id}/brand?version=2`, brand), 403, 1012)
  assert.equal((await read(id)).version, 2)
  const elsewhere = await make('partner', root.id)
  refused(await put(id, { parent_id: elsewhere }, partnerProgram), 404, 1005)
  const above = await make('folder', partner)
  const inside = await make('folder', above)
  await put(inside, { update_lock: { enabled: true } }, partnerProgram)
  refused(await put(above, { parent_id: elsewhere }), 400, 1032)
  assert.equal((await put(id, { update_lock: { enabled: false } }, partnerProgram)).status, 200)
  assert.equal((await put(id, { name: freshName() })).status, 200)
})

test('a tenant that shuts those above it out is gone for them, with all below it', async () => {
  const id = await make('partner', partner)
  const customer = await make('customer', id)
  const own = await programOf(id, 'partner_admin')
  const shut = await put(id, { ancestral_access: false }, own)
  assert.equal(shut.status, 200, shut.text)
  assert.equal(shut.body['ancestral_access'], false)
  for (const hidden of [id, customer]) {
    refused(await operator.send('GET', `/api/2/tenants/${hidden}`), 404, 1005)
    refused(await partnerProgram.send('GET', `/api/2/tenants/${hidden}`), 404, 1005)
    assert.equal((await own.send('GET', `/api/2/tenants/${hidden}`)).status, 200)
  }
  const opened = await own.send('PUT', `/api/2/tenants/${id}`, { version: 2, ancestral_access: true })
  assert.equal(opened.status, 200)
  await read(customer)
  refused(await put(await make('unit', customer), { ancestral_access: false }), 400, 1027)
})

test('nobody disables, deletes or moves their own tenant', async () => {
  const { version } = await read(partner)
  refused(await put(partner, { enabled: false }, partnerProgram), 400, 1027)
  refused(await partnerProgram.send('DELETE', `/api/2/tenants/${partner}?version=${version}`), 400, 1027)
  assert.equal((await put(root.id, { enabled: false })).status, 400)
})

test('nobody signs in at a disabled tenant, and what is signed in ends', async () => {
  const id = await make('customer', partner)
  const program = await programOf(id, 'company_admin')
  assert.equal((await program.send('GET', `/api/2/tenants/${id}`)).status, 200)
  await put(id, { enabled: false })
  assert.equal((await program.signIn()).status, 401)
  await new Promise((resolve) => setTimeout(resolve, 1100))
  assert.equal((await program.send('GET', `/api/2/tenants/${id}`)).status, 401)
})

test('row 39: trial -> production once; back is refused', async () => {
  const id = await make('customer', partner)
  const path = `/api/2/tenants/${id}/pricing`
  const trial = await operator.send('GET', path)
  assert.deepEqual(trial.body, {
    mode: 'trial',
    currency: null,
    version: 0,
    production_start_date: '2026-05-01T00:00:00.000Z',
  })
  refused(await operator.send('PUT', path, { mode: 'production' }), 400, 400)
  refused(await operator.send('PUT', path, { mode: 'production', version: 9 }), 409, 1001)
  const production = await operator.send('PUT', path, { mode: 'production', currency: 'EUR', version: 0 })
  assert.equal(production.status, 200, production.text)
  assert.deepEqual(production.body, {
    mode: 'production',
    currency: 'EUR',
    version: app.clock.now().getTime(),
    production_start_date: '2026-03-01T12:00:00.000Z',
  })
  const version = app.clock.now().getTime()
  refused(await operator.send('PUT', path, { mode: 'trial', version }), 400, 1027)
  assert.equal((await operator.send('PUT', path, { mode: 'suspended', version })).body['mode'], 'suspended')
  assert.equal((await operator.send('PUT', path, { currency: 'XXX', version: version + 1 })).status, 400)
})

test('row 21: two parallel PUTs with the same version: exactly one succeeds, a thousand times over', async () => {
  const id = await make('folder', partner)
  for (let version = 1; version <= 1000; version++) {
    const [one, other] = await Promise.all(
      ['a', 'b'].map((tag) => operator.send('PUT', `/api/2/tenants/${id}`, { version, internal_tag: tag })),
    )
    assert.deepEqual([one?.status, other?.status].toSorted(), [200, 409], `${one?.text} ${other?.text}`)
    const [won, lost] = (one?.status === 200 ? [one, other] : [other, one]) as [V2Answer, V2Answer]
    assert.equal(won.body['version'], version + 1)
    assert.equal(codeOf(lost), 1001)
  }
  assert.equal((await read(id)).version, 1001)
})

test('nobody decides how their own tenant is billed', async () => {
  const id = await make('customer', partner)
  const own = await programOf(id, 'company_admin')
  const path = `/api/2/tenants/${id}/pricing`
  refused(await own.send('PUT', path, { mode: 'production', version: 0 }), 403, 1002)
  assert.equal((await operator.send('PUT', path, { mode: 'production', version: 0 })).status, 200)
})

test('a locked tenant that was deleted is brought back by who locked it alone', async () => {
  const id = await make('customer', partner)
  assert.equal((await put(id, { update_lock: { enabled: true }, enabled: false })).status, 200)
  const { version } = await read(id)
  assert.equal((await operator.send('DELETE', `/api/2/tenants/${id}?version=${version}`)).status, 204)
  refused(await partnerProgram.send('POST', `/api/2/tenants/${id}/restore`), 403, 1012)
  assert.equal((await operator.send('POST', `/api/2/tenants/${id}/restore`)).status, 200)
})
