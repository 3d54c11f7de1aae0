export { type CardGateway, createStripeGateway } from './gateway.ts'
export { paidSessionsOf } from './store.ts'
export { cardRoutes } from './routes.ts'
export { cardSubscriber, checkSilentSessions } from './watch-card-sessions.ts'
