import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { before, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { testDatabase } from '../../test/harness/database.ts'
import { type Asked, type Door, type FrontDoor, openFrontDoor } from '../../test/harness/front-door.ts'
import { LINK } from '../../test/harness/shop.ts'
import { setPlanStatus } from '../catalog/index.ts'
import { transaction } from '../platform/db.ts'
import { DISPATCHER_PATH } from './dispatcher.ts'

const MAX_AGE = 'Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax'

let door: FrontDoor
/** What the cookie says of a visit just now, by a buy-link. */
const seen = (): string => `~b~${Math.floor(door.shop.clock.now().getTime() / 1000).toString(36)}`
before(async () => {
  door = await openFrontDoor(await testDatabase())
})

describe('a good link', () => {
  test('is redirected to the control panel, relative, nothing kept by caches', async () => {
    const { status, headers, body } = await door.ask(LINK.monthly)
    assert.deepEqual([status, headers.location, body], [302, `/client/new_order${LINK.monthly}`, ''])
    assert.deepEqual([headers['cache-control'], headers['set-cookie']], ['private, no-store', undefined])
  })

  for (const more of [
    '&utm_source=mail&utm_source=again',
    '&x=%e4%b8%ad&y=%E4%B8%AD',
    '&a+b=c+d%20e&f=%2B',
    '&&&x',
    '&x=',
    '&=y',
    '&x=\'"<>`{}|^\\~!$*(),;:@/?',
    '&_ga=2.1.3-4*5',
    '&lang=de&order_type=gift&skip_all_steps=yes',
    '&x=%0d%0aSet-Cookie:%20a=b',
    '&__proto__=1&constructor[prototype]=2',
    '&http://evil.example/',
  ])
    test(`keeps the bytes of ${more}`, async () => {
      for (const time of ['first', 'again']) {
        const { status, headers } = await door.ask(LINK.monthly + more)
        assert.deepEqual([status, headers.location], [302, `/client/new_order${LINK.monthly}${more}`], time)
        assert.equal(headers['set-cookie'], undefined)
      }
    })

  test('keeps brackets raw or encoded as they came', async () => {
    for (const encoded of [
      LINK.monthly.replaceAll('[', '%5B').replaceAll(']', '%5d'),
      LINK.monthly.replaceAll('_', '%5F'),
    ]) {
      const { status, headers } = await door.ask(encoded)
      assert.deepEqual([status, headers.location], [302, `/client/new_order${encoded}`])
    }
  })

  for (const spelling of [
    'manager_key=carter81',
    'manager%5Fkey=carter81',
    'manager%5fkey=carter81',
    '%6Danager_key=carter81',
    '%6d%61%6e%61%67%65%72%5f%6b%65%79=carter81',
    'manager_key',
    'manager_key=',
    'manager_key=carter81=x',
    '[manager_key]=carter81',
    'manager_key]=carter81',
    '%5Bmanager_key%5D=carter81',
    'manager_key[]=carter81',
    'manager_key=a&manager_key=carter81',
  ])
    test(`takes ${spelling} out, first, between and last`, async () => {
      const rest = LINK.monthly.slice(1)
      for (const query of [`?${spelling}&${rest}&z=1`, `?${rest}&${spelling}&z=1`, `?${rest}&z=1&${spelling}`]) {
        const { status, headers } = await door.ask(query)
        assert.deepEqual([status, headers.location], [302, `/client/new_order?${rest}&z=1`])
      }
    })

  for (const other of [
    'Manager_key=x',
    'manager_keys=x',
    'amanager_key=x',
    'x=manager_key',
    'manager_key%00=x',
    '%20manager_key=x',
    '+manager_key=x',
    'x[manager_key]=y',
    'manager%255Fkey=x',
  ])
    test(`leaves ${other} in: it is another name`, async () => {
      const { headers } = await door.ask(`${LINK.monthly}&${other}`)
      assert.equal(headers.location, `/client/new_order${LINK.monthly}&${other}`)
    })

  test('is redirected to the store’s external application, the key left in where our cookie is not read', async () => {
    const keyed = `${LINK.monthly}&manager_key=carter81`
    for (const [externalUrl, query] of [
      ['https://panel.example.com/client/new_order', keyed],
      ['http://localhost:9090/order', LINK.monthly],
      ['http://test.activeplatform.com/order', keyed],
    ] as const) {
      await door.setStore({ externalUrl })
      const { status, headers } = await door.ask(keyed)
      assert.deepEqual([status, headers.location], [302, `${externalUrl}${query}`])
      assert.deepEqual(headers['set-cookie'], [`buylink_manager=carter81${seen()}; ${MAX_AGE}`])
    }
    // The same store asked at its other domain.
    assert.equal(
      (await door.ask(keyed, { host: 'test.activeplatform.com' })).headers.location,
      `http://test.activeplatform.com/order${LINK.monthly}`,
    )
    await door.setStore({})
  })

  test('answers HEAD as GET, without a body and without a visit', async () => {
    door.counted.length = 0
    const { status, headers, body } = await door.ask(LINK.monthly, { method: 'HEAD' })
    assert.deepEqual([status, headers.location, body], [302, `/client/new_order${LINK.monthly}`, ''])
    assert.equal(door.counted.length, 0)
  })

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    test(`is not to be asked with ${method}`, async () => {
      const { status, headers } = await door.ask(LINK.monthly, { method })
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'])
    })

  for (const host of [
    'localhost',
    'localhost:1',
    'LOCALHOST:8080',
    'localhost.',
    'localhost.:8080',
    'Test.ActivePlatform.com',
  ])
    test(`is known at ${host}`, async () => assert.equal((await door.ask(LINK.monthly, { host })).status, 302))
})

test('other paths are left to others', async () => {
  for (const path of [
    '/',
    '/external_dispatcher',
    `${DISPATCHER_PATH}/`,
    `${DISPATCHER_PATH}x?`,
    `/${DISPATCHER_PATH}`,
    `//evil.example${DISPATCHER_PATH}`,
    '/client/new_order',
  ])
    assert.equal((await door.ask('', { path })).status, 418, path)
})

describe('the cookie of a manager key', () => {
  const cookieOf = async (key: string, cookie?: string, more: Asked = {}, at: Door = door) => {
    const headers = { ...more.headers, ...(cookie === undefined ? {} : { cookie }) }
    return (await at.ask(`${LINK.monthly}&manager_key=${key}`, { ...more, headers })).headers['set-cookie']
  }
  const set = (key: string) => [`buylink_manager=${key}${seen()}; ${MAX_AGE}`]

  test('lasts 30 days, host-only, hidden from scripts', async () =>
    assert.deepEqual(await cookieOf('carter81'), set('carter81')))
  test('of the newest key that counts wins', async () => {
    assert.deepEqual(await cookieOf('above.key-1', 'a=b; buylink_manager=carter81; c=d'), set('above.key-1'))
    assert.deepEqual(await cookieOf('carter81', 'buylink_manager=carter81'), set('carter81'))
  })
  test('of a key that counts is not replaced by one that does not', async () => {
    for (const key of ['nobody', 'Carter81', 'gone'])
      assert.equal(await cookieOf(key, 'buylink_manager=carter81'), undefined)
  })
  test('is set for a key nobody has, where there is none that counts', async () => {
    assert.deepEqual(await cookieOf('nobody'), set('nobody'))
    assert.deepEqual(await cookieOf('nobody', 'buylink_manager=Carter81'), set('nobody'))
    assert.deepEqual(await cookieOf('nobody', 'not_buylink_manager=carter81'), set('nobody'))
  })
  test('is not set for what is no key', async () => {
    for (const key of ['a%20b', 'a%0d%0aX:y', 'x'.repeat(65), '', 'a;b', '%C3%A9'])
      assert.equal(await cookieOf(key), undefined, key)
  })
  test('is Secure on https, which only a trusted proxy can tell', async () => {
    const headers = { 'x-forwarded-proto': 'https' }
    assert.deepEqual(await cookieOf('carter81', undefined, { headers }), set('carter81'))
    const behindProxy = await door.open({}, ['127.0.0.1'])
    assert.deepEqual(await cookieOf('carter81', undefined, { headers }, behindProxy), [`${set('carter81')[0]}; Secure`])
    assert.deepEqual(await cookieOf('carter81', undefined, {}, behindProxy), set('carter81'))
    const forwarded = { 'x-forwarded-host': 'localhost:8080' }
    assert.equal((await behindProxy.ask(LINK.monthly, { host: 'inner:80', headers: forwarded })).status, 302)
    assert.equal((await door.ask(LINK.monthly, { host: 'inner:80', headers: forwarded })).status, 404)
  })
  test('comes with HEAD too', async () =>
    assert.deepEqual(await cookieOf('carter81', undefined, { method: 'HEAD' }), set('carter81')))
})

test('a change of the catalogue is seen by the next click after the refresh', async () => {
  const { sellerId } = door.shop.store
  const at = door.shop.clock.now()
  assert.equal((await door.ask(LINK.monthly)).status, 302)
  await transaction(door.shop.db, (tx) => setPlanStatus(tx, sellerId, '425', { status: 'draft' }, at))
  await door.shop.catalog.refreshChanged()
  assert.equal((await door.ask(LINK.monthly)).status, 422)
  await transaction(door.shop.db, (tx) => setPlanStatus(tx, sellerId, '425', { status: 'active' }, at))
  await door.shop.catalog.refreshChanged()
  assert.equal((await door.ask(LINK.monthly)).status, 302)
})

describe('memory', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heapUsed = (): number => {
    collect()
    collect()
    return process.memoryUsage().heapUsed
  }
  const noResponse = {
    setHeader: () => undefined,
    writeHead: () => noResponse,
    end: () => noResponse,
  } as unknown as ServerResponse
  const click = (query: string): boolean =>
    door.dispatch(
      {
        url: DISPATCHER_PATH + query,
        method: 'HEAD',
        headers: { host: 'localhost' },
        socket: {},
      } as unknown as IncomingMessage,
      noResponse,
    )
  const clicks = async (first: number, amount: number, padding: string) => {
    for (let at = first; at < first + amount; at++) {
      click(`${LINK.monthly}&n=${at}${padding}`)
      if (at % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  test('does not grow with ever more links', async () => {
    await clicks(0, 25_000, '')
    const warm = heapUsed()
    await clicks(25_000, 40_000, '')
    const grown = heapUsed() - warm
    assert.ok(grown < 12_000_000, `grew by ${grown} bytes`)
  })
  test('keeps nothing of long links', async () => {
    const padding = `&x=${'y'.repeat(6000)}`
    await clicks(0, 1000, padding)
    const warm = heapUsed()
    await clicks(1000, 8000, padding)
    const grown = heapUsed() - warm
    assert.ok(grown < 12_000_000, `grew by ${grown} bytes`)
  })
})
