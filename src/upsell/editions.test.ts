import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SIGN_INS } from '../demonstration/index.ts'
import { BACKUP, PLATFORM } from '../applications/catalogue.ts'
import { decideEditionsUpsell } from './rules.ts'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'

const database = await testDatabase()
const { db } = database
const app = await openApplication(database)
const callerOf = async (email: string) => {
  const caller = app.caller()
  await caller.signIn(email)
  return caller
}
const operator = await callerOf(SIGN_INS.operator)
const reseller = await callerOf(SIGN_INS.reseller)
const dana = await callerOf(SIGN_INS.customer)
const ben = await callerOf(SIGN_INS.buyer)
const alex = await callerOf(SIGN_INS.administrator)
const contoso = await db
  .selectFrom('tenants')
  .where('name', '=', 'Contoso Dental')
  .select(['id', 'seller_id'])
  .executeTakeFirstOrThrow()
const seller = String(contoso.seller_id)

interface Edition {
  readonly edition: string
  readonly title: string
  readonly action: { readonly kind: string; readonly url?: string; readonly name?: string }
}
const shownTo = async (caller: typeof dana): Promise<Edition | null> => {
  const answer = await caller.send('GET', '/api/v1/alerts?editions=true&redirect_url=https://a.example/x')
  assert.equal(answer.status, 200, answer.text)
  return answer.body['edition'] as unknown as Edition | null
}
const settingOf = (tenantId: string) =>
  `/api/2/applications/${PLATFORM.id}/settings/tenants/${tenantId}/PromoteHigherEditions`
const promote = async (tenantId: string, setting: object | null): Promise<void> => {
  const answer = await operator.send(setting ? 'PUT' : 'DELETE', settingOf(tenantId), setting ?? undefined)
  assert.ok(answer.status < 300, answer.text)
}

describe('every combination of the editions upsell', () => {
  const both = [true, false]
  const urls = { 'https://shop.example/?a=&b#c': true, ' www.shop.example ': true, '': false, 'ftp://x': false }
  let count = 0
  for (const isPromoted of both)
    for (const nextEdition of ['advanced', null])
      for (const isCompanyAdministrator of both)
        for (const isBuyer of both)
          for (const isBranded of both)
            for (const [buyUrl, isUsable] of [...Object.entries(urls), [null, false] as const]) {
              count++
              const facts = { isPromoted, nextEdition, isCompanyAdministrator, isBuyer, isBranded, buyUrl }
              const expected =
                !isPromoted || nextEdition === null
                  ? 'nothing'
                  : isCompanyAdministrator && isBuyer && isBranded && isUsable
                    ? 'buy_now'
                    : 'contact'
              test(`${JSON.stringify(facts)}: ${expected}`, () => {
                const decision = decideEditionsUpsell({ ...facts, customerNumber: 1007n })
                assert.equal(decision.kind, expected)
                if (decision.kind === 'buy_now')
                  assert.equal(decision.url, buyUrl === ' www.shop.example ' ? 'https://www.shop.example' : buyUrl)
                assert.equal(decideEditionsUpsell({ ...facts, customerNumber: null }).kind, 'nothing')
              })
            }
  test('all of them', () => assert.equal(count, 2 ** 5 * 5))
})

test('administrator and buyer: Buy now with the Buy URL and nothing added; the others: contact', async () => {
  const edition = await shownTo(dana)
  assert.deepEqual([edition?.edition, edition?.title], ['advanced', 'Advanced'])
  assert.deepEqual([edition?.action.kind, edition?.action.url], ['buy_now', 'http://localhost:8080/upgrade'])
  for (const caller of [ben, alex]) {
    const other = await shownTo(caller)
    assert.deepEqual([other?.action.kind, other?.action.name], ['contact', 'Northwind Cloud Ltd.'])
    assert.doesNotMatch(JSON.stringify(other), /upgrade/)
  }
  assert.equal(await shownTo(reseller), null, 'of no customer')
  assert.equal((await dana.send('GET', '/api/v1/alerts')).body['edition'], null, 'only where it is asked for')
})

test('row 16: PromoteHigherEditions: off is inherited, a lock binds those below, an exclusive value is for its tenant alone', async () => {
  const isShown = async () => (await shownTo(dana)) !== null
  await promote(seller, { value: false })
  assert.equal(await isShown(), false, 'inherited')
  await promote(contoso.id, { value: true })
  assert.equal(await isShown(), true, 'its own value')
  await promote(seller, { value: false, lock: true })
  assert.equal(await isShown(), false, 'a lock above its own value')
  const refused = await operator.send('PUT', settingOf(contoso.id), { value: true })
  assert.ok(refused.status === 400 || refused.status === 422, refused.text)
  await promote(seller, { value: false, lock: false, exclusive: true })
  await promote(contoso.id, null)
  assert.equal(await isShown(), true, 'passed over')
  await promote(contoso.id, { value: false })
  assert.equal(await isShown(), false, 'off for the customer')
  await promote(contoso.id, null)
  await promote(seller, null)
  assert.equal(await isShown(), true, 'on by default')
})

test('the next edition follows what the customer has and what is offered above it', async () => {
  const switchTo = async (edition: string) => {
    const sent = { target_edition: edition, application_id: BACKUP.id }
    assert.equal((await operator.send('PUT', `/api/2/tenants/${contoso.id}/edition`, sent)).status, 200)
  }
  await switchTo('advanced')
  assert.equal((await shownTo(dana))?.edition, 'disaster_recovery')
  await switchTo('disaster_recovery')
  assert.equal(await shownTo(dana), null)
  await switchTo('standard')
})

test('explain says why of the higher edition too', async () => {
  const me = await dana.send('GET', '/api/v1/session')
  const { id } = me.body['user'] as unknown as { id: string }
  const explained = await operator.send('GET', `/api/v1/upsell-explanations/${id}`)
  const places = explained.body['places'] as unknown as { place: string; shows: string; url: string | null }[]
  assert.deepEqual(
    places.filter(({ place }) => place.startsWith('higher edition')).map(({ shows, url }) => [shows, url]),
    [['buy_now', 'http://localhost:8080/upgrade']],
  )
})
