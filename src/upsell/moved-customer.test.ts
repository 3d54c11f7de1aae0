import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BACKUP } from '../applications/index.ts'
import { newId } from '../kernel/ids.ts'
import { readUpsellLink } from '../link/index.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openV2 } from '../../test/harness/v2.ts'

const { root, operator, make } = await openV2(await testDatabase())
const send = async (method: string, path: string, body?: unknown) => {
  const answer = await operator.send(method, path, body)
  assert.ok(answer.status < 300, answer.text)
  return answer.body
}
const versionOf = async (tenantId: string) => Number((await send('GET', `/api/2/tenants/${tenantId}`))['version'])

/** A partner, or a folder, with a brand of its own. */
async function branded(kind: string, parentId: string, buyUrl: string): Promise<string> {
  const id = await make(kind, parentId)
  await send('POST', `/api/2/tenants/${id}/brand?version=1`)
  await send('PUT', `/api/2/tenants/${id}/brand?version=2`, { upsell_url: buyUrl })
  return id
}

test('row 25: moving a customer to another partner changes the effective Buy URL', async () => {
  const from = await branded('partner', root.id, 'https://old.example/buy')
  const to = await branded('partner', root.id, 'https://new.example/buy?x=1')
  const folder = await branded('folder', from, 'https://folder.example')
  const customer = await make('customer', from)
  const user = await send('POST', '/api/2/users', {
    tenant_id: customer,
    login: `buyer-${newId()}`,
    contact: { email: 'buyer@example.com' },
    business_types: ['buyer'],
  })
  const userId = String(user['id'])
  await send('PUT', `/api/2/users/${userId}/access_policies`, {
    items: [{ tenant_id: customer, role_id: 'company_admin' }],
  })
  await send('PUT', `/api/2/tenants/${customer}/offering_items`, {
    offering_items: [{ application_id: BACKUP.id, name: 'vms', quota: { value: 1, overage: null, version: 0 } }],
  })
  const [usage] = (
    await send('PUT', '/api/2/tenants/usages', {
      items: [{ tenant_id: customer, usage_type: 'vms', usage_value: 2 }],
    })
  )['items'] as unknown as { tenant_id: number }[]
  assert.ok(usage)
  const linkNow = async (): Promise<string> => {
    const { items } = (await send('GET', `/api/v1/alerts?user_id=${userId}`)) as unknown as {
      items: { action: { url: string } }[]
    }
    assert.equal(items.length, 1)
    return items[0]?.action.url ?? ''
  }
  const before = await linkNow()
  assert.match(before, /^https:\/\/old\.example\/buy\?origin=/)
  for (const [parentId, begins] of [
    [folder, 'https://folder.example?origin='],
    [to, 'https://new.example/buy?x=1&origin='],
  ] as const) {
    await send('PUT', `/api/2/tenants/${customer}`, { version: await versionOf(customer), parent_id: parentId })
    const link = await linkNow()
    assert.ok(link.startsWith(begins), link)
    assert.deepEqual(readUpsellLink(link), readUpsellLink(before), 'what it tells stays the same')
  }
  await send('DELETE', `/api/2/tenants/${to}/brand?version=${await versionOf(to)}`)
  const { items } = (await send('GET', `/api/v1/alerts?user_id=${userId}`)) as unknown as {
    items: { action: { kind: string } }[]
  }
  assert.equal(items[0]?.action.kind, 'contact', 'a brand that is off has no Buy URL')
})
