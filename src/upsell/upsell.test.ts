import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { SIGN_INS } from '../demonstration/index.ts'
import { newId, type UserId } from '../kernel/ids.ts'
import { readUpsellLink } from '../link/index.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import { upsellUsers } from './facts-view.ts'
import { createQuotaMails } from './quota-mails.ts'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'

const database = await testDatabase()
const { db } = database
const app = await openApplication(database)
const callerOf = async (email: string) => {
  const caller = app.caller()
  await caller.signIn(email)
  return caller
}
const [reseller, dana, ben, alex] = (await Promise.all(
  [SIGN_INS.reseller, SIGN_INS.customer, SIGN_INS.buyer, SIGN_INS.administrator].map(callerOf),
)) as [
  Awaited<ReturnType<typeof callerOf>>,
  Awaited<ReturnType<typeof callerOf>>,
  Awaited<ReturnType<typeof callerOf>>,
  Awaited<ReturnType<typeof callerOf>>,
]
const contoso = await db
  .selectFrom('tenants')
  .where('name', '=', 'Contoso Dental')
  .select(['id', 'number', 'seller_id'])
  .executeTakeFirstOrThrow()
const userOf = (email: string) =>
  db.selectFrom('users').where('email', '=', email).select(['id', 'number']).executeTakeFirstOrThrow()
const danaUser = await userOf(SIGN_INS.customer)
const benUser = await userOf(SIGN_INS.buyer)

interface Action {
  readonly kind: string
  readonly url?: string
  readonly name?: string
}
interface Alerts {
  readonly items: readonly {
    readonly id: string
    readonly usage_name: string
    readonly state: string
    readonly title: string
    readonly action: Action
  }[]
  readonly header: {
    readonly state: string
    readonly action: Action
    readonly usages: readonly { readonly usage_name: string }[]
  }
}
const PAGE = 'https://console.example/alerts?tab=1&x=y#z'
const read = async (caller: typeof dana, query = `redirect_url=${encodeURIComponent(PAGE)}`) => {
  const answer = await caller.send('GET', `/api/v1/alerts?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body as unknown as Alerts
}
let count = 0
const use = async (usageName: string, value: number) => {
  app.clock.advance(1000)
  const answer = await reseller.send('POST', '/api/v1/usage', {
    specversion: '1.0',
    id: `u-${count++}`,
    source: '/upsell-test',
    type: 'usage',
    subject: contoso.id,
    time: app.clock.now().toISOString(),
    data: { usage_name: usageName, value },
  })
  assert.equal(answer.status, 202, answer.text)
}

test('buyer and administrator: the alerts with their links, all that ran out in each', async () => {
  const { items, header } = await read(dana)
  assert.deepEqual(
    items.map(({ usage_name, title }) => [usage_name, title]),
    [
      ['workstations', 'Physical machine quota has been exceeded'],
      ['storage', 'Storage quota will be exceeded soon'],
    ],
  )
  for (const [at, origin] of ['alert_on_physical_machines', 'Alert_on_Storage'].entries()) {
    const url = items[at]?.action.url ?? ''
    assert.ok(url.startsWith('http://localhost:8080/upgrade?origin='), url)
    assert.deepEqual(readUpsellLink(url), {
      origin,
      user_quotas: [],
      tenant_quotas: ['storage_size', 'physical_machines'],
      user_account_id: String(danaUser.number),
      tenant_id: String(contoso.number),
      redirect_url: PAGE,
    })
  }
  assert.equal(readUpsellLink(header.action.url ?? '').origin, 'mc_usage_info')
  assert.equal(header.usages.length, 5)
  assert.equal((await dana.send('GET', '/api/v1/alerts?redirect_url=javascript:alert(1)')).status, 400)
})

test('a buyer who is no administrator is told whom to ask; an administrator who is no buyer is offered nothing', async () => {
  const bens = await read(ben)
  assert.deepEqual([bens.items[0]?.action.kind, bens.header.action.kind], ['contact', 'contact'])
  assert.equal(bens.header.action.name, 'Northwind Cloud Ltd.')
  const others = await read(alex)
  assert.deepEqual([others.items[0]?.action.kind, others.header.action.kind], ['none', 'none'])
})

test('rows 28 and 13: removing buyer ([]) removes quota proposals, and an empty Buy URL removes links', async () => {
  const set = (types: string[]) =>
    db.updateTable('users').set({ business_types: types }).where('id', '=', danaUser.id).execute()
  await set([])
  assert.equal((await read(dana)).header.action.kind, 'none')
  await set(['buyer'])
  const brand = (
    await db
      .selectFrom('brands')
      .where('tenant_id', '=', contoso.seller_id as string)
      .select('settings')
      .executeTakeFirstOrThrow()
  ).settings
  const store = (settings: typeof brand, enabled = true) =>
    db
      .updateTable('brands')
      .set({ settings: JSON.stringify(settings) as never, enabled })
      .where('tenant_id', '=', contoso.seller_id as string)
      .execute()
  await store({ ...brand, upsell_url: '' })
  assert.equal((await read(dana)).header.action.kind, 'contact')
  await store(brand, false)
  assert.equal((await read(dana)).header.action.kind, 'contact')
  await store(brand)
  assert.equal((await read(dana)).header.action.kind, 'buy_now')
})

test('staff see the alerts of their subtree, another reseller nothing', async () => {
  const list = await reseller.send('GET', '/api/v1/quota-alerts?usage_name=storage')
  const items = list.body['items'] as unknown as { tenant: { id: string }; state: string }[]
  assert.deepEqual(
    items.map(({ tenant, state }) => [tenant.id, state]),
    [[contoso.id, 'almost_reached']],
  )
  const explained = await reseller.send('GET', `/api/v1/upsell-explanations/${danaUser.id}`)
  assert.equal(explained.status, 200, explained.text)
  assert.match(explained.text, /origin=mc_usage_info/)
  assert.match(explained.text, /origin=Alert_on_Storage/)
  assert.equal((await alex.send('GET', '/api/v1/upsell-explanations/01970000-0000-7000-8000-000000000000')).status, 404)
})

test('what is read together stays apart: each gets their own, and a stranger none of it', async () => {
  const own = [JSON.stringify(await read(dana)), JSON.stringify(await read(ben))]
  assert.notEqual(own[0], own[1])
  const answers = await Promise.all(Array.from({ length: 24 }, (_, n) => read(n % 2 === 0 ? dana : ben)))
  for (const [n, answer] of answers.entries()) assert.equal(JSON.stringify(answer), own[n % 2])

  const [seen, hidden, system, nobody, other] = await upsellUsers(db, () => true, [
    { userId: danaUser.id, viewer: { path: '1' } },
    { userId: danaUser.id, viewer: { path: '1.999999' } },
    { userId: danaUser.id },
    { userId: newId<UserId>(), viewer: { path: '1' } },
    { userId: benUser.id, viewer: { path: '1' } },
  ])
  assert.deepEqual([hidden, nobody], [undefined, undefined])
  assert.deepEqual([seen?.email, system?.email, other?.email], [SIGN_INS.customer, SIGN_INS.customer, SIGN_INS.buyer])
})

test('mails: one to each buyer who wants them, once a day, none when all is well again; its foot ends them', async () => {
  await db
    .updateTable('users')
    .set({ notifications: ['quota'] })
    .where('id', 'in', [danaUser.id, benUser.id])
    .execute()
  await app.jobs.drain()
  await db.deleteFrom('mails').where('purpose', '=', 'quota').execute()
  await db.deleteFrom('quota_mails').execute()
  const mails = () =>
    db
      .selectFrom('mails')
      .where('purpose', '=', 'quota')
      .select(['recipient', 'subject', 'body_text', 'html'])
      .orderBy('recipient')
      .execute()
  const settled = async () => {
    // The running jobs and this drain share the work; what either has begun is done within moments.
    await app.jobs.drain()
    await sleep(700)
    await app.jobs.drain()
  }
  await use('vms', 9)
  await settled()
  const sent = await mails()
  assert.deepEqual(
    sent.map(({ recipient, subject }) => [recipient, subject]),
    [
      [SIGN_INS.buyer, 'Virtual machines quota has been exceeded'],
      [SIGN_INS.customer, 'Virtual machines quota has been exceeded'],
    ],
  )
  const url = /http:\/\/localhost:8080\/upgrade\?\S+/.exec(sent[1]?.body_text ?? '')?.[0] ?? ''
  const link = readUpsellLink(url)
  assert.deepEqual(
    [link.origin, link.redirect_url, link.tenant_quotas],
    ['email_notification', null, ['storage_size', 'physical_machines', 'virtual_machines']],
  )
  assert.doesNotMatch(sent[0]?.body_text ?? '', /upgrade\?/)
  assert.match(sent[0]?.body_text ?? '', /Contact your sales representative/)

  await use('vms', 1)
  app.clock.advance(3_600_000)
  await use('vms', 9)
  await settled()
  assert.equal((await mails()).length, 2, 'one item gives one mail a day')

  // The mail is made when the event is handled; by then all is well again.
  const mailer = createQuotaMails({
    isOwnUpgrade: () => true,
    shown: { note: () => undefined },
    stopUrlOf: () => 'http://localhost:8080/',
    poolUrlOf: () => '',
  })
  const over: StoredEvent = {
    sellerId: contoso.seller_id,
    id: newId(),
    type: 'quota.exceeded',
    subject: { kind: 'alert', id: newId() },
    tenantId: contoso.id,
    payload: { alert_id: newId(), usage_name: 'servers', state: 'reached', previous_state: null },
    actor: { kind: 'system', id: 'quotas' },
    correlationId: newId(),
    at: app.clock.now(),
  }
  const context = {
    db,
    pool: database.pool,
    clock: app.clock,
    log: pino({ level: 'silent' }),
    attempt: 1,
    maxAttempts: 1,
  }
  await mailer.handle(over, context)
  assert.equal((await mails()).length, 2, 'what is over when it would be sent is not sent')

  app.clock.advance(25 * 3_600_000)
  await use('vms', 1)
  await settled()
  const stop = /http:\/\/localhost:8080(\/quota-mails\/stop\?token=\S+)/.exec(sent[1]?.body_text ?? '')?.[1] ?? ''
  assert.match((await app.caller().send('GET', stop)).text, /<form method="post">/)
  const stopped = await app.http.app.inject({
    method: 'POST',
    url: stop,
    headers: { host: 'localhost:8080', 'content-type': 'application/x-www-form-urlencoded' },
    payload: '',
  })
  assert.match(stopped.body, /sends you no more mails/)
  assert.equal((await app.http.app.inject({ method: 'POST', url: `${stop}x` })).statusCode, 404)
  app.clock.advance(25 * 3_600_000)
  await use('vms', 9)
  await settled()
  assert.deepEqual(
    (await mails()).map(({ recipient }) => recipient),
    [SIGN_INS.buyer, SIGN_INS.buyer, SIGN_INS.customer],
    'who stopped them has no other one',
  )
})

test('row 29: a user without quota in notifications gets no mail though the alert still offers the link', async () => {
  const { items } = await read(dana)
  assert.ok(items.some(({ usage_name, action }) => usage_name === 'vms' && action.kind === 'buy_now'))
})

test('a console of an allowed origin reads one user’s alerts with a token, and nothing else', async () => {
  const origin = 'https://console.example'
  const set = await reseller.send('PUT', `/api/v1/console-origins/${String(contoso.seller_id)}`, { origins: [origin] })
  assert.equal(set.status, 200, set.text)
  await sleep(300)
  const minted = await reseller.send('POST', '/api/v1/user-tokens', { user_id: danaUser.id })
  assert.equal(minted.status, 201, minted.text)
  const bearer = { authorization: `Bearer ${String(minted.body['token'])}` }
  const console_ = app.caller()
  const preflight = await app.http.app.inject({
    method: 'OPTIONS',
    url: '/api/v1/alerts',
    headers: { host: 'localhost:8080', origin, 'access-control-request-headers': 'authorization' },
  })
  assert.deepEqual([preflight.statusCode, preflight.headers['access-control-allow-origin']], [204, origin])
  const answer = await console_.send('GET', '/api/v1/alerts', undefined, { ...bearer, origin })
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.headers['access-control-allow-origin'], origin)
  const stranger = await console_.send('GET', '/api/v1/alerts', undefined, {
    ...bearer,
    origin: 'https://evil.example',
  })
  assert.equal(stranger.status, 401)
  assert.equal(stranger.headers['access-control-allow-origin'], undefined)
  for (const path of ['/api/v1/orders', `/api/v1/alerts?user_id=${benUser.id}`, '/api/v1/session'])
    assert.ok(
      [403, 404, 401].includes((await console_.send('GET', path, undefined, bearer)).status) ||
        path.endsWith('session'),
      path,
    )
  for (const path of ['/api/v1/quota-alerts', `/api/v1/upsell-explanations/${danaUser.id}`])
    assert.equal((await console_.send('GET', path, undefined, bearer)).status, 403, path)
  const other = await console_.send(
    'PUT',
    `/api/v1/console-origins/${String(contoso.seller_id)}`,
    { origins: [] },
    bearer,
  )
  assert.equal(other.status, 403)
  app.clock.advance(16 * 60_000)
  assert.equal((await console_.send('GET', '/api/v1/alerts', undefined, bearer)).status, 401)
  assert.equal((await dana.send('POST', '/api/v1/user-tokens', { user_id: benUser.id })).status, 403)
})

test('a stream hints at once after a commit; one user has 20 at most, and others still theirs', async () => {
  const address = await app.http.listen({ port: 0, host: '127.0.0.1' })
  const ended = new AbortController()
  const tokenOf = async (userId: string) =>
    String((await reseller.send('POST', '/api/v1/user-tokens', { user_id: userId })).body['token'])
  const open = (token: string) =>
    fetch(`${address}/api/v1/alerts/stream`, { headers: { authorization: `Bearer ${token}` }, signal: ended.signal })
  const token = await tokenOf(danaUser.id)
  const response = await open(token)
  assert.equal(response.status, 200)
  const reader = response.body?.getReader()
  assert.match(new TextDecoder().decode((await reader?.read())?.value), /event: alerts/)
  const hint = reader?.read()
  const startedMs = performance.now()
  await use('mobiles', 3)
  assert.match(new TextDecoder().decode((await hint)?.value), /event: alerts/)
  assert.ok(performance.now() - startedMs < 5_000)
  // Kept, since a response that nobody holds is closed.
  const others: Response[] = []
  while (others.length < 19) others.push(await open(token))
  assert.ok(others.every(({ status }) => status === 200))
  const tooMany = await open(token)
  assert.deepEqual([tooMany.status, tooMany.headers.get('retry-after')], [429, '60'])
  assert.equal((await open(await tokenOf(benUser.id))).status, 200)
  ended.abort()
})
