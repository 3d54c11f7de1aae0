import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { backUp } from './back-up.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'

const root = mkdtempSync(join(tmpdir(), 'buylink-back-up-'))
chmodSync(root, 0o711)
const running = new Set<EmbeddedPostgres>()
after(async () => {
  await Promise.all([...running].map((server) => server.stop()))
  rmSync(root, { recursive: true, force: true })
})
const log = { info: () => undefined, warn: () => undefined }
const start = async (name: string): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDir: join(root, name), log })
  running.add(server)
  return server
}
const stop = async (server: EmbeddedPostgres): Promise<void> => {
  running.delete(server)
  await server.stop()
}
async function ask<Value>({ connectionString }: EmbeddedPostgres, work: (client: pg.Client) => Promise<Value>) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

test('while orders come in: the copy starts, has what was there before, and nothing half', async () => {
  const server = await start('busy')
  writeFileSync(join(root, 'busy/secret'), 'a secret of the installation', { mode: 0o600 })
  const acknowledged = await ask(server, async (client) => {
    await client.query('create table orders (id int primary key); create table lines (order_id int, text text)')
    let [last, isEnough] = [0, false]
    const one = async () => {
      await client.query('begin')
      await client.query(`insert into orders values (${++last})`)
      await client.query(`insert into lines select ${last}, repeat('x', 2000) from generate_series(1, 20)`)
      await client.query('commit')
    }
    for (let time = 0; time < 200; time++) await one()
    const before = last
    const writing = (async () => {
      while (!isEnough) await one()
    })()
    const { isOnline } = await backUp(join(root, 'busy'), join(root, 'copy'))
    isEnough = true
    await writing
    assert.equal(isOnline, true)
    assert.ok(last > before, 'orders came in meanwhile')
    return before
  })
  await stop(server)
  const copy = await start('copy')
  const [row] = await ask(copy, async (client) => {
    const { rows } = await client.query<{ orders: number; half: number; last: number }>(
      `select (select count(*)::int from orders) as orders, (select max(id) from orders) as last,
              (select count(*)::int from (select id from orders left join lines on order_id = id group by id having count(text) <> 20) h) as half`,
    )
    return rows
  })
  assert.ok(row && row.orders >= acknowledged, `${row?.orders} of ${acknowledged}`)
  assert.deepEqual([row.half, row.last], [0, row.orders])
  assert.ok(existsSync(join(root, 'copy/secret')))
  await stop(copy)
})

test('at rest the copy is the same, and neither a folder that is there nor one without a database is touched', async () => {
  assert.equal((await backUp(join(root, 'busy'), join(root, 'rested'))).isOnline, false)
  const rested = await start('rested')
  await ask(rested, (client) => client.query('select from orders'))
  await stop(rested)
  await assert.rejects(backUp(join(root, 'busy'), join(root, 'rested')), /is there already/)
  await assert.rejects(backUp(root, join(root, 'none')), /has no embedded database/)
  assert.equal(existsSync(join(root, 'none')), false)
})
