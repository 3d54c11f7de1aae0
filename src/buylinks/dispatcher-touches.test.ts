import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { type FrontDoor, openFrontDoor } from '../../test/harness/front-door.ts'
import { LINK } from '../../test/harness/shop.ts'
import { newId } from '../kernel/ids.ts'
import { addDays } from '../kernel/time.ts'

const MAX_AGE = 'Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax'

let door: FrontDoor
before(async () => {
  door = await openFrontDoor(await testDatabase())
})

describe('a token from another domain of the reseller', () => {
  const touch = () => ({ key: 'carter81', channel: 'store_page', at: addDays(door.shop.clock.now(), -10) }) as const
  const issued = (sellerId = door.shop.store.sellerId) => door.tokens.issue(sellerId, touch())
  const setByToken = () => {
    const seconds = Math.floor(touch().at.getTime() / 1000).toString(36)
    return [`buylink_manager=carter81~t~${seconds}; ${MAX_AGE.replace('2592000', '1728000')}`]
  }

  test('becomes this domain’s own cookie for the days that are left, and leaves the address', async () => {
    const { status, headers } = await door.ask(`${LINK.monthly}&manager_token=${issued()}`)
    assert.deepEqual([status, headers.location], [302, `/client/new_order${LINK.monthly}`])
    assert.deepEqual(headers['set-cookie'], setByToken())
  })
  test('is no visit of its own', async () => {
    door.keyVisited.length = 0
    await door.ask(`${LINK.monthly}&manager_token=${issued()}`)
    assert.equal(door.keyVisited.length, 0)
  })
  test('gives way to the link’s own key', async () => {
    const { headers } = await door.ask(`${LINK.monthly}&manager_key=above.key-1&manager_token=${issued()}`)
    assert.match(String(headers['set-cookie']), /=above\.key-1~b~/)
    assert.equal(headers.location, `/client/new_order${LINK.monthly}`)
  })
  test('goes on as the key where our cookie is not read', async () => {
    await door.setStore({ externalUrl: 'https://panel.example.com/order' })
    const { headers } = await door.ask(`${LINK.monthly}&manager_token=${issued()}`)
    assert.equal(headers.location, `https://panel.example.com/order${LINK.monthly}&manager_key=carter81`)
    await door.setStore({})
  })
  test('that is forged, altered, another reseller’s or an hour old counts for nothing, and the link still leads on', async () => {
    const [good, foreign] = [issued(), issued(newId())]
    const late = issued()
    const [body = '', signature] = good.split('~')
    const altered = Buffer.from(body, 'base64url').toString().replace('carter81', 'above.key-1')
    for (const token of [
      'x',
      '',
      good.slice(0, -1),
      `${good}A`,
      `${Buffer.from(altered).toString('base64url')}~${signature}`,
      foreign,
    ]) {
      const { headers } = await door.ask(`${LINK.monthly}&manager_token=${token}`)
      assert.deepEqual(
        [headers.location, headers['set-cookie']],
        [`/client/new_order${LINK.monthly}`, undefined],
        token,
      )
    }
    door.shop.clock.advance(3_600_000)
    assert.equal((await door.ask(`${LINK.monthly}&manager_token=${late}`)).headers['set-cookie'], undefined)
  })
})

test('a visit by a key that counts is told with what tells repeats apart; others are not', async () => {
  door.keyVisited.length = 0
  const click = (key: string, headers: Record<string, string> = {}, method = 'GET') =>
    door.ask(`${LINK.monthly}&manager_key=${key}`, { method, headers })
  await click('carter81', { cookie: 'buylink_manager=above.key-1' })
  for (const key of ['nobody', 'gone', 'Carter81']) await click(key)
  await click('carter81', { 'user-agent': 'Googlebot/2.1' })
  await click('carter81', { 'sec-purpose': 'prefetch' })
  await click('carter81', {}, 'HEAD')
  await door.ask(LINK.monthly, { headers: { cookie: 'buylink_manager=carter81' } })
  assert.deepEqual(
    door.keyVisited.map(({ key, cookieKey, address }) => [key, cookieKey, address]),
    [['carter81', 'above.key-1', '127.0.0.1']],
  )
})
