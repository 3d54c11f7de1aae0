import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, openV2, type V2Answer } from '../../test/harness/v2.ts'
import { post } from '../ledger/index.ts'
import { newId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import { setQuota } from '../quotas/index.ts'
import { sellerOf } from './rules.ts'
import { systemActor } from './system-actor.ts'

const database = await testDatabase()
const { db, pool } = database
const { app, root, operator, programOf, make } = await openV2(database)
const from = await make('partner', root.id)
const to = await make('partner', root.id)
const system = systemActor(sellerOf(root.id), root.id, root.path, 'test')

const refused = (answer: V2Answer, status: number, code: number) => {
  assert.equal(answer.status, status, answer.text)
  assert.equal(codeOf(answer), code, answer.text)
}
const put = async (id: string, change: object) => {
  const { body } = await operator.send('GET', `/api/2/tenants/${id}`)
  return operator.send('PUT', `/api/2/tenants/${id}`, { version: body['version'], ...change })
}
let count = 0
const addUser = async (tenant: string, email = `mover${++count}@example.com`) => {
  const made = await operator.send('POST', '/api/2/users', {
    tenant_id: tenant,
    login: `mover-${newId()}`,
    contact: { email },
  })
  assert.equal(made.status, 200, made.text)
  return made.body as unknown as { id: string; personal_tenant_id: string }
}
const sellersOf = async (table: string, column: string, id: string): Promise<string[]> => {
  const { rows } = await pool.query(`select seller_id from ${table} where ${column} = $1 order by seller_id`, [id])
  return rows.map((row) => String(row.seller_id))
}

test('a settled customer goes to another seller with people, roles, quotas and usage', async () => {
  const customer = await make('customer', from)
  const user = await addUser(customer)
  const policies = `/api/2/users/${user.id}/access_policies`
  await operator.send('PUT', policies, { items: [{ tenant_id: customer, role_id: 'company_admin' }] })
  await setQuota(db, app.clock, system, {
    tenantId: customer,
    usageName: 'storage',
    to: { value: 9_007_199_254_740_993n },
  } as never)
  const usage = { tenant_id: customer, usage_type: 'storage', usage_value: 5 }
  const reported = await operator.send('PUT', '/api/2/tenants/usages', { items: [usage] })
  assert.equal(reported.status, 200, reported.text)
  const former = await programOf(from, 'partner_admin')

  const moved = await put(customer, { parent_id: to })
  assert.equal(moved.status, 200, moved.text)
  assert.equal(moved.body['parent_id'], to)
  for (const table of ['quotas', 'usages', 'usage_events'])
    assert.deepEqual(await sellersOf(table, 'tenant_id', customer), [to], table)
  assert.deepEqual(await sellersOf('users', 'id', user.id), [to])
  assert.deepEqual(await sellersOf('logins', 'user_id', user.id), [to])
  assert.deepEqual(await sellersOf('tenants', 'id', user.personal_tenant_id), [to])
  const { rows } = await pool.query('select base::text from quotas where tenant_id = $1', [customer])
  assert.equal(rows[0].base, '9007199254740993')
  const kept = await operator.send('GET', policies)
  assert.equal((kept.body['items'] as unknown as { role_id: string }[])[0]?.role_id, 'company_admin')
  refused(await former.send('GET', `/api/2/tenants/${customer}`), 404, 1005)
  const accounts = await operator.send('GET', '/api/v1/accounts?limit=200')
  const listed = (accounts.body['items'] as unknown as { id: string; status: string }[]).filter(
    ({ id }) => id === customer,
  )
  assert.deepEqual(
    listed.map(({ status }) => status),
    ['active'],
  )

  assert.equal((await put(customer, { parent_id: from })).status, 200, 'and back')
  assert.deepEqual(await sellersOf('quotas', 'tenant_id', customer), [from])
})

test('a customer with a balance stays, and so does one with a live subscription', async () => {
  const customer = await make('customer', from)
  await transaction(db, (tx) =>
    post(tx, {
      sellerId: sellerOf(from),
      kind: 'receipt',
      naturalKey: `receipt:${customer}`,
      currency: 'USD',
      accountId: customer,
      orderId: null,
      paymentId: null,
      correlationId: newId(),
      at: app.clock.now(),
      entries: [
        { kind: 'bank_clearing', accountId: null, amountMinor: 100n },
        { kind: 'customer_balance', accountId: customer, amountMinor: -100n },
      ],
    }),
  )
  const answer = await put(customer, { parent_id: to })
  refused(answer, 400, 1027)
  assert.match(answer.text, /a balance/)
  const contoso = await db
    .selectFrom('tenants')
    .where('name', '=', 'Contoso Dental')
    .select('id')
    .executeTakeFirstOrThrow()
  const live = await put(contoso.id, { parent_id: to })
  refused(live, 400, 1027)
  assert.match(live.text, /live subscription/)
  assert.deepEqual(await sellersOf('accounts', 'tenant_id', customer), [from])
})

test('an address that is taken at the new seller is told, and nothing is half moved', async () => {
  const customer = await make('customer', from)
  const user = await addUser(customer, 'same@example.com')
  await addUser(to, 'same@example.com')
  const answer = await put(customer, { parent_id: to })
  refused(answer, 400, 1027)
  assert.match(answer.text, /e-mail/)
  assert.deepEqual(await sellersOf('users', 'id', user.id), [from])
  assert.deepEqual(await sellersOf('accounts', 'tenant_id', customer), [from])
})

test('a folder becomes a partner with books of its own, and a folder again', async () => {
  const folder = await make('folder', from)
  const customer = await make('customer', folder)
  const user = await addUser(customer)
  const partner = await put(folder, { kind: 'partner' })
  assert.equal(partner.status, 200, partner.text)
  assert.deepEqual([partner.body['kind'], partner.body['version']], ['partner', 2])
  assert.deepEqual(await sellersOf('users', 'id', user.id), [folder])
  await make('customer', folder)
  assert.equal((await put(folder, { kind: 'folder' })).status, 200)
  assert.deepEqual(await sellersOf('users', 'id', user.id), [from])
  const northwind = await db.selectFrom('brands').select('tenant_id').executeTakeFirstOrThrow()
  refused(await put(northwind.tenant_id, { kind: 'folder' }), 400, 1027)
})

test('a reseller does not move away from those whose plans it sells', async () => {
  const giver = await db.selectFrom('brands').select('tenant_id as id').executeTakeFirstOrThrow()
  const reseller = await make('partner', giver.id)
  await pool.query('insert into plan_delegations (seller_id, plan_id, delegated_by) values ($1, 425, $2)', [
    reseller,
    giver.id,
  ])
  refused(await put(reseller, { parent_id: to }), 400, 1014)
  assert.equal((await put(reseller, { parent_id: await make('folder', giver.id) })).status, 200)
})

/** What is kept by seller and names a tenant, an account or a user: it goes along, or it stays for a reason. */
const GOES = [
  'access_policies',
  'accounts',
  'alerts',
  'quotas',
  'recovery_codes',
  'second_factors',
  'usage_events',
  'usage_samples',
  'usages',
  'users',
]
const STAYS: Readonly<Record<string, string>> = {
  acceptances: 'accepted at the old seller, whose documents they are',
  attributions: 'credited at the old seller',
  audit_log: 'what happened there',
  card_holders: 'agreed to at the old seller',
  card_setups: 'agreed to at the old seller',
  charges: 'books',
  checkouts: 'expired',
  deliveries: 'what the old seller was told',
  dunnings: 'for what the old seller is owed',
  email_tokens: 'revoked',
  events: 'what happened there',
  invoices: 'documents of the old seller',
  ledger_accounts: 'books',
  ledger_postings: 'books',
  mails: 'what the old seller sent',
  managers: 'work for the old seller',
  notices: 'the old seller’s, gone with the user there',
  offers: 'made by the old seller, at its prices',
  orders: 'finished',
  payments: 'finished',
  personal_raises: 'of offers that are settled',
  platform_tenants: 'a platform of the old seller',
  platform_users: 'a platform of the old seller',
  quota_mails: 'what the old seller sent',
  quota_grants: 'of subscriptions that have ended',
  referral_orders: 'books',
  promo_uses: 'of orders at the old seller',
  refunds: 'books',
  saved_cards: 'agreed to at the old seller, who alone may charge them',
  sessions: 'end, since the user is gone there',
  subscriptions: 'ended',
  trial_reviews: 'of a subscription at the old seller',
  trials_used: 'a trial at the old seller',
}

test('every table that is kept by seller has been thought of', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select distinct c.relname as name from pg_class c
       join pg_attribute s on s.attrelid = c.oid and s.attname = 'seller_id'
       join pg_attribute t on t.attrelid = c.oid and t.attname in ('tenant_id', 'account_id', 'user_id')
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'logins'`,
  )
  const known = new Set([...GOES, ...Object.keys(STAYS)])
  const forgotten = rows.map(({ name }) => name).filter((name) => !known.has(name))
  assert.deepEqual(forgotten, [], 'say in src/tree-routes.ts what becomes of them when a tenant changes its seller')
})
