export { rateSubscription } from './rate-subscription.ts'
export { rateDue } from './rate-due.ts'
