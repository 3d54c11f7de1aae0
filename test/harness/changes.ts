import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { CheckoutId, OrderId, SubscriptionId, TenantId } from '../../src/kernel/ids.ts'
import {
  completeOrder,
  createChange,
  createCheckout,
  type PlacedOrder,
  placeOrder,
  startPaidOrder,
  viewCheckout,
} from '../../src/orders/index.ts'
import { approvePayment } from '../../src/payments/index.ts'
import type { Principal } from '../../src/platform/actor.ts'
import type { StoredEvent } from '../../src/platform/events/schema.ts'
import { findTaskOfOrder, provision } from '../../src/provisioning/index.ts'
import { finishOperation } from '../../src/subscriptions/index.ts'
import { LINK, placing, type Shop } from './shop.ts'

export interface Tenant {
  readonly id: TenantId
  readonly actor: Principal
}

/** What the tests of changes do over and over, by the operations that the HTTP API calls. */
export function changesOf(shop: Shop) {
  const { sellerId, storeId } = shop.store
  const deps = { ...shop, termsUrlOf: () => null, documentsOf: () => ({ termsUrl: null, privacyUrl: null }) }

  /** Lets the service answer: once, as the job would. */
  async function serve(orderId: OrderId): Promise<void> {
    const task = await findTaskOfOrder(shop.db, sellerId, orderId)
    assert.ok(task, 'the service was asked')
    await provision(shop.db, shop.clock, shop.connectors, sellerId, task.id)
    await completeOrder(shop.db, shop.clock, sellerId, orderId)
  }

  async function pay({ id, payment }: PlacedOrder): Promise<void> {
    assert.ok(payment)
    await approvePayment(shop.db, shop.clock, shop.operator, { sellerId, paymentId: payment.id })
    await startPaidOrder(shop.db, shop.clock, sellerId, id)
  }

  /** The same for what was asked without an order, as often as the queue might. */
  async function serveLife(id: SubscriptionId, times = 1): Promise<void> {
    const { rows } = await sql<{ id: string }>`
      select id from provisioning_tasks where subscription_id = ${id} and order_id is null order by id desc limit 1`.execute(
      shop.db,
    )
    const task = rows[0]
    assert.ok(task, 'the service was asked')
    for (let time = 0; time < times; time++) {
      await provision(shop.db, shop.clock, shop.connectors, sellerId, task.id)
      const { rows: answers } = await sql<StoredEvent>`
        select seller_id as "sellerId", type, payload, correlation_id as "correlationId" from events
         where type in ('provisioning.completed', 'provisioning.failed') and payload->>'task_id' = ${task.id}
         order by id desc limit 1`.execute(shop.db)
      if (answers[0]) await finishOperation(shop.db, shop.clock, answers[0])
    }
  }

  /** A subscription that a customer has ordered and paid, and that runs. */
  async function order(account: Tenant, link: string, amountMinor: bigint) {
    const checkoutId = await createCheckout(shop, account.actor, {
      accountId: account.id,
      storeId,
      link,
      cookieKey: null,
      idempotencyKey: null,
    })
    const placed = await placeOrder(deps, account.actor, placing(checkoutId, amountMinor))
    if (placed.payment) await pay(placed)
    await serve(placed.id)
    return { account, subscriptionId: placed.subscription.id, salesOrder: placed }
  }

  return {
    deps,
    serve,
    serveLife,
    pay,
    order,
    /** A customer with a running subscription, ordered just now. */
    running: async (name: string, link: string = LINK.monthly, amountMinor = 4900n) =>
      order(await shop.customer(name), link, amountMinor),
    draft: ({ actor }: Tenant, subscriptionId: SubscriptionId, quantities: Readonly<Record<string, bigint>>) =>
      createChange(shop, actor, {
        subscriptionId,
        resources: Object.entries(quantities).map(([id, quantity]) => ({ id, quantity })),
        storeIdOf: () => storeId,
        idempotencyKey: null,
      }),
    draftSwitch: ({ actor }: Tenant, subscriptionId: SubscriptionId, planId: string, planPeriodId: string) =>
      createChange(shop, actor, {
        subscriptionId,
        target: { planId, planPeriodId },
        resources: [],
        storeIdOf: () => storeId,
        idempotencyKey: null,
      }),
    view: ({ actor }: Tenant, checkoutId: CheckoutId) => viewCheckout(deps, actor, checkoutId),
    /** Places a draft as it was shown, its price agreed to. */
    async place(
      { actor }: Tenant,
      checkoutId: CheckoutId,
      rest: { payFromBalance?: boolean } = {},
    ): Promise<PlacedOrder> {
      const { total, change } = await viewCheckout(deps, actor, checkoutId)
      return placeOrder(deps, actor, {
        ...placing(checkoutId, total.amountMinor),
        acceptRecurring: change?.recurring,
        ...rest,
      })
    },
    async stateOf(subscriptionId: SubscriptionId) {
      const { rows } = await sql<{
        status: string
        recurring: bigint
        quantities: Record<string, string>
        grants: Record<string, string>
      }>`
        select s.status, s.recurring_minor as recurring,
               (select jsonb_object_agg(resource_id, quantity::text) from subscription_resources r where r.subscription_id = s.id) as quantities,
               (select jsonb_object_agg(usage_name, units::text) from quota_grants g where g.subscription_id = s.id) as grants
          from subscriptions s where s.id = ${subscriptionId}`.execute(shop.db)
      assert.ok(rows[0])
      return rows[0]
    },
  }
}
