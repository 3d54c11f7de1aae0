export { lockOrder } from './store.ts'
export { startPaidOrder } from './advance-order.ts'
export { cancelOrder, expireOrders } from './cancel-order.ts'
export { closeCheckouts } from './checkout-store.ts'
export { completeOrder } from './complete-order.ts'
export { viewCheckout } from './checkout-view.ts'
export { createChange } from './create-change.ts'
export { createCheckout } from './create-checkout.ts'
export { lifeRoutes } from './life-routes.ts'
export { orderJobs } from './jobs.ts'
export { lockSubscription } from './change-context-view.ts'
export { createPlacingQueue, type PlacingQueue, placeOrder } from './place-order.ts'
export type { PlacedOrder } from './placed-order-view.ts'
export { listOrders, OrderSummary } from './order-view.ts'
export { orderRoutes } from './routes.ts'
export { orderSubscribers } from './subscribers.ts'
export { assertNoShop, assertSettled } from './unsettled-view.ts'
export {
  cancelSubscription,
  keepSubscription,
  resumeSubscription,
  retryOperation,
  stopSubscription,
} from './end-subscription.ts'
export { retryOrder } from './retry-order.ts'
export { undoChange } from './undo-change.ts'
export { priceChangeRoutes } from './price-change-routes.ts'
