import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StartError } from '../start-error.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { isAlive, startOf, waitUntil } from './processes.ts'

const root = mkdtempSync(join(tmpdir(), 'buylink-embedded-'))
chmodSync(root, 0o711)
const running = new Set<EmbeddedPostgres>()
const children = new Set<ChildProcess>()
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all([...running].map((server) => server.stop()))
  rmSync(root, { recursive: true, force: true })
})

const said: string[] = []
const log = { info: (message: string) => void said.push(message), warn: (message: string) => void said.push(message) }

async function start(name: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: join(root, name), log })
  running.add(server)
  return server
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running.delete(server)
  await server.stop()
}

async function query<Row extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

test('a stop and a start keep the data, and the stop leaves no process and no lock', async () => {
  const first = await start('kept')
  await query(first.connectionString, 'create table notes (text text); insert into notes values ($$kept$$)')
  await stop(first)
  assert.equal(isAlive(first.pid), false)
  const second = await start('kept')
  assert.deepEqual(await query(second.connectionString, 'select text from notes'), [{ text: 'kept' }])
  await stop(second)
})

test('it flushes every commit to disk and listens on no network address', async () => {
  const server = await start('kept')
  const rows = await query(
    server.connectionString,
    `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit,
            current_setting('full_page_writes') pages, current_setting('listen_addresses') addresses`,
  )
  assert.deepEqual(rows, [{ fsync: 'on', commit: 'on', pages: 'on', addresses: '' }])
  await stop(server)
})

test('rows acknowledged before PostgreSQL is killed are there after the next start, and the server is told', async () => {
  const first = await start('killed')
  await query(first.connectionString, 'create table notes (id integer primary key)')
  const told = new Promise<string>((resolve) => first.onExit(resolve))
  let acknowledged = 0
  const client = new pg.Client({ connectionString: first.connectionString })
  client.on('error', () => undefined)
  await client.connect()
  const writing = (async () => {
    for (let id = 1; ; id++) {
      await client.query('insert into notes values ($1)', [id])
      acknowledged = id
      if (id === 200) process.kill(first.pid, 'SIGKILL')
    }
  })().catch(() => undefined)
  assert.match(await told, /^PostgreSQL ended unexpectedly \(SIGKILL\)/)
  await writing
  await stop(first)
  const second = await start('killed')
  const rows = await query<{ id: number }>(second.connectionString, 'select id from notes')
  assert.ok(rows.length >= acknowledged && acknowledged >= 200, `${rows.length} of ${acknowledged}`)
  await stop(second)
})

test('a second server on the same directory is refused with one clear line', async () => {
  const server = await start('shared')
  const expected = `Another Buylink server (process ${process.pid}) uses ${join(root, 'shared')}: stop it, or set BUYLINK_DATA to another directory`
  await assert.rejects(start('shared'), new StartError(expected))
  assert.equal((await query(server.connectionString, 'select 1')).length, 1)
  await stop(server)
})

/** A server in a process of its own; prints the postmaster's id when ready. */
async function startElsewhere(name: string): Promise<{ child: ChildProcess; pid: number }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(join(root, name))}, log: console })
    process.stdout.write(String(server.pid))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer]
  return { child, pid: Number(line.toString()) }
}

test('after a kill of the server alone, the next start ends its PostgreSQL and goes on with the data', async () => {
  const { child, pid } = await startElsewhere('orphaned')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(isAlive(pid), true)
  said.length = 0
  const server = await start('orphaned')
  assert.deepEqual(said, [`Ending the PostgreSQL (process ${pid}) that a killed server left behind`])
  // Ended, though whoever adopted it may not have collected it yet.
  assert.equal(startOf(pid), undefined)
  assert.equal((await query(server.connectionString, 'select 1')).length, 1)
  await stop(server)
})

test('a server that just exits takes its PostgreSQL along', async () => {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(join(root, 'exiting'))}, log: console })
    process.stdout.write(String(server.pid))
    setTimeout(() => process.exit(3), 50)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer]
  await once(child, 'exit')
  assert.equal(await waitUntil(() => startOf(Number(line.toString())) === undefined, 10_000), true)
})

test('a postmaster.pid that names a stranger by now does not keep it from starting', async () => {
  const first = await start('stranger')
  process.kill(first.pid, 'SIGKILL')
  await sleep(50)
  await stop(first)
  const path = join(root, 'stranger/postgres/postmaster.pid')
  writeFileSync(path, `${process.pid}\n${join(root, 'stranger/postgres')}\n1\n5432\n${root}\n\n\nready   \n`)
  const second = await start('stranger')
  assert.equal((await query(second.connectionString, 'select 1')).length, 1)
  await stop(second)
})

test('a lock left by a process that is gone, or by another that has its number now, is taken over', async () => {
  mkdirSync(join(root, 'stale'))
  for (const holder of [
    '',
    '{"pid":',
    JSON.stringify({ pid: process.pid, start: '1' }),
    '{"pid":4194304,"start":"1"}',
  ]) {
    writeFileSync(join(root, 'stale/server.lock'), holder)
    await stop(await start('stale'))
  }
})

test('a data directory deeper than a socket address can say works all the same', async () => {
  const server = await start(`deep-${'x'.repeat(120)}`)
  assert.equal((await query(server.connectionString, 'select 1')).length, 1)
  await stop(server)
})

test('a data directory that is no directory is refused with one clear line', async () => {
  writeFileSync(join(root, 'file'), '')
  await assert.rejects(start('file/data'), {
    name: 'StartError',
    message: `Cannot read and write the data directory ${join(root, 'file/data')} (ENOTDIR): set BUYLINK_DATA to one that can be`,
  })
})

test('a data directory of another major version is refused, untouched', async () => {
  mkdirSync(join(root, 'older/postgres'), { recursive: true })
  writeFileSync(join(root, 'older/postgres/PG_VERSION'), '14\n')
  await assert.rejects(start('older'), /was made by PostgreSQL 14, this is 18: start the release that made it/)
})

test('as root where nobody else may enter, a user namespace runs it', { skip: process.getuid?.() !== 0 }, async () => {
  mkdirSync(join(root, 'closed'), { mode: 0o700 })
  const server = await start('closed/data')
  assert.equal((await query(server.connectionString, 'select 1')).length, 1)
  await stop(server)
})

test('an ordinary user is refused a directory that is not writable', { skip: process.getuid?.() === 0 }, async () => {
  mkdirSync(join(root, 'readonly'), { mode: 0o500 })
  await assert.rejects(start('readonly'), /Cannot read and write the data directory .* \(EACCES\)/)
})
