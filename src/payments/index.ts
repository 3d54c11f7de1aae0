export { approvePayment } from './approve-payment.ts'
export { cancelPayment } from './cancel-payment.ts'
export { paymentRoutes } from './routes.ts'
export { lockPaymentOfOrder } from './store.ts'
