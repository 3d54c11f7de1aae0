import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHandlers } from '../../test/harness/handlers.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { changeManager, createManager } from '../attribution/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { askProvider } from '../offers/ask-provider.ts'
import { makeOffers } from '../offers/make-offers.ts'
import { tenantOf } from '../tenants/index.ts'

const { db, clock, pool, shop, jobs, northwind, customer, mailsTo } = await openHandlers(await testDatabase())

async function ask(name: string, managerKey?: string, meanwhile?: () => Promise<unknown>): Promise<void> {
  await customer(name, managerKey ? { managerKey } : {})
  await meanwhile?.()
  const { rows } = await pool.query<{ id: TenantId }>('select id from tenants where name = $1', [name])
  const deps = { ...shop, returnHosts: async () => new Set<string>() }
  const offerId = await makeOffers(deps, shop.operator, { tenantId: rows[0]?.id, horizonDays: 0, place: 'api' })
  await askProvider({ db, clock }, shop.operator, { offerId, message: 'Please call us' })
  await jobs.drain()
}

test('who would rather talk than buy reaches the manager of the account, and without one the reseller', async () => {
  await createManager(db, clock, northwind, {
    sellerId: tenantOf(shop.store.sellerId),
    name: 'Mira',
    role: 'sales',
    key: 'mira1',
    email: 'mira@northwind.example',
  })
  await ask('Fabrikam', 'mira1')
  assert.ok((await mailsTo('mira@northwind.example')).includes('Fabrikam needs more'))
  const { rows: mails } = await pool.query<{ body_text: string }>(
    `select body_text from mails where subject = 'Fabrikam needs more'`,
  )
  assert.equal(mails.length, 1)
  assert.match(mails[0]?.body_text ?? '', /Please call us/)
  const { rows: notices } = await pool.query(`select 1 from notices where title = 'Fabrikam needs more'`)
  assert.ok(notices.length > 0)
  await ask('Litware')
  const { rows } = await pool.query<{ recipient: string }>(
    `select recipient from mails where subject = 'Litware needs more'`,
  )
  assert.ok(rows.length > 0 && rows.every(({ recipient }) => recipient !== 'mira@northwind.example'))
})

test('where the account’s manager is a referral partner, or sells no more, the reseller is told in their place', async () => {
  const sellerId = tenantOf(shop.store.sellerId)
  const make = (name: string, isPartner: boolean) =>
    createManager(db, clock, northwind, {
      sellerId,
      name,
      role: 'sales',
      key: name,
      email: `${name}@sold.example`,
      isPartner,
    })
  await make('pat', true)
  await ask('Adatum', 'pat')
  const { id } = await make('ida', false)
  await ask('Proseware', 'ida', () => changeManager(db, clock, northwind, { id, active: false }))
  const { rows } = await pool.query<{ recipient: string }>(
    `select recipient from mails where subject in ('Adatum needs more', 'Proseware needs more') order by subject`,
  )
  assert.deepEqual(
    rows.map(({ recipient }) => recipient),
    ['anna@northwind.example', 'anna@northwind.example'],
  )
})
