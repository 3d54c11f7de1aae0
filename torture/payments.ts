import type { Checkout, PlacedOrder } from '../test/harness/visitor.ts'
import type { StripeStandIn } from '../test/harness/stripe.ts'
import type { FaultStage } from './fault-stage.ts'
import { expectWhole } from './fault-stage.ts'
import { asking } from './quiet.ts'

/** Stripe fails, answers late, and tells everything twice and in the wrong order: an order is paid once. */
export async function tryPayments(stage: FaultStage, stripe: StripeStandIn, origin: string): Promise<void> {
  const { people, tally, address } = stage
  const [customer] = people.customers
  if (!customer) return
  const { visitor } = customer
  const { id, total } = await visitor.call<Checkout>('POST', '/api/v1/checkouts', {
    application: { plan_id: '425', plan_period_id: '1840' },
  })
  const order = await visitor.call<PlacedOrder>('POST', `/api/v1/checkouts/${id}/place`, {
    expected_total: total,
    accept_terms: true,
    allow_second: true,
  })
  stage.others.push({ orders: [{ id: order.id, status: 'completed' }] })
  const path = `/api/v1/payments/${order.payment?.id}/card-sessions`
  const open = () => visitor.request('POST', path, undefined, { 'idempotency-key': `card-${id}` })
  stripe.isDown = true
  const refused = await open()
  if (refused.status !== 503) tally.problem('wrong', `without the gateway a card session answers ${refused.status}`)
  stripe.isDown = false
  const before = stripe.created
  const answers = await Promise.all([open(), open(), open()])
  const bad = answers.find(({ status }) => status !== 201 && status !== 409)
  if (bad) tally.problem('wrong', `a card session answers ${bad.status}: ${JSON.stringify(bad.body).slice(0, 200)}`)
  if (stripe.created !== before + 1)
    tally.problem('doubled', `${stripe.created - before} card sessions were made of one`)
  const [session] = [...stripe.sessions.keys()].slice(-1)
  const paid = stripe.pay(session ?? '')
  stripe.isDown = true
  const early = await stripe.deliver(origin, paid)
  if (early.status < 500)
    tally.problem('lost', `a webhook that could not be looked into is answered ${early.status}: it does not come again`)
  stripe.isDown = false
  const told = await Promise.all([1, 2, 3, 4].map(() => stripe.deliver(origin, paid)))
  if (told.some(({ ok }) => !ok))
    tally.problem('wrong', `a payment webhook answers ${told.map(({ status }) => status).join(', ')}`)
  const forged = await stripe.deliver(origin, paid, { secret: 'whsec_somebody_elses' })
  if (forged.status !== 400 && forged.status !== 401)
    tally.problem('leaked', `a forged payment webhook answers ${forged.status}`)
  await expectWhole(stage, 'after the gateway failed')
  const receipts = await asking(address, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::integer as count from payment_receipts where payment_id = $1',
      [order.payment?.id],
    )
    return rows[0]?.count
  })
  if (receipts !== 1) tally.problem(receipts === 0 ? 'lost' : 'doubled', `a card payment has ${receipts} receipts`)
  tally.count('faults')
  tally.say('the gateway failed, and told everything four times')
}
