export { approvePayment } from './approve-payment.ts'
export { recordReceipt } from './record-receipt.ts'
export { assertMaySpend } from './assert-may-spend.ts'
export { cancelPayment } from './cancel-payment.ts'
export { findPaymentView, listPayments, PaymentSummary } from './payment-view.ts'
export { paymentRoutes } from './routes.ts'
export { requestTopup } from './request-topup.ts'
export { payFromBalance } from './pay-from-balance.ts'
export {
  findPayment,
  findReceipt,
  insertPayment,
  insertTopup,
  lockPayment,
  lockPaymentOfOrder,
  noteRefund,
  orderOfPayment,
} from './store.ts'
