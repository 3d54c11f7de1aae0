import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { testDatabase } from '../../test/harness/database.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { createManager } from '../attribution/index.ts'
import { createPlan, setPlanStatus } from '../catalog/index.ts'
import type { StoreId } from '../kernel/ids.ts'
import { type Tx, transaction } from '../platform/db.ts'
import { createAddressReader } from '../platform/http/address.ts'
import { loadBuiltPages } from '../web/built-pages.ts'
import { createStorePages } from '../web/store/pages.ts'
import { createDispatcher, DISPATCHER_PATH } from './dispatcher.ts'
import { createVisitCounter, type Visit } from './visits.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'
const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const ITEM = 'shopping_cart_items[]'
const MAX_AGE = 'Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax'

let shop: Shop
let dispatch: ReturnType<typeof createDispatcher>
let server: Server
let port: number
const counted: Visit[] = []
const errors: unknown[] = []
const write = <Result>(work: (tx: Tx) => Promise<Result>) => transaction(shop.db, work)

async function makeDispatcher(changes: Partial<Parameters<typeof createDispatcher>[0]> = {}, trusted: string[] = []) {
  const built = await loadBuiltPages()
  const pages = createStorePages({ ...shop, built, languages: ['en'], demonstration: true })
  return createDispatcher({
    ...shop,
    visits: { count: (visit) => void counted.push(visit), flush: async () => undefined },
    renderProblems: pages.renderProblems,
    onError: (error) => void errors.push(error),
    addressOf: createAddressReader(trusted),
    ...changes,
  })
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => boolean): Promise<Server> {
  const opened = createServer((incoming, response) => {
    if (!handle(incoming, response)) response.writeHead(418).end()
  }).listen(0, '127.0.0.1')
  await once(opened, 'listening')
  return opened
}
const portOf = (opened: Server): number => (opened.address() as AddressInfo).port

before(async () => {
  shop = await openShop(await testDatabase())
  const { sellerId } = shop.store
  const at = shop.clock.now()
  const sold = { productId: '1', billingType: 'pay_in_full' } as const
  await write(async (tx) => {
    const month = { duration: { value: 1, unit: 'months' } } as const
    await createPlan(
      tx,
      sellerId,
      {
        ...sold,
        id: '901',
        name: 'Retired',
        status: 'retired',
        successorId: '425',
        periods: [{ id: '9011', ...month }],
      },
      at,
    )
    await createPlan(
      tx,
      sellerId,
      {
        ...sold,
        id: '902',
        name: 'Two',
        periods: [
          { id: '9021', ...month, isPublic: false },
          { id: '9022', ...month },
        ],
      },
      at,
    )
    await createPlan(
      tx,
      sellerId,
      {
        productId: '2',
        billingType: 'pay_as_you_go_internal',
        id: '903',
        name: 'Least',
        minimumTopupMinor: 5000n,
        periods: [{ id: '9031', duration: null }],
      },
      at,
    )
  })
  const manager = { sellerId: shop.operator.tenantId, name: 'Above', role: 'sales' } as const
  await createManager(shop.db, shop.clock, shop.operator, { ...manager, key: 'above.key-1' })
  await createManager(shop.db, shop.clock, shop.operator, { ...manager, key: 'gone', active: false })
  await shop.managers.refresh()
  await shop.catalog.refresh(sellerId)
  dispatch = await makeDispatcher()
  server = await listen((incoming, response) => dispatch(incoming, response))
  port = portOf(server)
})
after(() => {
  server?.close()
  server?.closeAllConnections()
})

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
type Asked = { method?: string; headers?: Record<string, string>; host?: string; at?: number; path?: string }

function ask(
  query: string,
  { method = 'GET', headers = {}, host = 'localhost:8080', at = port, path }: Asked = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: at,
        method,
        path: path ?? DISPATCHER_PATH + query,
        headers: { host, accept: HTML, 'user-agent': BROWSER, ...headers },
      },
      async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk as Buffer)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() })
      },
    )
    sent.on('error', reject).end()
  })
}

/** The first bytes of the answer to a request line that no client would send. */
function askRaw(line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 'latin1'))
    })
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', reject).on('close', () => resolve(text))
  })
}

const setStore = async (change: { status?: string; externalUrl?: string | null }) => {
  await shop.pool.query(
    `update stores set status = coalesce($2, status), external_application_url = $3 where id = $1`,
    [shop.store.storeId, change.status ?? null, change.externalUrl ?? null],
  )
  await shop.stores.refresh()
}

describe('a good link', () => {
  test('is redirected to the control panel, relative, nothing kept by caches', async () => {
    const { status, headers, body } = await ask(LINK.monthly)
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
        const { status, headers } = await ask(LINK.monthly + more)
        assert.deepEqual([status, headers.location], [302, `/client/new_order${LINK.monthly}${more}`], time)
        assert.equal(headers['set-cookie'], undefined)
      }
    })

  test('keeps brackets raw or encoded as they came', async () => {
    for (const encoded of [
      LINK.monthly.replaceAll('[', '%5B').replaceAll(']', '%5d'),
      LINK.monthly.replaceAll('_', '%5F'),
    ]) {
      const { status, headers } = await ask(encoded)
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
        const { status, headers } = await ask(query)
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
      const { headers } = await ask(`${LINK.monthly}&${other}`)
      assert.equal(headers.location, `/client/new_order${LINK.monthly}&${other}`)
    })

  test('is redirected to the store’s external application, the key left in where our cookie is not read', async () => {
    const keyed = `${LINK.monthly}&manager_key=carter81`
    for (const [externalUrl, query] of [
      ['https://panel.example.com/client/new_order', keyed],
      ['http://localhost:9090/order', LINK.monthly],
      ['http://test.activeplatform.com/order', keyed],
    ] as const) {
      await setStore({ externalUrl })
      const { status, headers } = await ask(keyed)
      assert.deepEqual([status, headers.location], [302, `${externalUrl}${query}`])
      assert.deepEqual(headers['set-cookie'], [`buylink_manager=carter81; ${MAX_AGE}`])
    }
    // The same store asked at its other domain.
    assert.equal(
      (await ask(keyed, { host: 'test.activeplatform.com' })).headers.location,
      `http://test.activeplatform.com/order${LINK.monthly}`,
    )
    await setStore({})
  })

  test('answers HEAD as GET, without a body and without a visit', async () => {
    counted.length = 0
    const { status, headers, body } = await ask(LINK.monthly, { method: 'HEAD' })
    assert.deepEqual([status, headers.location, body], [302, `/client/new_order${LINK.monthly}`, ''])
    assert.equal(counted.length, 0)
  })

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    test(`is not to be asked with ${method}`, async () => {
      const { status, headers } = await ask(LINK.monthly, { method })
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
    test(`is known at ${host}`, async () => assert.equal((await ask(LINK.monthly, { host })).status, 302))
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
    assert.equal((await ask('', { path })).status, 418, path)
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
        const answer = await ask(query, { ...at, headers: { accept } })
        assert.deepEqual([answer.status, answer.headers['content-type']], [status, 'application/problem+json'])
        const problem = JSON.parse(answer.body)
        assert.deepEqual(problem.errors.map((each: { code: string }) => each.code).sort(), wanted)
        assert.deepEqual([problem.status, problem.code], [status, wanted.length === 1 ? wanted[0] : 'link_invalid'])
        for (const { message, part, position, suggestion } of problem.errors)
          assert.ok(message && part && suggestion && (position === null || position >= 0))
      }
      const page = await ask(query, at)
      assert.deepEqual(
        [page.status, page.headers['content-type'], page.headers.location],
        [status, 'text/html; charset=utf-8', undefined],
      )
      assert.equal(page.headers['cache-control'], 'no-store')
      assert.match(page.headers['content-security-policy'] as string, /default-src/)
      assert.match(page.body, host === undefined ? /Northwind Cloud/ : /No store/i)
      if (host === undefined) assert.match(page.body, /href="\/"/)
      const head = await ask(query, { ...at, method: 'HEAD' })
      assert.deepEqual(
        [head.status, head.body, head.headers['content-length']],
        [status, '', page.headers['content-length']],
      )
    })

  test('leads to the page of the product it was about', async () => {
    assert.match((await ask(order('425', '2072'))).body, /href="\/product\/backup"/)
    assert.doesNotMatch((await ask(order('999999', '1840'))).body, /href="\/product\//)
  })

  test('shows what the link says as text', async () => {
    const { body } = await ask(order('%3Cscript%3Ealert(1)%3C/script%3E', '1840'))
    assert.doesNotMatch(body, /<script>alert/)
    assert.match(body, /&lt;script&gt;/)
  })

  for (const [accept, isPage] of [
    [HTML, true],
    ['*/*', true],
    ['', true],
    ['text/html, application/json;q=0.9', true],
    ['application/json;q=0', true],
    ['application/json;q=0.5, text/html;q=0.4', false],
    ['APPLICATION/JSON', false],
    ['application/json, text/plain, */*', false],
  ] as const)
    test(`Accept: ${accept || '(none)'} gets ${isPage ? 'the page' : 'problem+json'}`, async () => {
      const { headers } = await ask('', { headers: { accept } })
      assert.equal(headers['content-type'], isPage ? 'text/html; charset=utf-8' : 'application/problem+json')
      assert.match(headers.vary ?? '', /Accept/)
    })

  test('sets no cookie and counts no visit', async () => {
    counted.length = 0
    const { headers } = await ask(`${order('425', '2072')}&manager_key=carter81`)
    assert.deepEqual([headers['set-cookie'], counted.length], [undefined, 0])
  })
})

describe('a store that is not open', () => {
  after(() => setStore({ status: 'active' }))
  test('inactive: not found', async () => {
    assert.equal((await ask(LINK.monthly)).status, 302)
    await setStore({ status: 'inactive' })
    const { status, body } = await ask(LINK.monthly)
    assert.equal(status, 404)
    assert.doesNotMatch(body, /Northwind/)
  })
  test('in maintenance: its maintenance page, and when to come again', async () => {
    await setStore({ status: 'maintenance' })
    const { status, headers, body } = await ask(LINK.monthly)
    assert.deepEqual([status, headers['retry-after']], [503, '300'])
    assert.match(body, /Northwind Cloud/)
    assert.equal((await ask(order('425', '2072'))).status, 503)
    assert.equal((await ask(order('999999', '1840'))).status, 404)
    const told = JSON.parse((await ask(order('425', '2072'), { headers: { accept: 'application/json' } })).body)
    assert.deepEqual(
      told.errors.map((each: { code: string }) => each.code),
      ['store_unavailable', 'period_not_of_plan'],
    )
  })
})

test('a reseller that sells nothing yet: the plan is not found, and no read for each click', async () => {
  await testSeller(shop.db, shop.clock, 'empty.example.com')
  await shop.stores.refresh()
  for (let time = 0; time < 3; time++)
    assert.equal((await ask(LINK.monthly, { host: 'empty.example.com' })).status, 404)
  assert.deepEqual(errors, [])
})

describe('the cookie of a manager key', () => {
  const cookieOf = async (key: string, cookie?: string, more: Asked = {}) => {
    const headers = { ...more.headers, ...(cookie === undefined ? {} : { cookie }) }
    return (await ask(`${LINK.monthly}&manager_key=${key}`, { ...more, headers })).headers['set-cookie']
  }
  const set = (key: string) => [`buylink_manager=${key}; ${MAX_AGE}`]

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
    const behindProxy = await listen(await makeDispatcher({}, ['127.0.0.1']))
    const at = portOf(behindProxy)
    assert.deepEqual(await cookieOf('carter81', undefined, { headers, at }), [`${set('carter81')[0]}; Secure`])
    assert.deepEqual(await cookieOf('carter81', undefined, { at }), set('carter81'))
    const forwarded = { 'x-forwarded-host': 'localhost:8080' }
    assert.equal((await ask(LINK.monthly, { at, host: 'inner:80', headers: forwarded })).status, 302)
    assert.equal((await ask(LINK.monthly, { host: 'inner:80', headers: forwarded })).status, 404)
    behindProxy.close()
    behindProxy.closeAllConnections()
  })
  test('comes with HEAD too', async () =>
    assert.deepEqual(await cookieOf('carter81', undefined, { method: 'HEAD' }), set('carter81')))
})

describe('a visit', () => {
  const visited = async (query: string, asked: Asked = {}) => {
    counted.length = 0
    await ask(query, asked)
    return counted.map(({ planId, managerKey }) => `${planId} ${managerKey}`)
  }
  test('is counted once a click, for the plan and the store', async () => {
    counted.length = 0
    await ask(LINK.monthly)
    await ask(LINK.monthly)
    const visit = { sellerId: shop.store.sellerId, storeId: shop.store.storeId, planId: '425', managerKey: '' }
    assert.deepEqual(counted, [visit, visit])
  })
  for (const [key, cookie, counts] of [
    ['carter81', undefined, 'carter81'],
    [null, 'carter81', 'carter81'],
    ['above.key-1', 'carter81', 'above.key-1'],
    ['nobody', 'carter81', 'carter81'],
    ['Carter81', undefined, ''],
    ['gone', 'gone', ''],
    [null, 'nobody', ''],
  ] as const)
    test(`with the key ${key} and the cookie ${cookie} counts for ${counts || 'nobody'}`, async () => {
      const query = key === null ? LINK.monthly : `${LINK.monthly}&manager_key=${key}`
      const headers: Record<string, string> = cookie === undefined ? {} : { cookie: `buylink_manager=${cookie}` }
      assert.deepEqual(await visited(query, { headers }), [`425 ${counts}`])
    })
  for (const headers of [
    { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
    { 'user-agent': 'facebookexternalhit/1.1' },
    { 'user-agent': 'WhatsApp/2.23.20.0' },
    { 'user-agent': 'BarracudaSentinel' },
    { 'user-agent': 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)' },
    { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
    { 'user-agent': '' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ])
    test(`is not one: ${JSON.stringify(headers)}`, async () => {
      assert.deepEqual(await visited(LINK.monthly, { headers: headers as unknown as Record<string, string> }), [])
      assert.equal((await ask(LINK.monthly, { headers: headers as unknown as Record<string, string> })).status, 302)
    })
})

describe('the counter of visits', () => {
  const visit = (rest: Partial<Visit> = {}): Visit => ({
    sellerId: shop.store.sellerId,
    storeId: shop.store.storeId,
    planId: '425',
    managerKey: '',
    ...rest,
  })
  const written = async () => {
    const { rows } = await shop.pool.query(
      'select seller_id, day, plan_id, manager_key, visits from link_visits order by day, plan_id, manager_key',
    )
    return rows.map((row) => `${row.day} ${row.plan_id} ${row.manager_key} ${row.visits}`)
  }
  test('writes sums by day, plan and key, and adds to what is there', async () => {
    const counter = createVisitCounter(shop.pool, shop.clock)
    await counter.flush()
    assert.deepEqual(await written(), [])
    for (let time = 0; time < 3; time++) counter.count(visit())
    counter.count(visit({ managerKey: 'carter81' }))
    shop.clock.advance(12 * 3_600_000)
    counter.count(visit())
    await counter.flush()
    await counter.flush()
    counter.count(visit({ planId: '426' }))
    counter.count(visit())
    await counter.flush()
    assert.deepEqual(await written(), [
      '2026-03-01 425  3',
      '2026-03-01 425 carter81 1',
      '2026-03-02 425  2',
      '2026-03-02 426  1',
    ])
  })
  test('loses nothing while the database fails, nor what belongs to another reseller', async () => {
    const { tenant, storeId } = await testSeller(shop.db, shop.clock, 'second.example.com')
    let fails: (seller: unknown) => boolean = () => true
    const pool = {
      query: async (text: string, values: unknown[]) => {
        if (fails(values[0])) throw new Error('down')
        return shop.pool.query(text, values)
      },
    } as unknown as typeof shop.pool // What the counter uses of it.
    const counter = createVisitCounter(pool, shop.clock)
    counter.count(visit({ planId: '1' }))
    counter.count(visit({ planId: '1', sellerId: tenant.sellerId, storeId: storeId as StoreId }))
    await assert.rejects(counter.flush(), /down/)
    counter.count(visit({ planId: '1' }))
    fails = (seller) => seller === shop.store.sellerId
    await assert.rejects(counter.flush(), /down/)
    assert.deepEqual(
      (await written()).filter((row) => row.includes(' 1  ')),
      ['2026-03-02 1  1'],
    )
    fails = () => false
    await counter.flush()
    assert.deepEqual((await written()).filter((row) => row.includes(' 1  ')).sort(), [
      '2026-03-02 1  1',
      '2026-03-02 1  2',
    ])
  })
  test('takes what comes while it writes', async () => {
    const counter = createVisitCounter(shop.pool, shop.clock)
    counter.count(visit({ planId: '2' }))
    const writing = counter.flush()
    counter.count(visit({ planId: '2' }))
    await writing
    await counter.flush()
    assert.ok((await written()).includes('2026-03-02 2  2'))
  })
  test('has a bound, also while the database fails', async () => {
    let rows = 0
    let isUp = false
    const pool = {
      query: async (_text: string, values: [unknown, string]) => {
        if (!isUp) throw new Error('down')
        rows = (JSON.parse(values[1]) as unknown[]).length
      },
    } as unknown as typeof shop.pool // What the counter uses of it.
    const counter = createVisitCounter(pool, shop.clock)
    for (let round = 0; round < 3; round++) {
      for (let plan = 0; plan < 40_000; plan++) counter.count(visit({ planId: `${round}${plan}` }))
      await assert.rejects(counter.flush())
    }
    isUp = true
    await counter.flush()
    assert.equal(rows, 50_000)
  })
})

test('a click changes nothing in the database but the visits that are written later', async () => {
  const visits = createVisitCounter(shop.pool, shop.clock)
  const own = await listen(await makeDispatcher({ visits }))
  const at = portOf(own)
  const tables = (
    await shop.pool.query(`select table_schema || '.' || table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`)
  ).rows.map((row) => row.name as string)
  const contents = async () =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async (name) => {
          const { rows } = await shop.pool.query(
            `select count(*) as rows, md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t`,
          )
          return [name, rows[0]] as const
        }),
      ),
    )
  const earlier = await contents()
  assert.ok(tables.length > 30)
  for (const [, , query] of PROBLEMS) await ask(query, { at })
  for (const link of Object.values(LINK)) await ask(`${link}&manager_key=carter81`, { at })
  assert.deepEqual(await contents(), earlier)
  await visits.flush()
  const { 'public.link_visits': written, ...later } = await contents()
  const { 'public.link_visits': empty, ...before } = earlier
  assert.deepEqual(later, before)
  assert.notDeepEqual(written, empty)
  own.close()
  own.closeAllConnections()
})

test('a change of the catalogue is seen by the next click after the refresh', async () => {
  const { sellerId } = shop.store
  const at = shop.clock.now()
  assert.equal((await ask(LINK.monthly)).status, 302)
  await write((tx) => setPlanStatus(tx, sellerId, '425', { status: 'inactive' }, at))
  await shop.catalog.refreshChanged()
  assert.equal((await ask(LINK.monthly)).status, 422)
  await write((tx) => setPlanStatus(tx, sellerId, '425', { status: 'active' }, at))
  await shop.catalog.refreshChanged()
  assert.equal((await ask(LINK.monthly)).status, 302)
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
      const answer = await askRaw(`GET ${DISPATCHER_PATH}${query} HTTP/1.1`)
      assert.match(answer, /^HTTP\/1\.1 400 /)
      assert.doesNotMatch(answer, /location/i)
    }
  })
  test('cannot end the Location’s query with a #', async () => {
    const answer = await askRaw(`GET ${DISPATCHER_PATH}${LINK.monthly}&x=1#y HTTP/1.1`)
    assert.match(answer, /^HTTP\/1\.1 400 /)
  })
  test('cannot write a header', async () => {
    const { headers } = await ask(`${LINK.monthly}&x=%0D%0ASet-Cookie:%20evil=1&manager_key=%0d%0aX-Evil:%201`)
    assert.equal(headers['set-cookie'], undefined)
    assert.equal(headers['x-evil'], undefined)
    assert.equal(headers.location, `/client/new_order${LINK.monthly}&x=%0D%0ASet-Cookie:%20evil=1`)
  })
  test('of 15 KB is malformed', async () =>
    assert.equal((await ask(`${LINK.monthly}&x=${'y'.repeat(15_000)}`)).status, 400))
  test('cannot have the Location lead away', async () => {
    const { headers } = await ask(`${LINK.monthly}&//evil.example/&return=https://evil.example`)
    assert.ok(headers.location?.startsWith('/client/new_order?'))
  })
})

describe('what fails behind it', () => {
  const unreadable = {
    peek: () => undefined,
    get: async () => Promise.reject(new Error('down')),
    refresh: async () => Promise.reject(new Error('down')),
    refreshChanged: async () => undefined,
  }
  const failing = async (changes: Partial<Parameters<typeof createDispatcher>[0]>, asked: Asked = {}) => {
    const own = await listen(await makeDispatcher(changes))
    try {
      return await ask(LINK.monthly, { ...asked, at: portOf(own) })
    } finally {
      own.close()
      own.closeAllConnections()
    }
  }
  test('the catalogue: the store’s own page, and when to come again', async () => {
    errors.length = 0
    const { status, headers, body } = await failing({ catalog: unreadable })
    assert.deepEqual([status, headers['retry-after'], errors.length], [503, '300', 1])
    assert.match(body, /Northwind Cloud/)
  })
  test('the pages as well: plain words, and the server goes on', async () => {
    const renderProblems = () => {
      throw new Error('broken')
    }
    const { status, body } = await failing({ catalog: unreadable, renderProblems })
    assert.equal(status, 503)
    assert.match(body, /try again/)
    errors.length = 0
  })
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
    dispatch(
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
  for (const [name, padding] of [
    ['short', ''],
    ['long', `&x=${'y'.repeat(6000)}`],
  ] as const)
    test(`does not grow with ever more ${name} links`, async () => {
      await clicks(0, 25_000, padding)
      const warm = heapUsed()
      await clicks(25_000, 40_000, padding)
      const grown = heapUsed() - warm
      assert.ok(grown < 12_000_000, `grew by ${grown} bytes`)
    })
})
