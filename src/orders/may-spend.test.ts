import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/harness/database.ts'
import { openV2 } from '../../test/harness/v2.ts'
import type { TenantId } from '../kernel/ids.ts'

const database = await testDatabase()
const { programOf } = await openV2(database)

test('who may order for a customer may not yet spend the customer’s balance', async () => {
  const { rows } = await sql<{ id: string; accountId: TenantId }>`
    select s.id, s.account_id as "accountId" from subscriptions s join tenants t on t.id = s.account_id
     where t.name = 'Contoso Dental' and s.status = 'active'`.execute(database.db)
  const running = rows[0] ?? assert.fail('Contoso has a subscription')
  const orders = await programOf(running.accountId, 'company_admin', ['checkouts:read', 'checkouts:write'])
  const checkout = await orders.send('POST', '/api/v1/checkouts', {
    subscription_id: running.id,
    resources: [{ id: '9001', quantity: '9' }],
  })
  assert.equal(checkout.status, 201, checkout.text)
  const { total, change } = checkout.body as unknown as { total: object; change: { recurring: object } }
  const body = { expected_total: total, accept_recurring: change.recurring, accept_terms: true, pay_from_balance: true }
  const path = `/api/v1/checkouts/${checkout.body['id']}/place`
  const refused = await orders.send('POST', path, body)
  assert.deepEqual([refused.status, refused.body['code']], [403, 'forbidden'])
  const pays = await programOf(running.accountId, 'company_admin', ['checkouts:write', 'payments:write'])
  assert.equal((await pays.send('POST', path, body)).body['code'], 'balance_too_low')
})
