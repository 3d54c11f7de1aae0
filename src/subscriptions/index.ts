export { getSubscription, liveSubscriptionsOfPlan, moveSubscription, resourcesOf, setTerm } from './store.ts'
