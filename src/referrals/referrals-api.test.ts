import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { createSeller } from '../accounts/index.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { ensureRoot, systemActor } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const signIn = async (email: string) => {
  const caller = app.caller()
  await caller.signIn(email)
  return caller
}
const reseller = await signIn(SIGN_INS.reseller)
const [PROGRAMS, PARTNERS] = ['/api/v1/referral-programs', '/api/v1/referral-partners']
const made = await reseller.send('POST', PROGRAMS, { name: 'Friends', percent: '12.5' })
const programId = String(made.body['id'])
const partner = await reseller.send('POST', PARTNERS, { name: 'Pat', key: 'pat', program_id: programId })
const partnerId = String(partner.body['id'])

test('a programme and its partner are made, read and changed by version; terms are the partner’s own before the programme’s', async () => {
  assert.equal(made.status, 201, made.text)
  assert.deepEqual([made.body['percent'], made.body['applies_to']], ['12.5', 'all'])
  assert.equal(partner.status, 201, partner.text)
  assert.deepEqual([partner.body['percent'], partner.body['own_percent']], ['12.5', null])
  const path = `${PARTNERS}/${partnerId}`
  const changed = await reseller.send('PATCH', path, { percent: '20', applies_to: 'first' }, { 'if-match': '"1"' })
  assert.deepEqual([changed.body['percent'], changed.body['applies_to'], changed.body['version']], ['20', 'first', 2])
  assert.equal((await reseller.send('PATCH', path, { percent: null }, { 'if-match': '"1"' })).status, 412)
  const back = await reseller.send('PATCH', path, { percent: null, applies_to: null })
  assert.deepEqual([back.body['percent'], back.body['applies_to']], ['12.5', 'all'])
  const program = await reseller.send('PATCH', `${PROGRAMS}/${programId}`, { percent: '10' }, { 'if-match': '"1"' })
  assert.deepEqual([program.body['percent'], program.body['partners']], ['10', 1])
  const manager = await reseller.send('GET', `/api/v1/managers/${partnerId}`)
  assert.deepEqual([manager.body['is_partner'], manager.body['role'], manager.body['user']], [true, 'sales', null])
})

test('what is missing is told by field', async () => {
  for (const [path, body, field] of [
    [PROGRAMS, { percent: '10' }, 'name'],
    [PROGRAMS, { name: 'X', valid_from: '2026-02-01T00:00:00Z', valid_until: '2026-01-01T00:00:00Z' }, 'valid_until'],
    [PARTNERS, { name: 'X', key: 'x' }, 'program_id'],
    [PARTNERS, { name: 'X', program_id: programId }, 'key'],
    [PARTNERS, { key: 'x', program_id: programId }, 'name'],
  ] as const) {
    const answer = await reseller.send('POST', path, body)
    assert.equal(answer.status, 422, answer.text)
    assert.match(answer.text, new RegExp(`"path":"${field}"`))
  }
})

test('row 61: the private link shows the partner’s figures alone, until another is made or it is taken back', async () => {
  const stranger = app.caller()
  const link = async () => {
    const { url } = (await reseller.send('POST', `${PARTNERS}/${partnerId}/report-link`)).body as unknown as {
      url: string
    }
    assert.match(url, /^http:\/\/localhost:8080\/referral-report\/[A-Za-z0-9_-]{43}$/)
    return new URL(url).pathname
  }
  const first = await link()
  const page = await stranger.send('GET', first)
  assert.equal(page.status, 200)
  assert.match(page.text, /Referrals of Pat/)
  assert.match(page.text, /<meta name="robots" content="noindex"/)
  assert.deepEqual(
    ['referrer-policy', 'x-robots-tag', 'cache-control'].map((name) => page.headers[name]),
    ['no-referrer', 'noindex, nofollow, noarchive', 'private, no-store'],
  )
  const csv = await stranger.send('GET', `${first}/report.csv?days=90`)
  assert.match(String(csv.headers['content-type']), /^text\/csv/)
  assert.match(csv.text, /^\uFEFFweek,visits,accounts,orders,paid_orders,currency,paid,paid_net,reward\r\n/)
  const second = await link()
  assert.equal((await stranger.send('GET', first)).status, 404)
  assert.equal((await stranger.send('GET', second)).status, 200)
  assert.equal((await reseller.send('DELETE', `${PARTNERS}/${partnerId}/report-link`)).status, 204)
  assert.equal((await stranger.send('GET', second)).status, 404)
  for (const wrong of ['x', 'A'.repeat(43), '%00']) {
    const answer = await stranger.send('GET', `/referral-report/${wrong}`)
    assert.equal(answer.status, 404, wrong)
  }
  const { rows } = await database.pool.query('select report_token_hash from referral_partners')
  assert.deepEqual(rows, [{ report_token_hash: null }])
})

test('the link of a partner who is deleted opens nothing any more', async () => {
  const { body } = await reseller.send('POST', PARTNERS, { name: 'Gone', key: 'gone', program_id: programId })
  const made = await reseller.send('POST', `${PARTNERS}/${body['id']}/report-link`)
  const path = new URL(String(made.body['url'])).pathname
  assert.equal((await app.caller().send('GET', path)).status, 200)
  assert.equal((await reseller.send('DELETE', `/api/v1/managers/${body['id']}`)).status, 204)
  for (const gone of [path, `${path}/report.csv`]) assert.equal((await app.caller().send('GET', gone)).status, 404)
})

test('the file of figures has every partner that is found, in the order of the list, however many pages it has', async () => {
  const partners = Array.from({ length: 3 }, (_, n) => ({
    name: `Filed ${n}`,
    key: `filed-${n}`,
    program_id: programId,
  }))
  for (const partner of partners) {
    const { body } = await reseller.send('POST', PARTNERS, partner)
    const visits = [7, 0, 9][Number(partner.name.at(-1))]
    if (visits === 0) continue
    await database.pool.query(
      `insert into manager_visits (seller_id, manager_id, manager_key, store_id, day, visits)
       select m.seller_id, m.id, m.key, s.id, '2026-01-10', $2
         from managers m join stores s on s.seller_id = m.seller_id where m.id = $1 limit 1`,
      [body['id'], visits],
    )
  }
  const figures = '/api/v1/manager-figures'
  const wish = 'is_partner=true&query=FILED&sort=-visits&from=2026-01-01&until=2026-01-10'
  const page = await reseller.send('GET', `${figures}?${wish}&limit=2`)
  const { items, next_cursor } = page.body as unknown as { items: { visits: number }[]; next_cursor: string | null }
  assert.deepEqual(
    items.map(({ visits }) => visits),
    [9, 7],
    page.text,
  )
  const altered = await reseller.send('GET', `${figures}?${wish.replace('-visits', 'visits')}&cursor=${next_cursor}`)
  assert.equal(altered.status, 400, 'a cursor of another order')
  const file = await reseller.send('GET', `${figures}.csv?${wish}`)
  const lines = file.text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','))
  const column = (name: string) => lines[0]?.findIndex((each) => each.replace('\uFEFF', '') === name) ?? -1
  assert.deepEqual(
    lines.slice(1).map((line) => [line[column('manager_key')], line[column('visits')]]),
    [
      ['filed-2', '9'],
      ['filed-0', '7'],
      ['filed-1', '0'],
    ],
  )
  assert.ok(column('reward') > 0 && column('paid_net_currency') > 0, file.text)
})

test('whoever tries addresses is slowed down', async () => {
  const stranger = app.caller()
  const answers = []
  for (let n = 0; n < 70; n++) answers.push((await stranger.send('GET', `/referral-report/${n}`)).status)
  assert.ok(answers.includes(429), String(new Set(answers)))
})

test('two resellers see nothing of each other’s programmes, partners and figures; sales and customers none', async () => {
  const { db } = database
  const root = await ensureRoot(db, app.clock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  const other = await createSeller(db, app.clock, operator, { parentId: root.id, name: 'Other', currency: 'EUR' })
  await createUser(db, app.clock, operator, {
    tenantId: other.id,
    email: 'admin@other.example',
    password: 'a long enough phrase',
    roles: ['partner_admin'],
  })
  // Not at the store of another reseller: there only its own people sign in.
  const [caller, elsewhere] = [app.caller(), { host: 'operator.example' }]
  const rival = {
    send: (method: string, path: string, body?: unknown) => caller.send(method, path, body, elsewhere),
  }
  const signedIn = await rival.send('POST', '/api/v1/sessions', {
    email: 'admin@other.example',
    password: 'a long enough phrase',
  })
  assert.equal(signedIn.status, 201, signedIn.text)
  for (const path of [PROGRAMS, PARTNERS, '/api/v1/managers', '/api/v1/manager-figures']) {
    const { items } = (await rival.send('GET', path)).body as unknown as { items: unknown[] }
    assert.deepEqual(items, [], path)
  }
  for (const [method, path, body] of [
    ['GET', `${PROGRAMS}/${programId}`, undefined],
    ['PATCH', `${PROGRAMS}/${programId}`, { percent: '99' }],
    ['GET', `${PARTNERS}/${partnerId}`, undefined],
    ['PATCH', `${PARTNERS}/${partnerId}`, { percent: '99' }],
    ['POST', `${PARTNERS}/${partnerId}/report-link`, undefined],
    ['DELETE', `${PARTNERS}/${partnerId}/report-link`, undefined],
    ['GET', `/api/v1/managers/${partnerId}/figures`, undefined],
    ['POST', PARTNERS, { name: 'Spy', key: 'spy', program_id: programId }],
  ] as const)
    assert.equal((await rival.send(method, path, body)).status, 404, `${method} ${path}`)
  const sales = await signIn(SIGN_INS.sales)
  assert.equal((await sales.send('GET', PROGRAMS)).status, 403)
  assert.equal((await sales.send('GET', `/api/v1/managers/${partnerId}/figures`)).status, 404)
  const own = (await sales.send('GET', '/api/v1/manager-figures')).body as unknown as {
    items: { manager: { key: string } }[]
  }
  assert.deepEqual(
    own.items.map(({ manager }) => manager.key),
    ['carter81'],
  )
  const customer = await signIn(SIGN_INS.customer)
  for (const path of [PROGRAMS, PARTNERS, '/api/v1/manager-figures', '/api/v1/manager-figures.csv'])
    assert.equal((await customer.send('GET', path)).status, 403)
})
