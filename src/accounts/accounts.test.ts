import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { caller, newBrowser, testFace } from '../../test/harness/registration.ts'
import { actorAt, testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { createManager, linkAccount } from '../attribution/index.ts'
import { newId } from '../kernel/ids.ts'
import { createTenant } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'
import { accountRoutes, createAccount, getAccount } from './index.ts'
import type { AccountView } from './schema.ts'
import { searchAccounts } from './store.ts'

const database = await testDatabase()
const { db } = database
const clock = fixedClock()
const one = await testSeller(db, clock, 'one.example')
const two = await testSeller(db, clock, 'two.example')
const contoso = await testAccount(db, clock, one, 'Contoso Dental')
const fabrikam = await testAccount(db, clock, one, 'Fabrikam 100%')
const foreign = await testAccount(db, clock, two, 'Contoso Law')

const names = async (actor: ReturnType<typeof actorAt>, query?: string, onlyManagerId: string | null = null) =>
  (
    await searchAccounts(db, {
      sellerIds: [one.tenant.sellerId, two.tenant.sellerId],
      viewer: { path: actor.path, onlyManagerId },
      query,
      limit: 50,
    })
  ).items.map(({ name }) => name)

describe('accounts', () => {
  test('an account has its seller’s currency and default class, and is announced once', async () => {
    assert.equal(contoso.currency, 'USD')
    assert.equal(contoso.sellerId, one.tenant.sellerId)
    assert.equal(contoso.registration, 'full')
    const events = await db
      .selectFrom('events')
      .where('seller_id', '=', contoso.sellerId)
      .where('subject_id', '=', contoso.id)
      .where('type', '=', 'account.created')
      .select('payload')
      .execute()
    assert.equal(events.length, 1)
    assert.equal(JSON.stringify(events[0]?.payload).includes('Contoso'), false)
  })

  test('a folder’s customers are its reseller’s, in its currency', async () => {
    const folder = await createTenant(db, clock, one.actor, { parentId: one.tenant.id, kind: 'folder', name: 'F' })
    const account = await createAccount(db, clock, one.actor, {
      parentId: folder.id,
      name: 'Within',
      registration: 'quick',
    })
    assert.equal(account.sellerId, one.tenant.sellerId)
  })

  test('two sellers see nothing of each other’s accounts, the operator sees all', async () => {
    await assert.rejects(getAccount(db, one.actor, foreign.id), { code: 'not_found' })
    await assert.rejects(getAccount(db, two.actor, contoso.id), { code: 'not_found' })
    assert.ok(!(await names(one.actor)).includes('Contoso Law'))
    assert.deepEqual(await names(two.actor), ['Contoso Law'])
    const { actor } = await testRoot(db, clock)
    assert.equal((await getAccount(db, actor, foreign.id)).id, foreign.id)
    assert.ok((await names(actor)).length >= 3)
  })

  test('a customer sees itself alone', async () => {
    const own = actorAt({ id: contoso.id, sellerId: contoso.sellerId, path: contoso.path })
    assert.deepEqual(await names(own), ['Contoso Dental'])
    await assert.rejects(getAccount(db, own, fabrikam.id), { code: 'not_found' })
  })

  test('a search takes its words as they are, in names, numbers and e-mail addresses', async () => {
    await createUser(db, clock, one.actor, {
      tenantId: fabrikam.id,
      email: 'kim@fab.example',
      roles: ['company_admin'],
    })
    assert.deepEqual(await names(one.actor, 'contoso'), ['Contoso Dental'])
    assert.deepEqual(await names(one.actor, '100%'), ['Fabrikam 100%'])
    assert.deepEqual(await names(one.actor, '%'), ['Fabrikam 100%'])
    assert.deepEqual(await names(one.actor, '_'), [])
    assert.deepEqual(await names(one.actor, String(contoso.number)), ['Contoso Dental'])
    assert.deepEqual(await names(one.actor, 'KIM@fab'), ['Fabrikam 100%'])
    assert.deepEqual(await names(two.actor, 'kim@fab'), [])
  })

  test('a sales manager sees what is attributed to them', async () => {
    const manager = await createManager(db, clock, one.actor, {
      sellerId: one.tenant.id,
      name: 'Carter',
      role: 'sales',
      key: 'carter81',
    })
    const link = (tx: Parameters<typeof linkAccount>[0]) =>
      linkAccount(tx, {
        sellerId: one.tenant.sellerId,
        accountId: contoso.id,
        touch: { key: 'carter81', channel: 'cookie', at: null },
        reason: 'order',
        orderId: null,
        actor: one.actor,
        correlationId: newId(),
        at: clock.now(),
      })
    await db.transaction().execute(link)
    assert.deepEqual(await names(one.actor, undefined, manager.id), ['Contoso Dental'])
    const sales = { path: one.tenant.path, onlyManagerId: manager.id }
    assert.equal((await getAccount(db, sales, contoso.id)).managerId, manager.id)
    await assert.rejects(getAccount(db, sales, fabrikam.id), { code: 'not_found' })
  })

  test('the list is paged without gaps or repetitions, with balances and managers', async () => {
    const seller = await testSeller(db, clock, 'paged.example')
    for (const name of ['A', 'B', 'C', 'D', 'E']) await testAccount(db, clock, seller, name)
    await createUser(db, clock, seller.actor, {
      tenantId: seller.tenant.id,
      email: 'admin@paged.example',
      password: 'a long enough phrase',
      roles: ['partner_admin'],
    })
    const { face, refresh } = testFace(database, clock)
    await refresh()
    const facts = {
      ...face.accountFacts,
      balanceOf: async (_db: unknown, _seller: string, ids: readonly string[]) => new Map(ids.map((id) => [id, 1234n])),
    }
    const { registrationRoutes } = await import('../registration/index.ts')
    const call = caller(database, clock, face, [...registrationRoutes(face), ...accountRoutes(facts)])
    const browser = newBrowser()
    await call(browser, seller.host, 'POST', '/api/v1/sessions', {
      email: 'admin@paged.example',
      password: 'a long enough phrase',
    })
    const seen: AccountView[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = (await call(browser, seller.host, 'GET', '/api/v1/accounts', {
        limit: 2,
        ...(cursor && { cursor }),
      })) as { items: AccountView[]; nextCursor: string | null }
      seen.push(...page.items)
      cursor = page.nextCursor
    }
    assert.deepEqual(
      seen.map(({ name }) => name),
      ['E', 'D', 'C', 'B', 'A'],
    )
    assert.deepEqual(seen[0]?.balance, { amountMinor: 1234n, currency: 'USD' })
  })
})
