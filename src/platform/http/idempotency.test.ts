import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import { fixedClock } from '../../../test/harness/clock.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { testPrincipal, testServer } from '../../../test/harness/http.ts'
import { BuylinkError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type RequestSteps, transaction, withSteps } from '../db.ts'
import type { Answer } from './answer.ts'
import { createIdempotency } from './idempotency.ts'
import { route } from './route.ts'

const database = await testDatabase()
const { pool } = database
const clock = fixedClock()
const idempotency = createIdempotency({ pool, clock, secret: 'a secret of this test, long enough' })

let runs = 0
let answer: () => Promise<{ count: number }> = async () => ({ count: runs })
let actor = testPrincipal()
const { request } = await testServer(database, {
  clock,
  idempotency,
  actor: () => actor,
  routes: [
    route({
      method: 'POST',
      path: '/api/v1/things',
      scope: null,
      summary: 'Make',
      status: 201,
      input: z.object({ name: z.string() }),
      output: z.object({ count: z.number() }),
      async handle({ reply }) {
        runs++
        reply.setCookie('signed', 'in')
        reply.header('location', `/api/v1/things/${runs}`)
        return answer()
      },
    }),
  ],
})

const post = (key: string, name = 'a') =>
  request('POST', '/api/v1/things', { body: { name }, headers: { 'idempotency-key': key } })
const reset = () => {
  runs = 0
  answer = async () => ({ count: runs })
}

test('what is kept of a request does not let its body be guessed', async () => {
  reset()
  await post('guess', 'a password')
  const { rows } = await pool.query("select request_hash from idempotency_keys where key = 'guess'")
  const plain = createHash('sha256')
    .update(`POST /api/v1/things\n${JSON.stringify({ name: 'a password' })}`)
    .digest()
  assert.equal(rows.length, 1)
  assert.notDeepEqual(rows[0].request_hash, plain)
})

test('what is kept of an answer, a secret shown once perhaps, lies sealed, and comes again word for word', async () => {
  const call = { caller: 'user:x', key: 'secret', method: 'POST', path: '/p', body: '{}' }
  const done = { status: 201, headers: {}, cookies: [], body: '{"secret":"whsec_shown-once – ü"}' }
  await idempotency.once(call, async () => done)
  const { rows } = await pool.query("select k::text as row, sealed_body from idempotency_keys k where key = 'secret'")
  assert.doesNotMatch(rows[0].row, /shown-once/)
  assert.equal(rows[0].sealed_body.includes('shown-once'), false)
  const again = await idempotency.once(call, () => assert.fail('it ran again'))
  assert.equal(again.body, done.body)
  assert.equal(again.headers['idempotent-replayed'], 'true')
})

test('an answer kept in the open by an earlier version still counts', async () => {
  const call = { caller: 'user:x', key: 'earlier', method: 'POST', path: '/p', body: '{}' }
  await idempotency.once(call, async () => ({ status: 201, headers: {}, cookies: [], body: 'new' }))
  await pool.query("update idempotency_keys set body = 'as it was', sealed_body = null where key = 'earlier'")
  assert.equal((await idempotency.once(call, () => assert.fail('it ran again'))).body, 'as it was')
})

test('runs once and gives the same answer again, but never a cookie', async () => {
  reset()
  const first = await post('k1')
  const second = await post('k1')
  assert.equal(runs, 1)
  assert.equal(second.status, 201)
  assert.equal(second.text, first.text)
  assert.equal(second.headers.get('location'), '/api/v1/things/1')
  assert.equal(first.headers.get('idempotent-replayed'), null)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.match(first.headers.get('set-cookie') ?? '', /signed/)
  assert.equal(second.headers.get('set-cookie'), null)
  assert.notEqual(second.headers.get('x-request-id'), first.headers.get('x-request-id'))
  const { rows } = await pool.query('select headers::text as headers from idempotency_keys')
  assert.doesNotMatch(rows[0].headers, /signed/)
})

test('twenty at once run once', async () => {
  reset()
  answer = async () => {
    await sleep(100)
    return { count: runs }
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('k2')))
  assert.equal(runs, 1)
  assert.deepEqual([...new Set(answers.map(({ status, text }) => `${status} ${text}`))], ['201 {"count":1}'])
})

test('refuses another request under the same key; another caller has keys of its own', async () => {
  reset()
  await post('k3')
  const refused = await post('k3', 'b')
  assert.equal(refused.status, 409)
  assert.equal(refused.body?.['code'], 'idempotency_conflict')
  actor = testPrincipal()
  assert.equal((await post('k3', 'b')).status, 201)
  assert.equal(runs, 2)
})

test('keeps refusals that are the request’s fault, not faults of ours', async () => {
  reset()
  answer = async () => {
    throw new BuylinkError('price_changed', 'Another price.')
  }
  assert.equal((await post('k4')).status, 409)
  reset()
  assert.equal((await post('k4')).body?.['code'], 'price_changed')
  assert.equal(runs, 0)
  answer = async () => {
    throw new TypeError('bug')
  }
  assert.equal((await post('k5')).status, 500)
  reset()
  assert.equal((await post('k5')).status, 201)
})

test('what was not even valid is not kept', async () => {
  reset()
  const wrong = await request('POST', '/api/v1/things', { body: { nam: 'a' }, headers: { 'idempotency-key': 'k6' } })
  assert.equal(wrong.status, 400)
  assert.equal((await post('k6')).status, 201)
})

test('a request lost with its server runs again once its lock has run out; until then the caller is told to wait', async () => {
  const call = { caller: 'user:x', key: 'lost', method: 'POST', path: '/p', body: '{}' }
  const done = { status: 200, headers: {}, cookies: [], body: 'done' }
  // Never finishes, as in a server that was killed.
  void idempotency.once(call, () => new Promise(() => undefined))
  await sleep(50)
  await assert.rejects(
    idempotency.once(call, async () => done),
    { code: 'idempotency_in_progress', extra: { retryAfterSeconds: 1 } },
  )
  clock.advance(61_000)
  assert.equal((await idempotency.once(call, async () => done)).body, 'done')
})

/** As a server that is killed at this very moment leaves it. */
const loseAnswer = (key: string) =>
  pool.query(
    `update idempotency_keys set status = null, headers = null, sealed_body = null, locked_until = created_at where key = $1`,
    [key],
  )

const countOf = async (): Promise<number> => (await pool.query('select from made')).rowCount ?? 0

test('what was committed before a crash is not done again, and the answer is that of the first time', async () => {
  await pool.query('create table if not exists made (id uuid)')
  await pool.query('truncate made')
  const call = { caller: 'user:x', key: 'steps', method: 'POST', path: '/p', body: '{}' }
  const twoSteps = async (steps: RequestSteps): Promise<Answer> => {
    const db = withSteps(database.db, steps)
    const make = () =>
      transaction(db, async (tx) => {
        const made = { id: newId(), secret: Buffer.from('s'), at: clock.now(), amount: 5n, nothing: undefined }
        await sql`insert into made values (${made.id})`.execute(tx)
        return made
      })
    const [one, two] = [await make(), await make()]
    assert.ok(one.at instanceof Date && typeof one.amount === 'bigint' && Buffer.isBuffer(one.secret))
    return { status: 200, headers: {}, cookies: [], body: `${one.id} ${two.id}` }
  }
  const first = await idempotency.once(call, twoSteps)
  await loseAnswer('steps')
  clock.advance(1)
  assert.equal((await idempotency.once(call, twoSteps)).body, first.body)
  assert.equal(await countOf(), 2)

  // The server died between the two.
  await loseAnswer('steps')
  await pool.query("update idempotency_keys set steps = steps[1:1] where key = 'steps'")
  clock.advance(1)
  const [one, two] = String((await idempotency.once(call, twoSteps)).body).split(' ')
  assert.equal(one, String(first.body).split(' ')[0])
  assert.notEqual(two, String(first.body).split(' ')[1])
  assert.equal(await countOf(), 3)
})

test('an operation that finds what is done, and skips it, still gets what its other transactions gave', async () => {
  await pool.query('truncate made')
  const call = { caller: 'user:x', key: 'skips', method: 'POST', path: '/p', body: '{}' }
  const order = async (steps: RequestSteps): Promise<Answer> => {
    const db = withSteps(database.db, steps)
    if ((await countOf()) === 0)
      await transaction(db, async (tx) => void (await sql`insert into made values (${newId()})`.execute(tx)))
    const name = await transaction(db, async () => ({ name: newId() }))
    return { status: 200, headers: {}, cookies: [], body: name.name }
  }
  const first = await idempotency.once(call, order)
  await loseAnswer('skips')
  clock.advance(1)
  assert.equal((await idempotency.once(call, order)).body, first.body)
})

test('a request that failed between two of its transactions goes on at once, behind the first', async () => {
  await pool.query('truncate made')
  const call = { caller: 'user:x', key: 'half', method: 'POST', path: '/p', body: '{}' }
  const half = (fails: boolean) => async (steps: RequestSteps) => {
    const db = withSteps(database.db, steps)
    await transaction(db, async (tx) => void (await sql`insert into made values (${newId()})`.execute(tx)))
    return { status: fails ? 503 : 200, headers: {}, cookies: [], body: undefined }
  }
  assert.equal((await idempotency.once(call, half(true))).status, 503)
  clock.advance(1)
  assert.equal((await idempotency.once(call, half(false))).status, 200)
  assert.equal(await countOf(), 1)
})

test('a request that the end of the database cut off can be asked for again as soon as it is back', async () => {
  let isGone = false
  const query = async (...args: unknown[]): Promise<unknown> => {
    if (isGone) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    return Reflect.apply(pool.query, pool, args)
  }
  // All that it uses of a pool.
  const fragile = { query } as unknown as typeof pool
  const own = createIdempotency({ pool: fragile, clock, secret: 'a secret of this test, long enough' })
  const call = { caller: 'user:x', key: 'outage', method: 'POST', path: '/p', body: '{}' }
  const cut = own.once(call, async () => {
    isGone = true
    throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
  })
  await assert.rejects(cut, { code: 'ECONNREFUSED' })
  await sleep(120)
  isGone = false
  const again = await own.once(call, async () => ({ status: 200, headers: {}, cookies: [], body: 'done' }))
  assert.equal(again.body, 'done')
})

test('a key that was taken as the connection broke is free again soon', async () => {
  let isBreaking = true
  const query = async (given: { name?: string }, ...rest: unknown[]): Promise<unknown> => {
    const answer = await Reflect.apply(pool.query, pool, [given, ...rest])
    if (!isBreaking || given.name !== 'idempotency-take') return answer
    isBreaking = false
    throw Object.assign(new Error('broke'), { code: 'ECONNRESET' })
  }
  const own = createIdempotency({
    // All that it uses of a pool.
    pool: { query } as unknown as typeof pool,
    clock,
    secret: 'a secret of this test, long enough',
  })
  const call = { caller: 'user:x', key: 'broken', method: 'POST', path: '/p', body: '{}' }
  const perform = async () => ({ status: 200, headers: {}, cookies: [], body: 'done' })
  await assert.rejects(own.once(call, perform), { code: 'ECONNRESET' })
  assert.equal((await own.once(call, perform)).body, 'done')
})

test('one that took so long that another try replaced it changes nothing any more', async () => {
  await pool.query('truncate made')
  const call = { caller: 'user:x', key: 'slow', method: 'POST', path: '/p', body: '{}' }
  const goOn = Promise.withResolvers<void>()
  const make = (waits: boolean) => async (steps: RequestSteps) => {
    if (waits) await goOn.promise
    const db = withSteps(database.db, steps)
    await transaction(db, async (tx) => void (await sql`insert into made values (${newId()})`.execute(tx)))
    return { status: 200, headers: {}, cookies: [], body: 'made' }
  }
  const slow = idempotency.once(call, make(true))
  await sleep(50)
  clock.advance(61_000)
  assert.equal((await idempotency.once(call, make(false))).status, 200)
  goOn.resolve()
  await assert.rejects(slow, { code: 'idempotency_in_progress' })
  assert.equal(await countOf(), 1)
})

test('what a transaction gave lies sealed too', async () => {
  const call = { caller: 'user:x', key: 'sealed step', method: 'POST', path: '/p', body: '{}' }
  await idempotency
    .once(call, async (steps) => {
      await transaction(withSteps(database.db, steps), async () => 'whsec_shown-once')
      throw new TypeError('lost')
    })
    .catch(() => undefined)
  const { rows } = await pool.query("select steps from idempotency_keys where key = 'sealed step'")
  assert.equal(rows[0].steps.length, 1)
  for (const encoding of ['utf8', 'base64'] as const)
    assert.doesNotMatch(Buffer.from(String(rows[0].steps[0]), encoding).toString('latin1'), /shown-once/)
})

test('forgets answers after a day', async () => {
  reset()
  await post('k7')
  clock.advance(24 * 3_600_000 + 1)
  assert.ok((await idempotency.removeOld()) > 0)
  const { rows } = await pool.query('select count(*)::integer as left from idempotency_keys')
  assert.equal(rows[0].left, 0)
  await post('k7')
  assert.equal(runs, 2)
})
