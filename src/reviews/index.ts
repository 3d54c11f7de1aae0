export { askToStop } from './ask-to-stop.ts'
export { reviewSubscriber } from './look-at-trial.ts'
export { reviewRoutes } from './routes.ts'
export { endHoldReviews } from './store.ts'
