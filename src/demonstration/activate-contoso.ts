import { invariant } from '../kernel/errors.ts'
import type { CheckoutId, OrderId, PaymentId, SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { completeOrder, createCheckout, placeOrder, startPaidOrder } from '../orders/index.ts'
import { approvePayment } from '../payments/index.ts'
import { findTaskOfOrder, provision } from '../provisioning/index.ts'
import { quotasOf } from '../quotas/index.ts'
import type { DemonstrationDeps } from './deps.ts'
import { findContoso } from './load-usage.ts'
import { DOCUMENTS_HOST } from './northwind.ts'

/** Backup Business by the month, as the documents' first example orders it. */
const LINK =
  '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'

/**
 * Takes Contoso through checkout, payment and provisioning by the very operations of any order. Each of them does
 * nothing the second time, so a start that was interrupted is carried on by the next one.
 */
export async function activateContoso(deps: DemonstrationDeps, operator: Principal): Promise<void> {
  const { db, stores } = deps
  const store = stores.resolve(DOCUMENTS_HOST)
  invariant(store, 'the demonstration has a store')
  const account = await findContoso(db, store.sellerId)
  if (!account) return
  const checkoutId: CheckoutId = await createCheckout(deps, operator, {
    accountId: account.id,
    storeId: store.storeId,
    link: LINK,
    cookieKey: null,
    idempotencyKey: 'demonstration',
  })
  const order = await placeOrder({ ...deps, quotasOf, termsUrlOf: () => null }, operator, {
    checkoutId,
    expectedTotal: { amountMinor: 4900n, currency: 'USD' },
    acceptTerms: true,
    allowSecond: true,
  })
  invariant(order.payment, 'a prepaid order is paid first')
  await finish(deps, operator, store.sellerId, order.id, order.payment.id)
}

async function finish(
  deps: DemonstrationDeps,
  operator: Principal,
  sellerId: SellerId,
  orderId: OrderId,
  paymentId: PaymentId,
): Promise<void> {
  const { db, clock, connectors } = deps
  await approvePayment(db, clock, operator, { sellerId, paymentId })
  await startPaidOrder(db, clock, sellerId, orderId)
  const task = await findTaskOfOrder(db, sellerId, orderId)
  if (!task) return
  await provision(db, clock, connectors, sellerId, task.id)
  await completeOrder(db, clock, sellerId, orderId)
}
