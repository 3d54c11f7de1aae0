import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { newId, type SellerId } from '../src/kernel/ids.ts'
import { systemClock } from '../src/kernel/time.ts'
import { openDatabase, transaction } from '../src/platform/db.ts'
import { publish } from '../src/platform/events/publish.ts'
import { createJobs } from '../src/platform/jobs.ts'
import { testDatabase } from './harness/database.ts'
import { openProxy } from './harness/proxy.ts'
import { until } from './harness/visitor.ts'

const database = await testDatabase()
// The queue traces lost connections to standard error by itself.
console.trace = () => undefined

test('when the end of the database cuts off every job at once, the queue goes on by itself', async () => {
  const [, name = '', folder = ''] = /\/([^/?]+)\?host=([^&]+)/.exec(database.connectionString) ?? []
  const proxy = await openProxy({ path: `${decodeURIComponent(folder)}/.s.PGSQL.5432` })
  const connectionString = `postgresql://buylink@127.0.0.1:${proxy.port}/${name}`
  const { db, pool, close } = openDatabase({ connectionString, onIdleError: () => undefined })
  database.beforeClose(close)
  const cut = Promise.withResolvers<void>()
  let begun = 0
  const done = new Set<string>()
  const jobs = createJobs({
    connectionString,
    db,
    pool,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    // Of four subscribers, since two jobs of one may have to wait for one another.
    subscribers: ['north', 'east', 'south', 'west'].map((name) => ({
      name,
      on: ['tried'],
      async handle() {
        if (++begun <= 4) {
          await cut.promise
          throw new Error('Cut off')
        }
        done.add(name)
      },
    })),
  })
  database.beforeClose(() => jobs.stop())
  await jobs.start()
  await transaction(db, (tx) =>
    publish(tx, {
      sellerId: newId<SellerId>(),
      type: 'tried',
      subject: { kind: 'thing', id: newId() },
      tenantId: null,
      payload: {},
      actor: { kind: 'system', id: 'test' },
      correlationId: newId(),
      at: systemClock.now(),
    }),
  )
  jobs.wake()
  // As many as run at a time: not one of them will be able to say how it ended.
  await until(
    async () => begun,
    (count) => count === 4,
    { what: 'four jobs at a time' },
  )
  proxy.cut()
  cut.resolve()
  await sleep(2_000)
  proxy.mend()
  await until(
    async () => done.size,
    (size) => size === 4,
    { timeoutMs: 60_000, what: 'end of all four' },
  )
  assert.equal(done.size, 4)
})
