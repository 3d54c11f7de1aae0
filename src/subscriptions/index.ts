export { askOperation, LIFE } from './ask-operation.ts'
export { finishOperation, subscriptionSubscriber } from './finish-operation.ts'
export { endPause, pausesOf } from './pause-store.ts'
export { subscriptionRoutes } from './routes.ts'
export {
  dueSubscriptions,
  getSubscription,
  moveSubscription,
  postpone,
  resourcesOf,
  setDiscount,
  setLife,
  setPlan,
  setResources,
  setTerm,
} from './store.ts'
export {
  findSubscriptionView,
  listSubscriptions,
  type QuotasOf,
  SubscriptionSummary,
  SubscriptionView,
} from './subscription-view.ts'
export { connectorUseOf } from './connector-use-view.ts'
