import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { createSeller } from '../accounts/index.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const reseller = app.caller()
await reseller.signIn(SIGN_INS.reseller)
const operator = app.caller()
await operator.signIn(SIGN_INS.operator)

const usd = (amount: string) => ({ amount, currency: 'USD' })
type Json = Readonly<Record<string, unknown>>
const ok = async (answer: ReturnType<typeof reseller.send>, status = 200): Promise<Json> => {
  const { status: got, body, text } = await answer
  assert.equal(got, status, text)
  return body
}
const idOf = (thing: Json): string => String(thing['id'])
const problemsOf = (body: Json) =>
  (body['errors'] as { path: string; message: string }[]).map(({ path }) => path).sort()

/** A reseller below Northwind, and someone who signs in there. */
async function resellerBelow(name: string, currency = 'USD') {
  const northwind = app.parts.stores.resolve('localhost')
  assert.ok(northwind)
  const actor = systemActor(northwind.sellerId, tenantOf(northwind.sellerId), northwind.sellerPath, 'test')
  const tenant = await createSeller(database.db, app.clock, actor, {
    parentId: tenantOf(northwind.sellerId),
    name,
    currency,
  })
  const email = `${name.toLowerCase()}@example.com`
  await createUser(database.db, app.clock, actor, {
    tenantId: tenant.id,
    email,
    password: 'demonstration',
    roles: ['partner_admin'],
  })
  const caller = app.caller()
  // Away from Northwind's store, where only its own people sign in.
  await caller.send('POST', '/api/v1/sessions', { email, password: 'demonstration' }, { host: '127.0.0.1:8080' })
  return { id: tenant.id, caller }
}

const newPlan = async (rest: Json = {}) => {
  const product = await ok(reseller.send('POST', '/api/v1/products', { name: 'Mail' }), 201)
  const body = {
    product_id: idOf(product),
    name: 'Mail Basic',
    billing_type: 'pay_in_full',
    periods: [{ duration: { value: 1, unit: 'months' }, recurring_fee: usd('5.00'), setup_fee: usd('10.00') }],
    resources: [{ name: 'Mailboxes', unit: 'mailbox', included: '1', limit: '50', recurring_fee: usd('2.50') }],
    ...rest,
  }
  return { product, plan: await ok(reseller.send('POST', '/api/v1/plans', body), 201) }
}
type Row = { id: string; [key: string]: unknown }
const rows = (plan: Json, name: 'periods' | 'resources') => plan[name] as Row[]

test('a draft is priced before it is on sale, sold once it is active, and led on from once it is retired', async () => {
  const { plan, product } = await newPlan()
  assert.equal(plan['status'], 'draft')
  const path = `/api/v1/plans/${idOf(plan)}`
  const preview = await ok(
    reseller.send('POST', `${path}/previews`, { resources: [{ id: rows(plan, 'resources')[0]?.id, quantity: '3' }] }),
  )
  // 10.00 setup, 5.00 for the month, two mailboxes above the included one.
  assert.deepEqual(preview['total'], usd('20.00'))

  const codes = async (periodId: unknown) => {
    const item = `shopping_cart_items[][plan_id]=${idOf(plan)}&shopping_cart_items[][plan_period_id]=${String(periodId)}`
    const url = `http://localhost:8080/external_dispatcher/settle?${item}&shopping_cart_items[][type]=application`
    await app.parts.catalog.refreshChanged()
    const { errors } = (await ok(app.caller().send('POST', '/api/v1/buy-links/explain', { url }))) as {
      errors: { code: string; suggestion: string }[]
    }
    return errors.map(({ code, suggestion }) => `${code}: ${suggestion}`)
  }
  const periodId = rows(plan, 'periods')[0]?.id
  assert.deepEqual(await codes(periodId), ['plan_not_available: Choose another plan of this product.'])
  await ok(reseller.send('PATCH', path, { status: 'active' }))
  assert.deepEqual(await codes(periodId), [])
  const page = await app.caller().send('GET', `/product/${String(product['slug'])}`)
  assert.match(page.text, /Mail Basic/)

  const next = await ok(
    reseller.send('POST', '/api/v1/plans', {
      product_id: idOf(product),
      name: 'Mail Plus',
      status: 'active',
      periods: [{ duration: { value: 1, unit: 'months' }, recurring_fee: usd('6.00') }],
    }),
    201,
  )
  await ok(reseller.send('PATCH', path, { status: 'retired', successor_id: idOf(next) }))
  assert.deepEqual(await codes(periodId), [
    `plan_not_available: Use plan ${idOf(next)}, Mail Plus, which took its place.`,
  ])
})

test('the plans of a product stand in the order that was set, in the store too, and its history says who set it', async () => {
  const { product, plan } = await newPlan({ status: 'active' })
  const make = async (name: string) => {
    const periods = [{ duration: { value: 1, unit: 'months' }, recurring_fee: usd('6.00') }]
    const body = { product_id: idOf(product), name, billing_type: 'pay_in_full', status: 'active', periods }
    return idOf(await ok(reseller.send('POST', '/api/v1/plans', body), 201))
  }
  const [basic, plus, most] = [idOf(plan), await make('Mail Plus'), await make('Mail Most')]
  const path = `/api/v1/products/${idOf(product)}`
  const order = (planIds: readonly unknown[], headers = {}) =>
    reseller.send('PUT', `${path}/plan-order`, { plan_ids: planIds }, headers)
  const { version } = await ok(reseller.send('GET', path))
  await ok(order([most, basic, plus], { 'if-match': `"${String(version)}"` }))
  assert.equal((await order([basic, plus, most], { 'if-match': `"${String(version)}"` })).status, 412)
  const last = await make('Mail Last')
  await app.parts.catalog.refreshChanged()
  const listed = (await ok(reseller.send('GET', '/api/v1/plans')))['items'] as { id: string; product: Row }[]
  const ids = listed.filter((each) => each.product.id === idOf(product)).map(({ id }) => id)
  assert.deepEqual(ids, [most, basic, plus, last])
  const page = (await app.caller().send('GET', `/product/${String(product['slug'])}`)).text
  const places = ['Mail Most', 'Mail Basic', 'Mail Plus', 'Mail Last'].map((name) => page.indexOf(name))
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  )
  for (const wrong of [
    [most, basic, plus],
    [most, basic, plus, plus],
    [most, basic, plus, last, '425'],
  ]) {
    const refused = await order(wrong)
    assert.deepEqual([refused.status, problemsOf(refused.body)], [422, ['plan_ids']])
  }
  // The same order again changes nothing, and leaves nothing in the history.
  await ok(order([most, basic, plus, last]))
  const log = await ok(
    reseller.send('GET', `/api/v1/audit-log?subject_kind=product&subject_id=${idOf(product)}&action=product.update`),
  )
  const [entry, ...more] = log['items'] as { details: Json; actor: Json }[]
  assert.equal(more.length, 0)
  assert.deepEqual(entry?.details, {
    changes: { plan_order: { from: [basic, plus, most].join(', '), to: [most, basic, plus].join(', ') } },
  })
  assert.equal(entry?.actor['name'], SIGN_INS.reseller)
})

test('everything that is wrong with a plan is said together, in plain words', async () => {
  const { product } = await newPlan()
  const answer = await reseller.send('POST', '/api/v1/plans', {
    product_id: idOf(product),
    name: 'Wrong',
    status: 'active',
    successor_id: '425',
    minimum_topup: usd('5.00'),
    periods: [{ trial: true }, { trial: true, duration: { value: 7, unit: 'days' }, recurring_fee: usd('1.00') }],
    resources: [{ name: 'Seats', unit: 'seat', included: '5', minimum: '3', limit: '2', unit_price: '0.1' }],
  })
  assert.equal(answer.status, 422)
  assert.deepEqual(problemsOf(answer.body), [
    'minimum_topup',
    'periods',
    'periods.0.duration',
    'periods.1',
    'resources.0.limit',
    'resources.0.minimum',
    'resources.0.unit_price',
    'successor_id',
  ])
  assert.match(answer.text, /Seats: the limit \(2\) is below the minimum \(3\)/)
})

test('what orders rest on stays once a plan was on sale', async () => {
  const { plan } = await newPlan({ status: 'active' })
  const [period] = rows(plan, 'periods')
  const answer = await reseller.send('PATCH', `/api/v1/plans/${idOf(plan)}`, {
    status: 'draft',
    billing_type: 'pay_as_you_go_external',
    periods: [{ id: period?.id, duration: { value: 2, unit: 'months' } }],
  })
  assert.equal(answer.status, 422)
  assert.deepEqual(problemsOf(answer.body), ['billing_type', 'periods.0.duration', 'periods.0.duration', 'status'])
})

test('a change is refused when someone else was quicker, and one that changes nothing writes nothing', async () => {
  const { plan } = await newPlan()
  const path = `/api/v1/plans/${idOf(plan)}`
  const first = await reseller.send('PATCH', path, { summary: 'For small offices' }, { 'if-match': '"1"' })
  assert.equal(first.headers['etag'], '"2"')
  const late = await reseller.send('PATCH', path, { summary: 'For large ones' }, { 'if-match': '"1"' })
  assert.equal(late.status, 412)
  const same = await ok(reseller.send('PATCH', path, { summary: 'For small offices' }))
  assert.equal(same['version'], 2)
  // What is read can be sent back.
  const {
    id: _id,
    seller_id: _seller,
    version: _version,
    launched: _launched,
    currency: _currency,
    ...read
  } = await ok(reseller.send('GET', path))
  assert.equal((await ok(reseller.send('PATCH', path, read)))['version'], 2)
})

test('two at once: one change wins, the other is told', async () => {
  const { plan } = await newPlan()
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((summary) =>
      reseller.send('PATCH', `/api/v1/plans/${idOf(plan)}`, { summary }, { 'if-match': '"1"' }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412])
})

test('products and categories have slugs of their own in the whole installation', async () => {
  const category = await ok(reseller.send('POST', '/api/v1/categories', { name: 'Mail & Kalender' }), 201)
  assert.equal(category['slug'], 'mail-kalender')
  const one = await ok(
    reseller.send('POST', '/api/v1/products', { name: 'KES для бизнеса', category_id: idOf(category) }),
    201,
  )
  const two = await ok(reseller.send('POST', '/api/v1/products', { name: 'KES для бизнеса' }), 201)
  assert.deepEqual([one['slug'], two['slug']], ['kes-dlya-biznesa', `kes-dlya-biznesa-${idOf(two)}`])
  const taken = await reseller.send('PATCH', `/api/v1/products/${idOf(two)}`, { slug: 'kes-dlya-biznesa' })
  assert.equal(taken.status, 409)
  const script = await reseller.send('PATCH', `/api/v1/products/${idOf(two)}`, { logo_url: 'javascript:alert(1)' })
  assert.equal(script.status, 400)
})

test('a reseller below sells a plan on at its own price; who sells above decides that it may', async () => {
  const { plan } = await newPlan({ status: 'active' })
  const [period] = rows(plan, 'periods')
  const below = await resellerBelow('Baltic', 'EUR')
  const path = `/api/v1/plans/${idOf(plan)}/delegations/${below.id}`
  assert.equal((await below.caller.send('PUT', path, { active: true })).status, 403)
  await ok(reseller.send('PUT', path, { exchange_rate: '0.9200', markup_percent: '25' }))
  const sold = async () => {
    const { items } = (await ok(below.caller.send('GET', '/api/v1/plans'))) as { items: Row[] }
    const found = items.find(({ id }) => id === idOf(plan))
    return (found?.['periods'] as { recurring_fee: unknown }[] | undefined)?.[0]?.recurring_fee
  }
  // 5.00 USD at 0.92 and 25 % on top.
  await app.parts.catalog.refreshChanged()
  assert.deepEqual(await sold(), { amount: '5.75', currency: 'EUR' })
  const fixed = { [`period:${period?.id}:recurring`]: '5.99' }
  const own = await ok(below.caller.send('PUT', path, { fixed_prices: fixed }))
  assert.deepEqual(own['fixed_prices'], fixed)
  await app.parts.catalog.refreshChanged()
  assert.deepEqual(await sold(), { amount: '5.99', currency: 'EUR' })
  assert.equal((await below.caller.send('PUT', path, { exchange_rate: '1' })).status, 403)
  assert.equal((await below.caller.send('PATCH', `/api/v1/plans/${idOf(plan)}`, { name: 'Mine' })).status, 404)
  const wrong = await below.caller.send('PUT', path, { fixed_prices: { 'period:1:recurring': '1.00' } })
  assert.equal(wrong.status, 422)
  await ok(reseller.send('PUT', path, { active: false }))
  await app.parts.catalog.refreshChanged()
  assert.equal(await sold(), undefined)
})

test('another reseller sees and changes nothing of it, the operator may', async () => {
  const { plan, product } = await newPlan()
  const stranger = await resellerBelow('Outsider')
  for (const [method, path] of [
    ['GET', `/api/v1/plans/${idOf(plan)}`],
    ['PATCH', `/api/v1/plans/${idOf(plan)}`],
    ['POST', `/api/v1/plans/${idOf(plan)}/previews`],
    ['GET', `/api/v1/plans/${idOf(plan)}/delegations`],
    ['GET', `/api/v1/products/${idOf(product)}`],
    ['PATCH', `/api/v1/products/${idOf(product)}`],
  ] as const) {
    const answer = await stranger.caller.send(method, path, method === 'GET' ? undefined : {})
    assert.equal(answer.status, 404, `${method} ${path} ${answer.text}`)
  }
  const { seller_id } = plan
  for (const list of ['products', 'categories', 'tax-rates']) {
    assert.deepEqual((await ok(stranger.caller.send('GET', `/api/v1/${list}`)))['items'], [])
    assert.equal((await stranger.caller.send('GET', `/api/v1/${list}?seller_id=${String(seller_id)}`)).status, 404)
  }
  const intruder = await stranger.caller.send('POST', '/api/v1/products', { name: 'Mine', seller_id })
  assert.equal(intruder.status, 404)
  await ok(operator.send('PATCH', `/api/v1/plans/${idOf(plan)}`, { name: 'By the operator' }))
})

test('tax rates are replaced as a list, and prices follow', async () => {
  const items = [
    { country: 'DE', customer_type: '*', name: 'USt', percent: '19', reverse_charge: false },
    { country: '*', customer_type: 'person', name: 'VAT', percent: '12.5', reverse_charge: false },
  ]
  await ok(reseller.send('PUT', '/api/v1/tax-rates', { items }))
  assert.deepEqual((await ok(reseller.send('GET', '/api/v1/tax-rates')))['items'], [items[1], items[0]])
  const { plan } = await newPlan()
  const german = await ok(reseller.send('POST', `/api/v1/plans/${idOf(plan)}/previews`, { country: 'de' }))
  assert.deepEqual(german['tax'], usd('2.85'))
  await ok(reseller.send('PUT', '/api/v1/tax-rates', { items: [] }))
})
