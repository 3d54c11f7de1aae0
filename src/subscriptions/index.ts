export { getSubscription, moveSubscription, resourcesOf, setTerm } from './store.ts'
export { subscriptionRoutes } from './routes.ts'
