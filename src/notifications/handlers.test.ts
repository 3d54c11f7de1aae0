import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { openHandlers } from '../../test/harness/handlers.ts'
import { openReceiver } from '../../test/harness/receiver.ts'
import { createManager } from '../attribution/index.ts'
import { type TenantId } from '../kernel/ids.ts'
import { approvePayment } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import { tenantOf } from '../tenants/index.ts'
import { countUnread, listNotices, markRead } from './notice-store.ts'
import { listDeliveries } from './delivery-view.ts'
import { previewHandler, testHandler } from './preview-handler.ts'
import { replayDelivery } from './replay.ts'
import { createEndpoint } from './save-endpoint.ts'
import { changeHandler, createHandler, getHandler, handlersAt, removeHandler } from './save-handler.ts'

const {
  db,
  clock,
  pool,
  shop,
  mailbox,
  log,
  places,
  notifier,
  deps,
  sender,
  jobs,
  northwind,
  rival,
  rivalActor,
  customer,
  order,
  mailsTo,
  logOf,
  text,
  input,
} = await openHandlers(await testDatabase())

test('row 52: the manager is mailed that an account was created and is credited to them, over a real mail server', async () => {
  await createManager(db, clock, northwind, {
    sellerId: tenantOf(shop.store.sellerId),
    name: 'Mira',
    role: 'sales',
    key: 'mira1',
    email: 'mira@northwind.example',
  })
  await customer('Fabrikam', { managerKey: 'mira1' })
  await jobs.drain()
  assert.deepEqual((await mailsTo('mira@northwind.example')).toSorted(), [
    'Fabrikam is credited to you',
    'New account: Fabrikam',
  ])
  const received = await mailbox.newestTo('mira@northwind.example')
  assert.match(received.html ?? '', /<a href="http[^"]+\/portal\/accounts\//)
  assert.match(received.text ?? '', /Fabrikam/)
  assert.match(received.text ?? '', /credited to you/)
})

test('row 52: a referral partner and an inactive manager are told nothing', async () => {
  for (const given of [
    { key: 'partner1', email: 'partner@example.com', isPartner: true },
    { key: 'gone1', email: 'gone@northwind.example', active: false },
  ]) {
    const sellerId = tenantOf(shop.store.sellerId)
    await createManager(db, clock, northwind, { sellerId, name: given.key, role: 'sales', ...given })
    await customer(given.key, { managerKey: given.key })
    await jobs.drain()
    assert.deepEqual(await mailsTo(given.email), [])
  }
})

test('row 53: an order tells the customer what to pay, the staff that money is waited for, and both how it ends', async () => {
  const ada = await customer('Adatum')
  const placed = await order(ada)
  await jobs.drain()
  assert.deepEqual(await mailsTo(ada.email), [`Your order ${placed.number}`])
  const received = await mailbox.newestTo(ada.email)
  assert.match(received.text ?? '', /To pay: 49\.00 USD/)
  assert.match(received.text ?? '', /\/client\/payments\//)
  const { rows: staff } = await pool.query(`select title from notices where title like 'Adatum%'`)
  assert.ok(staff.length > 0)
  assert.ok(placed.payment)
  await approvePayment(db, clock, shop.operator, { sellerId: shop.store.sellerId, paymentId: placed.payment.id })
  await jobs.drain()
  assert.deepEqual((await mailsTo(ada.email)).toSorted(), [
    'Backup Business is ready',
    'We received your payment',
    `Your order ${placed.number}`,
  ])
})

test('an event that is handled twice tells once', async () => {
  const bob = await customer('Bobco')
  await order(bob)
  await jobs.drain()
  const { rows } = await pool.query(
    `select seller_id as "sellerId", id, type, json_build_object('kind', subject_kind, 'id', subject_id) as subject,
            tenant_id as "tenantId", payload, actor, correlation_id as "correlationId", occurred_at as at
       from events where type = 'order.placed' order by id desc limit 1`,
  )
  await notifier.handle(rows[0], { db, pool, clock, log, attempt: 2, maxAttempts: 25 })
  await jobs.drain()
  assert.equal((await mailsTo(bob.email)).length, 1)
})

test('while a notice cannot be written, later ones of its order wait for it, and everyone else is told', async () => {
  const eve = await customer('Evenco')
  const placed = await order(eve)
  const ofOrder = `select distinct on (event_id) event_type from deliveries where subject_id = '${placed.id}' order by event_id`
  const told = async () => (await pool.query(ofOrder)).rows.map(({ event_type }) => event_type)
  await pool.query(
    `alter table deliveries add constraint planted check (event_type <> 'order.placed' or subject_id <> '${placed.id}')`,
  )
  await assert.rejects(jobs.drain(), /planted/)
  assert.ok(placed.payment)
  await approvePayment(db, clock, shop.operator, { sellerId: shop.store.sellerId, paymentId: placed.payment.id })
  await jobs.drain()
  assert.deepEqual(await told(), [])
  assert.deepEqual(await mailsTo(eve.email), ['We received your payment'])
  await pool.query('alter table deliveries drop constraint planted')
  await pool.query('update graphile_worker._private_jobs set run_at = now()')
  await jobs.drain()
  assert.deepEqual(await told(), ['order.placed', 'order.completed'])
})

test('row 50: a condition decides, and what cannot be rendered is in the log and stops nothing else', async () => {
  const placed = { ...input, eventType: 'order.placed' as const }
  const some = { ...placed, condition: 'account.name == "Contosa"', templates: text('Only Contosa') }
  const handlers = [
    await createHandler(db, clock, northwind, some),
    await createHandler(db, clock, northwind, { ...placed, templates: text('{{ event.data.nothing }}') }),
    await createHandler(db, clock, northwind, { ...placed, templates: text('Hello {{ account.name }}') }),
  ]
  const [one, other] = [await customer('Contosa'), await customer('Contosb')]
  await order(one)
  await order(other)
  await jobs.drain()
  const told = async (email: string) =>
    (await mailsTo(email)).filter((subject) => /Only|Hello/.test(subject)).toSorted()
  assert.deepEqual(await told(one.email), ['Hello Contosa', 'Only Contosa'])
  assert.deepEqual(await told(other.email), ['Hello Contosb'])
  const failed = (await logOf(northwind, 'order.placed')).filter(({ status }) => status === 'failed')
  assert.deepEqual(
    failed.map(({ handler, lastError }) => [handler, lastError]),
    [
      [handlers[1]?.key, 'The subject is empty'],
      [handlers[1]?.key, 'The subject is empty'],
    ],
  )
  for (const { key } of handlers) await removeHandler(db, clock, northwind, key, undefined)
})

test('a text that never ends is given up on after the first of its readers, and keeps nobody else waiting', async () => {
  // Nothing is wrong with it where it is written: there is no order yet.
  const endless = `{% if order.number contains 'SO' %}{% for a in (1..400) %}{% for b in (1..400) %}{% for c in (1..400) %}{% endfor %}{% endfor %}{% endfor %}{% endif %}`
  const addresses = Array.from({ length: 20 }, (_, number) => `slow${number}@northwind.example`)
  const slow = await createHandler(db, clock, northwind, {
    ...input,
    eventType: 'order.placed',
    recipients: [],
    addresses,
    templates: text('{{ account.name }}', endless),
  })
  const someone = await customer('Patientco')
  await order(someone)
  await jobs.drain()
  assert.equal((await mailsTo(someone.email)).length, 1)
  const failed = (await logOf(northwind, 'order.placed')).filter(({ handler }) => handler === slow.key)
  assert.deepEqual(
    // Time or memory, whichever a machine runs out of first.
    failed.map(({ status, lastError }) => [status, /limit exceeded/.test(lastError ?? '')]),
    [['failed', true]],
  )
  await removeHandler(db, clock, northwind, slow.key, undefined)
})

test('what could never be sent is refused when it is written, all of it at once', async () => {
  const bad = { ...input, condition: 'a | nothing', recipients: [], templates: text('{% if %}', '{{ x | nothing }}') }
  await assert.rejects(createHandler(db, clock, northwind, bad), (error: Error & { problems: { path: string }[] }) => {
    const paths = error.problems.map(({ path }) => path).toSorted()
    assert.deepEqual(paths, ['condition', 'recipients', 'templates.en.body', 'templates.en.subject'])
    return true
  })
})

test('row 50: a reseller’s own version stands in for a built-in handler, in its reader’s language; switched off it silences', async () => {
  const own = await createHandler(db, clock, northwind, {
    ...input,
    eventType: 'order.placed',
    overrides: 'order.placed:customer',
    templates: { ...text('Thanks, {{ account.name }}'), de: { subject: 'Danke, {{ account.name }}', body: 'Text' } },
  })
  const [english, german] = [await customer('Engco'), await customer('Deutco', { language: 'de-AT' })]
  await order(english)
  await order(german)
  await jobs.drain()
  assert.deepEqual(await mailsTo(english.email), ['Thanks, Engco'])
  assert.deepEqual(await mailsTo(german.email), ['Danke, Deutco'])
  const again = { ...input, eventType: 'order.placed' as const, overrides: 'order.placed:customer' }
  await assert.rejects(createHandler(db, clock, northwind, again), { code: 'conflict' })
  await changeHandler(db, clock, northwind, own.key, { enabled: false }, own.version)
  const silent = await customer('Silentco')
  await order(silent)
  await jobs.drain()
  assert.deepEqual(await mailsTo(silent.email), [])
  await assert.rejects(changeHandler(db, clock, northwind, own.key, { enabled: true }, own.version), {
    code: 'version_mismatch',
  })
  await removeHandler(db, clock, northwind, own.key, undefined)
  const later = await customer('Laterco')
  await order(later)
  await jobs.drain()
  assert.equal((await mailsTo(later.email)).length, 1, 'the built-in one applies again')
})

test('row 50: a handler of the operator applies below; another reseller finds nothing of one’s own', async () => {
  const above = await createHandler(db, clock, shop.operator, { ...input, name: 'From above', recipients: ['staff'] })
  const own = await createHandler(db, clock, northwind, { ...input, name: 'Northwind only', delegated: false })
  const names = async (tenantId: TenantId) => (await handlersAt(db, tenantId)).map(({ name }) => name)
  const [here, there] = [await names(tenantOf(shop.store.sellerId)), await names(rival.id)]
  assert.ok(here.includes('From above') && here.includes('Northwind only'))
  assert.ok(there.includes('From above') && !there.includes('Northwind only'))
  const missing = { code: 'not_found' }
  await assert.rejects(getHandler(db, rivalActor, own.key), missing)
  await assert.rejects(changeHandler(db, clock, rivalActor, own.key, { name: 'x' }, undefined), missing)
  await assert.rejects(removeHandler(db, clock, rivalActor, own.key, undefined), missing)
  await assert.rejects(changeHandler(db, clock, rivalActor, above.key, { name: 'x' }, undefined), missing)
  assert.deepEqual(await logOf(rivalActor, 'order.placed'), [])
  assert.ok((await logOf(northwind, 'order.placed')).length > 0)
  for (const [actor, key] of [
    [shop.operator, above.key],
    [northwind, own.key],
  ] as const)
    await removeHandler(db, clock, actor, key, undefined)
})

test('row 51: a preview shows a real past event, and another reseller’s is none', async () => {
  const ask = (
    actor: Principal,
    templates = text('{{ account.name }}', '# Hi\n\n{{ order.plan }}'),
    eventId?: string,
  ) =>
    previewHandler(db, clock, places, actor, {
      eventType: 'order.placed',
      channel: 'email',
      condition: 'order.plan_id == "425"',
      templates,
      language: 'en',
      eventId,
    })
  const seen = await ask(northwind)
  assert.equal(seen.matches, true)
  assert.match(seen.subject ?? '', /co$/)
  assert.equal(seen.parts?.heading, 'Hi')
  assert.match(seen.html ?? '', /Backup Business/)
  await assert.rejects(ask(rivalActor, undefined, seen.event?.id), { code: 'not_found' })
  const sample = await ask(rivalActor)
  assert.equal(sample.event, null)
  assert.equal(sample.subject, 'Contoso Dental')
  assert.match((await ask(northwind, text('{{ a | nothing }}'))).problem ?? '', /undefined filter/)
})

test('a test goes to the person who asks, and to nobody else', async () => {
  const before = await pool.query('select count(*)::integer as n from mails')
  const { rows } = await pool.query<{ id: string; email: string; tenant_id: string }>(
    `select id, email, tenant_id from users where email = 'anna@northwind.example'`,
  )
  const anna: Principal = { ...northwind, kind: 'user', id: rows[0]?.id ?? '' }
  await testHandler(db, clock, places, anna, 'order.placed:customer', undefined)
  const sent = await db.selectFrom('mails').select('recipient').orderBy('id', 'desc').execute()
  assert.equal(sent.length, before.rows[0].n + 1)
  assert.equal(sent[0]?.recipient, 'anna@northwind.example')
  await assert.rejects(testHandler(db, clock, places, northwind, 'order.placed:customer', undefined), {
    code: 'unprocessable',
  })
})

test('a handler writes what a webhook gets', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await createEndpoint(deps, northwind, {
    url: receiver.url,
    description: '',
    eventTypes: ['store.created'],
    includeResellers: false,
    enabled: true,
  })
  const handler = await createHandler(db, clock, northwind, {
    ...input,
    channel: 'webhook',
    recipients: [],
    webhookId: endpoint.id,
    templates: { en: { subject: '', body: '{"who": {{ account.name | json }}}' } },
  })
  await customer('Hookco')
  await jobs.drain()
  await sender.drain()
  assert.deepEqual(
    receiver.received.map(({ body }) => [body.type, body.data]),
    [['account.created', { who: 'Hookco' }]],
  )
  await removeHandler(db, clock, northwind, handler.key, undefined)
})

test('the log says what becomes of a mail, and sends it again with the same id', async () => {
  const someone = await customer('Mailco')
  await order(someone)
  await jobs.drain()
  const { rows } = await pool.query(`select id from mails where recipient = $1`, [someone.email])
  const findIt = async () => (await logOf(northwind, 'order.placed')).find(({ mailId }) => mailId === rows[0].id)
  const delivery = await findIt()
  assert.deepEqual([delivery?.status, delivery?.recipient], ['delivered', someone.email])
  await pool.query(`update mails set status = 'failed', last_error = '550 no such mailbox' where id = $1`, [rows[0].id])
  const failed = await findIt()
  assert.deepEqual([failed?.status, failed?.lastError], ['failed', '550 no such mailbox'])
  assert.ok(
    (await listDeliveries(db, northwind, { limit: 200, status: 'failed', channel: 'email' })).items.some(
      ({ id }) => id === failed?.id,
    ),
  )
  await assert.rejects(replayDelivery(db, clock, rivalActor, failed?.id ?? ''), { code: 'not_found' })
  await replayDelivery(db, clock, northwind, failed?.id ?? '')
  assert.equal((await findIt())?.status, 'waiting')
  await jobs.drain()
  assert.equal((await findIt())?.status, 'delivered')
  const notice = (await logOf(northwind, 'order.placed')).find(({ channel }) => channel === 'panel')
  await assert.rejects(replayDelivery(db, clock, northwind, notice?.id ?? ''), { code: 'conflict' })
})

test('notices are their reader’s alone, and are marked as read', async () => {
  const [one, other] = [await customer('Noticeco'), await customer('Otherco')]
  const placed = await order(one)
  assert.ok(placed.payment)
  await approvePayment(db, clock, shop.operator, { sellerId: shop.store.sellerId, paymentId: placed.payment.id })
  await jobs.drain()
  const whose = { sellerId: shop.store.sellerId, userId: one.user.id }
  const [notice] = await listNotices(db, whose, { limit: 10 })
  assert.equal(notice?.title, 'Backup Business is ready')
  assert.match(notice?.url ?? '', /\/client\/subscriptions\//)
  assert.equal(await countUnread(db, whose), 1)
  const stranger = { ...whose, userId: other.user.id }
  assert.deepEqual(await listNotices(db, stranger, { limit: 10 }), [])
  assert.equal(await markRead(db, stranger, notice?.id, clock.now()), 0)
  assert.equal(await markRead(db, whose, notice?.id, clock.now()), 1)
  assert.equal(await countUnread(db, whose), 0)
})
