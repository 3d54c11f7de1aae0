import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { caller, newBrowser, type TestBrowser, testFace } from '../../test/harness/registration.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { createUser } from '../users/index.ts'
import { registrationRoutes } from './routes.ts'

const database = await testDatabase()
const clock = fixedClock()
const shop = await testSeller(database.db, clock, 'shop.example', 'One Cloud')
const { face, refresh } = testFace(database, clock)
await refresh()
const call = caller(database, clock, face, registrationRoutes(face))
const password = 'a good enough password'

async function person(email: string): Promise<(browser: TestBrowser) => Promise<unknown>> {
  await createUser(database.db, clock, shop.actor, {
    tenantId: shop.tenant.id,
    email,
    password,
    firstName: 'Ann',
    lastName: 'Lee',
    roles: ['finance'],
  })
  return (browser) => call(browser, shop.host, 'POST', '/api/v1/sessions', { email, password })
}

const told = async (email: string): Promise<string[]> =>
  (
    await database.pool.query<{ subject: string }>('select subject from mails where recipient = $1 order by id', [
      email,
    ])
  ).rows.map(({ subject }) => subject)

test('a sign-in with another browser than ever before is mailed to whose it is, once a browser', async () => {
  const signIn = await person('ann@shop.example')
  const [laptop, phone] = [newBrowser(), newBrowser()]
  await signIn(laptop)
  await signIn(laptop)
  assert.deepEqual(await told('ann@shop.example'), [])
  await signIn(phone)
  await signIn(phone)
  await call(laptop, shop.host, 'DELETE', '/api/v1/session')
  await signIn(laptop)
  assert.deepEqual(await told('ann@shop.example'), ['New sign-in at One Cloud'])
})

test('people who share a browser are known apart, and what is not ours counts for nobody', async () => {
  const [bea, cem] = [await person('bea@shop.example'), await person('cem@shop.example')]
  const [shared, beas] = [newBrowser(), newBrowser()]
  await bea(beas)
  await cem(newBrowser())
  await bea(shared)
  await cem(shared)
  await bea(shared)
  await cem(shared)
  assert.deepEqual(
    [await told('bea@shop.example'), await told('cem@shop.example')].map(({ length }) => length),
    [1, 1],
  )
  const name = Object.keys(shared.cookies).find((cookie) => cookie.endsWith('buylink_browser'))
  assert.ok(name)
  await bea({ cookies: { [name]: `${'A'.repeat(22)}.x..${'B'.repeat(500)}` } })
  assert.equal((await told('bea@shop.example')).length, 2)
})

test('a browser knows the last eight who used it', async () => {
  const browser = newBrowser()
  const people = await Promise.all(Array.from({ length: 9 }, (_, n) => person(`p${n}@shop.example`)))
  for (const signIn of people) await signIn(browser)
  for (const signIn of people.slice(1).toReversed()) await signIn(browser)
  assert.deepEqual(await told('p8@shop.example'), [])
  await people[0]?.(browser)
  assert.equal((await told('p0@shop.example')).length, 1)
})
