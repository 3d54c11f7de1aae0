/** What staff do every day, loaded together: payments, orders, subscriptions. */
export * as home from './home.tsx'
export * as order from './order.tsx'
export * as orders from './orders.tsx'
export * as payment from './payment.tsx'
export * as payments from './payments.tsx'
export * as subscriptions from './subscriptions.tsx'
