export { subscriptionRoutes } from './routes.ts'
export { getSubscription, moveSubscription, resourcesOf, setTerm } from './store.ts'
