import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { fixedClock } from '../../../test/harness/clock.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { until } from '../../../test/harness/visitor.ts'
import { newId, type SellerId } from '../../kernel/ids.ts'
import { systemLabel } from '../actor.ts'
import { transaction } from '../db.ts'
import { createJobs, type Jobs } from '../jobs.ts'
import { eventRow, type NewEvent, publish, toJson } from './publish.ts'
import type { StoredEvent } from './schema.ts'
import type { Subscriber } from './subscriber.ts'

const database = await testDatabase()
const { db, pool } = database
const clock = fixedClock()
const log = pino({ level: 'silent' })

const event = (given: Partial<NewEvent> = {}): NewEvent => ({
  sellerId: newId(),
  type: 'thing.made',
  subject: { kind: 'thing', id: 'a' },
  tenantId: null,
  payload: { size: 12345678901234567890n },
  actor: systemLabel('test'),
  correlationId: newId(),
  at: clock.now(),
  ...given,
})

function jobsWith(...subscribers: Subscriber[]): Jobs {
  const jobs = createJobs({ connectionString: database.connectionString, db, pool, clock, log, subscribers })
  after(() => jobs.stop())
  return jobs
}

function recorder(name: string, on: string[], extra: (event: StoredEvent) => Promise<void> = async () => undefined) {
  const heard: StoredEvent[] = []
  const subscriber: Subscriber = {
    name,
    on,
    async handle(stored) {
      heard.push(stored)
      await extra(stored)
    },
  }
  return { heard, subscriber }
}

test('hands an event to every subscriber of its type, once, with all it says', async () => {
  const one = recorder('one', ['thing.made'])
  const two = recorder('two', ['thing.made', 'thing.lost'])
  const other = recorder('other', ['thing.lost'])
  const jobs = jobsWith(one.subscriber, two.subscriber, other.subscriber)
  const made = event()
  await transaction(db, (tx) => publish(tx, made))
  await jobs.drain()
  await jobs.drain()
  assert.equal(one.heard.length, 1)
  assert.equal(two.heard.length, 1)
  assert.equal(other.heard.length, 0)
  const { id, ...heard } = one.heard[0] as StoredEvent
  assert.match(id, /^[0-9a-f-]{36}$/)
  assert.deepEqual(heard, { ...made, payload: { size: '12345678901234567890' }, actor: { kind: 'system', id: 'test' } })
})

test('what does not concern a subscriber is no job of it', async () => {
  const all = recorder('all-sizes', ['thing.sized'])
  const large = recorder('large-only', ['thing.sized'])
  const jobs = jobsWith(all.subscriber, { ...large.subscriber, concerns: ({ payload }) => payload['size'] === 'large' })
  const about = { sellerId: newId<SellerId>(), type: 'thing.sized' }
  for (const size of ['small', 'large']) await publish(db, event({ ...about, payload: { size } }))
  await jobs.drain()
  assert.deepEqual(
    [all, large].map(({ heard }) => heard.map(({ payload }) => payload['size'])),
    [['small', 'large'], ['large']],
  )
})

test('nobody hears of what was rolled back', async () => {
  const { heard, subscriber } = recorder('rolled-back', ['never'])
  const jobs = jobsWith(subscriber)
  await assert.rejects(
    transaction(db, async (tx) => {
      await publish(tx, event({ type: 'never' }))
      throw new Error('no')
    }),
  )
  await jobs.drain()
  assert.equal(heard.length, 0)
})

test('keeps the order of one subject, over more events than a batch holds', async () => {
  const { heard, subscriber } = recorder('in-order', ['counted'])
  const jobs = jobsWith(subscriber)
  const sellerId = newId<SellerId>()
  const events = Array.from({ length: 450 }, (_, number) => event({ sellerId, type: 'counted', payload: { number } }))
  await transaction(db, async (tx) => {
    for (const one of events) await publish(tx, one)
  })
  await jobs.start()
  const until = Date.now() + 20_000
  while (heard.length < events.length && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  await jobs.stop()
  assert.deepEqual(
    heard.map(({ payload }) => payload['number']),
    events.map((_, number) => number),
  )
})

test('events that a subscriber publishes are heard in the same drain', async () => {
  const { heard, subscriber } = recorder('second', ['follow-up'])
  const first = recorder('first', ['begin'], () => publish(db, event({ type: 'follow-up' })))
  const jobs = jobsWith(first.subscriber, subscriber)
  await publish(db, event({ type: 'begin' }))
  await jobs.drain()
  assert.equal(heard.length, 1)
})

test('a failing subscriber is told again later and holds up nobody else', async () => {
  let fails = true
  const failing = recorder('failing', ['hard'], async () => {
    if (fails) throw new Error('not today')
  })
  const fine = recorder('fine', ['hard'])
  const jobs = jobsWith(failing.subscriber, fine.subscriber)
  await publish(db, event({ type: 'hard' }))
  await assert.rejects(jobs.drain(), /not today/)
  assert.equal(fine.heard.length, 1)
  fails = false
  const { rows } = await pool.query(
    `update graphile_worker._private_jobs set run_at = now() where attempts = 1 returning max_attempts, last_error`,
  )
  assert.equal(rows.length, 1)
  assert.match(rows[0].last_error, /not today/)
  await jobs.drain()
  assert.equal(failing.heard.length, 2)
})

/** Tries now what is to be tried again. */
const retryNow = () => pool.query('update graphile_worker._private_jobs set run_at = now() where is_available')

/** Writes down what it has done of each subject; `mayFail` throws for a planted fault. */
function storyteller(name: string, given: Partial<Subscriber>, mayFail: (told: string) => void) {
  const told: string[] = []
  const subscriber: Subscriber = {
    name,
    on: [name],
    inOrder: true,
    ...given,
    async handle({ subject, payload }) {
      const line = `${subject.id}${String(payload['number'])}`
      mayFail(line)
      told.push(line)
    },
  }
  return { told, subscriber }
}

const tell = async (type: string, ...lines: string[]) => {
  const sellerId = newId<SellerId>()
  for (const line of lines) {
    const subject = { kind: 'thing', id: line.slice(0, -1) }
    await publish(db, event({ sellerId, type, subject, payload: { number: line.at(-1) } }))
  }
}

test('where a subscriber keeps order, those behind a failed one of their subject wait for it, others do not', async () => {
  const broken = new Set(['a1', 'a2'])
  const { told, subscriber } = storyteller('story', {}, (line) => {
    if (broken.has(line)) throw new Error(`${line} fails`)
  })
  const jobs = jobsWith(subscriber)
  await tell('story', 'a1', 'b1', 'a2', 'a3', 'b2')
  await assert.rejects(jobs.drain(), /a1 fails/)
  assert.deepEqual(told, ['b1', 'b2'])

  await retryNow()
  await assert.rejects(jobs.drain(), /a1 fails/)
  broken.delete('a1')
  await retryNow()
  await assert.rejects(jobs.drain(), /a2 fails/)
  assert.deepEqual(told, ['b1', 'b2', 'a1'])

  await tell('story', 'c1')
  broken.delete('a2')
  // Alone: the one behind it is called when it is done.
  await pool.query(`update graphile_worker._private_jobs set run_at = now() where last_error like '%a2 fails%'`)
  await jobs.drain()
  assert.deepEqual(
    told.filter((line) => line.startsWith('a')),
    ['a1', 'a2', 'a3'],
  )
  assert.ok(told.includes('c1'))
  const { rows } = await pool.query('select from graphile_worker._private_jobs where is_available')
  assert.equal(rows.length, 0)
})

test('one that is given up holds up nobody', async () => {
  const { told, subscriber } = storyteller('given-up', { maxAttempts: 2 }, (line) => {
    if (line === 'a1') throw new Error('never')
  })
  const jobs = jobsWith(subscriber)
  await tell('given-up', 'a1', 'a2')
  await assert.rejects(jobs.drain(), /never/)
  assert.deepEqual(told, [])
  await retryNow()
  // The second try is the last; the one behind it takes its turn in the same round or the next.
  await assert.rejects(jobs.drain(), /never/)
  await retryNow()
  await jobs.drain()
  assert.deepEqual(told, ['a2'])
})

test('a crash while one is put behind a failed one keeps the order', async () => {
  await tell('torn', 'a1', 'a2', 'a3')
  const script = `
    import { openDatabase } from './src/platform/db.ts'
    import { createJobs } from './src/platform/jobs.ts'
    import { pino } from 'pino'
    const { db, pool } = openDatabase({ connectionString: process.env.TEST_DATABASE })
    const handle = async () => { throw new Error('not today') }
    const subscribers = [{ name: 'torn', on: ['torn'], inOrder: true, handle }]
    const clock = { now: () => new Date() }
    const connectionString = process.env.TEST_DATABASE
    await createJobs({ connectionString, db, pool, clock, log: pino({ level: 'silent' }), subscribers }).start()`
  const died = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: `${import.meta.dirname}/../../..`,
    env: { ...process.env, TEST_DATABASE: database.connectionString, BUYLINK_CRASH_AT: 'job.behind' },
  }).catch((error: { signal?: string }) => error.signal)
  assert.equal(died, 'SIGKILL')

  const { told, subscriber } = storyteller('torn', {}, () => undefined)
  const jobs = jobsWith(subscriber)
  await jobs.start()
  await until(
    () => retryNow().then(() => told.length),
    (count) => count >= 3,
  )
  const left = async () =>
    (await pool.query(`select j.key from graphile_worker.jobs j where j.task_identifier = 'torn'`)).rows
  assert.deepEqual(await until(left, ({ length }) => length === 0), [])
  await jobs.stop()
  assert.deepEqual(told, ['a1', 'a2', 'a3'])
})

test('a hint makes a started relay hear at once; without one it hears within a second', async () => {
  const { heard, subscriber } = recorder('prompt', ['now'])
  const jobs = jobsWith(subscriber)
  await jobs.start()
  const hear = async (count: number) => {
    const startedMs = performance.now()
    while (heard.length < count && performance.now() - startedMs < 10_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    return performance.now() - startedMs
  }
  await publish(db, event({ type: 'now' }))
  assert.ok((await hear(1)) < 5000)
  await publish(db, event({ type: 'now' }))
  jobs.wake()
  await hear(2)
  assert.equal(heard.length, 2)
  await jobs.stop()
})

test('rows made for hot statements say the same as publish', async () => {
  const made = event({ type: 'hot' })
  const row = eventRow(made)
  await pool.query(
    `insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at)
     select $2, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, $3
       from jsonb_to_recordset($1::jsonb) as e (id uuid, type text, subject_kind text, subject_id text,
         tenant_id uuid, payload jsonb, actor jsonb, correlation_id uuid)`,
    [toJson([row]), made.sellerId, made.at],
  )
  const { heard, subscriber } = recorder('hot', ['hot'])
  await jobsWith(subscriber).drain()
  assert.deepEqual(heard[0], {
    ...made,
    id: row.id,
    payload: { size: '12345678901234567890' },
    actor: { kind: 'system', id: 'test' },
  })
})

test('a crash between enqueueing and marking loses nothing and doubles nothing', async () => {
  const { heard, subscriber } = recorder('crash', ['crashed'])
  const jobs = jobsWith(subscriber)
  await publish(db, event({ type: 'crashed' }))
  const script = `
    import { openDatabase } from './src/platform/db.ts'
    import { createRelay } from './src/platform/events/relay.ts'
    import { pino } from 'pino'
    const { pool } = openDatabase({ connectionString: process.env.TEST_DATABASE })
    const subscribers = [{ name: 'crash', on: ['crashed'], handle: async () => undefined }]
    await createRelay({ pool, clock: { now: () => new Date() }, log: pino({ level: 'silent' }), subscribers }).relayOnce()`
  const died = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: `${import.meta.dirname}/../../..`,
    env: { ...process.env, TEST_DATABASE: database.connectionString, BUYLINK_CRASH_AT: 'relay.enqueued' },
  }).catch((error: { signal?: string }) => error.signal)
  assert.equal(died, 'SIGKILL')
  await jobs.drain()
  assert.equal(heard.length, 1)
})
