import { setTimeout as sleep } from 'node:timers/promises'
import type { Checkout, Order, Payment, PlacedOrder, Visitor } from '../test/harness/visitor.ts'
import { Cut, type Journal } from './journal.ts'
import type { Customer } from './people.ts'
import type { Random } from './random.ts'

/** What one customer does, from beginning to end; told again after a crash it does the same again. */
export interface Story {
  readonly name: string
  readonly kind: StoryKind
  readonly customer: Customer
  /** The operator's program. */
  readonly program: Visitor
  readonly northwindId: string
  /** Unix milliseconds: the same in every telling. */
  readonly at: number
  readonly random: Random
}

/** What the database must say once a story is told to its end. */
export interface Outcome {
  readonly orders?: readonly {
    readonly id: string
    readonly status: 'completed' | 'cancelled' | 'waiting_for_payment'
  }[]
  /** Minor units that the customer's balance rose by. */
  readonly balanceMinor?: bigint
  readonly usage?: readonly UsageEvent[]
  readonly managerName?: string
}

interface UsageEvent {
  readonly id: string
  readonly source: string
}

type Told = (story: Story, journal: Journal) => Promise<Outcome>

const GB = 1_073_741_824

async function placed({ name, customer }: Story, journal: Journal): Promise<PlacedOrder> {
  const checkout = await journal.ask<Checkout>({
    key: `${name}-checkout`,
    caller: customer.visitor,
    path: '/api/v1/checkouts',
    body: { application: { plan_id: '425', plan_period_id: '1840', resources: [{ id: '9001', quantity: '6' }] } },
  })
  return journal.ask<PlacedOrder>({
    key: `${name}-place`,
    caller: customer.visitor,
    path: `/api/v1/checkouts/${checkout.id}/place`,
    body: { expected_total: checkout.total, accept_terms: true, allow_second: true },
  })
}

const approved = ({ name, program }: Story, journal: Journal, paymentId: string, step = 'approve'): Promise<Payment> =>
  journal.ask<Payment>({
    key: `${name}-${step}`,
    caller: program,
    path: `/api/v1/payments/${paymentId}/approve`,
    body: {},
  })

async function toppedUp(story: Story, journal: Journal, amount: string): Promise<void> {
  const { name, customer } = story
  const topup = await journal.ask<{ id: string }>({
    key: `${name}-topup`,
    caller: customer.visitor,
    path: '/api/v1/payments',
    body: { account_id: customer.accountId, amount: { amount, currency: 'USD' }, note: name },
  })
  await approved(story, journal, topup.id, 'approve-topup')
}

/** Waits for what the server does by itself. @throws {Cut} It no longer answers. */
async function completed({ customer }: Story, orderId: string): Promise<Order> {
  for (let tries = 0; tries < 300; tries++, await sleep(200)) {
    const answer = await customer.visitor.request<Order>('GET', `/api/v1/orders/${orderId}`).catch((error: unknown) => {
      throw new Cut(String(error))
    })
    if (answer.status === 200 && answer.body.status === 'completed' && answer.body.subscription.status === 'active')
      return answer.body
  }
  throw new Cut(`Order ${orderId} is not completed after a minute`)
}

const TOLD = {
  /** From the plan to the paid order. */
  async order(story, journal) {
    const order = await placed(story, journal)
    await approved(story, journal, order.payment?.id ?? '')
    return { orders: [{ id: order.id, status: 'completed' }] }
  },
  /** Changed their mind before paying. */
  async cancel(story, journal) {
    const order = await placed(story, journal)
    const path = `/api/v1/orders/${order.id}/cancel`
    await journal.ask({ key: `${story.name}-cancel`, caller: story.customer.visitor, path, body: {} })
    return { orders: [{ id: order.id, status: 'cancelled' }] }
  },
  async topup(story, journal) {
    await toppedUp(story, journal, '25.00')
    return { balanceMinor: 2500n }
  },
  /** Money first, and then an order out of the balance. */
  async balance(story, journal) {
    await toppedUp(story, journal, '60.00')
    const order = await placed(story, journal)
    const path = `/api/v1/payments/${order.payment?.id}/pay-from-balance`
    await journal.ask({ key: `${story.name}-pay`, caller: story.customer.visitor, path })
    return { orders: [{ id: order.id, status: 'completed' }], balanceMinor: 6000n - minor(order.total.amount) }
  },
  /** An order, and then more of what it sells: two orders of one subscription. */
  async change(story, journal) {
    const { name, customer } = story
    const order = await placed(story, journal)
    await approved(story, journal, order.payment?.id ?? '')
    await completed(story, order.id)
    const draft = await journal.ask<Checkout & { change: { recurring: unknown } }>({
      key: `${name}-change`,
      caller: customer.visitor,
      path: '/api/v1/checkouts',
      body: { subscription_id: order.subscription.id, resources: [{ id: '9002', quantity: '12' }] },
    })
    const change = await journal.ask<PlacedOrder>({
      key: `${name}-place-change`,
      caller: customer.visitor,
      path: `/api/v1/checkouts/${draft.id}/place`,
      body: { expected_total: draft.total, accept_recurring: draft.change.recurring, accept_terms: true },
    })
    if (change.payment) await approved(story, journal, change.payment.id, 'approve-change')
    return { orders: [order, change].map(({ id }) => ({ id, status: 'completed' as const })) }
  },
  /** Usage goes up and down past its quotas; alerts follow it. */
  async usage(story, journal) {
    const { name, customer, program, at, random } = story
    const source = `urn:torture:${name}`
    const pick = random.fork('usage')
    const events = Array.from({ length: 1 + pick.below(5) }, (_, number) => {
      const isBytes = pick.happens(0.4)
      const amount = isBytes ? pick.below(6_000) * GB : pick.below(120)
      return {
        specversion: '1.0',
        id: String(number),
        source,
        type: 'usage',
        subject: customer.accountId,
        time: new Date(at + number).toISOString(),
        data: {
          usage_name: isBytes ? 'storage' : 'workstations',
          ...(pick.happens(0.3) ? { delta: String(pick.below(20) - 10) } : { value: String(amount) }),
        },
      }
    })
    await journal.ask({ key: `${name}-usage`, caller: program, path: '/api/v1/usage', body: events })
    return { usage: events.map(({ id }) => ({ id, source })) }
  },
  /** What a webhook is told of, and what no natural key protects from being made twice. */
  async manager(story, journal) {
    const { name, program, northwindId } = story
    const body = { name, role: 'sales', seller_id: northwindId }
    await journal.ask({ key: `${name}-hire`, caller: program, path: '/api/v1/managers', body })
    return { managerName: name }
  },
} satisfies Readonly<Record<string, Told>>

export type StoryKind = keyof typeof TOLD

/** More of those that have more steps. */
export const KINDS = 'order order order balance balance topup change change usage usage usage manager cancel'.split(
  ' ',
) as StoryKind[]

export const tell = (story: Story, journal: Journal): Promise<Outcome> => TOLD[story.kind](story, journal)

const minor = (amount: string): bigint => BigInt(amount.replace('.', ''))
