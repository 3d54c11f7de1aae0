import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { askRaw, BROWSER, type FrontDoor, openFrontDoor } from '../../test/harness/front-door.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { LINK } from '../../test/harness/shop.ts'
import { DISPATCHER_PATH } from './dispatcher.ts'

const ITEM = 'shopping_cart_items[]'

let door: FrontDoor
before(async () => {
  door = await openFrontDoor(await testDatabase())
})

const order = (planId: string, periodId: string, more = '') =>
  `?${ITEM}[plan_id]=${planId}&${ITEM}[plan_period_id]=${periodId}${more}&${ITEM}[type]=application`
const resource = (id: string, quantity: string) =>
  `&${ITEM}[resources][][id]=${id}&${ITEM}[resources][][quantity]=${quantity}`
const topup = (amount: string) => `&${ITEM}[type]=topup&${ITEM}[amount]=${amount}`

const PROBLEMS: readonly [codes: string, status: number, query: string, host?: string][] = [
  ['malformed', 400, `${LINK.monthly}&x=%zz`],
  ['malformed', 400, `${LINK.monthly}&x=%ff`],
  ['malformed', 400, `${LINK.monthly}&x=${'y'.repeat(8200)}`],
  ['malformed', 400, `?shopping_cart_items=1&${LINK.monthly.slice(1)}`],
  ['store_not_found', 404, LINK.monthly, 'unknown.example.com'],
  ['store_not_found malformed', 400, `${LINK.monthly}&x=%`, 'unknown.example.com'],
  ['no_items', 422, ''],
  ['no_items', 422, '?'],
  ['application_missing item_type_unknown', 422, `?${ITEM}[type]=domain`],
  ['too_many_applications', 422, `${LINK.monthly}&${LINK.monthly.slice(1)}`],
  ['item_type_missing', 422, `${LINK.monthly}&${ITEM}[plan_id]=1`],
  ['topup_duplicate', 422, `${LINK.payAsYouGo}${topup('50')}${topup('50')}`],
  ['topup_without_application application_missing', 422, `?x=1${topup('50')}`],
  ['plan_missing', 422, `?${ITEM}[plan_period_id]=1840&${ITEM}[type]=application`],
  ['plan_not_found', 404, order('999999', '1840')],
  ['plan_not_available', 422, order('901', '9011')],
  ['period_missing', 422, `?${ITEM}[plan_id]=425&${ITEM}[type]=application`],
  ['period_not_found', 404, order('425', '777777')],
  ['period_not_of_plan', 422, order('425', '2072')],
  ['period_not_available', 422, order('902', '9021')],
  ['id_invalid', 422, order('425x', '1840')],
  ['resource_not_of_plan', 422, order('425', '1840', resource('9011', '1'))],
  ['resource_invalid', 422, order('425', '1840', resource('9001', 'many'))],
  ['quantity_out_of_range', 422, order('425', '1840', resource('9001', '101'))],
  ['topup_not_allowed', 422, LINK.monthly + topup('50')],
  ['amount_missing', 422, `${LINK.payAsYouGo}&${ITEM}[type]=topup`],
  ['amount_invalid', 422, LINK.payAsYouGo + topup('1.234')],
  ['amount_too_small', 422, order('903', '9031') + topup('49.99')],
  [
    'period_not_found quantity_out_of_range topup_not_allowed',
    404,
    order('425', '777777', resource('9001', '1')) + topup('5'),
  ],
]

describe('a link with problems', () => {
  for (const [codes, status, query, host] of PROBLEMS)
    test(`${codes}: ${status}, told to programs and to people`, async () => {
      const at = host === undefined ? {} : { host }
      const wanted = codes.split(' ').sort()
      for (const accept of [
        'application/json',
        'application/problem+json',
        'application/problem+json, application/json;q=0.5, */*;q=0.1',
      ]) {
        const answer = await door.ask(query, { ...at, headers: { accept } })
        assert.deepEqual([answer.status, answer.headers['content-type']], [status, 'application/problem+json'])
        const problem = JSON.parse(answer.body)
        assert.deepEqual(problem.errors.map((each: { code: string }) => each.code).sort(), wanted)
        assert.deepEqual([problem.status, problem.code], [status, wanted.length === 1 ? wanted[0] : 'link_invalid'])
        for (const { message, part, position, suggestion } of problem.errors)
          assert.ok(message && part && suggestion && (position === null || position >= 0))
      }
      const page = await door.ask(query, at)
      assert.deepEqual(
        [page.status, page.headers['content-type'], page.headers.location],
        [status, 'text/html; charset=utf-8', undefined],
      )
      assert.equal(page.headers['cache-control'], 'no-store')
      assert.match(page.headers['content-security-policy'] as string, /default-src/)
      assert.match(page.body, host === undefined ? /Northwind Cloud/ : /No store/i)
      if (host === undefined) assert.match(page.body, /href="\/"/)
      const head = await door.ask(query, { ...at, method: 'HEAD' })
      assert.deepEqual(
        [head.status, head.body, head.headers['content-length']],
        [status, '', page.headers['content-length']],
      )
    })

  test('leads to the page of the product it was about', async () => {
    assert.match((await door.ask(order('425', '2072'))).body, /href="\/product\/backup"/)
    assert.doesNotMatch((await door.ask(order('999999', '1840'))).body, /href="\/product\//)
  })

  test('shows what the link says as text', async () => {
    const { body } = await door.ask(order('%3Cscript%3Ealert(1)%3C/script%3E', '1840'))
    assert.doesNotMatch(body, /<script>alert/)
    assert.match(body, /&lt;script&gt;/)
  })

  for (const [accept, isPage] of [
    [BROWSER.accept, true],
    ['*/*', true],
    ['', true],
    ['text/html, application/json;q=0.9', true],
    ['application/json;q=0', true],
    ['application/json;q=0.5, text/html;q=0.4', false],
    ['APPLICATION/JSON', false],
    ['application/json, text/plain, */*', false],
  ] as const)
    test(`Accept: ${accept || '(none)'} gets ${isPage ? 'the page' : 'problem+json'}`, async () => {
      const { headers } = await door.ask('', { headers: { accept } })
      assert.equal(headers['content-type'], isPage ? 'text/html; charset=utf-8' : 'application/problem+json')
      assert.match(headers.vary ?? '', /Accept/)
    })

  test('a retired plan leads to the one that took its place, for the same length of time', async () => {
    const { body } = await door.ask(order('901', '9011'), { headers: { accept: 'text/html' } })
    const next = `settle${order('425', '1840')}`.replaceAll('&', '&amp;')
    assert.ok(body.includes(next), body)
    assert.match(body, /Order Backup Business instead/)
  })

  test('sets no cookie and counts no visit', async () => {
    door.counted.length = 0
    const { headers } = await door.ask(`${order('425', '2072')}&manager_key=carter81`)
    assert.deepEqual([headers['set-cookie'], door.counted.length], [undefined, 0])
  })
})

describe('a store that is not open', () => {
  after(() => door.setStore({ status: 'active' }))
  test('inactive: not found', async () => {
    assert.equal((await door.ask(LINK.monthly)).status, 302)
    await door.setStore({ status: 'inactive' })
    const { status, body } = await door.ask(LINK.monthly)
    assert.equal(status, 404)
    assert.doesNotMatch(body, /Northwind/)
  })
  test('in maintenance: its maintenance page, and when to come again', async () => {
    await door.setStore({ status: 'maintenance' })
    const { status, headers, body } = await door.ask(LINK.monthly)
    assert.deepEqual([status, headers['retry-after']], [503, '300'])
    assert.match(body, /Northwind Cloud/)
    assert.equal((await door.ask(order('425', '2072'))).status, 503)
    assert.equal((await door.ask(order('999999', '1840'))).status, 404)
    const told = JSON.parse((await door.ask(order('425', '2072'), { headers: { accept: 'application/json' } })).body)
    assert.deepEqual(
      told.errors.map((each: { code: string }) => each.code),
      ['store_unavailable', 'period_not_of_plan'],
    )
  })
})

test('a reseller that sells nothing yet: the plan is not found, and no read for each click', async () => {
  await testSeller(door.shop.db, door.shop.clock, 'empty.example.com')
  await door.shop.stores.refresh()
  for (let time = 0; time < 3; time++)
    assert.equal((await door.ask(LINK.monthly, { host: 'empty.example.com' })).status, 404)
  assert.deepEqual(door.errors, [])
})
describe('a hostile request', () => {
  test('with a control character or raw bytes in its line goes no further than the parser', async () => {
    for (const query of [
      `${LINK.monthly}&x=\t`,
      `${LINK.monthly}&x=\x01`,
      `${LINK.monthly}&x=\x7f`,
      `${LINK.monthly}&x=\xc3\xa9`,
      `${LINK.monthly}&x=\xff`,
    ]) {
      const answer = await askRaw(door.port, `GET ${DISPATCHER_PATH}${query} HTTP/1.1`)
      assert.match(answer, /^HTTP\/1\.1 400 /)
      assert.doesNotMatch(answer, /location/i)
    }
  })
  test('cannot end the Location’s query with a #', async () => {
    const answer = await askRaw(door.port, `GET ${DISPATCHER_PATH}${LINK.monthly}&x=1#y HTTP/1.1`)
    assert.match(answer, /^HTTP\/1\.1 400 /)
  })
  test('cannot write a header', async () => {
    const { headers } = await door.ask(`${LINK.monthly}&x=%0D%0ASet-Cookie:%20evil=1&manager_key=%0d%0aX-Evil:%201`)
    assert.equal(headers['set-cookie'], undefined)
    assert.equal(headers['x-evil'], undefined)
    assert.equal(headers.location, `/client/new_order${LINK.monthly}&x=%0D%0ASet-Cookie:%20evil=1`)
  })
  test('of 15 KB is malformed', async () =>
    assert.equal((await door.ask(`${LINK.monthly}&x=${'y'.repeat(15_000)}`)).status, 400))
  test('cannot have the Location lead away', async () => {
    const { headers } = await door.ask(`${LINK.monthly}&//evil.example/&return=https://evil.example`)
    assert.ok(headers.location?.startsWith('/client/new_order?'))
  })
})

describe('what fails behind it', () => {
  const unreadable = {
    peek: () => undefined,
    get: async () => Promise.reject(new Error('down')),
    current: async () => Promise.reject(new Error('down')),
    refresh: async () => Promise.reject(new Error('down')),
    refreshChanged: async () => undefined,
  }
  const failing = async (changes: Parameters<FrontDoor['open']>[0]) => (await door.open(changes)).ask(LINK.monthly)
  test('the catalogue: the store’s own page, and when to come again', async () => {
    door.errors.length = 0
    const { status, headers, body } = await failing({ catalog: unreadable })
    assert.deepEqual([status, headers['retry-after'], door.errors.length], [503, '300', 1])
    assert.match(body, /Northwind Cloud/)
  })
  test('the pages as well: plain words, and the server goes on', async () => {
    const renderProblems = () => {
      throw new Error('broken')
    }
    const { status, body } = await failing({ catalog: unreadable, renderProblems })
    assert.equal(status, 503)
    assert.match(body, /try again/)
    door.errors.length = 0
  })
})
