export { reviewSubscriber } from './look-at-trial.ts'
export { reviewRoutes } from './routes.ts'
