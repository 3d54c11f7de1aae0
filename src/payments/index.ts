export { approvePayment } from './approve-payment.ts'
export { assertMaySpend } from './assert-may-spend.ts'
export { cancelPayment } from './cancel-payment.ts'
export { payFromBalance } from './pay-from-balance.ts'
export { findPaymentView, listPayments, PaymentSummary } from './payment-view.ts'
export { recordReceipt, recordReceipts } from './record-receipt.ts'
export { requestTopup } from './request-topup.ts'
export { paymentRoutes } from './routes.ts'
export {
  findLeavingHold,
  findPayment,
  findReceipt,
  insertPayment,
  insertTopup,
  lockPayment,
  lockPaymentOfOrder,
  lockPayments,
  noteRefund,
  orderOfPayment,
  referencesOf,
} from './store.ts'
export { assertInTurn } from './turn-view.ts'
