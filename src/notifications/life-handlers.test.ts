import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { openHandlers } from '../../test/harness/handlers.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { createTenant } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'
import { EVENT_TYPES, type EventTypeName, problemsOf } from './catalogue.ts'
import { listNotices } from './notice-store.ts'

const { db, clock, shop, jobs, mailbox, customer, order, mailsTo } = await openHandlers(await testDatabase())
const { sellerId } = shop.store

/** Something that happened to an account, as the catalogue says it is told. */
async function happen(type: EventTypeName, tenantId: TenantId, more: Readonly<Record<string, unknown>> = {}) {
  const example = EVENT_TYPES[type].example
  const payload = { ...example, ...('account_id' in example && { account_id: tenantId }), ...more }
  assert.deepEqual(problemsOf(type, payload), [])
  await transaction(db, (tx) =>
    publish(tx, {
      sellerId,
      type,
      subject: { kind: 'account', id: tenantId },
      tenantId,
      payload,
      actor: { kind: 'system', id: 'test' },
      correlationId: newId(),
      at: clock.now(),
    }),
  )
  await jobs.drain()
}

const noticesOf = async (userId: string) => {
  const notices = await listNotices(db, { sellerId, userId: userId as never }, { limit: 20 })
  return notices.map(({ title, url }) => [title, url && new URL(url).pathname])
}

test('row 53: a balance that runs out is told to the administrators with the hours that are left, over a real mail server', async () => {
  const ada = await customer('Lowco')
  const other = await customer('Richco')
  const [finance, reader] = await Promise.all(
    (['company_finance', 'readonly_admin'] as const).map((role) =>
      createUser(db, clock, shop.operator, {
        tenantId: ada.id,
        email: `${role}@customer.example`,
        roles: [role],
        language: 'en',
      }),
    ),
  )
  await happen('balance.low', ada.id, { hours_left: 30 })
  const received = await mailbox.newestTo(ada.email)
  assert.equal(received.subject, 'Your balance lasts about 30 hours')
  assert.match(received.text ?? '', /Balance: 12\.50 USD/)
  assert.match(received.html ?? '', /<a href="http[^"]+\/client\/balance"[^>]*>Add to your balance</)
  assert.ok(await mailbox.newestTo('company_finance@customer.example'))
  assert.deepEqual(await noticesOf(ada.user.id), [['Your balance lasts about 30 hours', '/client/balance']])
  assert.equal((await noticesOf(finance?.id ?? '')).length, 1)
  assert.deepEqual(await mailsTo(other.email), [])
  assert.deepEqual(await mailsTo('readonly_admin@customer.example'), [])
  assert.deepEqual(await noticesOf(reader?.id ?? ''), [])
})

for (const [hours, subject] of [
  [0, 'Your balance lasts less than an hour'],
  [1, 'Your balance lasts about an hour'],
] as const)
  test(`${hours} hours left are told in words`, async () => {
    const ada = await customer(`Last${hours}`)
    await happen('balance.low', ada.id, { hours_left: hours })
    assert.deepEqual(await mailsTo(ada.email), [subject])
  })

test('credit hold and its end are told by mail and notice', async () => {
  const ada = await customer('Holdco')
  await happen('account.credit_hold', ada.id)
  await happen('account.credit_hold_ended', ada.id)
  assert.deepEqual(await mailsTo(ada.email), ['Your balance is used up', 'Everything starts again'])
  assert.deepEqual((await noticesOf(ada.user.id)).toReversed(), [
    ['Your balance is used up', '/client/balance'],
    ['Everything starts again', '/client/subscriptions'],
  ])
})

test('row 53: a subscription that stops says why and runs again; what credit hold does to it is told once, for the account', async () => {
  const ada = await customer('Stopco')
  const placed = await order(ada)
  const about = { subscription_id: placed.subscription.id }
  await happen('subscription.stopped', ada.id, { ...about, reason: 'credit_hold' })
  await happen('subscription.resumed', ada.id, { ...about, reason: 'credit_hold' })
  await happen('subscription.stopped', ada.id, { ...about, reason: 'expired' })
  const stopped = await mailbox.newestTo(ada.email)
  assert.equal(stopped.subject, 'Backup Business was stopped')
  assert.match(stopped.text ?? '', /What was paid for has ended\. Renew it/)
  assert.match(stopped.html ?? '', new RegExp(`/client/subscriptions/${placed.subscription.id}"`))
  await happen('subscription.resumed', ada.id, { ...about, reason: 'expired' })
  assert.deepEqual((await mailsTo(ada.email)).slice(1), ['Backup Business was stopped', 'Backup Business runs again'])
  assert.equal((await noticesOf(ada.user.id)).length, 2)
})

test('row 53: a quota of an account or of a unit in it is a notice, never a mail of these', async () => {
  const ada = await customer('Fullco')
  const unit = await createTenant(db, clock, shop.operator, { parentId: ada.id, kind: 'unit', name: 'Branch' })
  await happen('quota.almost_reached', ada.id, { tenant_id: ada.id, usage_name: 'storage' })
  await happen('quota.exceeded', unit.id, { tenant_id: unit.id, usage_name: 'mobile_devices' })
  assert.deepEqual(await noticesOf(ada.user.id), [
    ['Used up: mobile devices', '/client'],
    ['Almost used up: storage', '/client'],
  ])
  assert.deepEqual(await mailsTo(ada.email), [])
})
