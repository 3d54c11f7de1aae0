import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { waitUntil } from '../../src/platform/postgres/processes.ts'
import { FINISHED, tellStories } from '../harness/order-stories.ts'
import {
  addressOf,
  freePort,
  leftOf,
  refused,
  type ServerProcess,
  spawnServer,
  startServer,
  temporaryDataDir,
  welcomeOf,
} from '../harness/server.ts'
import {
  approve,
  checkOut,
  createVisitor,
  LINKS,
  PEOPLE,
  place,
  register,
  signIn,
  untilCompleted,
} from '../harness/visitor.ts'

/** Went through its first start, and is used by one test after the other. */
let dataDir: string
before(async () => {
  dataDir = await temporaryDataDir()
  const server = await startServer({ dataDir })
  assert.equal((await server.stop()).status, 0)
})

/** What PostgreSQL wrote down when it ended, `DBState` of pg_control.h: 1 is a clean shutdown. */
function stateOf(folder: string): number {
  const state = Buffer.alloc(4)
  readSync(openSync(join(folder, 'postgres/global/pg_control'), 'r'), state, 0, 4, 16)
  return state.readInt32LE()
}

const CLEAN = 1

test('the first start says where to go, with what, and how to stop', async () => {
  const folder = await temporaryDataDir()
  const server = await startServer({ dataDir: folder })
  const welcome = await welcomeOf(server)
  for (const part of [
    `${server.origin}/\n`,
    `${server.origin}/client\n`,
    `${server.origin}/portal\n`,
    `${server.origin}/external_dispatcher/settle?shopping_cart_items[][plan_id]=425&`,
    PEOPLE.operator,
    PEOPLE.reseller,
    'BUYLINK_CLIENT_SECRET=',
  ])
    assert.ok(welcome.includes(part), part)
  assert.equal(server.stderr(), '')
  assert.deepEqual(await server.stop('SIGINT'), { status: 0, signal: null })
  assert.equal(stateOf(folder), CLEAN)
  assert.deepEqual(leftOf(folder), [])
})

test('a second start keeps the data, and tells no secret again', async () => {
  const first = await startServer({ dataDir })
  const operator = await signIn(first.origin, PEOPLE.operator)
  const staff = await signIn(first.origin, PEOPLE.reseller)
  const customer = createVisitor(first.origin)
  await register(customer, operator, 'kept@moreau.example')
  const order = await place(customer, await checkOut(customer, LINKS.monthly))
  await approve(staff, order)
  await untilCompleted(customer, order)
  const { orders } = await tellStories(addressOf(dataDir))
  assert.equal(orders.size, 2)
  await first.stop()

  const second = await startServer({ dataDir })
  assert.doesNotMatch(await welcomeOf(second), /BUYLINK_CLIENT_SECRET/)
  assert.deepEqual(await customer.at(second.origin).call('GET', `/api/v1/orders/${order.id}`), {
    ...(await untilCompleted(customer.at(second.origin), order)),
  })
  assert.deepEqual((await tellStories(addressOf(dataDir))).orders, orders)
  await second.stop()
})

test('the demonstration store follows to another address, and its Buy URL until someone edits it', async () => {
  const linksOf = async ({ origin }: ServerProcess): Promise<Set<string>> => {
    const page = await (await fetch(`${origin}/product/backup`)).text()
    return new Set(page.match(/https?:\/\/[\w.-]+:\d+/g))
  }
  const buyUrl = async (edited?: string): Promise<string> => {
    const client = new pg.Client({ connectionString: addressOf(dataDir) })
    await client.connect()
    if (edited)
      await client.query(`update brands set settings = settings || jsonb_build_object('upsell_url', $1::text)`, [
        edited,
      ])
    const { rows } = await client.query<{ url: string }>(`select settings->>'upsell_url' as url from brands`)
    await client.end()
    return rows[0]?.url ?? ''
  }
  const first = await startServer({ dataDir })
  assert.deepEqual(await linksOf(first), new Set([first.origin]))
  assert.equal(await buyUrl(), `${first.origin}/upgrade`)
  await buyUrl('https://shop.example.com/more')
  await first.stop()
  const second = await startServer({ dataDir })
  assert.deepEqual(await linksOf(second), new Set([second.origin]))
  assert.equal(await buyUrl(), 'https://shop.example.com/more')
  await second.stop()
})

test('SIGTERM lets a request under way finish, takes no other, and stops PostgreSQL cleanly', async () => {
  const server = await startServer({ dataDir })
  const body = JSON.stringify({ email: PEOPLE.reseller, password: 'demonstration' })
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `POST /api/v1/sessions HTTP/1.1\r\nHost: localhost:${server.port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  )
  await sleep(100)
  const stopped = server.stop('SIGTERM')
  await sleep(300)
  await assert.rejects(fetch(`${server.origin}/healthz`))
  socket.write(body.slice(10))
  const answer = await text(socket)
  assert.match(answer, /^HTTP\/1\.1 201 /)
  assert.match(answer, /"csrf_token":"/)
  assert.deepEqual(await stopped, { status: 0, signal: null })
  assert.equal(stateOf(dataDir), CLEAN)
  assert.deepEqual(leftOf(dataDir), [])
})

test('a signal in the middle of a first start ends all of it, and the next start goes on', async () => {
  const folder = await temporaryDataDir()
  const isMaking = () => existsSync(join(folder, 'postgres.new'))
  const isRunning = () => leftOf(folder).length > 0
  for (const [reached, thenMs] of [
    [isMaking, 0],
    [isRunning, 0],
    [isRunning, 200],
    [isRunning, 500],
    [isRunning, 800],
  ] as const) {
    const server = await spawnServer({ dataDir: folder })
    assert.ok(await waitUntil(reached, 20_000))
    await sleep(thenMs)
    assert.deepEqual(await server.stop('SIGTERM'), { status: 0, signal: null })
    assert.equal(server.stderr(), '')
    assert.ok(await waitUntil(() => !isRunning(), 10_000))
  }
  const server = await startServer({ dataDir: folder })
  const { orders } = await tellStories(addressOf(folder))
  assert.deepEqual([...orders.values()], [FINISHED])
  assert.equal((await server.stop()).status, 0)
})

for (const crash of ['payment.before_commit', 'provisioning.recorded'])
  test(`a first start that dies at ${crash} is carried on by the next one`, async () => {
    const folder = await temporaryDataDir()
    const dying = await spawnServer({ dataDir: folder, env: { BUYLINK_CRASH_AT: crash } })
    assert.equal((await dying.exited).signal, 'SIGKILL')
    const server = await startServer({ dataDir: folder })
    const { orders, strays } = await tellStories(addressOf(folder))
    assert.deepEqual([...orders.values()], [FINISHED])
    assert.equal(strays, 0)
    await signIn(server.origin, PEOPLE.reseller)
    assert.equal((await server.stop()).status, 0)
  })

test('a port in use is told in one line', async () => {
  const port = await freePort()
  const blocker = createServer().listen(port, '127.0.0.1')
  await once(blocker, 'listening')
  try {
    const said = await refused({ dataDir, port })
    assert.equal(said, `Port ${port} is in use: stop what listens there, or set PORT to another one\n`)
  } finally {
    blocker.close()
  }
  assert.equal(stateOf(dataDir), CLEAN)
  assert.deepEqual(leftOf(dataDir), [])
})

test('a first start that fails makes no sign-in that nobody was told of', async () => {
  const folder = await temporaryDataDir()
  const port = await freePort()
  const blocker = createServer().listen(port, '127.0.0.1')
  await once(blocker, 'listening')
  await refused({ dataDir: folder, port }).finally(() => blocker.close())
  const server = await startServer({ dataDir: folder, port })
  assert.match(await welcomeOf(server), /BUYLINK_CLIENT_SECRET=\S+\n/)
  await server.stop()
})

test('demonstration sign-ins are for this machine alone, also where they are not shown', async () => {
  const server = await startServer({ dataDir, env: { BUYLINK_DEMO: '0' } })
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address
  // 127.0.0.2 is this machine too, and another address.
  for (const host of [outside, process.platform === 'linux' ? '127.0.0.2' : undefined])
    if (host) await assert.rejects(fetch(`http://${host}:${server.port}/healthz`), host)
  await server.stop()
})

test('a data directory that another server uses is told in one line, and the other one goes on', async () => {
  const server = await startServer({ dataDir })
  const said = await refused({ dataDir })
  assert.equal(
    said,
    `Another Buylink server (process ${server.pid}) uses ${dataDir}: stop it, or set BUYLINK_DATA to another directory\n`,
  )
  assert.equal((await fetch(`${server.origin}/readyz`)).status, 200)
  assert.equal((await server.stop()).status, 0)
})

test('a data directory that cannot be used is told in one line', async () => {
  const folder = await temporaryDataDir()
  writeFileSync(join(folder, 'file'), '')
  assert.match(
    await refused({ dataDir: join(folder, 'file/data') }),
    /^Cannot read and write the data directory \S+ \(ENOTDIR\): set BUYLINK_DATA to one that can be\n$/,
  )
})

test('a database that cannot be reached is told in one line, without its password', async () => {
  const port = await freePort()
  const said = await refused({
    env: { DATABASE_URL: `postgresql://me:hush@localhost:${port}/shop`, BUYLINK_SECRET: 's'.repeat(32) },
  })
  assert.match(said, /^The database cannot be reached \(.*ECONNREFUSED.*\): check DATABASE_URL\n$/)
  assert.doesNotMatch(said, /hush/)
})

test('wrong settings are told all at once, a line for each, without secrets', async () => {
  const said = await refused({
    env: {
      PORT: '99999',
      BUYLINK_PUBLIC_URL: 'shop.example.com',
      BUYLINK_SECRET: 'short',
      BUYLINK_ADMIN_EMAIL: 'me@example.com',
      DATABASE_URL: 'mysql://me:hush@db/shop',
    },
  })
  assert.deepEqual(
    said
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0])
      .sort(),
    ['BUYLINK_ADMIN_EMAIL', 'BUYLINK_PUBLIC_URL', 'BUYLINK_SECRET', 'DATABASE_URL', 'PORT'],
  )
  assert.doesNotMatch(said, /short|hush/)
})

const OLD_NODE = ['/usr/local/bin/node', '/usr/bin/node'].find(
  (path) => existsSync(path) && Number(/^v(\d+)/.exec(execFileSync(path, ['--version']).toString())?.[1]) < 24,
)
/** Claims to be an old one. */
const PRETENCE = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.1.0'})`

test('an old Node is told in one line', async () => {
  const said = await refused(
    OLD_NODE ? { node: OLD_NODE, args: ['scripts/start.mjs'] } : { args: ['--import', PRETENCE, 'scripts/start.mjs'] },
  )
  assert.match(said, /^Buylink needs Node 24\.7 or newer, this is v\d+\.\S+: run `npm ci`, .*\n$/)
})
