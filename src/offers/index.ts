export { offerForCheck } from './offer-for-check.ts'
export { offerRoutes } from './routes.ts'
export { offerSubscriber } from './subscriber.ts'
