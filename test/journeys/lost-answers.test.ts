import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { workOf } from '../../src/application-jobs.ts'
import { createStripeGateway } from '../../src/cards/index.ts'
import { type Answer, openApplication } from '../harness/application.ts'
import { testDatabase } from '../harness/database.ts'
import { everyPost } from '../harness/every-post.ts'
import { untilQuiet } from '../harness/order-stories.ts'
import { obedient } from '../harness/post-stage.ts'
import { startStripe } from '../harness/stripe.ts'
import { until } from '../harness/visitor.ts'

const database = await testDatabase()
const { pool } = database
const stripe = await startStripe()
const service = obedient()
const app = await openApplication(database, { cards: await createStripeGateway(stripe), connectors: [service] })
const posts = await everyPost(app, database, { stripe, service })

/** The requests themselves, and the browsers. Where links were shown is noted by and by. */
const ASIDE = ['idempotency_keys', 'sessions', 'upsell_shown']

const { rows: tables } = await pool.query<{ name: string }>(
  `select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> all($1)`,
  [ASIDE],
)
const FINGERPRINTS = tables
  .map(
    ({ name }) => `
select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as print from "${name}" t`,
  )
  .join(' union all')

/** What is done every minute and every hour of the real time, and what that leads to: not between two fingerprints. */
async function letTimePass(): Promise<void> {
  for (const { run } of workOf(app.parts).scheduled ?? []) await run()
  await untilQuiet(pool)
}

/** Every row of every table, table by table, as one fingerprint each. */
async function fingerprints(): Promise<Record<string, string>> {
  await untilQuiet(pool)
  await letTimePass()
  const waiting = async () => (await pool.query("select from deliveries where status = 'waiting'")).rowCount
  await until(waiting, (count) => count === 0, { what: 'end of deliveries' })
  const { rows } = await pool.query<{ name: string; print: string }>(FINGERPRINTS)
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]))
}

/** As a server leaves it that was killed between the commit and the keeping of the answer. */
async function loseAnswer(key: string): Promise<void> {
  const { rowCount } = await pool.query(
    `update idempotency_keys
        set status = null, headers = null, sealed_body = null, locked_until = created_at - interval '1 second'
      where key = $1`,
    [key],
  )
  assert.equal(rowCount, 1, 'the answer was kept')
}

/** An answer without what moves on by itself, at any depth. */
const still = ({ status, body }: Answer, moving: readonly string[]): unknown =>
  JSON.parse(JSON.stringify([status, body], (name, value) => (moving.includes(name) ? undefined : value)))

let listed: string[] = []
before(async () => {
  const { paths } = (await app.caller().send('GET', '/openapi.json')).body as unknown as {
    paths: Record<string, Record<string, unknown>>
  }
  listed = Object.keys(paths).filter((path) => path.startsWith('/api/v1/') && paths[path]?.['post'])
})

test('every POST of the document is tried here', () =>
  assert.deepEqual(Object.keys(posts).sort(), listed.sort(), 'add one that succeeds to test/harness/every-post.ts'))

for (const [path, prepare] of Object.entries(posts))
  test(`POST ${path}: asked again after a crash, it is done once and answered as it would have been`, async () => {
    const { by, path: at, body, headers, moving = [] } = await prepare()
    const key = `lost-${path}`
    const send = () => by().send('POST', at, body, { ...headers, 'idempotency-key': key })
    const first = await send()
    assert.ok(first.status < 300, `${first.status} ${first.text}`)
    const done = await fingerprints()
    await loseAnswer(key)
    const again = await send()
    assert.equal(again.headers['idempotent-replayed'], undefined)
    assert.deepEqual(still(again, moving), still(first, moving))
    assert.deepEqual(await fingerprints(), done)
  })
