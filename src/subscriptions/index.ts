export { subscriptionRoutes } from './routes.ts'
export {
  getSubscription,
  moveSubscription,
  resourcesOf,
  setPlan,
  setResources,
  setTerm,
} from './store.ts'
export type { QuotasOf } from './subscription-view.ts'
