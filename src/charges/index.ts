export { rateSubscription } from './rate-subscription.ts'
export { rateDue } from './rate-due.ts'
export { reviewCredit } from './review-credit.ts'
export { chargeSubscribers } from './subscribers.ts'
