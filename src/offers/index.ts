export { offerRoutes } from './routes.ts'
export { offerSubscriber } from './subscriber.ts'
