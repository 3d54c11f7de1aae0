import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Checkout, Payment, PlacedOrder, Visitor } from '../test/harness/visitor.ts'
import { until } from '../test/harness/visitor.ts'
import type { Customer } from './people.ts'
import type { Tally } from './tally.ts'

/** Where races are run: several servers on one database. */
export interface Stage {
  readonly tally: Tally
  readonly origins: readonly string[]
  readonly program: Visitor
  readonly northwindId: string
  readonly customer: Customer
  /** How many callers each race has. */
  readonly rivals: number
  /** Of this race alone. */
  readonly name: string
}

type Race = (stage: Stage) => Promise<void>

const PATIENCE = 30

/** The same caller at one server after the other, all at once; who is told to try again shortly does, as a program would. */
const atOnce = <Body>(
  { origins, rivals, tally }: Stage,
  send: (at: <V extends Visitor>(who: V) => Visitor, rival: number) => Promise<Answer<Body>>,
): Promise<Answer<Body>[]> =>
  Promise.all(
    Array.from({ length: rivals }, async (_, rival) => {
      for (let tries = 1; ; tries++) {
        const answer = await send((who) => who.at(origins[rival % origins.length] ?? ''), rival)
        if (answer.status !== 503 || !answer.headers.has('retry-after') || tries === PATIENCE) return answer
        tally.count('asked_again')
        await sleep(1_000)
      }
    }),
  )

/** Exactly so many were taken, and the rest were told no in a clear way. */
function expectWinners({ tally, name }: Stage, answers: readonly Answer[], winners: number): void {
  const taken = answers.filter(({ status }) => status < 300).length
  const strange = answers.find(({ status }) => status >= 300 && ![400, 409, 412, 422].includes(status))
  if (taken > winners) tally.problem('doubled', `${name}: ${taken} won where ${winners} could`)
  if (taken < winners) tally.problem('lost', `${name}: ${taken} won where ${winners} could; ${told(answers)}`)
  if (strange) tally.problem('wrong', `${name}: ${told([strange])}`)
}

const told = (answers: readonly Answer[]): string =>
  answers
    .map(({ status, body }) => `${status} ${JSON.stringify(body).slice(0, 160)}`)
    .slice(0, 3)
    .join(' | ')

function expectSame({ tally, name }: Stage, answers: readonly Answer[], of: (body: never) => unknown): void {
  const refused = answers.filter(({ status }) => status >= 300)
  if (refused.length > 0) tally.problem('lost', `${name}: refused: ${told(refused)}`)
  const values = new Set(answers.filter(({ status }) => status < 300).map(({ body }) => of(body as never)))
  if (values.size > 1) tally.problem('doubled', `${name}: ${[...values].join(', ')}`)
}

const keyOf = (name: string): string => name.replaceAll(/\W+/g, '-')

const MONTHLY = { plan_id: '425', plan_period_id: '1840' }

const checkOut = ({ customer }: Stage, application: object = MONTHLY): Promise<Checkout> =>
  customer.visitor.call('POST', '/api/v1/checkouts', { application })

const placing = (total: Checkout['total']) => ({ expected_total: total, accept_terms: true, allow_second: true })

async function placed(stage: Stage): Promise<PlacedOrder> {
  const { id, total } = await checkOut(stage)
  return stage.customer.visitor.call('POST', `/api/v1/checkouts/${id}/place`, placing(total))
}

async function toppedUp({ customer, program }: Stage, amount: string): Promise<void> {
  const { id } = await customer.visitor.call<Payment>('POST', '/api/v1/payments', {
    account_id: customer.accountId,
    amount: { amount, currency: 'USD' },
  })
  await program.call('POST', `/api/v1/payments/${id}/approve`, {})
}

async function running(stage: Stage): Promise<string> {
  const order = await placed(stage)
  await stage.program.call('POST', `/api/v1/payments/${order.payment?.id}/approve`, {})
  const path = `/api/v1/subscriptions/${order.subscription.id}`
  await until(
    () => stage.customer.visitor.call<{ status: string }>('GET', path),
    ({ status }) => status === 'active',
    { what: 'active subscription', timeoutMs: 60_000 },
  )
  return order.subscription.id
}

const balanceOf = async ({ customer }: Stage): Promise<number> => {
  const { balance } = await customer.visitor.call<{ balance: { amount: string } }>(
    'GET',
    `/api/v1/accounts/${customer.accountId}`,
  )
  return Math.round(Number(balance.amount) * 100)
}

export const RACES: Readonly<Record<string, Race>> = {
  async 'one version of a tenant'(stage) {
    const { program, northwindId, name } = stage
    const made = { name, kind: 'customer', parent_id: northwindId }
    const { id, version } = await program.call<{ id: string; version: number }>('POST', '/api/2/tenants', made)
    const answers = await atOnce(stage, (at, rival) =>
      at(program).request('PUT', `/api/2/tenants/${id}`, { version, name: `${name} ${rival}` }),
    )
    expectWinners(stage, answers, 1)
  },

  async 'one version of a quota'(stage) {
    const { program, customer } = stage
    const path = `/api/v1/quotas/${customer.accountId}/vms`
    const before = await program.request('GET', path)
    const etag = before.headers.get('etag') ?? '"0"'
    const answers = await atOnce(stage, (at, rival) =>
      at(program).request('PUT', path, { base: String(before.status + rival + 1) }, { 'if-match': etag }),
    )
    expectWinners(stage, answers, 1)
  },

  async 'one key of a manager'(stage) {
    const { program, northwindId, name } = stage
    const key = keyOf(name)
    const answers = await atOnce(stage, (at) =>
      at(program).request('POST', '/api/v1/managers', { name, key, role: 'sales', seller_id: northwindId }),
    )
    expectWinners(stage, answers, 1)
  },

  async 'one request key at all servers'(stage) {
    const { program, northwindId, name } = stage
    const answers = await atOnce(stage, (at) =>
      at(program).request(
        'POST',
        '/api/v1/managers',
        { name, role: 'sales', seller_id: northwindId },
        { 'idempotency-key': keyOf(name) },
      ),
    )
    expectSame(stage, answers, ({ id }: { id: string }) => id)
  },

  async 'one checkout, many clicks'(stage) {
    const { id, total } = await checkOut(stage)
    const { visitor } = stage.customer
    const answers = await atOnce<PlacedOrder>(stage, (at) =>
      at(visitor).request('POST', `/api/v1/checkouts/${id}/place`, placing(total)),
    )
    expectSame(stage, answers, ({ number }: PlacedOrder) => number)
  },

  async 'one approval, many approvers'(stage) {
    const { payment } = await placed(stage)
    const answers = await atOnce<Payment>(stage, (at, rival) =>
      at(stage.program).request(
        'POST',
        `/api/v1/payments/${payment?.id}/approve`,
        {},
        { 'idempotency-key': keyOf(`${stage.name} ${rival}`) },
      ),
    )
    expectSame(stage, answers, ({ received, receipts }: Payment) => `${received.amount} in ${receipts.length}`)
  },

  /** Its invoices get their numbers by themselves; the database is asked for gaps after the round. */
  async 'many orders paid at once'(stage) {
    const orders: PlacedOrder[] = []
    for (let rival = 0; rival < stage.rivals; rival++) orders.push(await placed(stage))
    const answers = await atOnce(stage, (at, rival) =>
      at(stage.program).request('POST', `/api/v1/payments/${orders[rival]?.payment?.id}/approve`, {}),
    )
    expectWinners(stage, answers, stage.rivals)
  },

  async 'a balance that is enough for two'(stage) {
    const { tally, name, customer, rivals } = stage
    const before = await balanceOf(stage)
    const orders: PlacedOrder[] = []
    for (let rival = 0; rival < rivals; rival++) orders.push(await placed(stage))
    await toppedUp(stage, '98.00')
    const enough = Math.floor((before + 9_800) / 4_900)
    const answers = await atOnce(stage, (at, rival) =>
      at(customer.visitor).request('POST', `/api/v1/payments/${orders[rival]?.payment?.id}/pay-from-balance`),
    )
    expectWinners(stage, answers, Math.min(enough, rivals))
    const after = await balanceOf(stage)
    if (after < 0) tally.problem('doubled', `${name}: the balance is ${after}`)
  },

  async 'money and a change of mind'(stage) {
    const { customer, program } = stage
    const { id, payment } = await placed(stage)
    const answers = await atOnce(stage, (at, rival) =>
      rival % 2 === 0
        ? at(program).request('POST', `/api/v1/payments/${payment?.id}/approve`, {})
        : at(customer.visitor).request('POST', `/api/v1/orders/${id}/cancel`, {}),
    )
    const strange = answers.filter(({ status }) => status >= 300 && status !== 409)
    if (strange.length > 0) stage.tally.problem('wrong', `${stage.name}: ${told(strange)}`)
    const wins = [0, 1].map((side) => answers.some(({ status }, rival) => rival % 2 === side && status < 300))
    if (wins[0] === wins[1])
      stage.tally.problem(wins[0] ? 'doubled' : 'lost', `${stage.name}: paid ${wins[0]}, cancelled ${wins[1]}`)
  },

  async 'one trial'(stage) {
    const drafts: Checkout[] = []
    for (let rival = 0; rival < stage.rivals; rival++)
      drafts.push(await checkOut(stage, { plan_id: '425', plan_period_id: '1842' }))
    const { visitor } = stage.customer
    const answers = await atOnce(stage, (at, rival) =>
      at(visitor).request(
        'POST',
        `/api/v1/checkouts/${drafts[rival]?.id}/place`,
        placing(drafts[rival]?.total as Checkout['total']),
      ),
    )
    // A customer has one in a life: the first race of each takes it.
    const taken = answers.filter(({ status }) => status < 300).length
    if (taken > 1) stage.tally.problem('doubled', `${stage.name}: ${taken} trials`)
  },

  async 'one order of a subscription at a time'(stage) {
    const subscription = await running(stage)
    const { visitor } = stage.customer
    type Draft = Checkout & { change: { recurring: unknown } }
    const drafts: Draft[] = []
    for (let rival = 0; rival < stage.rivals; rival++)
      drafts.push(
        await visitor.call<Draft>('POST', '/api/v1/checkouts', {
          subscription_id: subscription,
          resources: [{ id: '9002', quantity: String(11 + rival) }],
        }),
      )
    const answers = await atOnce(stage, (at, rival) =>
      at(visitor).request('POST', `/api/v1/checkouts/${drafts[rival]?.id}/place`, {
        expected_total: drafts[rival]?.total,
        accept_recurring: drafts[rival]?.change.recurring,
        accept_terms: true,
      }),
    )
    expectWinners(stage, answers, 1)
  },

  async 'usage from everywhere'(stage) {
    const { program, customer, name, tally, rivals } = stage
    const source = `urn:torture:${name}`
    const time = new Date().toISOString()
    const path = `/api/2/tenants/${customer.accountId}/usages?usage_names=mobiles`
    const used = async () => {
      const { items } = await program.call<{ items: { value: number }[] }>('GET', path)
      return items.reduce((sum, { value }) => sum + value, 0)
    }
    const before = await used()
    // Every event twice, at two servers.
    const answers = await atOnce<{ items: { result: string }[] }>(stage, (at, rival) =>
      at(program).request('POST', '/api/v1/usage', [
        {
          specversion: '1.0',
          id: String(rival >> 1),
          source,
          type: 'usage',
          subject: customer.accountId,
          time,
          data: { usage_name: 'mobiles', delta: '3' },
        },
      ]),
    )
    const distinct = Math.ceil(rivals / 2)
    const accepted = answers.filter(({ body }) => body.items?.[0]?.result === 'accepted').length
    const grown = (await used()) - before
    if (accepted !== distinct || grown !== 3 * distinct)
      tally.problem(
        grown > 3 * distinct ? 'doubled' : 'lost',
        `${name}: ${accepted} of ${distinct} accepted, ${grown} counted`,
      )
  },

  async 'a promo code with a limit'(stage) {
    const { program, customer, name, rivals } = stage
    const made = { name, needs_code: true, percent: '10', seller_id: stage.northwindId }
    const { id } = await program.call<{ id: string }>('POST', '/api/v1/discounts', made)
    const code = keyOf(name).toUpperCase()
    const limit = Math.max(1, Math.floor(rivals / 3))
    await program.call('POST', `/api/v1/discounts/${id}/codes`, { code, max_uses: String(limit) })
    const drafts: Checkout[] = []
    for (let rival = 0; rival < rivals; rival++)
      drafts.push(await customer.visitor.call('POST', '/api/v1/checkouts', { application: MONTHLY, promo_code: code }))
    const answers = await atOnce<PlacedOrder>(stage, (at, rival) =>
      at(customer.visitor).request(
        'POST',
        `/api/v1/checkouts/${drafts[rival]?.id}/place`,
        placing(drafts[rival]?.total as Checkout['total']),
      ),
    )
    expectWinners(stage, answers, limit)
    // Half of them are given back, at several servers at once, and each may be used once more.
    const won = answers.filter(({ status }) => status < 300).map(({ body }) => body.id)
    const back = won.slice(0, Math.ceil(won.length / 2))
    await atOnce(stage, (at, rival) =>
      at(customer.visitor).request('POST', `/api/v1/orders/${back[rival % back.length]}/cancel`, {}),
    )
    const lost = drafts.filter((_, rival) => (answers[rival]?.status ?? 0) >= 300)
    const again = await atOnce(stage, (at, rival) =>
      at(customer.visitor).request(
        'POST',
        `/api/v1/checkouts/${lost[rival % lost.length]?.id}/place`,
        placing(lost[rival % lost.length]?.total as Checkout['total']),
      ),
    )
    const numbers = new Set(
      again.filter(({ status }) => status < 300).map(({ body }) => (body as { number?: string }).number),
    )
    const expected = Math.min(back.length, lost.length)
    if (numbers.size !== expected)
      stage.tally.problem(
        numbers.size > expected ? 'doubled' : 'lost',
        `${name}: ${numbers.size} used what ${expected} gave back; ${told(again)}`,
      )
  },

  async 'orders while prices change'(stage) {
    const { program, tally, name } = stage
    const drafts: Checkout[] = []
    for (let rival = 0; rival < stage.rivals; rival++) drafts.push(await checkOut(stage))
    const tax = {
      items: [{ country: 'CH', customer_type: '*', name: 'VAT', percent: '8.1' }],
      seller_id: stage.northwindId,
    }
    const answers = await atOnce<{ total?: { amount: string } }>(stage, (at, rival) =>
      rival % 3 === 0
        ? at(program).request('PUT', '/api/v1/tax-rates', tax)
        : at(stage.customer.visitor).request(
            'POST',
            `/api/v1/checkouts/${drafts[rival]?.id}/place`,
            placing(drafts[rival]?.total as Checkout['total']),
          ),
    )
    for (const [rival, { status, body }] of answers.entries())
      if (status >= 300 ? status !== 409 : rival % 3 !== 0 && body.total?.amount !== drafts[rival]?.total.amount)
        tally.problem('wrong', `${name}: ${told([answers[rival] as Answer])}`)
  },
}
