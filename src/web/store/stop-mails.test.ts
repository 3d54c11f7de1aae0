import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGN_INS } from '../../demonstration/index.ts'
import { ORIGIN, openApplication } from '../../../test/harness/application.ts'
import { testDatabase } from '../../../test/harness/database.ts'

const database = await testDatabase()
const { db } = database
const app = await openApplication(database)
const reader = await db
  .selectFrom('users')
  .where('email', '=', SIGN_INS.customer)
  .select(['id', 'seller_id'])
  .executeTakeFirstOrThrow()
const path = app.parts.upsell.stopLinks.pathOf(reader.seller_id, reader.id)
const ask = (method: 'GET' | 'POST', url: string, contentType?: string, payload?: string) =>
  app.http.app.inject({
    method,
    url,
    headers: { host: new URL(ORIGIN).host, ...(contentType && { 'content-type': contentType }) },
    ...(payload !== undefined && { payload }),
  })
const isWanted = async (): Promise<boolean> => {
  const row = await db.selectFrom('users').where('id', '=', reader.id).select('notifications').executeTakeFirstOrThrow()
  return row.notifications.includes('quota')
}
const want = () =>
  db
    .updateTable('users')
    .set({ notifications: ['quota', 'reports'] })
    .where('id', '=', reader.id)
    .execute()

test('the page asks in the look of the reader’s reseller, and opening it changes nothing', async () => {
  await want()
  const page = await ask('GET', path)
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /Northwind Cloud/)
  assert.match(page.body, /\/brand\.css\?v=/)
  assert.match(page.body, /<form method="post"><button/)
  assert.equal(page.headers['x-robots-tag'], 'noindex, nofollow, noarchive')
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  assert.equal(await isWanted(), true)
})

for (const { name, contentType, payload } of [
  { name: 'a form', contentType: 'application/x-www-form-urlencoded', payload: '' },
  {
    name: 'a mail program (RFC 8058)',
    contentType: 'application/x-www-form-urlencoded',
    payload: 'List-Unsubscribe=One-Click',
  },
  {
    name: 'a mail program with parts',
    contentType: 'multipart/form-data; boundary=x',
    payload: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
  },
  { name: 'a program that sends nothing', contentType: undefined, payload: undefined },
])
  test(`one POST of ${name} ends the mails, other notifications stay`, async () => {
    await want()
    const stopped = await ask('POST', path, contentType, payload)
    assert.equal(stopped.statusCode, 200, stopped.body)
    assert.match(stopped.body, /sends you no more mails/)
    assert.equal(await isWanted(), false)
    assert.match((await ask('POST', path, contentType, payload)).body, /sends you no more mails/)
    assert.doesNotMatch((await ask('GET', path)).body, /<form/)
    const { notifications } = await db
      .selectFrom('users')
      .where('id', '=', reader.id)
      .select('notifications')
      .executeTakeFirstOrThrow()
    assert.deepEqual(notifications, ['reports'])
  })

test('a link that is not ours ends nothing', async () => {
  await want()
  for (const url of [
    `${path}x`,
    path.replace(/token=.{8}/, 'token=00000000'),
    '/quota-mails/stop',
    '/quota-mails/stop?token=a.b.c',
  ])
    for (const method of ['GET', 'POST'] as const) {
      const answer = await ask(method, url)
      assert.equal(answer.statusCode, 404, url)
      assert.match(answer.body, /This link is not complete/)
    }
  assert.equal(await isWanted(), true)
})
