export { getSubscription, liveSubscriptionsOfPlan, moveSubscription, resourcesOf, setTerm } from './store.ts'
export { subscriptionRoutes } from './routes.ts'
