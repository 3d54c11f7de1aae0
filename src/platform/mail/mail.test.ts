import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { fixedClock } from '../../../test/harness/clock.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { testPrincipal, testServer } from '../../../test/harness/http.ts'
import { type CorrelationId, newId, type SellerId } from '../../kernel/ids.ts'
import { DAY_MS } from '../../kernel/time.ts'
import { transaction } from '../db.ts'
import type { Subject } from '../events/schema.ts'
import { createJobs } from '../jobs.ts'
import { renderMail } from './layout.ts'
import { createMailSender } from './mail-sender.ts'
import { queueMail, requeueMail } from './queue-mail.ts'
import { mailRoutes } from './routes.ts'

const database = await testDatabase()
const { db, pool } = database
const clock = fixedClock()
const log = pino({ level: 'silent' })

function mailJobs(smtpUrl: string | undefined) {
  const sender = createMailSender({ smtpUrl, publicUrl: 'https://shop.example.com' })
  const jobs = createJobs({
    connectionString: database.connectionString,
    db,
    pool,
    clock,
    log,
    subscribers: [sender.subscriber],
  })
  after(async () => {
    await jobs.stop()
    sender.close()
  })
  return jobs
}

async function smtpServer(port = 0, refuse?: { code: number; message: string }) {
  const received: Email[] = []
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) =>
      refuse ? done(Object.assign(new Error(refuse.message), { responseCode: refuse.code })) : done(),
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(chunks))
          .then((mail) => received.push(mail))
          .finally(() => done())
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = server.server.address()
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  after(stop)
  return { received, port: typeof bound === 'object' && bound ? bound.port : 0, stop }
}

const queue = (
  given: { sellerId?: SellerId; to?: string; text?: string; subjectOf?: Subject; unsubscribeUrl?: string } = {},
) =>
  transaction(db, (tx) =>
    queueMail(tx, {
      sellerId: given.sellerId ?? newId(),
      ...(given.unsubscribeUrl !== undefined && { unsubscribeUrl: given.unsubscribeUrl }),
      to: given.to ?? 'ann@example.com',
      subject: 'Grüße, подтвердите',
      html: '<p>Hallo</p>',
      text: given.text ?? 'Hallo',
      purpose: 'confirm_registration',
      ...(given.subjectOf && { subjectOf: given.subjectOf }),
      correlationId: newId(),
      at: clock.now(),
    }),
  )

const stateOf = async (id: string) =>
  db
    .selectFrom('mails')
    .where('id', '=', id)
    .select(['status', 'attempts', 'last_error', 'sent_at'])
    .executeTakeFirstOrThrow()

test('sends a mail with both parts, a stable id and the installation as its sender', async () => {
  const { received, port } = await smtpServer()
  const id = await queue()
  await mailJobs(`smtp://127.0.0.1:${port}`).drain()
  assert.equal(received.length, 1)
  const [mail] = received
  assert.equal(mail?.subject, 'Grüße, подтвердите')
  assert.equal(mail?.messageId, `<${id}@shop.example.com>`)
  assert.deepEqual(mail?.from, { name: 'Buylink', address: 'no-reply@shop.example.com' })
  assert.equal(mail?.to?.[0]?.address, 'ann@example.com')
  assert.match(mail?.html ?? '', /<p>Hallo<\/p>/)
  assert.equal(mail?.text?.trim(), 'Hallo')
  assert.deepEqual(await stateOf(id), { status: 'sent', attempts: 1, last_error: null, sent_at: clock.now() })
})

test('keeps mail where no server is set', async () => {
  const id = await queue()
  await mailJobs(undefined).drain()
  assert.equal((await stateOf(id)).status, 'kept')
})

test('a server that is down gets the mail once it is up', async () => {
  const first = await smtpServer()
  await first.stop()
  const jobs = mailJobs(`smtp://127.0.0.1:${first.port}`)
  const id = await queue()
  await assert.rejects(jobs.drain(), /could not take/)
  const waiting = await stateOf(id)
  assert.equal(waiting.status, 'queued')
  assert.match(waiting.last_error ?? '', /ECONNREFUSED/)
  const second = await smtpServer(first.port)
  await pool.query(`update graphile_worker._private_jobs set run_at = now()`)
  await jobs.drain()
  assert.equal((await stateOf(id)).status, 'sent')
  assert.equal(second.received.length, 1)
})

const runNow = () => pool.query('update graphile_worker._private_jobs set run_at = now()')

test('of one thing nobody gets a later mail before an earlier one; another thing does not wait', async () => {
  const first = await smtpServer()
  await first.stop()
  const jobs = mailJobs(`smtp://127.0.0.1:${first.port}`)
  const about = { sellerId: newId<SellerId>(), to: 'ada@example.com', subjectOf: { kind: 'order', id: newId() } }
  const ids = [await queue({ ...about, text: 'placed' })]
  await assert.rejects(jobs.drain(), /could not take/)
  // The first one waits for its next try; these are announced while the server is up again.
  const second = await smtpServer(first.port)
  ids.push(await queue({ ...about, text: 'paid' }), await queue({ ...about, text: 'ready' }))
  const other = await queue({ ...about, subjectOf: { kind: 'order', id: newId() }, text: 'another order' })
  await jobs.drain()
  assert.deepEqual(await Promise.all(ids.map(async (id) => (await stateOf(id)).status)), ['queued', 'queued', 'queued'])
  assert.equal((await stateOf(other)).status, 'sent')
  await runNow()
  await jobs.drain()
  const texts = second.received.map(({ text }) => text?.trim())
  assert.deepEqual(texts, ['another order', 'placed', 'paid', 'ready'])
})

test('a mail that is refused keeps none of those behind it', async () => {
  const { port } = await smtpServer(0, { code: 550, message: 'no such mailbox' })
  const jobs = mailJobs(`smtp://127.0.0.1:${port}`)
  const about = { sellerId: newId<SellerId>(), subjectOf: { kind: 'order', id: newId() } }
  const ids = [await queue(about), await queue(about)]
  await jobs.drain()
  assert.deepEqual(await Promise.all(ids.map(async (id) => (await stateOf(id)).status)), ['failed', 'failed'])
})

test('after three days a mail is given up, and sent again by hand with the same id it is tried for three more', async () => {
  const first = await smtpServer()
  await first.stop()
  const jobs = mailJobs(`smtp://127.0.0.1:${first.port}`)
  const sellerId = newId<SellerId>()
  const id = await queue({ sellerId })
  await assert.rejects(jobs.drain(), /could not take/)
  clock.advance(3 * DAY_MS - 1000)
  await runNow()
  await assert.rejects(jobs.drain(), /could not take/)
  clock.advance(1000)
  await runNow()
  await jobs.drain()
  assert.equal((await stateOf(id)).status, 'failed')
  const again = { sellerId, id, correlationId: newId<CorrelationId>(), at: clock.now() }
  await transaction(db, (tx) => requeueMail(tx, again))
  const second = await smtpServer(first.port)
  await jobs.drain()
  assert.equal((await stateOf(id)).status, 'sent')
  assert.equal(second.received[0]?.messageId, `<${id}@shop.example.com>`)
})

test('a mail that the server refuses for good is not tried again', async () => {
  const { port } = await smtpServer(0, { code: 550, message: 'no such mailbox' })
  const id = await queue({ to: 'nobody@example.com' })
  const jobs = mailJobs(`smtp://127.0.0.1:${port}`)
  await jobs.drain()
  const { status, last_error } = await stateOf(id)
  assert.equal(status, 'failed')
  assert.match(last_error ?? '', /no such mailbox/)
})

test('an operator sees the mails of the sellers below and nobody else’s; reading one is written down', async () => {
  const at = clock.now()
  const [root, reseller, hidden] = [newId<SellerId>(), newId<SellerId>(), newId<SellerId>()]
  for (const [id, number, path, accessPath, kind, parent] of [
    [root, 1, '1', '1', 'root', null],
    [reseller, 2, '1.2', '1', 'partner', root],
    [hidden, 3, '1.3', '1.3', 'partner', root],
  ] as const)
    await pool.query(
      `insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, created_at, updated_at)
       values ($1, $2, $3, $1, $4, 'T', $5, $6, $7, $7)`,
      [id, number, parent, kind, path, accessPath, at],
    )
  const ids = [await queue({ sellerId: root }), await queue({ sellerId: reseller })]
  const foreign = await queue({ sellerId: hidden })
  const actor = testPrincipal({ tenantId: root as string, sellerId: root, path: '1', scopes: new Set(['mails:read']) })
  const { request } = await testServer(database, { routes: mailRoutes, actor, clock })

  const first = await request('GET', '/api/v1/mails?limit=1')
  const second = await request('GET', `/api/v1/mails?limit=1&cursor=${first.body?.['next_cursor']}`)
  const seen = [first, second].flatMap(({ body }) => ((body?.['items'] ?? []) as { id: string }[]).map(({ id }) => id))
  assert.deepEqual(seen, ids.toReversed())
  assert.equal(second.body?.['next_cursor'], null)
  assert.equal((await request('GET', '/api/v1/mails?cursor=bm9uc2Vuc2U')).status, 400)

  const read = await request('GET', `/api/v1/mails/${ids[1]}`)
  assert.equal(read.body?.['body_text'], 'Hallo')
  assert.equal((await request('GET', `/api/v1/mails/${foreign}`)).status, 404)
  const log = await db
    .selectFrom('audit_log')
    .where('action', '=', 'mail.read')
    .select(['seller_id', 'subject_id', 'actor'])
    .execute()
  assert.deepEqual(log, [{ seller_id: reseller, subject_id: ids[1], actor: { kind: 'user', id: actor.id } }])
})

test('the layout escapes every text and says the same in its text part', () => {
  const { html, text } = renderMail(
    { name: 'Smith & <b>Sons</b>', colour: '#ffee00' },
    {
      language: 'en',
      preview: 'Preview',
      heading: '<script>alert(1)</script>',
      paragraphs: ['5 < 6'],
      facts: [{ label: 'Total', value: '49.00 "USD"' }],
      button: { label: 'Confirm', url: 'https://shop.example.com/client/confirm?token=a&b=1' },
      linkHint: 'Or open:',
      footer: ['You asked for this.'],
    },
  )
  assert.doesNotMatch(html, /<script|<b>Sons/)
  assert.match(html, /href="https:\/\/shop\.example\.com\/client\/confirm\?token=a&amp;b=1"/)
  assert.match(html, /color:#000000;text-decoration:none/)
  assert.match(text, /Total: 49\.00 "USD"\n\nConfirm:\nhttps:\/\/shop\.example\.com\/client\/confirm\?token=a&b=1\n/)
  assert.throws(() =>
    renderMail(
      { name: 'N', colour: 'red' },
      {
        language: 'en',
        preview: '',
        heading: '',
        paragraphs: [],
        button: { label: 'x', url: 'javascript:1' },
        footer: [],
      },
    ),
  )
})

for (const { url, headers } of [
  {
    url: 'https://shop.example.com/stop?token=a.b',
    headers: ['<https://shop.example.com/stop?token=a.b>', 'List-Unsubscribe=One-Click'],
  },
  { url: 'http://localhost:8080/stop', headers: ['<http://localhost:8080/stop>', undefined] },
  { url: undefined, headers: [undefined, undefined] },
])
  test(`a mail that can be ended at ${url} says so to mail programs (RFC 8058)`, async () => {
    const smtp = await smtpServer()
    const jobs = mailJobs(`smtp://127.0.0.1:${smtp.port}`)
    await queue({ to: 'ender@example.com', ...(url !== undefined && { unsubscribeUrl: url }) })
    await jobs.drain()
    const mail = smtp.received.find(({ to }) => to?.[0]?.address === 'ender@example.com')
    const valueOf = (key: string) => mail?.headers.find((header) => header.key === key)?.value
    assert.deepEqual([valueOf('list-unsubscribe'), valueOf('list-unsubscribe-post')], headers)
  })
