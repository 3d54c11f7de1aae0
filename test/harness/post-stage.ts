import assert from 'node:assert/strict'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import type { Connector, ProvisioningResult } from '../../src/provisioning/schema.ts'
import type { TestApplication } from './application.ts'
import type { TestDatabase } from './database.ts'
import { openMailbox } from './mailbox.ts'
import { untilQuiet } from './order-stories.ts'
import { patient } from './patient.ts'
import { openReceiver } from './receiver.ts'

export interface Placed {
  readonly id: string
  readonly payment: { readonly id: string } | null
  readonly subscription: { readonly id: string }
}

/** A service that does as it is told. */
export const obedient = (): Connector & { result: ProvisioningResult; readonly asked: string[] } => ({
  name: 'obedient',
  result: { kind: 'done' },
  asked: [],
  async perform({ id }) {
    this.asked.push(id)
    return this.result
  },
})

export const USD = (amount: string) => ({ amount, currency: 'USD' })
/** People of the demonstration store, and what they need done before something can be asked of it. */
export async function setPostStage(app: TestApplication, { pool }: TestDatabase, service: ReturnType<typeof obedient>) {
  const by = async (email: string) => {
    const caller = patient(app.caller())
    assert.equal((await caller.signIn(email)).status, 201)
    return caller
  }
  const [operator, reseller, customer] = await Promise.all([
    by(SIGN_INS.operator),
    by(SIGN_INS.reseller),
    by(SIGN_INS.customer),
  ])
  const stranger = () => patient(app.caller())
  const mailbox = await openMailbox()
  const receiver = await openReceiver()
  const get = async <Body>(path: string, caller = reseller): Promise<Body> => {
    const answer = await caller.send('GET', path)
    assert.equal(answer.status, 200, `${path} ${answer.text}`)
    return answer.body as Body
  }
  const make = async <Body extends { id: string }>(path: string, body: unknown, caller = reseller): Promise<Body> => {
    const answer = await caller.send('POST', path, body)
    assert.ok(answer.status < 300, `${path} ${answer.status} ${answer.text}`)
    return answer.body as unknown as Body
  }
  const quiet = () => untilQuiet(pool)
  const mailTo = async (address: string): Promise<string> => {
    await quiet()
    const { items } = await get<{ items: { id: string; recipient: string }[] }>('/api/v1/mails', operator)
    const id = items.find(({ recipient }) => recipient === address)?.id
    const { body_text: text } = await get<{ body_text: string }>(`/api/v1/mails/${id}`, operator)
    return /token=([\w-]+)/.exec(text)?.[1] ?? ''
  }
  const { account } = await get<{ account: { id: string } }>('/api/v1/session', customer)
  const { tenant } = await get<{ tenant: { id: string } }>('/api/v1/session')
  const sellerId = tenant.id

  const checkout = (plan: { plan: string; period: string }) =>
    make<{ id: string; total: object }>(
      '/api/v1/checkouts',
      { application: { plan_id: plan.plan, plan_period_id: plan.period } },
      customer,
    )
  const placing = (total: object) => ({ expected_total: total, accept_terms: true, allow_second: true })
  const order = async (plan = { plan: '425', period: '1840' }): Promise<Placed> => {
    const { id, total } = await checkout(plan)
    return make(`/api/v1/checkouts/${id}/place`, placing(total), customer)
  }
  const paid = async (plan?: { plan: string; period: string }): Promise<Placed> => {
    const placed = await order(plan)
    await make(`/api/v1/payments/${placed.payment?.id}/approve`, {})
    await quiet()
    return placed
  }
  /** A plan whose service is the obedient one. */
  let remote: { plan: string; period: string } | undefined
  const remotePlan = async () => {
    if (remote) return remote
    const products = await get<{ items: { id: string }[] }>('/api/v1/products')
    const made = await make<{ id: string; periods: { id: string }[] }>('/api/v1/plans', {
      product_id: products.items[0]?.id,
      name: 'Served elsewhere',
      status: 'active',
      connector: service.name,
      second_subscription: 'allow',
      periods: [{ duration: { value: 1, unit: 'months' }, recurring_fee: USD('5.00') }],
    })
    await app.parts.catalog.refreshChanged()
    remote = { plan: made.id, period: made.periods[0]?.id ?? '' }
    return remote
  }
  /** Offers for somebody whose own quota ran out while the company has room. */
  const reassignable = async (): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>('select personal_tenant_id as id from users where email = $1', [
      SIGN_INS.customer,
    ])
    const own = rows[0]?.id ?? ''
    const data = { usage_name: 'vms', value: '1' }
    const event = { specversion: '1.0', id: 'own-1', source: 'test', type: 'usage', subject: own, data }
    const sent = await reseller.send('POST', '/api/v1/usage', { ...event, time: app.clock.now().toISOString() })
    assert.equal(sent.status, 202, sent.text)
    await reseller.send('PUT', `/api/v1/quotas/${own}/vms`, { base: '0' }, { 'if-match': '"0"' })
    return (await make('/api/v1/offers', { horizon_days: 0 }, customer)).id
  }

  return {
    reassignable,
    operator,
    reseller,
    customer,
    stranger,
    mailbox,
    receiver,
    get,
    make,
    quiet,
    mailTo,
    account,
    sellerId,
    checkout,
    placing,
    order,
    paid,
    remotePlan,
  }
}
