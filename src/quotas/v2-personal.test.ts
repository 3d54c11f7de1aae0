import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BACKUP } from '../applications/index.ts'
import { newId } from '../kernel/ids.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, openV2 } from '../../test/harness/v2.ts'

const { root, operator, make } = await openV2(await testDatabase())
const customer = await make('customer', await make('partner', root.id))

/** A user of the customer. @returns Their personal tenant. */
const addUser = async (): Promise<string> => {
  const login = `person-${newId()}`
  const contact = { email: `${login}@example.com` }
  const made = await operator.send('POST', '/api/2/users', { tenant_id: customer, login, contact })
  assert.equal(made.status, 200, made.text)
  return String(made.body['personal_tenant_id'])
}
interface Quota {
  readonly value: number | null
  readonly overage: number | null
  readonly version: number
}
const quotaOf = async (tenantId: string): Promise<Quota> => {
  const { body } = await operator.send('GET', `/api/2/tenants/${tenantId}/offering_items?usage_names=vms`)
  return (body['items'] as unknown as { quota: Quota }[])[0]?.quota ?? assert.fail('vms are on')
}
const setQuota = async (tenantId: string, value: number | null, overage: number | null) => {
  const { version } = await quotaOf(tenantId)
  return operator.send('PUT', `/api/2/tenants/${tenantId}/offering_items`, {
    offering_items: [{ application_id: BACKUP.id, name: 'vms', quota: { value, overage, version } }],
  })
}

test('row 33: user hard quotas sum is capped by the customer’s; soft ones and those of an unlimited customer are not', async () => {
  const [one, other] = [await addUser(), await addUser()]
  assert.equal((await setQuota(one, 100, 0)).status, 200, 'the customer has no quota yet')
  assert.equal((await setQuota(one, null, null)).status, 200)
  assert.equal((await setQuota(customer, 8, 2)).status, 200)
  assert.equal((await setQuota(one, 5, 1)).status, 200)
  const tooMuch = await setQuota(other, 4, 1)
  assert.deepEqual([tooMuch.status, codeOf(tooMuch)], [400, 1027], tooMuch.text)
  assert.match(tooMuch.text, /leaves 4/)
  assert.equal((await quotaOf(other)).value, null)
  assert.equal((await setQuota(other, 50, null)).status, 200, 'a soft one')
  assert.equal((await setQuota(other, 4, 0)).status, 200, 'the last of it')
})

test('row 33: two users at once do not both take the last of the customer’s hard quota', async () => {
  for (let round = 0; round < 5; round++) {
    const users = [await addUser(), await addUser()]
    for (const id of users) await quotaOf(id)
    const others = await Promise.all(users.map((id) => setQuota(id, 0, 0)))
    assert.ok(others.every(({ status }) => status === 200))
    assert.equal((await setQuota(customer, 10 * (round + 1), 10)).status, 200)
    const answers = await Promise.all(users.map((id) => setQuota(id, 10, 0)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400])
  }
})
