export { refundRoutes } from './routes.ts'
export { checkSentRefunds } from './send-refund.ts'
export { refundSubscribers } from './subscribers.ts'
